"""Trigonometric and hyperbolic functions, and their inverses, in numpy."""

import numpy as np

from wnnx import ops
from wnnx.types import Array
from wnnxruntime.reference.promotion import as_float
from wnnxruntime.registry import kernel


@kernel(ops.sin)
def sin(x: Array) -> Array:
    """Return the sine."""
    return np.sin(as_float(x))


@kernel(ops.cos)
def cos(x: Array) -> Array:
    """Return the cosine."""
    return np.cos(as_float(x))


@kernel(ops.tan)
def tan(x: Array) -> Array:
    """Return the tangent."""
    return np.tan(as_float(x))


@kernel(ops.asin)
def asin(x: Array) -> Array:
    """Return the angle whose sine is `x`."""
    return np.arcsin(as_float(x))


@kernel(ops.acos)
def acos(x: Array) -> Array:
    """Return the angle whose cosine is `x`."""
    return np.arccos(as_float(x))


@kernel(ops.atan)
def atan(x: Array) -> Array:
    """Return the angle whose tangent is `x`."""
    return np.arctan(as_float(x))


@kernel(ops.sinh)
def sinh(x: Array) -> Array:
    """Return the hyperbolic sine."""
    return np.sinh(as_float(x))


@kernel(ops.cosh)
def cosh(x: Array) -> Array:
    """Return the hyperbolic cosine."""
    return np.cosh(as_float(x))


@kernel(ops.asinh)
def asinh(x: Array) -> Array:
    """Return the number whose hyperbolic sine is `x`."""
    return np.arcsinh(as_float(x))


@kernel(ops.acosh)
def acosh(x: Array) -> Array:
    """Return the number whose hyperbolic cosine is `x`."""
    return np.arccosh(as_float(x))


@kernel(ops.atanh)
def atanh(x: Array) -> Array:
    """Return the number whose hyperbolic tangent is `x`."""
    return np.arctanh(as_float(x))

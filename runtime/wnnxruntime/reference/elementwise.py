"""Arithmetic, element by element, in numpy."""

import math
from typing import Literal

import numpy as np

from wnnx import ops
from wnnx.types import Array
from wnnxruntime.reference.promotion import as_float
from wnnxruntime.registry import kernel


@kernel(ops.add)
def add(x: Array, y: Array) -> Array:
    """Return `x + y`."""
    return np.asarray(x + y)


@kernel(ops.sub)
def sub(x: Array, y: Array) -> Array:
    """Return `x - y`."""
    return np.asarray(x - y)


@kernel(ops.mul)
def mul(x: Array, y: Array) -> Array:
    """Return `x * y`."""
    return np.asarray(x * y)


@kernel(ops.div)
def div(x: Array, y: Array, *, rounding_mode: Literal["trunc", "floor"] | None) -> Array:
    """Return `x / y`; numpy's integer quotient by zero is 0."""
    if rounding_mode is None:
        return np.asarray(as_float(x) / as_float(y))
    if rounding_mode == "floor":
        return np.asarray(x // y)
    if x.dtype.kind == "f":
        return np.asarray(np.trunc(x / y))
    quotient = x // y
    # What is below zero and inexact was rounded down; it goes up by one.
    return np.asarray(quotient + ((quotient < 0) & (quotient * y != x)))


@kernel(ops.pow)
def pow(x: Array, y: Array) -> Array:
    """Return `x ** y`; of integers to negative powers only those of 1 and -1 are not 0."""
    if x.dtype.kind == "f":
        return np.asarray(np.power(x, y))
    # (-1) ** y depends on whether y is odd, so a power that is not negative stands in for it.
    power = np.power(x, np.where(y < 0, y % 2, y))
    return np.asarray(power * ((y >= 0) | (np.abs(x) == 1)))


@kernel(ops.minimum)
def minimum(x: Array, y: Array) -> Array:
    """Return the smaller of the two."""
    return np.minimum(x, y)


@kernel(ops.maximum)
def maximum(x: Array, y: Array) -> Array:
    """Return the larger of the two."""
    return np.maximum(x, y)


@kernel(ops.neg)
def neg(x: Array) -> Array:
    """Return `-x`."""
    return np.negative(x)


@kernel(ops.abs)
def abs(x: Array) -> Array:
    """Return `x` without its sign."""
    return np.abs(x)


@kernel(ops.sign)
def sign(x: Array) -> Array:
    """Return 1, -1 or 0; numpy's sign of NaN is NaN."""
    return np.asarray(np.where(x != x, 0, np.sign(x)))


@kernel(ops.reciprocal)
def reciprocal(x: Array) -> Array:
    """Return `1 / x`."""
    return np.asarray(1 / as_float(x))


@kernel(ops.sqrt)
def sqrt(x: Array) -> Array:
    """Return the square root."""
    return np.sqrt(as_float(x))


@kernel(ops.rsqrt)
def rsqrt(x: Array) -> Array:
    """Return `1 / sqrt(x)`."""
    return np.asarray(1 / np.sqrt(as_float(x)))


@kernel(ops.exp)
def exp(x: Array) -> Array:
    """Return e to the power of `x`."""
    return np.exp(as_float(x))


@kernel(ops.log)
def log(x: Array) -> Array:
    """Return the natural logarithm."""
    return np.log(as_float(x))


@kernel(ops.erf)
def erf(x: Array) -> Array:
    """Return the error function, which numpy lacks."""
    of_one = np.vectorize(math.erf, otypes=[np.float64])
    return np.asarray(of_one(x)).astype(as_float(x).dtype)

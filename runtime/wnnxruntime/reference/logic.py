"""True and false: comparisons, logic, and choosing by them, in numpy."""

import numpy as np

from wnnx import ops
from wnnx.types import Array
from wnnxruntime.registry import kernel


@kernel(ops.eq)
def eq(x: Array, y: Array) -> Array:
    """Tell where `x` equals `y`."""
    return np.asarray(np.equal(x, y))


@kernel(ops.ne)
def ne(x: Array, y: Array) -> Array:
    """Tell where `x` and `y` differ."""
    return np.asarray(np.not_equal(x, y))


@kernel(ops.lt)
def lt(x: Array, y: Array) -> Array:
    """Tell where `x` is less than `y`."""
    return np.asarray(np.less(x, y))


@kernel(ops.le)
def le(x: Array, y: Array) -> Array:
    """Tell where `x` is less than `y` or equals it."""
    return np.asarray(np.less_equal(x, y))


@kernel(ops.gt)
def gt(x: Array, y: Array) -> Array:
    """Tell where `x` is greater than `y`."""
    return np.asarray(np.greater(x, y))


@kernel(ops.ge)
def ge(x: Array, y: Array) -> Array:
    """Tell where `x` is greater than `y` or equals it."""
    return np.asarray(np.greater_equal(x, y))


@kernel(ops.logical_and)
def logical_and(x: Array, y: Array) -> Array:
    """Tell where both `x` and `y` are true."""
    return np.logical_and(x, y)


@kernel(ops.logical_or)
def logical_or(x: Array, y: Array) -> Array:
    """Tell where `x` or `y` is true, or both."""
    return np.logical_or(x, y)


@kernel(ops.logical_xor)
def logical_xor(x: Array, y: Array) -> Array:
    """Tell where one of `x` and `y` is true, but not both."""
    return np.logical_xor(x, y)


@kernel(ops.logical_not)
def logical_not(x: Array) -> Array:
    """Tell where `x` is false."""
    return np.logical_not(x)


@kernel(ops.isnan)
def isnan(x: Array) -> Array:
    """Tell where `x` is NaN."""
    return np.isnan(x)


@kernel(ops.isinf)
def isinf(x: Array, *, detect_negative: bool, detect_positive: bool) -> Array:
    """Tell where `x` is infinite."""
    return np.asarray(((x == np.inf) & detect_positive) | ((x == -np.inf) & detect_negative))


@kernel(ops.where, widens=False)
def where(condition: Array, x: Array, y: Array) -> Array:
    """Return `x` where `condition` is true, else `y`."""
    return np.where(condition, x, y)

"""Whole numbers: rounding, and what a rounded quotient leaves over, in numpy."""

from collections.abc import Callable

import numpy as np

from wnnx import ops
from wnnx.types import Array
from wnnxruntime.registry import kernel


@kernel(ops.floor)
def floor(x: Array) -> Array:
    """Round down."""
    return _whole(np.floor, x)


@kernel(ops.ceil)
def ceil(x: Array) -> Array:
    """Round up."""
    return _whole(np.ceil, x)


@kernel(ops.round)
def round(x: Array) -> Array:
    """Round to the nearest, halves to the even one."""
    return _whole(np.rint, x)


@kernel(ops.trunc)
def trunc(x: Array) -> Array:
    """Drop the fraction."""
    return _whole(np.trunc, x)


@kernel(ops.remainder)
def remainder(x: Array, y: Array) -> Array:
    """Return what the quotient rounded down leaves over."""
    return _left_over(np.remainder, x, y)


@kernel(ops.fmod)
def fmod(x: Array, y: Array) -> Array:
    """Return what the quotient rounded towards zero leaves over."""
    return _left_over(np.fmod, x, y)


def _whole(rounded: Callable[[Array], Array], x: Array) -> Array:
    return rounded(x) if x.dtype.kind == "f" else x


def _left_over(rest: Callable[[Array, Array], Array], x: Array, y: Array) -> Array:
    """Return the rest; of an integer by zero it is the integer, where numpy has 0."""
    found = rest(x, y)
    return found if x.dtype.kind == "f" else np.where(y == 0, x, found)

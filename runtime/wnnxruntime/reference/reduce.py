"""Reductions, in numpy."""

import math

import numpy as np

from wnnx import ops
from wnnx.types import Array
from wnnxruntime.registry import kernel

Axes = tuple[int, ...] | None


@kernel(ops.sum)
def sum(x: Array, *, dim: Axes, keepdim: bool) -> Array:
    """Return the sum along `dim`, in int64 where `x` is integer or bool."""
    dtype = x.dtype if x.dtype.kind == "f" else np.int64
    return np.asarray(np.sum(x, axis=_axes(x, dim), keepdims=keepdim, dtype=dtype))


@kernel(ops.mean)
def mean(x: Array, *, dim: Axes, keepdim: bool) -> Array:
    """Return the mean along `dim`; unlike np.mean it does not warn where there is none."""
    axes = _axes(x, dim)
    total = np.sum(x, axis=axes, keepdims=keepdim)
    count = math.prod(x.shape[axis] for axis in axes) if axes else x.size
    return np.asarray(total / x.dtype.type(count))


@kernel(ops.amax)
def amax(x: Array, *, dim: Axes, keepdim: bool) -> Array:
    """Return the largest along `dim`."""
    return np.asarray(np.max(x, axis=_axes(x, dim), keepdims=keepdim))


@kernel(ops.argmax)
def argmax(x: Array, *, dim: int | None, keepdim: bool) -> Array:
    """Return the index of the largest along `dim`, the first of equals."""
    return np.asarray(np.argmax(x, axis=dim, keepdims=keepdim))


def _axes(x: Array, dim: Axes) -> Axes:
    """Return numpy's `axis`; it has none for a scalar, where PyTorch's dim may be 0 or -1."""
    return dim if dim and x.ndim else None

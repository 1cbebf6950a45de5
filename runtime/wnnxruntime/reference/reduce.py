"""Reductions, in numpy."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from wnnx import ops
from wnnx.types import Array
from wnnxruntime.reference.lengths import vector_norm
from wnnxruntime.reference.promotion import as_float
from wnnxruntime.registry import kernel

Axes = tuple[int, ...] | None


@kernel(ops.sum)
def sum(x: Array, *, dim: Axes, keepdim: bool) -> Array:
    """Return the sum along `dim`, in int64 where `x` is integer or bool."""
    return np.asarray(np.sum(x, axis=_axes(x, dim), keepdims=keepdim, dtype=_added(x)))


@kernel(ops.prod)
def prod(x: Array, *, dim: Axes, keepdim: bool) -> Array:
    """Return the product along `dim`, in int64 where `x` is integer or bool."""
    return np.asarray(np.prod(x, axis=_axes(x, dim), keepdims=keepdim, dtype=_added(x)))


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


@kernel(ops.amin)
def amin(x: Array, *, dim: Axes, keepdim: bool) -> Array:
    """Return the smallest along `dim`."""
    return np.asarray(np.min(x, axis=_axes(x, dim), keepdims=keepdim))


@kernel(ops.norm)
def norm(x: Array, *, ord: float, dim: Axes, keepdim: bool) -> Array:
    """Return the vector norm along `dim`."""
    return vector_norm(x, ord, _axes(x, dim), keepdim=keepdim)


@kernel(ops.logsumexp)
def logsumexp(x: Array, *, dim: Axes, keepdim: bool) -> Array:
    """Return log(sum(exp(x))) along `dim`, where the largest element is taken out first."""
    x, axes = as_float(x), _axes(x, dim)
    most: Array = np.max(x, axis=axes, keepdims=True, initial=-np.inf)
    most = np.where(np.isfinite(most), most, x.dtype.type(0))  # so that inf - inf is not NaN
    result: Array = np.log(np.sum(np.exp(x - most), axis=axes, keepdims=True)) + most
    return result if keepdim else np.squeeze(result, axis=axes)


@kernel(ops.argmax)
def argmax(x: Array, *, dim: int | None, keepdim: bool, select_last_index: bool) -> Array:
    """Return the index of the largest along `dim`, the first of equals or the last."""
    return _found(np.argmax, x, dim, keepdim=keepdim, last=select_last_index)


@kernel(ops.argmin)
def argmin(x: Array, *, dim: int | None, keepdim: bool, select_last_index: bool) -> Array:
    """Return the index of the smallest along `dim`, the first of equals or the last."""
    return _found(np.argmin, x, dim, keepdim=keepdim, last=select_last_index)


@kernel(ops.cumsum)
def cumsum(x: Array, *, dim: int, exclusive: bool, reverse: bool) -> Array:
    """Return the sums up to each place along `dim`."""
    shape, x = x.shape, np.atleast_1d(x)
    x = np.flip(x, dim) if reverse else x
    if exclusive:  # subtracting the element again would not be exact
        before = np.zeros_like(x.take([0], dim)) if x.shape[dim] else x
        x = np.concatenate([before, x], dim).take(range(x.shape[dim]), dim)
    y = np.cumsum(x, axis=dim, dtype=_added(x))
    y = np.flip(y, dim) if reverse else y
    return y.reshape(shape)


def _found(
    search: Callable[..., Any], x: Array, dim: int | None, *, keepdim: bool, last: bool
) -> Array:
    """Return where `search` finds its element; the last one is the first from behind."""
    if not last:
        return np.asarray(search(x, axis=dim, keepdims=keepdim))
    backwards = search(np.flip(x, dim if x.ndim else None), axis=dim, keepdims=keepdim)
    extent = x.size if dim is None or not x.ndim else x.shape[dim]
    return np.asarray(extent - 1 - backwards)


def _added(x: Array) -> Any:
    """Return the element type of sums and products of `x`."""
    return x.dtype if x.dtype.kind == "f" else np.int64


def _axes(x: Array, dim: Axes) -> Axes:
    """Return numpy's `axis`; it has none for a scalar, where PyTorch's dim may be 0 or -1."""
    return dim if dim and x.ndim else None

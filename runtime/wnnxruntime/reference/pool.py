"""Pools, in numpy: the greatest and the mean of a box are taken one axis after another."""

import math
from typing import cast

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from wnnx import ops
from wnnx.ops.pool import KEEP, Indices
from wnnx.ops.windows import Window, windows
from wnnx.types import Array
from wnnxruntime.registry import kernel


@kernel(ops.max_pool)
def max_pool(
    x: Array,
    *,
    kernel_size: tuple[int, ...],
    stride: tuple[int, ...] | None,
    padding: tuple[int, ...],
    dilation: tuple[int, ...],
    ceil_mode: bool,
) -> Array:
    """The greatest element under each window."""
    least = _least(x)
    moved = windows(
        kernel_size, stride=stride or kernel_size, padding=padding, dilation=dilation
    )
    for axis, window in enumerate(moved, start=2):
        x = _under(x, axis, window, least, ceil_mode=ceil_mode).max(axis=-1)
    return x


@kernel(ops.max_pool_with_indices)
def max_pool_with_indices(
    x: Array,
    *,
    kernel_size: tuple[int, ...],
    stride: tuple[int, ...] | None,
    padding: tuple[int, ...],
    dilation: tuple[int, ...],
    ceil_mode: bool,
    indices: Indices,
) -> tuple[Array, Array]:
    """The greatest element under each window, and where it is.

    The last axis goes first, so that of equals the first one row by row is found.
    """
    least = _least(x)
    moved = windows(
        kernel_size, stride=stride or kernel_size, padding=padding, dilation=dilation
    )
    where = _numbered(x.shape, indices)
    for axis, window in reversed([*enumerate(moved, start=2)]):
        values = _under(x, axis, window, least, ceil_mode=ceil_mode)
        places = _under(where, axis, window, -1, ceil_mode=ceil_mode)
        x, where = values[..., 0], places[..., 0]
        for tap in range(1, values.shape[-1]):
            value, place = values[..., tap], places[..., tap]
            wins = (place >= 0) & ((value > x) | np.isnan(value) | (where < 0))
            x, where = np.where(wins, value, x), np.where(wins, place, where)
    return x, where


@kernel(ops.avg_pool)
def avg_pool(
    x: Array,
    *,
    kernel_size: tuple[int, ...],
    stride: tuple[int, ...] | None,
    padding: tuple[int, ...],
    dilation: tuple[int, ...],
    ceil_mode: bool,
    count_include_pad: bool,
) -> Array:
    """The sum under each window over the number of elements that count."""
    moved = windows(
        kernel_size, stride=stride or kernel_size, padding=padding, dilation=dilation
    )
    for axis, window in enumerate(moved, start=2):
        extent = x.shape[axis]
        x = _under(x, axis, window, 0, ceil_mode=ceil_mode).sum(axis=-1)
        first, last = -window.begin, extent + window.end
        starts = np.array(range(first, last, window.stride))[: x.shape[axis]]
        if not count_include_pad:
            first, last = 0, extent
        # The window's elements are at starts + i * dilation: those from `first` up to `last`.
        skipped = np.maximum(-((starts - first) // window.dilation), 0)
        reached = np.minimum(-((starts - last) // window.dilation), kernel_size[axis - 2])
        elements = reached - skipped
        x = x / elements.astype(x.dtype).reshape(-1, *[1] * (x.ndim - axis - 1))
    return x


@kernel(ops.lp_pool)
def lp_pool(
    x: Array,
    *,
    norm_type: float,
    kernel_size: tuple[int, ...],
    stride: tuple[int, ...] | None,
    padding: tuple[int, ...],
    dilation: tuple[int, ...],
    ceil_mode: bool,
) -> Array:
    """The sum of the powers under each window, and its root."""
    moved = windows(
        kernel_size, stride=stride or kernel_size, padding=padding, dilation=dilation
    )
    powers = np.abs(x) ** norm_type
    for axis, window in enumerate(moved, start=2):
        powers = _under(powers, axis, window, 0, ceil_mode=ceil_mode).sum(axis=-1)
    return np.power(powers, 1 / norm_type)


@kernel(ops.adaptive_avg_pool)
def adaptive_avg_pool(x: Array, *, output_size: tuple[int, ...]) -> Array:
    """The mean of each of the windows that cover an axis evenly, one axis after another."""
    for axis, size in enumerate(output_size, start=2):
        if size != KEEP:
            x = np.stack([_part(x, axis, i, size).mean(axis=axis) for i in range(size)], axis)
    return x


@kernel(ops.adaptive_max_pool)
def adaptive_max_pool(x: Array, *, output_size: tuple[int, ...]) -> Array:
    """The greatest of each of the windows that cover an axis evenly, axis after axis."""
    for axis, size in enumerate(output_size, start=2):
        if size != KEEP:
            x = np.stack([_part(x, axis, i, size).max(axis=axis) for i in range(size)], axis)
    return x


def _least(x: Array) -> float:
    """Return what never wins against an element of `x`."""
    return -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min


def _numbered(shape: tuple[int, ...], indices: Indices) -> Array:
    """Return the number of each element of a tensor, counted as `indices` says."""
    batch, channels, *spatial = shape
    plane = np.arange(math.prod(spatial))
    numbers = plane.reshape(spatial, order="F" if indices == "column_major" else "C")
    if indices == "plane":
        return np.broadcast_to(numbers, shape)
    firsts = np.arange(batch * channels) * plane.size
    return numbers + firsts.reshape(batch, channels, *[1] * len(spatial))


def _part(x: Array, axis: int, index: int, size: int) -> Array:
    """Return part `index` of `size` of an axis; begins are rounded down, ends up."""
    extent = x.shape[axis]
    part = slice(index * extent // size, -(-(index + 1) * extent // size))
    return x[(slice(None),) * axis + (part,)]


def _under(x: Array, axis: int, window: Window, fill: float, *, ceil_mode: bool) -> Array:
    """Return what lies under each window of one axis, as a last axis; nothing is `fill`."""
    extent = x.shape[axis]
    count = cast("int", window.places(extent, ceil_mode=ceil_mode))
    span = cast("int", window.span)
    last = (count - 1) * window.stride
    behind = max(last + span - window.begin - extent, 0)
    sides = [(0, 0)] * x.ndim
    sides[axis] = (window.begin, behind)
    padded = np.pad(x, sides, constant_values=fill)
    placed = sliding_window_view(padded, span, axis=axis)
    steps = [slice(None)] * placed.ndim
    steps[axis] = slice(0, last + 1, window.stride)
    steps[-1] = slice(None, None, window.dilation)
    return placed[tuple(steps)]

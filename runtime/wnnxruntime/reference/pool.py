"""Pools, in numpy: the greatest and the mean of a box are taken one axis after another."""

from typing import cast

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from wnnx import ops
from wnnx.ops.pool import KEEP
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
    least = -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min
    moved = windows(
        kernel_size, stride=stride or kernel_size, padding=padding, dilation=dilation
    )
    for axis, window in enumerate(moved, start=2):
        x = _under(x, axis, window, least, ceil_mode=ceil_mode).max(axis=-1)
    return x


@kernel(ops.avg_pool)
def avg_pool(
    x: Array,
    *,
    kernel_size: tuple[int, ...],
    stride: tuple[int, ...] | None,
    padding: tuple[int, ...],
    ceil_mode: bool,
    count_include_pad: bool,
) -> Array:
    """The sum under each window over the number of elements that count."""
    moved = windows(kernel_size, stride=stride or kernel_size, padding=padding, dilation=1)
    for axis, window in enumerate(moved, start=2):
        extent = x.shape[axis]
        x = _under(x, axis, window, 0, ceil_mode=ceil_mode).sum(axis=-1)
        first, last = -window.begin, extent + window.end
        starts = np.array(range(first, last, window.stride))[: x.shape[axis]]
        if not count_include_pad:
            first, last = 0, extent
        ends = starts + kernel_size[axis - 2]
        elements = np.minimum(ends, last) - np.maximum(starts, first)
        x = x / elements.astype(x.dtype).reshape(-1, *[1] * (x.ndim - axis - 1))
    return x


@kernel(ops.adaptive_avg_pool)
def adaptive_avg_pool(x: Array, *, output_size: tuple[int, ...]) -> Array:
    """The mean of each of the windows that cover an axis evenly, one axis after another."""
    for axis, size in enumerate(output_size, start=2):
        if size != KEEP:
            x = np.stack([_part(x, axis, i, size).mean(axis=axis) for i in range(size)], axis)
    return x


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

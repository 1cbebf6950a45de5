"""Blocks of the spatial axes as channels, and channels as blocks, in numpy."""

from collections.abc import Sequence
from math import prod
from typing import Any, Literal, TypeAlias, cast

import numpy as np

from wnnx import ops
from wnnx.ops.attributes import per_axis
from wnnx.ops.blocks import places
from wnnx.ops.windows import Window, windows
from wnnx.types import Array
from wnnxruntime.registry import kernel

ChannelOrder = Literal["CRD", "DCR"]
Index: TypeAlias = tuple[Any, ...]


@kernel(ops.pixel_shuffle, widens=False)
def pixel_shuffle(x: Array, *, upscale_factor: int, mode: ChannelOrder) -> Array:
    """Split the channels, and put row and column in the block behind H and W."""
    side = upscale_factor
    *batch, channels, height, width = x.shape
    count = channels // side**2
    split = (side, side, count) if mode == "DCR" else (count, side, side)
    y = x.reshape(*batch, *split, height, width)
    if mode == "DCR":
        y = np.moveaxis(y, -3, -5)
    y = np.moveaxis(y, (-2, -1), (-4, -2))
    return y.reshape(*batch, count, height * side, width * side)


@kernel(ops.pixel_unshuffle, widens=False)
def pixel_unshuffle(x: Array, *, downscale_factor: int, mode: ChannelOrder) -> Array:
    """Split height and width, and put row and column in the block behind C."""
    side = downscale_factor
    *batch, channels, height, width = x.shape
    y = x.reshape(*batch, channels, height // side, side, width // side, side)
    y = np.moveaxis(y, (-4, -2), (-2, -1))
    if mode == "DCR":
        y = np.moveaxis(y, -5, -3)
    return y.reshape(*batch, channels * side**2, height // side, width // side)


@kernel(ops.unfold, widens=False)
def unfold(
    x: Array,
    *,
    kernel_size: tuple[int, ...],
    dilation: tuple[int, ...],
    padding: tuple[int, ...],
    stride: tuple[int, ...],
) -> Array:
    """Take what lies under each element of the kernel, for all windows."""
    moved = windows(kernel_size, stride=stride, padding=padding, dilation=dilation)
    batch, channels, *extents = x.shape
    shape = _apart(extents, moved)
    under, inside = _under(extents, moved)
    y = np.zeros((batch, channels, *map(prod, shape)), x.dtype)
    y[inside] = x[under]
    y = y.reshape(batch, channels, *(n for pair in shape for n in pair))
    axes = len(moved)
    y = y.transpose(0, 1, *range(2, 2 + 2 * axes, 2), *range(3, 3 + 2 * axes, 2))
    kernel, counts = zip(*shape, strict=True)
    return y.reshape(batch, channels * prod(kernel), prod(counts))


@kernel(ops.fold)
def fold(
    x: Array,
    *,
    output_size: tuple[int, ...],
    kernel_size: tuple[int, ...],
    dilation: tuple[int, ...],
    padding: tuple[int, ...],
    stride: tuple[int, ...],
) -> Array:
    """Add what lies under each element of the kernel, for all windows."""
    axes = len(output_size)
    kernel = per_axis("kernel_size", kernel_size, axes)
    moved = windows(kernel, stride=stride, padding=padding, dilation=dilation)
    shape = _apart(output_size, moved)
    batch, channels = len(x), x.shape[1] // prod(kernel)
    columns = x.reshape(batch, channels, *kernel, *(count for _, count in shape))
    order = [axis for i in range(axes) for axis in (2 + i, 2 + axes + i)]
    columns = columns.transpose(0, 1, *order).reshape(batch, channels, *map(prod, shape))
    under, inside = _under(output_size, moved)
    y = np.zeros((batch, channels, *output_size), x.dtype)
    np.add.at(y, under, columns[inside])
    return y


def _apart(extents: Sequence[int], moved: Sequence[Window]) -> list[tuple[int, int]]:
    """Return, for each axis, the elements of the kernel and the number of windows."""
    counts = places(extents, moved)
    return [
        (cast("int", w.kernel), cast("int", n)) for w, n in zip(moved, counts, strict=True)
    ]


def _under(extents: Sequence[int], moved: Sequence[Window]) -> tuple[Index, Index]:
    """Return which elements lie under a window, and their numbers among (kernel, windows).

    Both index the spatial axes; what lies in the padding is in neither.
    """
    elements: list[Array] = []
    numbers: list[Array] = []
    for extent, window, (size, count) in zip(
        extents, moved, _apart(extents, moved), strict=True
    ):
        taps = np.arange(size)[:, None] * window.dilation
        found = (taps + np.arange(count) * window.stride - window.begin).ravel()
        inside = np.flatnonzero((found >= 0) & (found < extent))
        elements.append(found[inside])
        numbers.append(inside)
    return (..., *np.ix_(*elements)), (..., *np.ix_(*numbers))

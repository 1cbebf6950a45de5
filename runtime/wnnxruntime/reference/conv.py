"""Convolutions, in numpy: one matrix product for each element of the kernel.

It mixes the channels of all places at once, group by group: (G, out / G, in / G) @
(N, G, in / G, places).
"""

from collections.abc import Iterator, Sequence
from itertools import product
from math import prod
from typing import Any, TypeAlias

import numpy as np

from wnnx import ops
from wnnx.types import Array
from wnnxruntime.registry import kernel

Index: TypeAlias = tuple[Any, ...]


@kernel(ops.conv)
def conv(
    x: Array,
    weight: Array,
    bias: Array | None,
    *,
    stride: tuple[int, ...],
    padding: tuple[int, ...],
    dilation: tuple[int, ...],
    groups: int,
) -> Array:
    """Sum, over the kernel's elements, of the weights times what lies under them."""
    batch, channels, *_ = x.shape
    out, _, *kernel = weight.shape
    axes = len(kernel)
    sides = zip(padding[:axes], padding[axes:], strict=True)
    padded = np.pad(x, [(0, 0), (0, 0), *sides])
    places = [
        (extent - (size - 1) * apart - 1) // step + 1
        for extent, size, step, apart in zip(
            padded.shape[2:], kernel, stride, dilation, strict=True
        )
    ]
    weights = _by_tap(weight.reshape(groups, out // groups, channels // groups, *kernel))
    area = prod(places)
    y = np.zeros((batch, groups, out // groups, area), np.result_type(x, weight))
    for tap, under in _taps(kernel, places, stride, dilation):
        seen = padded[under].reshape(batch, groups, channels // groups, area)
        y += weights[tap] @ seen
    return _with_bias(y.reshape(batch, out, *places), bias)


@kernel(ops.conv_transpose)
def conv_transpose(
    x: Array,
    weight: Array,
    bias: Array | None,
    *,
    stride: tuple[int, ...],
    padding: tuple[int, ...],
    output_padding: tuple[int, ...],
    groups: int,
    dilation: tuple[int, ...],
) -> Array:
    """Every input element times the kernel, added where it falls; then the sides are cut."""
    batch, channels, *extents = x.shape
    _, group_out, *kernel = weight.shape
    whole = [
        (extent - 1) * step + (size - 1) * apart + 1 + extra
        for extent, size, step, apart, extra in zip(
            extents, kernel, stride, dilation, output_padding, strict=True
        )
    ]
    split = weight.reshape(groups, channels // groups, group_out, *kernel)
    weights = _by_tap(split.swapaxes(1, 2))
    columns = x.reshape(batch, groups, channels // groups, prod(extents))
    y = np.zeros((batch, groups * group_out, *whole), np.result_type(x, weight))
    for tap, under in _taps(kernel, extents, stride, dilation):
        y[under] += (weights[tap] @ columns).reshape(batch, groups * group_out, *extents)
    axes = len(kernel)
    kept = (
        slice(begin, extent - end)
        for begin, end, extent in zip(padding[:axes], padding[axes:], whole, strict=True)
    )
    inside: Index = (..., *kept)
    return _with_bias(y[inside], bias)


def _by_tap(weight: Array) -> Array:
    """Return (G, out / G, in / G, *kernel) as (*kernel, G, out / G, in / G), row by row.

    Each element's matrix is then in one piece, without which numpy would not use BLAS.
    """
    return np.ascontiguousarray(np.moveaxis(weight, (0, 1, 2), (-3, -2, -1)))


def _taps(
    kernel: Sequence[int],
    places: Sequence[int],
    stride: tuple[int, ...],
    dilation: tuple[int, ...],
) -> Iterator[tuple[Index, Index]]:
    """Yield the index of each of the kernel's elements, and of all that it lies on."""
    for tap in product(*map(range, kernel)):
        starts = [index * apart for index, apart in zip(tap, dilation, strict=True)]
        under = (
            slice(start, start + (count - 1) * step + 1, step)
            for start, count, step in zip(starts, places, stride, strict=True)
        )
        yield tap, (..., *under)


def _with_bias(y: Array, bias: Array | None) -> Array:
    return y if bias is None else y + bias.reshape(-1, *[1] * (y.ndim - 2))

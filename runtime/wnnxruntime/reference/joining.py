"""Tensors put together, and tensors with a margin, in numpy."""

from typing import Literal

import numpy as np

from wnnx import ops
from wnnx.ops.joining import margins
from wnnx.types import Array
from wnnxruntime.registry import kernel

PadMode = Literal["constant", "reflect", "replicate", "circular"]


@kernel(ops.cat, widens=False)
def cat(*xs: Array, dim: int) -> Array:
    """Join along an axis."""
    return np.concatenate(xs, dim)


@kernel(ops.pad, widens=False)
def pad(x: Array, *, pad: tuple[int, ...], mode: PadMode, value: float) -> Array:
    """Add a margin, one axis after the other."""
    for axis, (begin, end) in enumerate(margins(x.ndim, pad)):
        if begin or end:
            x = _padded(x, axis, begin, end, mode, value)
    return x


def _padded(x: Array, axis: int, begin: int, end: int, mode: PadMode, value: float) -> Array:
    """Pad one axis: find which element of it stands at each position of the result."""
    extent = x.shape[axis]
    positions = np.arange(-begin, extent + end, dtype=np.int64)
    last = max(extent - 1, 0)
    match mode:
        case "constant":
            return _filled(x, axis, positions, value)
        case "reflect":
            source = last - np.abs(last - np.abs(positions))
        case "replicate":
            source = positions.clip(0, last)
        case "circular":
            first = max(-begin, 0)
            kept = extent - first + min(end, 0)
            source = first + (positions - first) % max(kept, 1)
    return np.asarray(x.take(source, axis))


def _filled(x: Array, axis: int, positions: Array, value: float) -> Array:
    """Take the elements at `positions`, and `value` where there are none."""
    inside = (positions >= 0) & (positions < x.shape[axis])
    shape = list(x.shape)
    shape[axis] = len(positions)
    y = np.full(shape, value, x.dtype)
    np.moveaxis(y, axis, 0)[inside] = np.moveaxis(x, axis, 0)[positions[inside]]
    return y

"""Tensors made of numbers alone, or of the indices of something, in numpy."""

from typing import cast

import numpy as np

from wnnx import ops
from wnnx.ops.generate import range_count, range_dtype
from wnnx.types import Array, numpy_dtype
from wnnxruntime.registry import kernel

Number = tuple[int | float]


@kernel(ops.full)
def full(*, shape: tuple[int, ...], value: Number, dtype: str) -> Array:
    """Return `value` everywhere."""
    return np.full(shape, value[0], numpy_dtype(dtype))


@kernel(ops.arange)
def arange(*, stop: Number, start: Number, step: Number, dtype: str | None) -> Array:
    """Return `start + i * step`, in double precision or, of integers, modulo 2**64."""
    numbers = (start[0], stop[0], step[0])
    found = numpy_dtype(range_dtype(*numbers, dtype))
    count = cast("int", range_count(*numbers))
    if found.kind not in "iu":
        return (float(start[0]) + np.arange(count) * float(step[0])).astype(found)
    first, distance = (np.uint64(int(number) % 2**64) for number in (start[0], step[0]))
    return (first + np.arange(count, dtype=np.uint64) * distance).astype(found)


@kernel(ops.eye)
def eye(*, n: tuple[int], m: tuple[int] | None, k: int, dtype: str) -> Array:
    """Return ones on a diagonal."""
    return np.eye(n[0], n[0] if m is None else m[0], k, np.bool_).astype(numpy_dtype(dtype))


@kernel(ops.one_hot, widens=False)
def one_hot(
    indices: Array,
    *,
    depth: tuple[int],
    on_value: Number,
    off_value: Number,
    dim: int,
    dtype: str,
) -> Array:
    """Compare each index with every place of the new axis."""
    if indices.dtype == np.uint64:  # what int64 does not hold is beyond any axis
        indices = indices.clip(None, np.iinfo(np.int64).max)
    places = indices.astype(np.int64)
    places = np.where(places < 0, places + depth[0], places)
    hot = np.moveaxis(places[..., None] == np.arange(depth[0]), -1, dim)
    on, off = (
        np.asarray(value[0]).astype(numpy_dtype(dtype)) for value in (on_value, off_value)
    )
    return np.where(hot, on, off)

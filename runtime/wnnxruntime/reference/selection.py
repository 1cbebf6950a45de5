"""Parts of a tensor, in numpy."""

import numpy as np

from wnnx import ops
from wnnx.ops.selection import sections
from wnnx.types import Array
from wnnxruntime.reference.positions import positions
from wnnxruntime.reference.slices import slices
from wnnxruntime.registry import kernel


@kernel(ops.split, widens=False)
def split(x: Array, *, sizes: tuple[int, ...], dim: int) -> list[Array]:
    """Cut into pieces along an axis."""
    pieces = sections(x.shape[dim], sizes, f"the axis {dim}")
    return np.split(x, np.cumsum(pieces)[:-1], dim)


@kernel(ops.slice, widens=False)
def slice(
    x: Array,
    *,
    starts: tuple[int, ...],
    stops: tuple[int, ...],
    dims: tuple[int, ...],
    steps: tuple[int, ...],
) -> Array:
    """Take a slice along some axes."""
    return x[slices(x.ndim, starts, stops, dims, steps)]


@kernel(ops.gather, widens=False)
def gather(x: Array, index: Array, *, dim: int) -> Array:
    """Take the elements of an axis that `index` names."""
    return np.take(x, positions(index, x.shape[dim], dim), dim)


@kernel(ops.select, widens=False)
def select(x: Array, *, dim: int, index: int) -> Array:
    """Take one element of an axis."""
    return np.asarray(np.moveaxis(x, dim, 0)[index])

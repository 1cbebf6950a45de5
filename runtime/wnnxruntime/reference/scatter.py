"""Elements taken from the places that an index names, and put there, in numpy."""

from typing import Any, Literal

import numpy as np

from wnnx import ops
from wnnx.ops.scatter import leading, taken_along
from wnnx.types import Array
from wnnxruntime.reference.positions import positions
from wnnxruntime.reference.slices import slices
from wnnxruntime.registry import kernel

Reduction = Literal["none", "add", "mul", "max", "min"]

_COMBINE = {"add": np.add, "mul": np.multiply, "max": np.maximum, "min": np.minimum}


@kernel(ops.gather_elements, widens=False)
def gather_elements(x: Array, index: Array, *, dim: int) -> Array:
    """Take along an axis."""
    extent = x.shape[dim] if x.ndim else 1
    return taken_along(x, positions(index, extent, dim), dim % max(x.ndim, 1))


@kernel(ops.gather_nd, widens=False)
def gather_nd(x: Array, index: Array, *, batch_dims: int) -> Array:
    """Take what each row names."""
    batch = np.indices(index.shape[:-1], sparse=True)[:batch_dims]
    return x[*batch, *_columns(x, index, batch_dims)]


@kernel(ops.scatter_elements)
def scatter_elements(
    x: Array, index: Array, updates: Array, *, dim: int, reduction: Reduction
) -> Array:
    """Put along an axis."""
    y, index, updates = np.atleast_1d(x.copy(), index, updates)
    places: list[Array] = list(np.indices(index.shape, sparse=True))
    places[dim] = positions(index, y.shape[dim], dim)
    _put(y, places, updates[leading(index.shape)], reduction)
    return y.reshape(x.shape)


@kernel(ops.scatter_nd)
def scatter_nd(x: Array, index: Array, updates: Array, *, reduction: Reduction) -> Array:
    """Put what each row names."""
    y = x.copy()
    _put(y, _columns(x, index, 0), updates, reduction)
    return y


@kernel(ops.slice_scatter, widens=False)
def slice_scatter(
    x: Array,
    updates: Array,
    *,
    starts: tuple[int, ...],
    stops: tuple[int, ...],
    dims: tuple[int, ...],
    steps: tuple[int, ...],
) -> Array:
    """Put where a slice takes from."""
    y = x.copy()
    y[slices(x.ndim, starts, stops, dims, steps)] = updates
    return y


def _columns(x: Array, index: Array, first: int) -> list[Array]:
    """Return the index of each axis that the rows name, from axis `first` of `x` on."""
    return [
        positions(index[..., column], x.shape[first + column], first + column)
        for column in range(index.shape[-1])
    ]


def _put(y: Array, places: list[Any], updates: Array, reduction: Reduction) -> None:
    if reduction == "none":
        y[tuple(places)] = updates
    else:
        _COMBINE[reduction].at(y, tuple(places), updates)

"""Parts of a tensor, in numpy."""

import builtins

import numpy as np

from wnnx import ops
from wnnx.errors import KernelError
from wnnx.ops.selection import sections
from wnnx.types import Array
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
    parts = [builtins.slice(None)] * x.ndim
    every = steps * len(dims) if len(steps) == 1 else steps
    for axis, start, stop, step in zip(dims, starts, stops, every, strict=True):
        parts[axis] = builtins.slice(start, stop, step)
    return x[tuple(parts)]


@kernel(ops.gather, widens=False)
def gather(x: Array, index: Array, *, dim: int) -> Array:
    """Take the elements of an axis that `index` names."""
    extent = x.shape[dim]
    wrong = index[(index < -extent) | (index >= extent)]
    if wrong.size:
        raise KernelError(
            f"index {wrong.flat[0]} is out of range for axis {dim} with {extent} elements"
        )
    return np.take(x, index.astype(np.int64), dim)

"""The same elements in other places, in numpy."""

import numpy as np

from wnnx import ops
from wnnx.errors import KernelError
from wnnx.ops.rearrange import flipped, rolled, tiled
from wnnx.types import Array
from wnnxruntime.registry import kernel


@kernel(ops.tile, widens=False)
def tile(x: Array, *, repeats: tuple[int, ...]) -> Array:
    """Put copies behind each other."""
    return tiled(x, repeats)


@kernel(ops.flip, widens=False)
def flip(x: Array, *, dims: tuple[int, ...]) -> Array:
    """Reverse some axes."""
    return flipped(x, dims)


@kernel(ops.roll, widens=False)
def roll(x: Array, *, shifts: tuple[int, ...], dims: tuple[int, ...] | None) -> Array:
    """Move along some axes, round the end."""
    return rolled(x, shifts, dims)


@kernel(ops.reverse_sequence, widens=False)
def reverse_sequence(x: Array, lengths: Array, *, batch_dim: int, time_dim: int) -> Array:
    """Reverse the first elements of each sequence."""
    extent: int = x.shape[time_dim]
    wrong = lengths[(lengths < 0) | (lengths > extent)]
    if wrong.size:
        raise KernelError(
            f"length {wrong[0]} is out of range; axis {time_dim} has {extent} elements"
        )
    length = lengths.astype(np.int64)[:, None]
    place = np.arange(extent)
    source = np.where(place < length, length - 1 - place, place)
    sequences = np.moveaxis(x, (batch_dim, time_dim), (0, 1))
    reversed_ones = sequences[np.arange(len(length))[:, None], source]
    return np.moveaxis(reversed_ones, (0, 1), (batch_dim, time_dim))


@kernel(ops.tril, widens=False)
def tril(x: Array, offset: Array | None, *, diagonal: int) -> Array:
    """Keep what is on the diagonal and to the left of it."""
    last = diagonal if offset is None else diagonal + int(offset.item())
    return np.where(_diagonals(*x.shape[-2:]) <= last, x, np.zeros((), x.dtype))


@kernel(ops.triu, widens=False)
def triu(x: Array, offset: Array | None, *, diagonal: int) -> Array:
    """Keep what is on the diagonal and to the right of it."""
    first = diagonal if offset is None else diagonal + int(offset.item())
    return np.where(_diagonals(*x.shape[-2:]) >= first, x, np.zeros((), x.dtype))


def _diagonals(rows: int, columns: int) -> Array:
    """Return the number of the diagonal that each element of a matrix lies on."""
    return np.arange(columns) - np.arange(rows)[:, None]

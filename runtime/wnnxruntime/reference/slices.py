"""The attributes of a slice as numpy's index."""

from collections.abc import Sequence


def slices(
    rank: int,
    starts: Sequence[int],
    stops: Sequence[int],
    dims: Sequence[int],
    steps: Sequence[int],
) -> tuple[slice, ...]:
    """Return a slice for each of `rank` axes; one step stands for all of them."""
    parts = [slice(None)] * rank
    every = [*steps] * len(dims) if len(steps) == 1 else steps
    for axis, start, stop, step in zip(dims, starts, stops, every, strict=True):
        parts[axis] = slice(start, stop, step)
    return tuple(parts)

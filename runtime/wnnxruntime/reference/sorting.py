"""Elements in order, in numpy."""

import numpy as np

from wnnx import ops
from wnnx.types import Array
from wnnxruntime.registry import kernel


@kernel(ops.topk)
def topk(
    x: Array, *, k: tuple[int, ...], dim: int, largest: bool, sorted: bool
) -> tuple[Array, Array]:
    """The first k in order; any order will do where `sorted` is False, so this one does."""
    if not x.ndim:
        return x, np.asarray(0)
    places = _order(x, dim, descending=largest).take(range(k[0]), dim)
    return np.take_along_axis(x, places, dim), places


@kernel(ops.sort)
def sort(x: Array, *, dim: int, descending: bool) -> tuple[Array, Array]:
    """The elements in order, and where they were."""
    if not x.ndim:
        return x, np.asarray(0)
    places = _order(x, dim, descending=descending)
    return np.take_along_axis(x, places, dim), places


def _order(x: Array, dim: int, *, descending: bool) -> Array:
    """Return the places of the elements in order, equals as they come, NaN the largest."""
    if not descending:
        return np.argsort(x, axis=dim, kind="stable")
    # Ascending from behind puts the last of equals first: read backwards, the first.
    backwards = np.argsort(np.flip(x, dim), axis=dim, kind="stable")
    return np.asarray(x.shape[dim] - 1 - np.flip(backwards, dim))

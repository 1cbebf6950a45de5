"""Vector norms: what a reduction returns and a normalisation divides by."""

import math

import numpy as np

from wnnx.types import Array


def vector_norm(
    x: Array, order: float, axes: int | tuple[int, ...] | None, *, keepdim: bool
) -> Array:
    """Return `sum(|x| ** order) ** (1 / order)` along `axes`, with its limits at 0 and inf."""
    if order == 0:
        count = np.count_nonzero(x, axis=axes, keepdims=keepdim)
        return np.asarray(count, x.dtype)
    size = np.abs(x)
    if order == math.inf:
        return np.asarray(np.max(size, axis=axes, keepdims=keepdim, initial=0))
    if order == -math.inf:
        return np.asarray(np.min(size, axis=axes, keepdims=keepdim, initial=np.inf))
    if order == 1:
        return np.asarray(np.sum(size, axis=axes, keepdims=keepdim))
    if order == 2:
        return np.asarray(np.sqrt(np.sum(np.square(x), axis=axes, keepdims=keepdim)))
    total = np.sum(size**order, axis=axes, keepdims=keepdim)
    return np.asarray(total ** (1 / order))

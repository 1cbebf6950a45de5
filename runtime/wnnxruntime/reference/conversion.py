"""Casts and questions about a tensor, in numpy."""

import numpy as np

from wnnx import ops
from wnnx.types import Array, numpy_dtype
from wnnxruntime.registry import kernel


@kernel(ops.cast, widens=False)
def cast(x: Array, *, dtype: str) -> Array:
    """Convert every element."""
    return x.astype(numpy_dtype(dtype))


@kernel(ops.identity, widens=False)
def identity(x: Array) -> Array:
    """Return `x` itself."""
    return x


@kernel(ops.shape, widens=False)
def shape(x: Array) -> Array:
    """Return the extents."""
    return np.array(x.shape, np.int64)

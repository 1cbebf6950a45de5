"""The same elements under another shape, in numpy."""

import numpy as np

from wnnx import ops
from wnnx.types import Array
from wnnxruntime.registry import kernel


@kernel(ops.reshape, widens=False)
def reshape(x: Array, *, shape: tuple[int, ...]) -> Array:
    """Return the elements in row-major order under another shape."""
    return x.reshape(shape)


@kernel(ops.flatten, widens=False)
def flatten(x: Array, *, start_dim: int, end_dim: int) -> Array:
    """Merge neighbouring axes into one."""
    if not x.ndim:
        return x.reshape(1)
    start, end = start_dim % x.ndim, end_dim % x.ndim
    merged = int(np.prod(x.shape[start : end + 1], dtype=np.int64))
    return x.reshape(*x.shape[:start], merged, *x.shape[end + 1 :])


@kernel(ops.permute, widens=False)
def permute(x: Array, *, dims: tuple[int, ...]) -> Array:
    """Put the axes into another order."""
    return x.transpose(dims)


@kernel(ops.squeeze, widens=False)
def squeeze(x: Array, *, dim: tuple[int, ...] | None) -> Array:
    """Remove axes of extent 1."""
    return x.squeeze(dim) if x.ndim else x


@kernel(ops.unsqueeze, widens=False)
def unsqueeze(x: Array, *, dim: tuple[int, ...]) -> Array:
    """Insert axes of extent 1."""
    return np.expand_dims(x, dim)


@kernel(ops.expand, widens=False)
def expand(x: Array, *, shape: tuple[int, ...]) -> Array:
    """Repeat along new axes and axes of extent 1."""
    old = (1,) * (len(shape) - x.ndim) + x.shape
    return np.broadcast_to(x, [o if n == -1 else n for o, n in zip(old, shape, strict=True)])

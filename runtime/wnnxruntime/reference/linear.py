"""Matrix products, in numpy."""

import numpy as np

from wnnx import ops
from wnnx.types import Array
from wnnxruntime.registry import kernel


@kernel(ops.linear)
def linear(x: Array, weight: Array, bias: Array | None) -> Array:
    """`x @ weight.T + bias`."""
    y = x @ weight.T
    return y if bias is None else y + bias


@kernel(ops.matmul)
def matmul(x: Array, y: Array) -> Array:
    """`x @ y`."""
    return np.asarray(x @ y)

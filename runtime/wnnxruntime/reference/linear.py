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


@kernel(ops.gemm)
def gemm(
    a: Array,
    b: Array,
    c: Array | None,
    *,
    alpha: float,
    beta: float,
    transpose_a: bool,
    transpose_b: bool,
) -> Array:
    """`alpha * a @ b + beta * c`; with a beta of 0 a NaN in `c` does not matter."""
    product = (a.T if transpose_a else a) @ (b.T if transpose_b else b)
    y: Array = product * product.dtype.type(alpha)
    return y if c is None or beta == 0 else y + c * product.dtype.type(beta)

"""Custom operators, as a user writes them in a file of their own."""

from typing import Unpack

import numpy as np

from wnnx import NodeOptions, TensorType, Value, op
from wnnx.types import Array
from wnnxruntime import kernel


@op(domain="test")
def broken(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Fail when run."""
    return x.type


@kernel(broken)
def run_broken(x: Array) -> Array:
    raise ValueError("on purpose")


@op(domain="test")
def misshapen(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Say one shape and return another."""
    return x.type


@kernel(misshapen)
def run_misshapen(x: Array) -> Array:
    return x[:1]


@op(domain="test", version=2)
def scale(
    x: Value, *, factor: float = 2.0, dims: int | None = None, **node: Unpack[NodeOptions]
) -> TensorType:
    """Multiply by `factor`."""
    return x.type


@kernel(scale)
def run_scale(x: Array, *, factor: float, dims: int | None) -> Array:
    return np.multiply(x, factor, dtype=x.dtype)


@op(domain="test")
def halves(x: Value, **node: Unpack[NodeOptions]) -> tuple[TensorType, TensorType]:
    """Return the first and the second half of the last axis."""
    half = TensorType(x.dtype, (*x.shape[:-1], x.shape[-1] // 2))
    return half, half


@kernel(halves)
def run_halves(x: Array) -> tuple[Array, Array]:
    first, second = np.split(x, 2, axis=-1)
    return first, second

"""Casts and questions about a tensor."""

from typing import Any

import numpy as np

from tests.samples.sample import Sample, integers, normal
from wnnx import ops
from wnnx.types import Array


def _cast(x: Array, dtype: str, label: str = "") -> Sample:
    def oracle(torch: Any, x: Any) -> Any:
        return x.to(getattr(torch, dtype))

    return Sample(ops.cast, (x,), oracle, {"dtype": dtype}, label or dtype)


def _itself(torch: Any, x: Any) -> Any:
    return x


def _shape(torch: Any, x: Any) -> Any:
    return torch.tensor(x.shape, dtype=torch.int64)


SAMPLES = [
    _cast(normal(3, 4, scale=9), "float64"),
    _cast(normal(3, 4, scale=9), "float16"),
    _cast(normal(3, 4, scale=9), "int32"),
    _cast(normal(2, 3), "bool"),
    _cast(integers(3, 4), "float32", "to-float"),
    _cast(np.array([-1, 255, 256, 300]), "uint8"),
    _cast(np.array([True, False]), "int64", "from-bool"),
    _cast(normal(), "int8", "scalar"),
    _cast(normal(0, 3), "int64", "empty"),
    Sample(ops.identity, (normal(3, 4),), _itself),
    Sample(ops.identity, (integers(),), _itself),
    Sample(ops.shape, (normal(3, 0, 4),), _shape),
    Sample(ops.shape, (normal(),), _shape),
]

"""Tensors made of numbers alone, or of the indices of something."""

from typing import Any

import numpy as np

from tests.samples.sample import Sample, integers
from wnnx import ops
from wnnx.types import Array


def _full(label: str, shape: Any, value: float, dtype: str) -> Sample:
    def oracle(torch: Any) -> Any:
        return torch.full(shape, value, dtype=getattr(torch, dtype))

    attributes = {"shape": shape, "value": value, "dtype": dtype}
    return Sample(ops.full, (), oracle, attributes, label)


def _arange(label: str, start: float, stop: float, step: float, dtype: str) -> Sample:
    def oracle(torch: Any) -> Any:
        return torch.arange(start, stop, step, dtype=getattr(torch, dtype))

    attributes = {"start": start, "stop": stop, "step": step, "dtype": dtype}
    return Sample(ops.arange, (), oracle, attributes, label)


def _eye(label: str, n: int, m: int | None = None, k: int = 0, **attributes: Any) -> Sample:
    def oracle(torch: Any) -> Any:
        square = torch.ones(n, n if m is None else m)
        kept = torch.triu(square, k) * torch.tril(square, k)
        return kept.to(getattr(torch, attributes.get("dtype", "float32")))

    return Sample(ops.eye, (), oracle, {"n": n, "m": m, "k": k, **attributes}, label)


def _one_hot(indices: Array, depth: int, dim: int = -1, label: str = "") -> Sample:
    def oracle(torch: Any, indices: Any) -> Any:
        hot = torch.nn.functional.one_hot(indices.long() % depth, depth)
        return torch.movedim(hot, -1, dim)

    return Sample(ops.one_hot, (indices,), oracle, {"depth": depth, "dim": dim}, label)


def _two_values(torch: Any, indices: Any) -> Any:
    """Return 5 where the index points and -2.5 elsewhere; 7 and -6 are out of range."""
    hot = torch.arange(4).reshape(4, 1) == torch.tensor([3, -1, -1, 2])
    return torch.where(hot, 5.0, -2.5)


SAMPLES = [
    _full("zeros", (2, 3), 0.0, "float32"),
    _full("integers", (2, 3), -(2**62), "int64"),
    _full("largest", (3,), 2**63 - 1, "int64"),
    _full("bool", (3,), 1, "bool"),
    _full("half", (2,), 0.1, "float16"),
    _full("scalar", (), 1.5, "float64"),
    _full("empty", (0, 3), 7, "int32"),
    _full("infinite", (2,), float("-inf"), "float32"),
    _arange("integers", 0, 5, 1, "int64"),
    _arange("down", 10, 1, -3, "int32"),
    _arange("none", 3, 3, 1, "int64"),
    _arange("steps", -3, 8, 3, "int8"),
    _arange("fractions", 0.5, 3.2, 0.3, "float64"),
    _arange("down-fractions", 1.0, -1.0, -0.1, "float32"),
    _arange("whole-floats", 1, 9, 2, "float32"),
    _eye("square", 3),
    _eye("wide", 2, 4, 1),
    _eye("tall", 4, 2, -2, dtype="int64"),
    _eye("outside", 3, 3, 9),
    _eye("empty", 0, 3, dtype="bool"),
    _one_hot(integers(2, 3, low=0, high=4), 4),
    _one_hot(integers(2, 3, low=-4, high=4), 4, 0, label="first"),
    _one_hot(integers(2, 3, low=0, high=4).astype(np.uint8), 300, 1, label="uint8"),
    _one_hot(np.array(2), 3, label="scalar"),
    _one_hot(np.zeros((0,), np.int64), 3, label="empty"),
    Sample(
        ops.one_hot,
        (np.array([3, 7, -6, -2]),),
        _two_values,
        {"depth": 4, "on_value": 5, "off_value": -2.5, "dim": 0, "dtype": "float32"},
        "two-values",
    ),
]

"""The same elements in other places."""

from typing import Any

import numpy as np

from tests.samples.sample import Sample, integers, namesake, normal
from wnnx import ops
from wnnx.ops.registry import Rule
from wnnx.types import Array


def _tile(x: Array, *repeats: int, label: str = "") -> Sample:
    def oracle(torch: Any, x: Any) -> Any:
        return torch.tile(x, repeats)

    return Sample(ops.tile, (x,), oracle, {"repeats": repeats}, label)


def _reverse(x: Array, lengths: Array, batch_dim: int, time_dim: int, label: str) -> Sample:
    def oracle(torch: Any, x: Any, lengths: Any) -> Any:
        sequences = x.movedim((batch_dim, time_dim), (0, 1)).clone()
        for sequence, length in zip(sequences, lengths.tolist(), strict=True):
            sequence[:length] = sequence[:length].flip(0)
        return sequences.movedim((0, 1), (batch_dim, time_dim))

    attributes = {"batch_dim": batch_dim, "time_dim": time_dim}
    return Sample(ops.reverse_sequence, (x, lengths), oracle, attributes, label)


def _offset(rule: Rule, x: Array, offset: Array, diagonal: int, label: str) -> Sample:
    def oracle(torch: Any, x: Any, offset: Any) -> Any:
        return getattr(torch, rule.__name__)(x, diagonal + offset.item())

    return Sample(rule, (x, offset), oracle, {"diagonal": diagonal}, label)


_HOLES = np.array([[np.nan, np.inf], [-np.inf, np.nan]], np.float32)

SAMPLES = [
    _tile(normal(2, 3), 2, 1),
    _tile(normal(2, 3), 3, label="fewer"),
    _tile(normal(2, 3), 2, 1, 2, label="more"),
    _tile(normal(2, 3), 0, 2, label="none"),
    _tile(normal(), label="scalar"),
    _tile(normal(2, 0), 2, 2, label="empty"),
    _tile(integers(3), 2, label="integers"),
    namesake(ops.flip, normal(2, 3, 4), dims=(0, -1)),
    namesake(ops.flip, normal(2, 3), dims=(), label="no-axis"),
    namesake(ops.flip, normal(), dims=(0,)),
    namesake(ops.flip, normal(2, 0), dims=(1,), label="empty"),
    namesake(ops.roll, normal(4, 3), shifts=1, dims=0),
    namesake(ops.roll, normal(4, 3), shifts=(-1, 5), dims=(-1, 0), label="two"),
    namesake(ops.roll, normal(4, 3), shifts=(1, 2), dims=(0, 0), label="twice"),
    namesake(ops.roll, normal(4, 3), shifts=-5, label="all"),
    namesake(ops.roll, normal(0, 3), shifts=2, dims=0, label="empty"),
    namesake(ops.roll, normal(), shifts=2),
    _reverse(normal(4, 3), np.array([4, 0, 2]), 1, 0, "time-first"),
    _reverse(normal(3, 4, 2), np.array([1, 4, 3], np.int32), 0, 1, "batch-first"),
    _reverse(normal(2, 4, 3), np.array([1, 4, 3]), -1, -2, "negative"),
    _reverse(normal(0, 3), np.array([0, 0, 0]), 1, 0, "empty"),
    namesake(ops.tril, normal(3, 4)),
    namesake(ops.tril, normal(2, 3, 3), diagonal=-1, label="below"),
    namesake(ops.tril, normal(3, 4), diagonal=99, label="all"),
    namesake(ops.tril, integers(3, 3), diagonal=1, label="integers"),
    namesake(ops.tril, _HOLES, label="nan"),
    namesake(ops.triu, normal(3, 4)),
    namesake(ops.triu, normal(2, 3, 3), diagonal=1, label="above"),
    namesake(ops.triu, normal(3, 4), diagonal=-99, label="all"),
    namesake(ops.triu, normal(0, 4), label="empty"),
    namesake(ops.triu, _HOLES, label="nan"),
    _offset(ops.tril, normal(3, 4), np.array(-1), 0, "offset"),
    _offset(ops.triu, normal(3, 4), np.array([1], np.int32), 1, "offset"),
]

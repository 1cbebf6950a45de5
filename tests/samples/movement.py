"""The same elements under another shape."""

from typing import Any

from tests.samples.sample import Sample, integers, namesake, normal
from wnnx import ops
from wnnx.types import Array


def _two_axes(torch: Any, x: Any) -> Any:
    return x[:, None, :, None]


def _expand(x: Array, *shape: int) -> Sample:
    def oracle(torch: Any, x: Any) -> Any:
        return x.expand(*shape)

    return Sample(ops.expand, (x,), oracle, {"shape": shape})


SAMPLES = [
    namesake(ops.reshape, normal(3, 4), shape=(2, 6)),
    namesake(ops.reshape, normal(2, 3, 4), shape=(-1, 4), label="one-left"),
    namesake(ops.reshape, normal(2, 0, 3), shape=(3, 0, 5), label="empty"),
    namesake(ops.reshape, normal(), shape=(1, -1), label="scalar"),
    namesake(ops.reshape, normal(1), shape=(), label="to-scalar"),
    namesake(ops.flatten, normal(2, 3, 4)),
    namesake(ops.flatten, normal(2, 3, 4, 5), start_dim=1, end_dim=-2, label="middle"),
    namesake(ops.flatten, normal()),
    namesake(ops.flatten, normal(2, 0, 3), start_dim=1, label="empty"),
    namesake(ops.permute, normal(2, 3, 4), dims=(2, 0, 1)),
    namesake(ops.permute, normal(2, 3, 4), dims=(0, -1, -2), label="negative"),
    namesake(ops.permute, normal(), dims=()),
    namesake(ops.permute, integers(2, 3), dims=(1, 0), label="integers"),
    namesake(ops.squeeze, normal(2, 1, 3), dim=1),
    namesake(ops.squeeze, normal(1, 2, 1), dim=(0, -1), label="two"),
    namesake(ops.squeeze, normal()),
    namesake(ops.unsqueeze, normal(2, 3), dim=0),
    namesake(ops.unsqueeze, normal(2, 3), dim=-1, label="last"),
    namesake(ops.unsqueeze, normal(), dim=0),
    Sample(ops.unsqueeze, (normal(2, 3),), _two_axes, {"dim": (1, -1)}, "two"),
    _expand(normal(3, 1), 2, -1, 4),
    _expand(normal(), 2, 3),
    _expand(normal(1, 2), 0, 2),
]

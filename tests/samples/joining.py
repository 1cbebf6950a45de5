"""Tensors put together, and tensors with a margin."""

from typing import Any

from tests.samples.sample import Sample, integers, namesake, normal
from wnnx import ops
from wnnx.types import Array


def _cat(*inputs: Array, dim: int, label: str = "") -> Sample:
    def oracle(torch: Any, *xs: Any) -> Any:
        return torch.cat(xs, dim)

    return Sample(ops.cat, inputs, oracle, {"dim": dim}, label)


SAMPLES = [
    _cat(normal(2, 3), normal(4, 3, seed=1), dim=0),
    _cat(normal(2, 3), normal(2, 1, seed=1), normal(2, 5, seed=2), dim=-1, label="three"),
    _cat(normal(2, 3), dim=1, label="one"),
    _cat(normal(2, 3), normal(0, 3), dim=0, label="empty"),
    _cat(integers(2), integers(3, seed=1), dim=0, label="integers"),
    namesake(ops.pad, normal(2, 3), pad=(1, 2)),
    namesake(ops.pad, normal(2, 3), pad=(1, 0, 2, 1), value=1.5, label="value"),
    namesake(ops.pad, normal(2, 3, 4), pad=(-1, 2, 1, -2), label="crop"),
    namesake(ops.pad, normal(2, 3), pad=(-2, -1), label="crop-all"),
    namesake(ops.pad, integers(2, 3), pad=(1, 1), value=7, label="integers"),
    namesake(ops.pad, normal(2, 0), pad=(1, 2), label="empty"),
    namesake(ops.pad, normal(2, 3, 4, 5), pad=(4, 3, 2, 1), mode="reflect", label="reflect"),
    namesake(ops.pad, normal(2, 3, 4), pad=(-1, 2), mode="reflect", label="reflect-crop"),
    namesake(
        ops.pad, normal(2, 3, 4, 5), pad=(7, 1, 0, 5), mode="replicate", label="replicate"
    ),
    namesake(ops.pad, normal(2, 3, 4), pad=(-3, 2), mode="replicate", label="replicate-crop"),
    namesake(ops.pad, normal(2, 3, 4, 5), pad=(5, 2, 1, 4), mode="circular", label="circular"),
    namesake(ops.pad, normal(2, 3, 4), pad=(-1, 2), mode="circular", label="circular-crop"),
]

"""Einstein's summation."""

from typing import Any

import numpy as np

from tests.samples.sample import Sample, integers, normal
from wnnx import ops
from wnnx.types import Array


def einsum(equation: str, *inputs: Array, label: str = "") -> Sample:
    """Return a call beside PyTorch's, which takes the equation first."""

    def oracle(torch: Any, *tensors: Any) -> Any:
        return torch.einsum(equation, *tensors)

    return Sample(ops.einsum, inputs, oracle, {"equation": equation}, label or equation)


SAMPLES = [
    einsum("ij,jk->ik", normal(3, 4), normal(4, 5, seed=1)),
    einsum("bij, bjk -> bik", normal(2, 3, 4), normal(2, 4, 5, seed=1)),
    einsum("bhqd,bhkd->bhqk", normal(2, 2, 3, 4), normal(2, 2, 5, 4, seed=1)),
    einsum("i,i", normal(5), normal(5, seed=1)),
    einsum("i,j->ij", normal(5), normal(3, seed=1)),
    einsum("ij->ji", normal(3, 4)),
    einsum("ba", normal(3, 4)),
    einsum("ij->", normal(3, 4)),
    einsum("ij->i", normal(3, 4)),
    einsum("ii->i", normal(4, 4)),
    einsum("...ii->...i", normal(3, 5, 5)),
    einsum("ii", normal(4, 4), label="trace"),
    einsum("Zab,ac", normal(2, 3, 4), normal(3, 5, seed=1)),
    einsum("...ij,...jk->...ik", normal(2, 1, 3, 4), normal(5, 4, 3, seed=1)),
    einsum("...ij,...jk", normal(2, 3, 4), normal(4, 3, seed=1)),
    einsum("...ij->ij", normal(2, 3, 4)),
    einsum("ij->...ji", normal(3, 4)),
    einsum("ij,ij->ij", normal(1, 3), normal(4, 3, seed=1), label="broadcasts"),
    einsum("ij,ij->j", normal(4, 1), normal(4, 3, seed=1), label="broadcasts-and-sums"),
    einsum("bn,anm,bm->ba", normal(2, 5), normal(3, 5, 4, seed=1), normal(2, 4, seed=2)),
    einsum("->", normal(), label="scalar"),
    einsum(",i->i", normal(), normal(3, seed=1)),
    einsum("ij,jk->ik", normal(3, 0), normal(0, 5, seed=1), label="empty-sum"),
    einsum("ij,jk->ik", normal(0, 4), normal(4, 5, seed=1), label="empty"),
    einsum("ij,jk->ik", integers(3, 4), integers(4, 5, seed=1), label="int64"),
    einsum(
        "ij,jk->ik",
        (integers(3, 4) * 9).astype(np.int8),
        (integers(4, 5, seed=1) * 9).astype(np.int8),
        label="int8-wraps-around",
    ),
]

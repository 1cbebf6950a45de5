"""Matrix products."""

from typing import Any

import numpy as np

from tests.samples.sample import Sample, integers, namesake, normal
from wnnx import ops
from wnnx.types import Array


def gemm(label: str, *inputs: Array, **attributes: Any) -> Sample:
    """Return a call beside PyTorch's addmm of transposed matrices."""

    def oracle(torch: Any, a: Any, b: Any, c: Any = None) -> Any:
        a = a.T if attributes.get("transpose_a") else a
        b = b.T if attributes.get("transpose_b") else b
        factors = {k: v for k, v in attributes.items() if k in {"alpha", "beta"}}
        if a.dtype == torch.int64:
            factors = {name: int(factor) for name, factor in factors.items()}
        return torch.addmm(torch.zeros((), dtype=a.dtype) if c is None else c, a, b, **factors)

    return Sample(ops.gemm, inputs, oracle, attributes, label)


SAMPLES = [
    namesake(ops.linear, normal(3, 5), normal(4, 5, seed=1), normal(4, seed=2)),
    namesake(ops.linear, normal(2, 3, 5), normal(4, 5, seed=1)),
    namesake(ops.linear, normal(5), normal(4, 5, seed=1), normal(4, seed=2)),
    namesake(ops.linear, normal(0, 5), normal(4, 5, seed=1), normal(4, seed=2)),
    *(
        namesake(ops.matmul, normal(*x), normal(*y, seed=1))
        for x, y in [
            ((3, 4), (4, 5)),
            ((4,), (4,)),
            ((4,), (4, 5)),
            ((3, 4), (4,)),
            ((4,), (2, 4, 5)),
            ((2, 3, 4), (4,)),
            ((2, 3, 4), (2, 4, 5)),
            ((2, 3, 4), (4, 5)),
            ((3, 4), (2, 4, 5)),
            ((2, 1, 3, 4), (6, 4, 5)),
            ((0, 3, 4), (4, 5)),
            ((3, 0), (0, 5)),
        ]
    ),
    namesake(ops.matmul, integers(3, 4), integers(2, 4, 5, seed=1), label="int64"),
    namesake(
        ops.matmul,
        (integers(3, 4) * 9).astype(np.int8),
        (integers(4, 5, seed=1) * 9).astype(np.int8),
        label="int8-wraps-around",
    ),
    gemm("defaults", normal(3, 4), normal(4, 5, seed=1)),
    gemm("vector", normal(3, 4), normal(4, 5, seed=1), normal(5, seed=2)),
    gemm("column", normal(3, 4), normal(4, 5, seed=1), normal(3, 1, seed=2)),
    gemm("matrix", normal(3, 4), normal(4, 5, seed=1), normal(3, 5, seed=2)),
    gemm("scalar", normal(3, 4), normal(4, 5, seed=1), normal(seed=2)),
    gemm("transpose-a", normal(4, 3), normal(4, 5, seed=1), transpose_a=True),
    gemm("transpose-b", normal(3, 4), normal(5, 4, seed=1), transpose_b=True),
    gemm(
        "all",
        normal(4, 3),
        normal(5, 4, seed=1),
        normal(1, 5, seed=2),
        alpha=0.25,
        beta=-0.5,
        transpose_a=True,
        transpose_b=True,
    ),
    gemm(
        "nan-of-no-weight",
        normal(3, 4),
        normal(4, 5, seed=1),
        np.full((5,), np.nan, np.float32),
        beta=0.0,
    ),
    gemm("empty", normal(3, 0), normal(0, 5, seed=1), normal(5, seed=2)),
    gemm("no-rows", normal(0, 4), normal(4, 5, seed=1)),
    gemm("int64", integers(3, 4), integers(4, 5, seed=1), integers(5), alpha=2.0, beta=-3.0),
]

"""Rectifiers."""

from typing import Any

import numpy as np

from tests.samples.activation import EXTREMES
from tests.samples.sample import Sample, integers, namesake, normal
from wnnx import ops
from wnnx.types import Array

INT8 = integers(7).astype(np.int8)


def _shrink(x: Array, label: str, *, function: str, lambd: float) -> Sample:
    """Return a call beside PyTorch's hardshrink or softshrink."""

    def oracle(torch: Any, x: Any) -> Any:
        return getattr(torch.nn.functional, function)(x, lambd)

    bias = lambd if function == "softshrink" else 0
    return Sample(
        ops.shrink, (x,), oracle, {"lambd": lambd, "bias": bias}, f"{function}-{label}"
    )


def _shrink_formula(x: Array, label: str, *, lambd: float, bias: float) -> Sample:
    def oracle(torch: Any, x: Any) -> Any:
        inner = torch.where(x > lambd, x - bias, 0 * x)
        return torch.where(x < -lambd, x + bias, inner)

    return Sample(ops.shrink, (x,), oracle, {"lambd": lambd, "bias": bias}, label)


def _selu(torch: Any, x: Any) -> Any:
    return 0.5 * torch.nn.functional.elu(x, alpha=3)


SAMPLES = [
    namesake(ops.relu, normal(3, 4)),
    namesake(ops.relu, EXTREMES, label="extremes"),
    namesake(ops.relu, integers(2, 5), label="int64"),
    namesake(ops.relu6, normal(2, 3, 4, scale=5)),
    namesake(ops.relu6, EXTREMES, label="extremes"),
    namesake(ops.relu6, INT8, label="int8"),
    namesake(ops.leaky_relu, normal(3, 4), label="slope", negative_slope=0.2),
    namesake(ops.elu, normal(3, 4), label="alpha", alpha=-2.5),
    namesake(ops.prelu, normal(2, 3, 4, 5), normal(3, seed=1)),
    namesake(ops.prelu, normal(2, 3), normal(1, seed=1)),
    namesake(ops.prelu, normal(4), normal(seed=1)),
    namesake(ops.prelu, normal(), normal(1, seed=1)),
    namesake(ops.prelu, normal(2, 0, 3), normal(0)),
    namesake(ops.prelu, EXTREMES, normal(1), label="extremes"),
    *(
        namesake(rule, x, label=label)
        for rule in (ops.leaky_relu, ops.elu, ops.celu, ops.selu)
        for label, x in (
            ("3x4", normal(3, 4, scale=3)),
            ("1x2x3x4", normal(1, 2, 3, 4)),
            ("scalar", normal()),
            ("empty", normal(2, 0)),
            ("extremes", EXTREMES),
        )
    ),
    namesake(ops.celu, normal(3, 4), label="alpha", alpha=2.5),
    namesake(ops.celu, normal(3, 4), label="negative-alpha", alpha=-1.5),
    Sample(ops.selu, (normal(3, 4),), _selu, {"alpha": 3, "gamma": 0.5}, "attributes"),
    *(
        namesake(ops.threshold, x, label=label, threshold=0.25, value=-3)
        for label, x in (
            ("3x4", normal(3, 4)),
            ("scalar", normal()),
            ("empty", normal(0, 3)),
            ("edge", np.array([0.25, 0.375], np.float32)),
            ("extremes", EXTREMES),
        )
    ),
    *(
        _shrink(x, label, function=function, lambd=0.75)
        for function in ("hardshrink", "softshrink")
        for label, x in (
            ("3x4", normal(3, 4)),
            ("scalar", normal()),
            ("empty", normal(0, 3)),
            ("edges", np.array([-0.875, -0.75, 0.75, 0.875], np.float32)),
            ("extremes", EXTREMES),
        )
    ),
    _shrink(normal(3, 4), "negative", function="hardshrink", lambd=-0.5),
    _shrink_formula(normal(3, 4), "bias", lambd=0.25, bias=1.5),
    _shrink_formula(normal(3, 4), "negative-lambd", lambd=-0.25, bias=1.5),
]

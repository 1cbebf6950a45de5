"""Activations."""

from typing import Any

import numpy as np

from tests.samples.sample import Sample, integers, namesake, normal
from wnnx import ops

# Up to the largest of float16, with both zeros, infinities and NaN.
FINITE = np.array(
    [-6e4, -1e4, -90, -20, -3, -1e-30, -0.0, 0, 1e-30, 3, 20, 90, 6e4], np.float32
)
EXTREMES = np.concatenate((FINITE, np.array([-np.inf, np.inf, np.nan], np.float32)))
FLAGS = np.array([True, False])

# Checked where they overflow most easily; -inf times 0 is NaN for some, in PyTorch too.
SMOOTH = (
    ops.gelu, ops.sigmoid, ops.tanh, ops.hardsigmoid, ops.hardswish, ops.silu, ops.mish,
    ops.softplus, ops.softsign,
)  # fmt: skip


def _exact_softplus(torch: Any, x: Any) -> Any:
    return torch.logaddexp(x, torch.zeros_like(x))


SAMPLES = [
    namesake(ops.clamp, normal(3, 4), min=-0.5, max=0.25),
    namesake(ops.clamp, normal(3, 1, 4), label="min", min=0.1),
    namesake(ops.clamp, normal(), label="max", max=-0.5),
    namesake(ops.clamp, normal(5), label="min-above-max", min=2, max=1),
    namesake(ops.clamp, normal(0, 5), label="empty", max=1),
    namesake(ops.clamp, EXTREMES, label="extremes", min=-1, max=2),
    namesake(ops.clamp, integers(2, 5), label="int64", min=-3, max=4),
    *(
        namesake(rule, x, label=label)
        for rule in SMOOTH
        for label, x in (
            ("3x4", normal(3, 4, scale=3)),
            ("1x2x3x4", normal(1, 2, 3, 4)),
            ("scalar", normal()),
            ("empty", normal(2, 0)),
            ("extremes", EXTREMES),
        )
    ),
    *(namesake(rule, integers(2, 5), label="int64") for rule in (ops.sigmoid, ops.tanh)),
    *(namesake(rule, FLAGS, label="bool") for rule in (ops.sigmoid, ops.tanh)),
    namesake(ops.gelu, normal(3, 4, scale=3), label="tanh", approximate="tanh"),
    namesake(ops.gelu, EXTREMES, label="tanh-extremes", approximate="tanh"),
    namesake(ops.softplus, normal(3, 4, scale=9), label="beta", beta=2.5, threshold=4),
    namesake(ops.softplus, normal(3, 4, scale=9), label="negative-beta", beta=-0.5),
    namesake(ops.softplus, FINITE, label="threshold", threshold=-1),
    Sample(
        ops.softplus, (FINITE,), _exact_softplus, {"threshold": np.inf}, "without-threshold"
    ),
    *(
        namesake(rule, x, label=f"{label}-dim{dim}", dim=dim)
        for rule in (ops.softmax, ops.log_softmax)
        for label, x, dim in (
            ("3x4", normal(3, 4), 1),
            ("2x3x4", normal(2, 3, 4), -2),
            ("2x3x1x4", normal(2, 3, 1, 4), 0),
            ("large", normal(5, scale=300), -1),
            ("2x0", normal(2, 0), 1),
            ("0x3", normal(0, 3), 1),
            ("scalar", normal(), -1),
            ("infinite", np.array([[-np.inf, 1, 1e3], [-np.inf] * 3], np.float32), 1),
        )
    ),
]

"""Trigonometric and hyperbolic functions, and their inverses."""

import numpy as np

from tests.samples.sample import integers, namesake, normal
from wnnx import ops

EVERYWHERE = (ops.sin, ops.cos, ops.tan, ops.sinh, ops.cosh, ops.atan, ops.asinh)
INSIDE = (ops.asin, ops.acos, ops.atanh)
RULES = (*EVERYWHERE, *INSIDE, ops.acosh)

SPECIAL = np.array([-np.inf, -2, -1, -0.5, -0.0, 0, 0.5, 1, 2, np.inf, np.nan], np.float32)

SAMPLES = [
    *(
        namesake(rule, x, label=label)
        for rule in RULES
        for label, x in (
            ("scalar", np.asarray(normal() + 1)),
            ("empty", normal(2, 0)),
            ("special", SPECIAL),
            ("int64", integers(8)),
            ("uint8", np.array([0, 1, 2, 5], np.uint8)),
            ("bool", np.array([False, True])),
        )
    ),
    *(namesake(rule, normal(3, 4, scale=3)) for rule in EVERYWHERE),
    *(namesake(rule, np.tanh(normal(3, 4))) for rule in INSIDE),
    namesake(ops.acosh, 1 + np.abs(normal(3, 4, scale=3))),
    *(
        namesake(rule, normal(20, scale=1e4), label="many-turns")
        for rule in (ops.sin, ops.cos, ops.atan, ops.asinh)
    ),
]

"""Rounding, and what a rounded quotient leaves over."""

import numpy as np

from tests.samples.elementwise import BYTES, INTEGERS, SPECIAL, crossed
from tests.samples.sample import namesake, normal, positive
from wnnx import ops

HALVES = np.array([-3.5, -2.5, -1.5, -0.5, -0.4, 0.5, 1.5, 2.5, 3.5, 500.5], np.float32)
DIVISORS = np.array([[-7], [-2], [-1], [1], [3], [9]])

SAMPLES = [
    *(
        namesake(rule, x, label=label)
        for rule in (ops.floor, ops.ceil, ops.round, ops.trunc)
        for label, x in (
            ("3x4", normal(3, 4, scale=3)),
            ("scalar", normal(scale=9)),
            ("empty", normal(2, 0)),
            ("halves", HALVES),
            ("special", SPECIAL),
            ("int64", INTEGERS),
            ("uint8", BYTES),
        )
    ),
    *(
        namesake(rule, x, y, label=label)
        for rule in (ops.remainder, ops.fmod)
        for label, x, y in (
            ("3x4", normal(3, 4, scale=9), normal(4, seed=1)),
            ("columns", normal(3, 1, scale=9), positive(1, 4, seed=1)),
            ("scalar", normal(scale=9), normal(2, 3, seed=1)),
            ("empty", normal(3, 0), normal(3, 1)),
            ("large", normal(5, scale=2e4), normal(5, seed=1)),
            ("special", *crossed(SPECIAL)),
            ("int64", INTEGERS, DIVISORS),
            ("int32", INTEGERS.astype(np.int32), DIVISORS.astype(np.int32)),
            ("uint8", BYTES, BYTES[1:, None]),
        )
    ),
]

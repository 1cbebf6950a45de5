"""Arithmetic, element by element."""

import numpy as np

from tests.samples.sample import integers, namesake, normal, positive
from wnnx import ops
from wnnx.types import Array

LOGICAL = (ops.add, ops.mul, ops.div, ops.minimum, ops.maximum)
BINARY = (*LOGICAL, ops.sub, ops.pow)
REAL = (ops.reciprocal, ops.sqrt, ops.rsqrt, ops.exp, ops.log, ops.erf)
UNARY = (ops.neg, ops.abs, ops.sign, *REAL)

SPECIAL = np.array([-np.inf, -2, -0.5, -0.0, 0, 0.5, 1, 2, np.inf, np.nan], np.float32)
INTEGERS = integers(8)
BYTES = np.array([0, 1, 2, 7, 200, 255], np.uint8)
FLAGS = np.array([False, True])


def crossed(x: Array) -> tuple[Array, Array]:
    """Return two arrays that, broadcast, pair every element of `x` with every other."""
    return x, x.reshape(-1, 1)


SAMPLES = [
    *(
        namesake(rule, x, y)
        for rule in BINARY
        for x, y in (
            (positive(3, 4), normal(3, 4, seed=1)),
            (positive(2, 3, 4), normal(4, seed=1)),
            (positive(3, 1), normal(1, 4, seed=1)),
            (positive(4), normal(2, 1, 4, seed=1)),
            (positive(), normal(2, 3, seed=1)),
            (positive(), normal(seed=1)),
            (positive(3, 0), normal(3, 1, seed=1)),
        )
    ),
    *(
        namesake(rule, *crossed(x), label=label)
        for rule in BINARY
        for label, x in (
            ("special", SPECIAL),
            ("int64", INTEGERS),
            ("int32", INTEGERS.astype(np.int32)),
            ("uint8", BYTES),
        )
    ),
    *(namesake(rule, *crossed(FLAGS), label="bool") for rule in LOGICAL),
    *(
        namesake(ops.div, x, y, label=f"{mode}-{label}", rounding_mode=mode)
        for mode in ("floor", "trunc")
        for label, x, y in (
            ("float32", normal(3, 4, scale=9), normal(4, seed=1)),
            ("special", *crossed(SPECIAL)),
            ("int64", INTEGERS, np.array([[-7], [-2], [-1], [1], [3], [9]])),
            ("uint8", BYTES, BYTES[1:, None]),
            ("scalar", np.array(-7), np.array(2)),
        )
    ),
    *(
        namesake(rule, x, label=label)
        for rule in UNARY
        for label, x in (
            ("3x4", normal(3, 4, scale=3)),
            ("scalar", positive()),
            ("empty", normal(2, 0)),
            ("special", SPECIAL),
            ("int64", INTEGERS),
            ("uint8", BYTES),
        )
    ),
    *(namesake(rule, FLAGS, label="bool") for rule in REAL),
]

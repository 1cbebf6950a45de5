"""Comparisons, logic, and choosing by them."""

from typing import Any

import numpy as np

from tests.samples.elementwise import BYTES, FLAGS, INTEGERS, SPECIAL, crossed
from tests.samples.sample import Sample, integers, namesake, normal
from wnnx import ops
from wnnx.types import Array

COMPARISONS = (ops.eq, ops.ne, ops.lt, ops.le, ops.gt, ops.ge)
BINARY = (*COMPARISONS, ops.logical_and, ops.logical_or, ops.logical_xor)
MASK = integers(3, 4) > 0


def _isinf(x: Array, label: str, *, negative: bool, positive: bool) -> Sample:
    def oracle(torch: Any, x: Any) -> Any:
        return (torch.isneginf(x) & negative) | (torch.isposinf(x) & positive)

    attributes = {"detect_negative": negative, "detect_positive": positive}
    return Sample(ops.isinf, (x,), oracle, attributes, label)


SAMPLES = [
    *(
        namesake(rule, x, y, label=label)
        for rule in BINARY
        for label, x, y in (
            ("3x4", np.round(normal(3, 4)), np.round(normal(4, seed=1))),
            ("columns", np.round(normal(3, 1)), np.round(normal(2, 1, 4, seed=1))),
            ("scalar", normal(), normal(2, 3, seed=1)),
            ("scalars", normal(), normal()),
            ("empty", normal(3, 0), normal(3, 1)),
            ("special", *crossed(SPECIAL)),
            ("int64", *crossed(INTEGERS)),
            ("uint8", *crossed(BYTES)),
            ("bool", *crossed(FLAGS)),
        )
    ),
    *(
        namesake(rule, x, label=label)
        for rule in (ops.logical_not, ops.isnan, ops.isinf)
        for label, x in (
            ("3x4", np.round(normal(3, 4))),
            ("scalar", normal()),
            ("empty", normal(2, 0)),
            ("special", SPECIAL),
            ("int64", INTEGERS),
            ("bool", FLAGS),
        )
    ),
    _isinf(SPECIAL, "negative", negative=True, positive=False),
    _isinf(SPECIAL, "positive", negative=False, positive=True),
    _isinf(SPECIAL, "neither", negative=False, positive=False),
    namesake(ops.where, MASK, normal(3, 4), normal(3, 4, seed=1)),
    namesake(ops.where, MASK[:, :1], normal(4), normal(2, 3, 1, seed=1)),
    namesake(ops.where, MASK, normal(), normal(1, seed=1)),
    namesake(ops.where, FLAGS[1], normal(2, 3), normal(3, seed=1)),
    namesake(ops.where, FLAGS[0], normal(), normal(seed=1), label="scalars"),
    namesake(ops.where, MASK[:0], normal(1, 4), normal()),
    namesake(ops.where, FLAGS[:, None], SPECIAL, -SPECIAL, label="special"),
    namesake(ops.where, MASK, integers(3, 4), integers(4, seed=1), label="int64"),
    namesake(ops.where, MASK, MASK[0], FLAGS[:1], label="bool"),
]

"""Reductions."""

import numpy as np

from tests.samples.sample import Sample, integers, namesake, normal
from wnnx import ops
from wnnx.ops.registry import Rule
from wnnx.types import Array

MANY = (ops.sum, ops.mean, ops.amax)  # take several axes
RULES = (*MANY, ops.argmax)
NAN = np.array([[1, np.nan, 3], [np.nan, 2, np.nan], [1, 3, 3]], np.float32)
BYTES = np.array([[200, 100, 255], [7, 7, 0]], np.uint8)
FLAGS = np.array([[True, False, True], [False, False, False]])


def along(
    rule: Rule, x: Array, dim: int | tuple[int, ...] | None, *, keepdim: bool = False
) -> Sample:
    """Return a reduction of `x` along `dim`."""
    shape = "x".join(map(str, x.shape)) or "scalar"
    label = f"{x.dtype}-{shape}-dim{dim}{'-keepdim' if keepdim else ''}"
    return namesake(rule, x, label=label, dim=dim, keepdim=keepdim)


SAMPLES = [
    *(
        along(rule, normal(2, 3, 4), dim, keepdim=keepdim)
        for rule in RULES
        for dim in (None, 0, -1, -2)
        for keepdim in (False, True)
    ),
    *(
        along(rule, normal(2, 3, 4, 2), dim, keepdim=keepdim)
        for rule in MANY
        for dim in ((2, 3), (-1, 0), (1,), ())
        for keepdim in (False, True)
    ),
    *(along(rule, normal(), dim) for rule in RULES for dim in (None, 0, -1)),
    *(along(rule, normal(2, 0, 3), 0) for rule in RULES),
    *(along(rule, normal(2, 0, 3), 1) for rule in (ops.sum, ops.mean)),
    *(along(rule, NAN, 1) for rule in RULES),
    *(along(rule, integers(3, 4), 1) for rule in (ops.sum, ops.amax, ops.argmax)),
    *(along(rule, BYTES, 1) for rule in (ops.sum, ops.amax, ops.argmax)),
    *(along(rule, FLAGS, 1) for rule in (ops.sum, ops.amax)),
    namesake(ops.sum, normal(3, 4), label="defaults"),
    namesake(ops.argmax, normal(3, 4), label="defaults"),
]

"""Matrix products."""

import numpy as np

from tests.samples.sample import integers, namesake, normal
from wnnx import ops

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
]

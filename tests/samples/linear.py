"""Matrix products."""

from tests.samples.sample import Sample, normal
from wnnx import ops

SAMPLES = [
    Sample(
        ops.linear,
        (normal(3, 5), normal(4, 5, seed=1), normal(4, seed=2)),
        lambda torch, x, w, b: torch.nn.functional.linear(x, w, b),
    ),
    Sample(
        ops.linear,
        (normal(2, 3, 5), normal(4, 5, seed=1)),
        lambda torch, x, w: torch.nn.functional.linear(x, w),
    ),
]

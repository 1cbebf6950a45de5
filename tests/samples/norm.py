"""Normalisation."""

from collections.abc import Callable
from typing import Any

from tests.samples.sample import Sample, normal, positive
from wnnx import ops


def batch_norm(
    torch: Any, x: Any, mean: Any, var: Any, weight: Any = None, bias: Any = None
) -> Any:
    """Return what PyTorch does once it is trained."""
    return torch.nn.functional.batch_norm(x, mean, var, weight, bias)


def batch_norm_with_eps(torch: Any, *inputs: Any) -> Any:
    """Return the same with a large eps."""
    return torch.nn.functional.batch_norm(*inputs, eps=0.5)


def layer_norm(*shape: int, eps: float = 1e-5) -> Callable[..., Any]:
    """Return what PyTorch does over the last axes, which are `shape`."""

    def oracle(torch: Any, x: Any, weight: Any = None, bias: Any = None) -> Any:
        return torch.nn.functional.layer_norm(x, shape, weight, bias, eps)

    return oracle


MEAN, VAR, WEIGHT, BIAS = (
    normal(3, seed=1),
    positive(3, seed=2),
    normal(3, seed=3),
    normal(3, seed=4),
)

SAMPLES = [
    Sample(ops.batch_norm, (normal(4, 3), MEAN, VAR, WEIGHT, BIAS), batch_norm),
    Sample(ops.batch_norm, (normal(2, 3, 5), MEAN, VAR), batch_norm),
    Sample(ops.batch_norm, (normal(2, 3, 5, 4), MEAN, VAR, WEIGHT, BIAS), batch_norm),
    Sample(ops.batch_norm, (normal(2, 3, 5, 4), MEAN, VAR, WEIGHT), batch_norm),
    Sample(ops.batch_norm, (normal(2, 3, 5, 4), MEAN, VAR, None, BIAS), batch_norm),
    Sample(ops.batch_norm, (normal(1, 3, 2, 3, 4), MEAN, VAR, WEIGHT, BIAS), batch_norm),
    Sample(ops.batch_norm, (normal(0, 3, 5, 4), MEAN, VAR), batch_norm, label="empty-batch"),
    Sample(
        ops.batch_norm,
        (normal(2, 3, 5), MEAN, VAR, WEIGHT, BIAS),
        batch_norm_with_eps,
        {"eps": 0.5},
        "eps",
    ),
    Sample(
        ops.layer_norm,
        (normal(2, 5, 6), normal(6, seed=1), normal(6, seed=2)),
        layer_norm(6),
        {"normalized_shape": 6},
    ),
    Sample(ops.layer_norm, (normal(7),), layer_norm(7), {"normalized_shape": (7,)}),
    Sample(
        ops.layer_norm,
        (normal(2, 4, 6), normal(4, 6, seed=1)),
        layer_norm(4, 6),
        {"normalized_shape": (4, 6)},
    ),
    Sample(
        ops.layer_norm,
        (normal(2, 6) * 10 + 3, None, normal(6, seed=2)),
        layer_norm(6),
        {"normalized_shape": 6},
        "no-weight",
    ),
    Sample(
        ops.layer_norm,
        (normal(2, 6, scale=0.01), normal(6, seed=1), normal(6, seed=2)),
        layer_norm(6, eps=0.1),
        {"normalized_shape": 6, "eps": 0.1},
        "eps",
    ),
    Sample(ops.layer_norm, (normal(0, 6),), layer_norm(6), {"normalized_shape": 6}),
]

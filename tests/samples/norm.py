"""Normalisation."""

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.samples.sample import Sample, namesake, normal, positive
from wnnx import ops
from wnnx.types import Array


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


def rms_norm(inputs: tuple[Array, ...], *shape: int, eps: float = 1e-5) -> Sample:
    """Return a call over the last axes, which are `shape`."""

    def oracle(torch: Any, x: Any, weight: Any = None) -> Any:
        return torch.nn.functional.rms_norm(x, shape, weight, eps)

    return Sample(ops.rms_norm, inputs, oracle, {"normalized_shape": shape, "eps": eps})


def group_norm(
    inputs: tuple[Array | None, ...], num_groups: int, *, eps: float = 1e-5
) -> Sample:
    """Return a call with so many groups of channels."""

    def oracle(torch: Any, x: Any, weight: Any = None, bias: Any = None) -> Any:
        return torch.nn.functional.group_norm(x, num_groups, weight, bias, eps)

    attributes = {"num_groups": num_groups, "eps": eps}
    return Sample(ops.group_norm, inputs, oracle, attributes)


def instance_norm(*inputs: Array | None, eps: float = 1e-5) -> Sample:
    """Return a call with the input's own statistics."""

    def oracle(torch: Any, x: Any, weight: Any = None, bias: Any = None) -> Any:
        return torch.nn.functional.instance_norm(x, weight=weight, bias=bias, eps=eps)

    return Sample(ops.instance_norm, inputs, oracle, {"eps": eps})


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
    rms_norm((normal(2, 5, 6), normal(6, seed=1)), 6),
    rms_norm((normal(2, 4, 6),), 4, 6),
    rms_norm((normal(2, 6, scale=0.01), normal(6, seed=1)), 6, eps=0.1),
    rms_norm((normal(0, 6),), 6),
    group_norm((normal(2, 6, 5, 4), normal(6, seed=1), normal(6, seed=2)), 3),
    group_norm((normal(3, 4) * 10 + 3, None, normal(4, seed=2)), 2),
    group_norm((normal(2, 4, 5),), 1),
    group_norm((normal(2, 4, 5), normal(4, seed=1)), 4, eps=0.5),
    group_norm((normal(0, 4, 5),), 2),
    group_norm((normal(2, 4, 0), normal(4, seed=1)), 2),
    instance_norm(normal(2, 3, 5), WEIGHT, BIAS),
    instance_norm(normal(2, 3, 5, 4) * 10 + 3),
    instance_norm(normal(1, 3, 2, 3, 4), None, BIAS),
    instance_norm(normal(2, 3, 5), WEIGHT, eps=0.5),
    instance_norm(normal(0, 3, 5)),
    *(
        namesake(ops.local_response_norm, normal(2, channels, 3, 2) * 9, label=label, **given)
        for label, channels, given in (
            ("defaults", 5, {"size": 3}),
            ("even", 7, {"size": 4, "alpha": 0.5}),
            ("all", 7, {"size": 5, "alpha": 0.2, "beta": 0.5, "k": 2.0}),
            ("one", 4, {"size": 1, "alpha": 2.0}),
            ("wider-than-channels", 3, {"size": 50, "alpha": 2.0}),
        )
    ),
    namesake(ops.local_response_norm, normal(0, 3, 2), label="empty", size=3),
    namesake(ops.normalize, normal(3, 4, 2), label="defaults"),
    *(
        namesake(ops.normalize, normal(3, 4, 2), label=f"{p}-dim{dim}", p=p, dim=dim)
        for p, dim in ((1.0, 0), (3.0, -1), (float("inf"), 1), (-1.0, 2), (0.0, 1))
    ),
    namesake(ops.normalize, normal(3, 4), label="eps", eps=3.0),
    namesake(ops.normalize, np.zeros((2, 3), np.float32), label="zeros"),
    namesake(ops.normalize, np.array([[1, np.nan], [np.inf, 1]], np.float32), label="nan"),
    namesake(ops.normalize, normal(2, 0), label="empty"),
    namesake(ops.normalize, normal(), label="scalar", dim=0),
]

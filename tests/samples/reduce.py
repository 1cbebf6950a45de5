"""Reductions."""

from typing import Any

import numpy as np

from tests.samples.sample import Sample, integers, namesake, normal
from wnnx import ops
from wnnx.ops.registry import Rule
from wnnx.types import Array

MANY = (ops.sum, ops.mean, ops.amax, ops.amin)  # take several axes
RULES = (*MANY, ops.argmax, ops.argmin)
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


def prod(x: Array, dim: int | tuple[int, ...] | None, *, keepdim: bool = False) -> Sample:
    """Return a product; PyTorch's takes one axis at a time."""
    axes = range(x.ndim) if dim is None else (dim,) if isinstance(dim, int) else dim
    given = along(ops.prod, x, dim, keepdim=keepdim)

    def oracle(torch: Any, x: Any) -> Any:
        x = x.to(torch.int64) if not x.is_floating_point() else x
        for axis in sorted((axis % x.ndim for axis in axes), reverse=True):
            x = x.prod(axis, keepdim=keepdim)
        return x

    return Sample(ops.prod, (x,), oracle, given.attributes, given.label)


def norm(x: Array, label: str, **attributes: Any) -> Sample:
    """Return a vector norm."""

    def oracle(torch: Any, x: Any) -> Any:
        return torch.linalg.vector_norm(x, **attributes)

    return Sample(ops.norm, (x,), oracle, attributes, label)


def logsumexp(x: Array, dim: int | tuple[int, ...] | None, *, keepdim: bool = False) -> Sample:
    """Return the logarithm of a sum; PyTorch wants every axis by name."""
    given = along(ops.logsumexp, x, dim, keepdim=keepdim)
    axes = tuple(range(x.ndim)) if dim is None else dim

    def oracle(torch: Any, x: Any) -> Any:
        return torch.logsumexp(x, axes, keepdim=keepdim)

    return Sample(ops.logsumexp, (x,), oracle, given.attributes, given.label)


def last(rule: Rule, x: Array, dim: int | None, *, keepdim: bool = False) -> Sample:
    """Return where the last of equals is, which is the first from behind."""
    attributes: dict[str, Any] = {"dim": dim, "keepdim": keepdim}

    def oracle(torch: Any, x: Any) -> Any:
        axes = list(range(x.ndim)) if dim is None else [dim] * (x.ndim > 0)
        extent = x.numel() if dim is None or not x.ndim else x.shape[dim]
        return extent - 1 - getattr(torch, rule.__name__)(x.flip(axes), **attributes)

    return Sample(
        rule,
        (x,),
        oracle,
        attributes | {"select_last_index": True},
        f"last-{x.shape}-dim{dim}",
    )


def cumsum(
    x: Array, dim: int, *, exclusive: bool = False, reverse: bool = False, label: str = ""
) -> Sample:
    """Return running sums; what PyTorch lacks is its sum of the flipped, shifted elements."""

    def oracle(torch: Any, x: Any) -> Any:
        x = x.flip(dim) if reverse else x
        if exclusive:
            first = torch.zeros_like(x.narrow(dim, 0, 1))
            x = torch.cat([first, x.narrow(dim, 0, x.shape[dim] - 1)], dim)
        y = torch.cumsum(x, dim)
        return y.flip(dim) if reverse else y

    attributes = {"dim": dim, "exclusive": exclusive, "reverse": reverse}
    name = label or "-".join(key for key, value in attributes.items() if value)
    return Sample(ops.cumsum, (x,), oracle, attributes, f"{name}-{x.shape}")


INF = np.array([[np.inf, 1], [-np.inf, -np.inf], [-np.inf, 2], [np.nan, 0]], np.float32)

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
    *(
        along(rule, integers(3, 4), 1)
        for rule in (ops.sum, ops.amax, ops.amin, ops.argmax, ops.argmin)
    ),
    *(along(rule, BYTES, 1) for rule in (ops.sum, ops.amax, ops.amin, ops.argmax, ops.argmin)),
    *(along(rule, FLAGS, 1) for rule in (ops.sum, ops.amax, ops.amin)),
    namesake(ops.sum, normal(3, 4), label="defaults"),
    namesake(ops.argmax, normal(3, 4), label="defaults"),
    *(
        rule(normal(2, 3, 4), dim, keepdim=keepdim)
        for rule in (prod, logsumexp)
        for dim in (None, 0, -2, (0, -1))
        for keepdim in (False, True)
    ),
    *(rule(x, 1) for rule in (prod, logsumexp) for x in (NAN, integers(3, 4), FLAGS)),
    *(rule(normal(2, 0, 3), dim) for rule in (prod, logsumexp) for dim in (0, 1)),
    *(rule(normal(), None) for rule in (prod, logsumexp)),
    prod(BYTES, 1),
    logsumexp(INF, 1),
    logsumexp(normal(3, 4, scale=300), 1, keepdim=True),
    norm(normal(3, 4), "defaults"),
    *(
        norm(normal(3, 4, 2), f"{order}-dim{dim}", ord=order, dim=dim, keepdim=keepdim)
        for order in (0, 1, 2, 3, 0.5, -1, -2.5, np.inf, -np.inf)
        for dim, keepdim in ((None, False), (-2, True), ((0, 2), False))
    ),
    *(norm(NAN, f"{order}-nan", ord=order, dim=1) for order in (0, 1, 2, 3, np.inf, -np.inf)),
    *(norm(INF[:3], f"{order}-inf", ord=order, dim=1) for order in (1, 2, np.inf, -np.inf)),
    *(norm(normal(2, 0, 3), f"{order}-empty-sum", ord=order, dim=1) for order in (0, 1, 2, 3)),
    norm(normal(2, 0, 3), "inf-empty", ord=np.inf, dim=0),
    norm(normal(), "scalar", ord=1),
    *(
        last(rule, x, dim, keepdim=keepdim)
        for rule in (ops.argmax, ops.argmin)
        for x, dim in (
            (integers(3, 9, low=0, high=3), 1),
            (integers(3, 5, low=0, high=3), None),
            (NAN, -1),
            (normal(), 0),
        )
        for keepdim in (False, True)
    ),
    *(
        cumsum(normal(3, 4, 2), 1, exclusive=exclusive, reverse=reverse)
        for exclusive in (False, True)
        for reverse in (False, True)
    ),
    cumsum(INF, 0, exclusive=True, label="exclusive-inf"),
    cumsum(integers(3, 4), -1, exclusive=True, label="exclusive-int64"),
    cumsum(BYTES, 1, label="uint8"),
    cumsum(FLAGS, 1, label="bool"),
    cumsum(normal(2, 0, 3), 1, label="empty"),
    cumsum(normal(), 0, label="scalar"),
]

"""Parts of a tensor."""

import builtins
from typing import Any

import numpy as np

from tests.samples.sample import Sample, integers, namesake, normal
from wnnx import ops
from wnnx.ops.selection import END
from wnnx.types import Array


def _split(x: Array, sizes: int | tuple[int, ...], dim: int = 0, label: str = "") -> Sample:
    torch_sizes = list(sizes) if isinstance(sizes, tuple) else sizes

    def oracle(torch: Any, x: Any) -> Any:
        return torch.split(x, torch_sizes, dim)

    return Sample(ops.split, (x,), oracle, {"sizes": sizes, "dim": dim}, label)


def _slice(x: Array, label: str, **attributes: Any) -> Sample:
    """Return a slice beside PyTorch's, which steps forward only."""

    def oracle(torch: Any, x: Any) -> Any:
        index = [builtins.slice(None)] * x.ndim
        reversed_axes: list[int] = []
        keys = [np.atleast_1d(attributes[k]).tolist() for k in ("dims", "starts", "stops")]
        steps = np.broadcast_to(attributes.get("steps", 1), len(keys[0])).tolist()
        for axis, start, stop, step in zip(*keys, steps, strict=True):
            taken = range(x.shape[axis])[start:stop:step]
            if step < 0:
                reversed_axes.append(axis)
                taken = taken[::-1]
            index[axis] = builtins.slice(taken.start, taken.stop, taken.step)
        return torch.flip(x[tuple(index)], reversed_axes)

    return Sample(ops.slice, (x,), oracle, attributes, label)


def _gather(x: Array, index: Array, dim: int = 0, label: str = "") -> Sample:
    def oracle(torch: Any, x: Any, index: Any) -> Any:
        axis = dim % x.ndim
        index = index % x.shape[axis]
        flat = torch.index_select(x, axis, index.reshape(-1))
        return flat.reshape(*x.shape[:axis], *index.shape, *x.shape[axis + 1 :])

    return Sample(ops.gather, (x, index), oracle, {"dim": dim}, label)


SAMPLES = [
    _split(normal(6, 2), 2),
    _split(normal(7, 2), 3, label="rest"),
    _split(normal(2, 6), (1, 0, 5), -1, label="sections"),
    _split(normal(0, 2), 3, label="empty"),
    _slice(normal(5, 4), "one", starts=1, stops=3, dims=0),
    _slice(normal(5, 4), "two", starts=(1, 0), stops=(END, 3), dims=(0, -1), steps=(2, 1)),
    _slice(normal(5, 4), "negative", starts=-3, stops=-1, dims=0),
    _slice(normal(5, 4), "clamped", starts=-9, stops=9, dims=0),
    _slice(normal(5, 4), "nothing", starts=4, stops=2, dims=0),
    _slice(normal(5, 4), "reversed", starts=END, stops=-END, dims=1, steps=-1),
    _slice(normal(7, 4), "backwards", starts=-2, stops=0, dims=0, steps=-2),
    _slice(normal(7, 4), "backwards-clamped", starts=9, stops=2, dims=0, steps=-3),
    _slice(normal(0, 4), "empty", starts=0, stops=END, dims=0),
    _gather(normal(5, 4), np.array([3, 0, 3])),
    _gather(normal(2, 5, 3), np.array([[0, -1], [4, -5]]), 1, label="two-axes"),
    _gather(normal(5, 4), np.array(-1), -1, label="scalar-index"),
    _gather(normal(5, 4), np.array([], np.int64), label="no-index"),
    _gather(integers(5), np.array([1, 2], np.int32), label="integers"),
    namesake(ops.select, normal(5, 4), dim=0, index=3),
    namesake(ops.select, normal(2, 3, 4), dim=-1, index=-4, label="negative"),
    namesake(ops.select, normal(0, 4), dim=1, index=0, label="empty"),
    namesake(ops.select, integers(5), dim=0, index=2, label="integers"),
]

"""Elements taken from the places that an index names, and put there."""

import builtins
from typing import Any

import numpy as np

from tests.samples.sample import Sample, integers, normal
from wnnx import ops
from wnnx.ops.selection import END
from wnnx.types import Array

REDUCTIONS = {"add": "sum", "mul": "prod", "max": "amax", "min": "amin"}


def _from_front(x: Any, index: Any, dim: int) -> Any:
    """Return an index as PyTorch wants it: not negative."""
    return index % (x.shape[dim] if x.ndim else 1)


def _gather(x: Array, index: Array, dim: int, label: str = "") -> Sample:
    def oracle(torch: Any, x: Any, index: Any) -> Any:
        return torch.gather(x, dim, _from_front(x, index, dim))

    return Sample(ops.gather_elements, (x, index), oracle, {"dim": dim}, label)


def _scatter(
    x: Array, index: Array, updates: Array, dim: int, reduction: str = "none", label: str = ""
) -> Sample:
    def oracle(torch: Any, x: Any, index: Any, updates: Any) -> Any:
        index = _from_front(x, index, dim)
        if reduction == "none":
            return torch.scatter(x, dim, index, updates)
        return torch.scatter_reduce(x, dim, index, updates, REDUCTIONS[reduction])

    attributes = {"dim": dim, "reduction": reduction}
    return Sample(
        ops.scatter_elements, (x, index, updates), oracle, attributes, label or reduction
    )


def _gather_nd(x: Array, index: Array, batch_dims: int = 0, label: str = "") -> Sample:
    def oracle(torch: Any, x: Any, index: Any) -> Any:
        def taken(x: Any, index: Any, batch_dims: int) -> Any:
            if batch_dims:
                pairs = zip(x, index, strict=True)
                return torch.stack([taken(a, b, batch_dims - 1) for a, b in pairs])
            return x[tuple(index.movedim(-1, 0))]

        return taken(x, index, batch_dims)

    return Sample(ops.gather_nd, (x, index), oracle, {"batch_dims": batch_dims}, label)


def _scatter_nd(
    x: Array, index: Array, updates: Array, reduction: str = "none", label: str = ""
) -> Sample:
    def oracle(torch: Any, x: Any, index: Any, updates: Any) -> Any:
        y = x.clone()
        rows = index.reshape(-1, index.shape[-1])
        parts = updates.reshape(len(rows), *x.shape[index.shape[-1] :])
        combine: dict[str, Any] = {
            "add": torch.add,
            "mul": torch.mul,
            "max": torch.maximum,
            "min": torch.minimum,
        }
        for row, part in zip(rows.tolist(), parts, strict=True):
            at = tuple(row)
            y[at] = part if reduction == "none" else combine[reduction](y[at], part)
        return y

    attributes = {"reduction": reduction}
    return Sample(ops.scatter_nd, (x, index, updates), oracle, attributes, label or reduction)


def _slice_scatter(x: Array, updates: Array, label: str, **attributes: Any) -> Sample:
    def oracle(torch: Any, x: Any, updates: Any) -> Any:
        index = [builtins.slice(None)] * x.ndim
        keys = [np.atleast_1d(attributes[k]).tolist() for k in ("dims", "starts", "stops")]
        steps = np.broadcast_to(attributes.get("steps", 1), len(keys[0])).tolist()
        for axis, start, stop, step in zip(*keys, steps, strict=True):
            index[axis] = builtins.slice(start, stop, step)
        y = x.numpy().copy()
        y[tuple(index)] = updates.numpy()
        return torch.from_numpy(y)

    return Sample(ops.slice_scatter, (x, updates), oracle, attributes, label)


def _torch_slice_scatter(torch: Any, x: Any, updates: Any) -> Any:
    return torch.slice_scatter(x, updates, -1, 1, 5, 2)


_REPEATED = np.array([[2, -1, 0], [2, 0, 0]])
_ROWS = np.array([[1, -1], [0, 2], [1, 2]])

SAMPLES = [
    _gather(normal(5, 4), integers(3, 4, low=0, high=5), 0),
    _gather(normal(5, 4), integers(5, 7, low=-4, high=4), -1, label="negative"),
    _gather(normal(5, 4, 3), integers(2, 6, 1, low=0, high=4), 1, label="shorter"),
    _gather(normal(5, 4), np.zeros((0, 4), np.int64), 0, label="no-index"),
    _gather(normal(), np.array(-1), 0, label="scalar"),
    _gather(integers(5), np.array([1, 2, 1], np.int32), 0, label="integers"),
    _gather_nd(normal(4, 3), _ROWS),
    _gather_nd(normal(4, 3, 2), np.array([[[3]], [[-4]]]), label="parts"),
    _gather_nd(normal(2, 3, 4), integers(2, 5, 1, low=-3, high=3), 1, label="batch"),
    _gather_nd(normal(2, 3, 4), integers(2, 3, 2, 1, low=0, high=4), 2, label="two-batches"),
    _gather_nd(normal(4, 3), np.zeros((0, 2), np.int64), label="no-index"),
    _scatter(normal(3, 4), np.array([[2, -3, 1]]), normal(1, 3, seed=1), 0),
    *(
        _scatter(normal(3, 4), _REPEATED, normal(2, 3, seed=1), 1, reduction)
        for reduction in REDUCTIONS
    ),
    _scatter(integers(6), np.array([5, 5]), np.array([3, -4]), 0, "mul", "integers"),
    _scatter(normal(3, 4), np.array([[1], [0]]), normal(2, 4, seed=1), 1, label="longer"),
    _scatter(normal(3), np.zeros(0, np.int64), normal(0), 0, "max", "no-index"),
    _scatter(normal(), np.array(0), normal(seed=1), 0, "add", "scalar"),
    _scatter(np.array([True, False]), np.array([1, 0]), np.ones(2, bool), 0, label="bool"),
    _scatter_nd(normal(4, 3), _ROWS, normal(3, seed=1)),
    _scatter_nd(normal(4, 3), np.array([[[3]], [[-4]]]), normal(2, 1, 3), label="parts"),
    *(
        _scatter_nd(normal(4, 3), np.array([[1], [1], [0]]), normal(3, 3, seed=1), reduction)
        for reduction in REDUCTIONS
    ),
    _scatter_nd(normal(4), np.zeros((0, 1), np.int64), normal(0), label="no-index"),
    _slice_scatter(normal(5, 4), normal(2, 4), "one", starts=1, stops=3, dims=0),
    _slice_scatter(
        normal(5, 4), normal(4, 2), "two", starts=(1, 0), stops=(END, 3), dims=(0, -1),
        steps=(1, 2),
    ),
    _slice_scatter(
        normal(5, 4), normal(5, 2), "reversed", starts=-1, stops=-END, dims=1, steps=-2
    ),
    _slice_scatter(normal(5, 4), normal(0, 4), "nothing", starts=4, stops=2, dims=0),
    Sample(
        ops.slice_scatter,
        (normal(2, 5), normal(2, 2)),
        _torch_slice_scatter,
        {"starts": 1, "stops": 5, "dims": -1, "steps": 2},
        "torch",
    ),
]  # fmt: skip

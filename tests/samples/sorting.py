"""Elements in order, and where they were."""

from typing import Any

import numpy as np

from tests.samples.sample import Sample, integers, namesake, normal
from wnnx import ops
from wnnx.types import Array

NAN = np.array([[1, np.nan, 3, np.nan, 1], [2, 3, 1, 3, -np.inf]], np.float32)


def topk(x: Array, k: int, label: str, **attributes: Any) -> Sample:
    """Return a call beside PyTorch's stable sort, as its topk has no order for equals."""
    dim, largest = attributes.get("dim", -1), attributes.get("largest", True)

    def oracle(torch: Any, x: Any) -> Any:
        places = torch.sort(x, dim=dim, descending=largest, stable=True)
        return tuple(found.narrow(dim, 0, k) for found in places)

    return Sample(ops.topk, (x,), oracle, {"k": k, **attributes}, label)


def sort(x: Array, label: str, **attributes: Any) -> Sample:
    """Return a call beside PyTorch's stable sort."""

    def oracle(torch: Any, x: Any) -> Any:
        return torch.sort(x, stable=True, **attributes)

    return Sample(ops.sort, (x,), oracle, attributes, label)


SAMPLES = [
    namesake(ops.topk, normal(3, 6), k=3, label="defaults"),
    namesake(ops.topk, normal(3, 6, 2), k=6, dim=1, label="all"),
    namesake(ops.topk, normal(3, 6), k=0, label="none"),
    namesake(ops.topk, normal(2, 0, 3), k=2, dim=2, label="empty"),
    namesake(ops.topk, normal(2, 0), k=0, label="none-of-none"),
    namesake(ops.topk, normal(), k=1, dim=0, label="scalar"),
    namesake(ops.topk, normal(5, 4), k=2, dim=0, largest=False, label="smallest"),
    topk(normal(3, 6), 2, "unsorted", dim=-2, sorted=False),
    topk(integers(4, 9, low=0, high=3), 5, "equals"),
    topk(integers(4, 9, low=0, high=3), 5, "smallest-equals", largest=False),
    topk(NAN, 4, "nan"),
    topk(NAN, 4, "smallest-nan", largest=False),
    topk(integers(3, 5, low=0, high=200).astype(np.uint8), 3, "uint8", largest=True),
    sort(normal(3, 6), "defaults"),
    sort(normal(3, 6, 2), "dim", dim=1),
    sort(normal(3, 6, 2), "descending", dim=-3, descending=True),
    sort(integers(4, 9, low=0, high=3), "equals"),
    sort(integers(4, 9, low=0, high=3), "descending-equals", descending=True),
    sort(NAN, "nan"),
    sort(NAN, "descending-nan", descending=True),
    sort(normal(3, 6) > 0, "bool"),
    sort(normal(), "scalar", dim=0),
    sort(normal(2, 0), "empty"),
]

"""What the page asks for: the graph, and each weight's bytes and statistics."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnviz.netron.model import to_json
from nnviz.statistics import statistics
from wnnx.graph import Constant, Graph
from wnnx.types import Array

GRAPH = "graph.json"


@dataclass(frozen=True)
class Resources:
    """Answers by name: "graph.json", "tensor/3", "tensor/3/statistics"."""

    graph: Graph
    constants: tuple[Constant, ...]

    def names(self) -> list[str]:
        """Return the name of everything there is."""
        numbers = range(len(self.constants))
        tensors = [f"tensor/{n}{end}" for n in numbers for end in ("", "/statistics")]
        return [GRAPH, *tensors]

    def get(self, name: str) -> bytes | memoryview | None:
        """Return what is called `name`, or None."""
        if name == GRAPH:
            return json.dumps(to_json(self.graph)).encode()
        kind, _, rest = name.partition("/")
        number, _, end = rest.partition("/")
        if (
            kind != "tensor"
            or not (number.isascii() and number.isdecimal())
            or len(number) > 9
        ):
            return None
        if int(number) >= len(self.constants) or end not in {"", "statistics"}:
            return None
        array = self.constants[int(number)].array
        return json.dumps(_metrics(array)).encode() if end else _bytes(array)


def resources(graph: Graph) -> Resources:
    """Return what the page asks for about `graph`."""
    return Resources(graph, tuple(graph.constants))


def _bytes(array: Array) -> memoryview:
    """Return the elements row by row, little-endian, without a copy where they lie so."""
    if array.dtype.byteorder == ">":
        array = array.astype(array.dtype.newbyteorder("<"))
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8).data


def _metrics(array: Array) -> list[dict[str, Any]]:
    """Return statistics as the entries Netron shows below a tensor's values."""
    found = statistics(array)
    entries: list[dict[str, Any]] = [{"name": "bytes", "value": f"{array.nbytes:,}"}]
    if found is None:
        return entries
    for name in ("min", "max", "mean", "std"):
        entries.append({"name": name, "value": f"{getattr(found, name):.6g}"})
    entries.append({"name": "sparsity", "value": found.sparsity, "type": "percentage"})
    if found.not_finite:
        entries.append({"name": "not finite", "value": f"{found.not_finite:,} elements"})
    entries.append({"name": "histogram", "value": found.bars})
    return entries

"""A graph as Netron's own JSON, the form that its `message.js` reads."""

import math
import re
from collections import Counter
from typing import Any

from nnviz.categories import category_of
from nnviz.diagram import attribute_text, input_names
from nnviz.text import distinct, visible
from wnnx.dims import Dim
from wnnx.graph import Attribute, Constant, Graph, Node, Value
from wnnx.ops.registry import find_schema
from wnnx.types import TensorType

SIGNATURE = "netron:wnnx"
FORMAT = "WNNX v1.0"
# JavaScript's numbers are exact up to here.
MAX_EXACT = 2**53
# Netron refuses a producer with any other character.
_NOT_IN_A_PRODUCER = re.compile(r"[^\x20-\x7e\u00c0-\u00ff\u0370-\u03ff]")


def to_json(graph: Graph) -> dict[str, Any]:
    """Return what Netron shows of a network.

    An initializer's `tensor` is its number among `graph.constants`: where its values are asked
    for. Netron's own reader ignores it.
    """
    producer = graph.metadata.get("producer", "")
    return {
        "signature": SIGNATURE,
        "format": FORMAT,
        "producer": _NOT_IN_A_PRODUCER.sub("?", producer),
        "name": visible(graph.name),
        "metadata": _metadata(graph),
        "modules": [_module(graph)],
    }


def _module(graph: Graph) -> dict[str, Any]:
    index = {value: number for number, value in enumerate(graph.values)}
    return {
        "name": visible(graph.name),
        "values": _values(graph),
        "inputs": [_argument(value.name, [value], index) for value in graph.inputs],
        "outputs": [_argument(value.name, [value], index) for value in graph.outputs],
        "nodes": [_node(node, index) for node in graph.nodes],
    }


def _values(graph: Graph) -> list[dict[str, Any]]:
    """Return every value; Netron joins values of one name, so no two may look alike."""
    taken: set[str] = set()
    values: list[dict[str, Any]] = []
    tensors = 0
    for value in graph.values:
        name = distinct(value.name, taken)
        taken.add(name)
        if isinstance(value, Constant):
            values.append({
                "name": name,
                "initializer": {"type": _type(value.type), "tensor": tensors},
            })
            tensors += 1
        else:
            values.append({"name": name, "type": _type(value.type)})
    return values


def _node(node: Node, index: dict[Value, int]) -> dict[str, Any]:
    several = len(node.outputs) > 1
    return {
        "name": visible(node.name),
        "type": {"name": visible(node.op), "category": category_of(node.op) or ""},
        "inputs": [_argument(name, [value], index) for name, value in input_names(node)],
        "outputs": [
            _argument(f"output{number}" if several else "output", [value], index)
            for number, value in enumerate(node.outputs)
        ],
        "attributes": [
            {"name": visible(name), "type": _attribute_type(value), "value": _json(value)}
            for name, value in node.attributes.items()
            if value is not None
        ],
        "metadata": _node_metadata(node),
    }


def _node_metadata(node: Node) -> list[dict[str, str]]:
    found = {"version": str(node.version)} if node.version != 1 else {}
    if node.precision is not None:
        found["precision"] = node.precision
    if find_schema(node.op, node.version) is None:
        found["operator"] = "not registered here"
    return [{"name": name, "value": visible(value)} for name, value in found.items()]


def _metadata(graph: Graph) -> list[dict[str, str]]:
    sizes = Counter[str]()
    for constant in graph.constants:
        sizes[constant.dtype] += constant.array.nbytes
    found = dict(graph.metadata)
    found |= {f"{dtype} weights": f"{size:,} bytes" for dtype, size in sizes.most_common()}
    return [{"name": visible(name), "value": visible(value)} for name, value in found.items()]


def _argument(name: str, values: list[Value], index: dict[Value, int]) -> dict[str, Any]:
    return {"name": visible(name), "value": [index[value] for value in values]}


def _type(type: TensorType) -> dict[str, Any]:
    dtype = "boolean" if type.dtype == "bool" else type.dtype
    return {"dataType": dtype, "shape": {"dimensions": [_dim(dim) for dim in type.shape]}}


def _dim(dim: Dim) -> int | str:
    return dim if isinstance(dim, int) and dim <= MAX_EXACT else visible(str(dim))


def _attribute_type(value: Attribute) -> str:
    items = value if isinstance(value, tuple) else (value,)
    for kind, name in (
        (bool, "boolean"),
        (float, "float64"),
        (str, "string"),
        (Graph, "string"),
    ):
        if items and all(isinstance(item, kind) for item in items):
            return f"{name}[]" if isinstance(value, tuple) else name
    return "int64[]" if isinstance(value, tuple) else "int64"


def _json(value: Attribute | Dim) -> Any:
    """Return an attribute as JSON says it; what JSON or JavaScript cannot say, as text."""
    if isinstance(value, tuple):
        return [_json(item) for item in value]
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) <= MAX_EXACT else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    return visible(attribute_text(value))

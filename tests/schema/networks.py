"""Networks made directly of nodes and values, with something of everything a file can hold."""

from typing import Any

import numpy as np

from wnnx.dims import symbol
from wnnx.graph import Attribute, Constant, Graph, Node, Value
from wnnx.types import DTYPES, TensorType, numpy_dtype

ATTRIBUTES: dict[str, Attribute] = {
    "nothing": None,
    "yes": True,
    "no": False,
    "zero": 0,
    "one": 1,
    "least": -(2**63),
    "most": 2**63 - 1,
    "whole": 2.0,
    "minus_zero": -0.0,
    "infinite": float("inf"),
    "tiny": 5e-324,
    "text": "größe 尺\0",
    "no_text": "",
    "empty": (),
    "ints": (1, 0, -1),
    "whole_floats": (1.0, -0.0),
    "texts": ("a", ""),
    "dims": (2 * symbol("N") + 1, -1, 3),
}


def add(
    graph: Graph,
    name: str,
    op: str,
    inputs: list[Value | None],
    type: TensorType,
    attributes: dict[str, Attribute] | None = None,
    **options: Any,
) -> Value:
    """Add a node with one output of the same name."""
    output = Value(name, type)
    graph.add_node(Node(name, op, inputs, [output], attributes or {}, **options))
    return output


def linear(batch: Any = 1) -> Graph:
    """Return the network `y = relu(x @ w.T + b)`, with w (3, 4)."""
    graph = Graph("linear")
    x = graph.add_input("x", TensorType("float32", (batch, 4)))
    w = graph.add_constant(Constant("w", np.arange(12, dtype=np.float32).reshape(3, 4)))
    b = graph.add_constant(Constant("b", np.array([1, 2, 3], np.float32)))
    h = add(graph, "h", "linear", [x, w, b], TensorType("float32", (batch, 3)))
    y = add(graph, "y", "relu", [h], TensorType("float32", (batch, 3)), precision="fp32")
    graph.mark_output(y)
    return graph


def body(name: str, inner: Graph | None = None) -> Graph:
    """Return a graph that can be an attribute, perhaps with another one in it."""
    graph = Graph(name)
    x = graph.add_input("x", TensorType("float32", ()))
    attributes: dict[str, Attribute] = {} if inner is None else {"body": inner}
    graph.mark_output(add(graph, "y", "acme::step", [x], x.type, attributes))
    graph.add_constant(Constant("w", np.array(3, np.float32)))
    return graph


def nested(depth: int) -> Graph:
    """Return a network with bodies within bodies; it is at depth 1 itself."""
    inner: Graph | None = None
    for level in range(depth, 0, -1):
        inner = body(f"level {level}", inner)
    assert inner is not None
    return inner


def everything() -> Graph:
    """Return a network with every dtype and attribute kind, unknown operators and bodies."""
    n = symbol("N")
    graph = linear(n)
    graph.metadata = {"author": "somebody", "": "empty key", "note": ""}
    for dtype in DTYPES:
        array = np.arange(6).reshape(2, 3).astype(numpy_dtype(dtype))
        graph.add_constant(Constant(f"of {dtype}", array))
    graph.add_constant(Constant("scalar", np.array(7, np.int64)))
    graph.add_constant(Constant("nothing", np.zeros((0, 5), np.float32)))
    x, h = graph.value("x"), graph.value("h")
    shape = (n * 4, (n - 1) // 2 + 1, 0, 5)
    odd = add(
        graph, "odd", "acme::odd", [None, x, None], TensorType("bfloat16", shape), ATTRIBUTES,
        version=3, precision="fp16",
    )  # fmt: skip
    bodies: dict[str, Attribute] = {
        "then": body("then", body("inner")),
        "otherwise": body("no"),
    }
    chosen = add(graph, "if", "acme::if", [odd, h], x.type, bodies)
    graph.mark_output(chosen)
    graph.mark_output(x)
    return graph


def described(graph: Graph) -> dict[str, Any]:
    """Return all that a file should keep of a network, as plain data that `==` compares.

    Floats are told from ints and 0.0 from -0.0 by their `repr`, arrays by their bytes.
    """
    return {
        "name": graph.name,
        "metadata": list(graph.metadata.items()),
        "values": [
            (v.name, v.dtype, v.shape, v.array.tobytes() if isinstance(v, Constant) else None)
            for v in graph.values
        ],
        "inputs": [v.name for v in graph.inputs],
        "outputs": [v.name for v in graph.outputs],
        "nodes": [
            (
                node.name, node.op, node.version, node.precision,
                [None if v is None else v.name for v in node.inputs],
                [v.name for v in node.outputs],
                {
                    key: described(value) if isinstance(value, Graph) else repr(value)
                    for key, value in sorted(node.attributes.items())
                },
            )
            for node in graph.nodes
        ],
    }  # fmt: skip

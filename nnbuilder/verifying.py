"""What a file says of its values against what the operators' rules say."""

import numpy as np

from wnnx.dims import Dim, SymbolicDim
from wnnx.errors import GraphError
from wnnx.graph import Graph, Node
from wnnx.ops.registry import find_schema, infer_types
from wnnx.types import FLOATS, TensorType


def check_types(graph: Graph) -> list[str]:
    """Check the declared type of every value against its operator's rule.

    Args:
        graph: The network.

    Returns:
        Operators that nobody registered here, and whose layers could not be checked.

    Raises:
        GraphError: if a declared type is not what the rule gives.
        WnnxError: what a rule finds wrong, naming the layer.
    """
    unknown: dict[str, None] = {}
    for node in graph.nodes:
        if find_schema(node.op, node.version) is None:
            unknown[node.op] = None
            continue
        types = infer_types(node.op, node.name, node.inputs, node.attributes)
        for value, type in zip(node.outputs, types, strict=True):
            if not _agree(node, value.type, type):
                raise GraphError(
                    f'{node.op} "{node.name}": "{value.name}" is declared {value.type}, but '
                    f"the operator's rule gives {type}"
                )
    return list(unknown)


def _agree(node: Node, declared: TensorType, found: TensorType) -> bool:
    """Compare types; a symbol that the rule made up may have been called otherwise before.

    A rule calls an extent that only the data decides after its inputs, which can be renamed.
    """
    if declared.dtype != found.dtype or declared.rank != found.rank:
        return False
    attributes = [a for a in node.attributes.values() if isinstance(a, tuple)]
    given = [value.shape for value in node.inputs if value is not None]
    old = {s for dims in (*attributes, *given) for d in dims for s in _symbols(d)}
    return all(
        a == b or (_is_fresh(a, old) and _is_fresh(b, old))
        for a, b in zip(declared.shape, found.shape, strict=True)
    )


def _is_fresh(dim: Dim, old: set[str]) -> bool:
    return str(dim) in _symbols(dim) - old


def _symbols(item: object) -> frozenset[str]:
    return item.symbols if isinstance(item, SymbolicDim) else frozenset()


def nonfinite_weights(graph: Graph) -> list[str]:
    """Return the names of the constants that hold NaN or Inf."""
    floats = (c for c in graph.constants if c.dtype in FLOATS)
    return [c.name for c in floats if not np.isfinite(c.array).all()]

"""What a file says of its values against what the operators' rules say."""

import numpy as np

from wnnx.errors import GraphError
from wnnx.graph import Graph
from wnnx.ops.registry import find_schema, infer_types
from wnnx.types import FLOATS


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
            if value.type != type:
                raise GraphError(
                    f'{node.op} "{node.name}": "{value.name}" is declared {value.type}, but '
                    f"the operator's rule gives {type}"
                )
    return list(unknown)


def nonfinite_weights(graph: Graph) -> list[str]:
    """Return the names of the constants that hold NaN or Inf."""
    floats = (c for c in graph.constants if c.dtype in FLOATS)
    return [c.name for c in floats if not np.isfinite(c.array).all()]

"""A plan: the steps of a run for one set of input shapes, every extent a number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wnnx.dims import Dim, SymbolicDim, evaluate, substitute
from wnnx.errors import GraphError, WnnxError
from wnnx.graph import Attribute, Constant, Graph, Node, Value
from wnnx.ops.registry import OpSchema, schema_of_node
from wnnx.types import TensorType


@dataclass(frozen=True)
class Step:
    """One kernel call: what it is given, what its rule says of it, what may go after."""

    node: Node
    schema: OpSchema
    attributes: Mapping[str, Attribute]
    types: tuple[TensorType, ...]
    last_uses: tuple[Value, ...]


@dataclass(frozen=True)
class Plan:
    """The steps that compute `outputs`, in order."""

    steps: tuple[Step, ...]
    outputs: tuple[Value, ...]


def needed_nodes(graph: Graph, outputs: Sequence[Value]) -> list[Node]:
    """Return the nodes that `outputs` depend on, in execution order."""
    wanted = set(outputs)
    nodes: list[Node] = []
    for node in reversed(graph.nodes):
        if not wanted.isdisjoint(node.outputs):
            nodes.append(node)
            wanted.update(value for value in node.inputs if value is not None)
    return nodes[::-1]


def make_plan(graph: Graph, outputs: Sequence[Value], bindings: Mapping[str, int]) -> Plan:
    """Run every shape rule again, with the numbers of a request.

    Args:
        graph: The network.
        outputs: The values to compute.
        bindings: The number each symbol stands for.

    Returns:
        The plan.

    Raises:
        WnnxError: what a rule finds wrong with these numbers, naming the node.
    """
    nodes = needed_nodes(graph, outputs)
    types: dict[Value, TensorType] = {v: _numbers(v.type, bindings) for v in graph.inputs}
    types |= {c: c.type for c in graph.constants}
    last: dict[Value, Node] = {v: node for node in nodes for v in node.inputs if v is not None}
    last |= {v: node for node in nodes for v in node.outputs if v not in last}
    steps: list[Step] = []
    for node in nodes:
        try:
            steps.append(_step(node, types, bindings, last, set(outputs)))
        except WnnxError as error:
            raise type(error)(f'{node.op} "{node.name}": {error}') from None
    return Plan(tuple(steps), tuple(outputs))


def _step(
    node: Node,
    types: dict[Value, TensorType],
    bindings: Mapping[str, int],
    last: Mapping[Value, Node],
    kept: set[Value],
) -> Step:
    schema = schema_of_node(node)
    attributes = {key: bound(value, bindings) for key, value in node.attributes.items()}
    operands = [None if v is None else Value(v.name, types[v]) for v in node.inputs]
    inferred = schema.infer(operands, attributes)
    for value, type in zip(node.outputs, inferred, strict=True):
        _check_declared(value, type, bindings)
        types[value] = type
    touched = dict.fromkeys(v for v in (*node.inputs, *node.outputs) if v is not None)
    ends = (v for v in touched if last[v] is node and v not in kept)
    return Step(
        node,
        schema,
        attributes,
        inferred,
        tuple(v for v in ends if not isinstance(v, Constant)),
    )


def bound(attribute: Attribute, bindings: Mapping[str, int]) -> Attribute:
    """Return an attribute with the symbols in it replaced by numbers.

    Raises:
        DimError: if a symbol has none.
    """
    if isinstance(attribute, tuple) and any(isinstance(a, SymbolicDim) for a in attribute):
        return tuple(
            evaluate(a, bindings) if isinstance(a, int | SymbolicDim) else a for a in attribute
        )  # type: ignore[return-value]
    return attribute


def _numbers(type: TensorType, bindings: Mapping[str, int]) -> TensorType:
    return TensorType(type.dtype, tuple(substitute(dim, bindings) for dim in type.shape))


def _check_declared(value: Value, found: TensorType, bindings: Mapping[str, int]) -> None:
    """A file may say anything about a value; what its rule says must agree."""
    declared = _numbers(value.type, bindings)
    agree = len(declared.shape) == len(found.shape) and all(
        map(_may_equal, declared.shape, found.shape)
    )
    if declared.dtype != found.dtype or not agree:
        raise GraphError(
            f'"{value.name}" is declared {declared}, but its shape rule gives {found}'
        )


def _may_equal(a: Dim, b: Dim) -> bool:
    return a == b or not (isinstance(a, int) and isinstance(b, int))

"""A plan: the steps of a run for one set of input shapes, every extent a number."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from wnnx.dims import Dim, SymbolicDim, evaluate, substitute, symbols_of
from wnnx.errors import GraphError, WnnxError
from wnnx.graph import Attribute, Constant, Graph, Node, Value
from wnnx.ops.registry import OpSchema, schema_of_node
from wnnx.types import Array, TensorType, dtype_name


@dataclass(frozen=True)
class Step:
    """One kernel call: what it is given, what its rule says of it, what may go after.

    `deferred` says that attributes or inputs have extents that only the data decides; see
    `completed`.
    """

    node: Node
    schema: OpSchema
    attributes: Mapping[str, Attribute]
    types: tuple[TensorType, ...]
    last_uses: tuple[Value, ...]
    deferred: bool


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
    decided_later: set[str] = set()
    for node in nodes:
        try:
            steps.append(_step(node, types, bindings, last, set(outputs), decided_later))
        except WnnxError as error:
            raise type(error)(f'{node.op} "{node.name}": {error}') from None
    return Plan(tuple(steps), tuple(outputs))


def _step(
    node: Node,
    types: dict[Value, TensorType],
    bindings: Mapping[str, int],
    last: Mapping[Value, Node],
    kept: set[Value],
    decided_later: set[str],
) -> Step:
    schema = schema_of_node(node)
    attributes = {
        key: bound(value, bindings, decided_later) for key, value in node.attributes.items()
    }
    operands = [None if v is None else Value(v.name, types[v]) for v in node.inputs]
    inferred = tuple(
        _declared(value, type, bindings)
        for value, type in zip(node.outputs, schema.infer(operands, attributes), strict=True)
    )
    types.update(zip(node.outputs, inferred, strict=True))
    decided_later |= _symbols(inferred)
    touched = dict.fromkeys(v for v in (*node.inputs, *node.outputs) if v is not None)
    ends = (v for v in touched if last[v] is node and v not in kept)
    return Step(
        node,
        schema,
        attributes,
        inferred,
        tuple(v for v in ends if not isinstance(v, Constant)),
        deferred=any(map(_is_symbolic, attributes.values()))
        or bool(_symbols(v.type for v in operands if v is not None)),
    )


def completed(step: Step, inputs: Sequence[Array | None], sizes: Mapping[str, int]) -> Step:
    """Return a deferred step with the numbers of a run: its shape rule is asked once more.

    Args:
        step: The step.
        inputs: What its kernel will be given.
        sizes: The number each symbol turned out to be that only the data decides.

    Returns:
        The step with numbers in attributes and types, but for symbols of its own.

    Raises:
        WnnxError: what the rule finds wrong with these numbers.
    """
    attributes = {key: bound(value, sizes) for key, value in step.attributes.items()}
    operands = [
        None
        if value is None or array is None
        else Value(value.name, TensorType(dtype_name(array.dtype), array.shape))
        for value, array in zip(step.node.inputs, inputs, strict=True)
    ]
    types = zip(step.schema.infer(operands, attributes), step.types, strict=True)
    named = tuple(_named_as(found, planned) for found, planned in types)
    return replace(step, attributes=attributes, types=named)


def found_sizes(step: Step, results: Sequence[Array]) -> dict[str, int]:
    """Return the number each symbol turned out to be that stands alone in a step's types."""
    return {
        str(dim): size
        for type, result in zip(step.types, results, strict=True)
        for dim, size in zip(type.shape, result.shape, strict=True)
        if _is_symbol(dim)
    }


def bound(
    attribute: Attribute,
    bindings: Mapping[str, int],
    decided_later: AbstractSet[str] = frozenset(),
) -> Attribute:
    """Return an attribute with the symbols in it replaced by numbers.

    Args:
        attribute: Its stored form.
        bindings: The number each symbol stands for.
        decided_later: Symbols that may be left.

    Raises:
        DimError: if another symbol has none.
    """
    if not isinstance(attribute, tuple) or not _is_symbolic(attribute):
        return attribute
    dims = [substitute(a, bindings) for a in attribute if isinstance(a, int | SymbolicDim)]
    return tuple(
        dim if symbols_of(dim) <= decided_later else evaluate(dim, bindings) for dim in dims
    )


def _is_symbolic(attribute: Attribute) -> bool:
    return isinstance(attribute, tuple) and any(isinstance(a, SymbolicDim) for a in attribute)


def _symbols(types: Iterable[TensorType]) -> set[str]:
    none: set[str] = set()
    return none.union(*(symbols_of(dim) for type in types for dim in type.shape))


def _numbers(type: TensorType, bindings: Mapping[str, int]) -> TensorType:
    return TensorType(type.dtype, tuple(substitute(dim, bindings) for dim in type.shape))


def _declared(value: Value, found: TensorType, bindings: Mapping[str, int]) -> TensorType:
    """A file may say anything about a value; what its rule says must agree."""
    declared = _numbers(value.type, bindings)
    agree = len(declared.shape) == len(found.shape) and all(
        map(_may_equal, declared.shape, found.shape)
    )
    if declared.dtype != found.dtype or not agree:
        raise GraphError(
            f'"{value.name}" is declared {declared}, but its shape rule gives {found}'
        )
    return _named_as(found, declared)


def _named_as(found: TensorType, wanted: TensorType) -> TensorType:
    """Give symbols that only the data decides the names that the network has for them.

    A rule names them after its inputs, which may have been renamed since.
    """
    pairs = zip(found.shape, wanted.shape, strict=True)
    shape = tuple(w if _is_symbol(f) and _is_symbol(w) else f for f, w in pairs)
    return TensorType(found.dtype, shape, found.value)


def _is_symbol(dim: Dim) -> bool:
    return isinstance(dim, SymbolicDim) and str(dim) in dim.symbols


def _may_equal(a: Dim, b: Dim) -> bool:
    return a == b or not (isinstance(a, int) and isinstance(b, int))

"""What the records of a valid file obey, beyond being a FlatBuffer; for load and save."""

from collections.abc import Callable, Sequence

from wnnx.errors import FormatError, GraphError, LimitError, WnnxError
from wnnx.limits import MAX_GRAPH_DEPTH
from wnnx.records import (
    ABSENT,
    ATTRIBUTE_KINDS,
    PRECISIONS,
    GraphRecord,
    ModelRecord,
    NodeRecord,
    OpRecord,
    ValueRecord,
)
from wnnx.tensor_rules import check_dtype, check_shape, check_tensor

GRAPH_KIND = ATTRIBUTE_KINDS.index("graph")


def check_model(model: ModelRecord) -> None:
    """Check everything that needs no operator's schema and no weights.

    Raises:
        GraphError: if the graph is not whole; the message has the path of the record at fault.
        FormatError: if a dtype, a kind or a precision is unknown, or a tensor's size is wrong.
        LimitError: if there are too many axes, or bodies within bodies.
    """
    for index, op in enumerate(model.ops):
        _at(f"ops[{index}]", _check_op, op)
    _at("ops", check_unique, "operator", model.ops)
    _at("metadata", check_unique, "key", [entry.key for entry in model.metadata])
    good: set[tuple[object, ...]] = set()  # most tensors are like another one
    for index, tensor in enumerate(model.tensors):
        kind = (tensor.dtype, tensor.shape, tensor.size)
        if kind not in good:
            _at(f"tensors[{index}]", check_tensor, tensor)
            good.add(kind)
    if not model.graphs:
        raise GraphError("graphs: there is no graph")
    taken = bytearray(len(model.tensors))
    for index, graph in enumerate(model.graphs):
        _at(f"graphs[{index}]", _check_graph, graph, model, taken)
    if not all(taken):
        raise GraphError(f"tensors[{taken.index(0)}]: no value has it")
    _check_bodies(model.graphs)


def check_unique(kind: str, names: Sequence[object]) -> None:
    """Check that nothing is there twice.

    Raises:
        GraphError: if something is.
    """
    if len(set(names)) == len(names):
        return
    seen: set[object] = set()
    for index, name in enumerate(names):
        if name in seen:
            raise GraphError(f"[{index}]: the {kind} {name!r} is there twice")
        seen.add(name)


def _at(where: str, check: Callable[..., None], *args: object) -> None:
    """Do a check and put the path of what is checked in front of its error."""
    try:
        check(*args)
    except WnnxError as error:
        raise _placed(where, error) from None


def _placed(where: str, error: WnnxError) -> WnnxError:
    """Return an error with a path in front of it, or in front of the path it has already."""
    separator = "" if str(error).startswith((".", "[")) else ": "
    return type(error)(f"{where}{separator}{error}")


def _check_op(op: OpRecord) -> None:
    if not op.name or "::" in op.name or "::" in op.domain:
        raise GraphError(
            f"operator {op.name!r} of domain {op.domain!r}; expected a name and perhaps a "
            "domain, neither with '::'"
        )


def _check_graph(graph: GraphRecord, model: ModelRecord, taken: bytearray) -> None:
    _at(".values", check_unique, "name", [value.name for value in graph.values])
    _at(".nodes", check_unique, "name", [node.name for node in graph.nodes])
    known = bytearray(len(graph.values))
    good: set[tuple[object, ...]] = set()
    for index, value in enumerate(graph.values):
        try:
            if not value.name:
                raise GraphError("a value needs a name")
            if value.tensor == ABSENT:
                kind = (value.dtype, value.shape, value.dim_names)
                if kind not in good:
                    check_dtype(value.dtype)
                    check_shape(value.shape, value.dim_names)
                    good.add(kind)
            else:
                _take_tensor(value, taken)
                known[index] = 1
        except WnnxError as error:
            raise _placed(f".values[{index}]", error) from None
    _define(graph.inputs, graph, known, ".inputs")
    for index, node in enumerate(graph.nodes):
        try:
            _check_node(node, model)
            _check_read(node, graph, known)
            _define(node.outputs, graph, known, ".outputs")
        except WnnxError as error:
            raise _placed(f".nodes[{index}]", error) from None
    if not all(known):
        index = known.index(0)
        raise GraphError(f".values[{index}]: nobody computes {graph.values[index].name!r}")
    _at(".outputs", _check_outputs, graph)


def _take_tensor(value: ValueRecord, taken: bytearray) -> None:
    if not 0 <= value.tensor < len(taken) or taken[value.tensor]:
        raise GraphError(
            f"{value.name!r} has tensor {value.tensor}, which another value has, or which "
            f"is not there (of {len(taken)})"
        )
    if value.dtype or value.shape or value.dim_names:
        raise GraphError(
            f"the constant {value.name!r} has a dtype or a shape of its own; its "
            "tensor says them"
        )
    taken[value.tensor] = 1


def _define(ids: Sequence[int], graph: GraphRecord, known: bytearray, where: str) -> None:
    """Mark values as computed, each of them for the first time."""
    for index, value in enumerate(ids):
        if not 0 <= value < len(known):
            raise _no_value(f"{where}[{index}]", value, len(known))
        if known[value]:
            raise GraphError(
                f"{where}[{index}]: {graph.values[value].name!r} is computed already; a value "
                "is computed once"
            )
        known[value] = 1


def _check_read(node: NodeRecord, graph: GraphRecord, known: bytearray) -> None:
    """Check that what a node reads is computed before it."""
    for index, value in enumerate(node.inputs):
        if value == ABSENT:
            continue
        if not 0 <= value < len(known):
            raise _no_value(f".inputs[{index}]", value, len(known))
        if not known[value]:
            raise GraphError(
                f".inputs[{index}]: {node.name!r} reads {graph.values[value].name!r} before "
                "it is computed; nodes are in execution order"
            )


def _no_value(where: str, value: int, count: int) -> GraphError:
    return GraphError(f"{where}: there is no value {value} (of {count})")


def _check_node(node: NodeRecord, model: ModelRecord) -> None:
    if not node.name:
        raise GraphError("a node needs a name")
    if node.op >= len(model.ops):
        raise GraphError(f".op: {node.name!r} is of operator {node.op} (of {len(model.ops)})")
    if node.precision >= len(PRECISIONS):
        raise FormatError(f".precision: {node.precision} is unknown here")
    if not node.outputs:
        raise GraphError(f".outputs: {node.name!r} computes nothing")
    for index, attr in enumerate(node.attrs):
        if attr.kind >= len(ATTRIBUTE_KINDS):
            raise FormatError(f".attrs[{index}].kind: {attr.kind} is unknown here")
    if len(node.attrs) > 1:
        _at(".attrs", check_unique, "attribute", [attr.key for attr in node.attrs])


def _check_outputs(graph: GraphRecord) -> None:
    if not graph.outputs:
        raise GraphError(
            f"the graph {graph.name!r} has no output; mark one, as in "
            'Builder.output(value, name="y")'
        )
    for index, value in enumerate(graph.outputs):
        if not 0 <= value < len(graph.values):
            raise _no_value(f"[{index}]", value, len(graph.values))
    check_unique("output", graph.outputs)


def _check_bodies(graphs: Sequence[GraphRecord]) -> None:
    """Check that the graphs are a tree: a body comes after its graph and has one node."""
    depth = [1] + [0] * (len(graphs) - 1)
    for index, graph in enumerate(graphs):
        for place, node in enumerate(graph.nodes):
            for attr in node.attrs:
                if attr.kind != GRAPH_KIND:
                    continue
                where = f"graphs[{index}].nodes[{place}], attribute {attr.key!r}"
                if not index < attr.graph < len(graphs) or depth[attr.graph]:
                    raise GraphError(
                        f"{where}: graph {attr.graph} is not there, or is not the body of "
                        "this node alone"
                    )
                depth[attr.graph] = depth[index] + 1
                if depth[attr.graph] > MAX_GRAPH_DEPTH:
                    raise LimitError(
                        f"{where}: bodies within bodies more than {MAX_GRAPH_DEPTH} deep"
                    )
    if not all(depth):
        raise GraphError(f"graphs[{depth.index(0)}]: it is the body of no node")

"""A graph to records: objects become indexes, arrays are put aside in the order they come."""

from collections.abc import Sequence

from wnnx import attribute_records
from wnnx.errors import GraphError, WnnxError
from wnnx.extents import Extents
from wnnx.graph import Attribute, Constant, Graph, Node, Value
from wnnx.header import aligned
from wnnx.limits import MAX_GRAPH_DEPTH
from wnnx.records import (
    ABSENT,
    DTYPES,
    PRECISIONS,
    AttrRecord,
    EntryRecord,
    GraphRecord,
    ModelRecord,
    NodeRecord,
    OpRecord,
    TensorRecord,
    ValueRecord,
)
from wnnx.types import Array, dtype_name

SCHEMA_VERSION = 1
PRODUCER = "NNBuilder, wnnx writer 1"


def flatten(graph: Graph) -> tuple[ModelRecord, list[Array]]:
    """Return the records of a network, and the arrays of its tensors in the same order.

    The tensors' checksums are left 0. Nothing is checked that the rules check afterwards.

    Raises:
        WnnxError: if something in the graph cannot be written at all.
    """
    flattener = _Flattener()
    flattener.body(graph, depth=1)
    model = ModelRecord(
        SCHEMA_VERSION, PRODUCER, tuple(flattener.ops), tuple(flattener.tensors),
        tuple(g for g in flattener.graphs if g is not None),
        tuple(EntryRecord(key, value) for key, value in graph.metadata.items()),
    )  # fmt: skip
    return model, flattener.arrays


class _Flattener:
    def __init__(self) -> None:
        self.ops: dict[OpRecord, int] = {}
        self.tensors: list[TensorRecord] = []
        self.arrays: list[Array] = []
        self.graphs: list[GraphRecord | None] = []
        self.seen: set[Graph] = set()
        self.extents = Extents()
        self.data_end = 0

    def body(self, graph: Graph, *, depth: int) -> int:
        """Add a graph, the bodies in it after it, and return its index."""
        if graph in self.seen:
            raise GraphError(
                f"{graph!r} is the body of two nodes, or of itself; give each a copy"
            )
        if depth > MAX_GRAPH_DEPTH:
            raise GraphError(f"bodies within bodies are more than {MAX_GRAPH_DEPTH} deep")
        if depth > 1 and graph.metadata:
            raise GraphError(
                f"{graph!r} is a body and has metadata; only a network can have them"
            )
        self.seen.add(graph)
        index = len(self.graphs)
        self.graphs.append(None)
        ids = {value: number for number, value in enumerate(graph.values)}
        self.graphs[index] = GraphRecord(
            graph.name,
            tuple(self.value(value) for value in graph.values),
            _ids(graph.inputs, ids, f"{graph!r}.inputs"),
            _ids(graph.outputs, ids, f"{graph!r}.outputs"),
            tuple(self.node(node, ids, depth) for node in graph.nodes),
        )
        return index

    def value(self, value: Value) -> ValueRecord:
        """Return the record of a value; a constant's array becomes a tensor."""
        if isinstance(value, Constant):
            return ValueRecord(value.name, tensor=self.tensor(value.array))
        try:
            shape, texts = self.extents.write(value.shape)
        except WnnxError as error:
            raise type(error)(f"{value!r}: {error}") from None
        return ValueRecord(value.name, DTYPES.index(value.dtype), shape, texts)

    def tensor(self, array: Array) -> int:
        """Add a tensor after those there are and return its index."""
        offset = aligned(self.data_end)
        dtype = DTYPES.index(dtype_name(array.dtype))
        self.tensors.append(TensorRecord(dtype, array.shape, offset, array.nbytes))
        self.arrays.append(array)
        self.data_end = offset + array.nbytes
        return len(self.arrays) - 1

    def node(self, node: Node, ids: dict[Value, int], depth: int) -> NodeRecord:
        """Return the record of a node, its attributes sorted by name."""
        where = f'{node.op} "{node.name}"'
        try:
            attributes = attribute_records.checked_node(node)
            attrs = tuple(self.attr(k, attributes[k], depth) for k in sorted(attributes))
            if node.precision not in PRECISIONS:
                raise GraphError(f"precision {node.precision!r} is not one of {PRECISIONS}")
            op = self.op(node)
        except WnnxError as error:
            raise type(error)(f"{where}: {error}") from None
        inputs = _ids(node.inputs, ids, f"{where}.inputs")
        outputs = _ids(node.outputs, ids, f"{where}.outputs")
        precision = PRECISIONS.index(node.precision)
        return NodeRecord(node.name, op, inputs, outputs, attrs, precision)

    def attr(self, key: str, value: Attribute, depth: int) -> AttrRecord:
        """Return the record of an attribute; a graph in it is added to the file."""
        return attribute_records.write(
            key, value, self.extents, lambda graph: self.body(graph, depth=depth + 1)
        )

    def op(self, node: Node) -> int:
        """Return the index of a node's operator in the file."""
        domain, separator, name = node.op.partition("::")
        if not separator:
            domain, name = "", node.op
        elif not domain:
            raise GraphError(f"operator {node.op!r} has '::' but no domain")
        if not 0 <= node.version < 2**32:
            raise GraphError(f"version {node.version!r} is not one of 32 bits")
        return self.ops.setdefault(OpRecord(domain, name, node.version), len(self.ops))


def _ids(values: Sequence[Value | None], ids: dict[Value, int], where: str) -> tuple[int, ...]:
    try:
        return tuple(ABSENT if value is None else ids[value] for value in values)
    except KeyError as missing:
        raise GraphError(f"{where}: {missing.args[0]!r} belongs to another graph") from None

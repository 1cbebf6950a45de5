"""Records to a graph: indexes become objects, tensors read-only arrays over the file."""

from collections.abc import Sequence

from wnnx import attribute_records
from wnnx.dims import bounds
from wnnx.errors import GraphError, WnnxError
from wnnx.extents import Extents
from wnnx.graph import Attribute, Constant, Graph, Node, Value
from wnnx.records import (
    ABSENT,
    DTYPES,
    PRECISIONS,
    GraphRecord,
    ModelRecord,
    NodeRecord,
    ValueRecord,
)
from wnnx.types import Array, TensorType, shape_text


def restore(model: ModelRecord, arrays: Sequence[Array]) -> Graph:
    """Return the network that records describe; they obey the rules already.

    Args:
        model: The records.
        arrays: The array of each tensor, in order.

    Raises:
        WnnxError: if a known operator's inputs or attributes do not fit it, or a text is no
            dimension; the message has the path of the record at fault.
    """
    restorer = _Restorer(model, arrays)
    bodies: list[Graph | None] = [None] * len(model.graphs)
    for index in reversed(range(len(bodies))):  # a body comes after the graph it is in
        bodies[index] = restorer.graph(f"graphs[{index}]", model.graphs[index], bodies)
    network = bodies[0]
    assert network is not None
    network.metadata = {entry.key: entry.value for entry in model.metadata}
    return network


class _Restorer:
    def __init__(self, model: ModelRecord, arrays: Sequence[Array]) -> None:
        self.arrays = arrays
        self.extents = Extents()
        self.types: dict[tuple[object, ...], TensorType] = {}
        self.attributes: dict[tuple[object, ...], dict[str, Attribute]] = {}
        self.ops = [
            (f"{op.domain}::{op.name}" if op.domain else op.name, op.version)
            for op in model.ops
        ]

    def graph(self, where: str, record: GraphRecord, bodies: Sequence[Graph | None]) -> Graph:
        """Return the graph of a record, whose nodes' bodies are in `bodies` already."""
        values: list[Value] = []
        nodes: list[Node] = []
        for item in record.values:
            if item.tensor != ABSENT:
                values.append(Constant(item.name, self.arrays[item.tensor]))
                continue
            try:
                values.append(self.value(item))
            except WnnxError as error:
                at = f"{where}.values[{len(values)}]"
                raise type(error)(f'{at} "{item.name}": {error}') from None
        for call in record.nodes:
            try:
                nodes.append(self.node(call, values, bodies))
            except WnnxError as error:
                at = f"{where}.nodes[{len(nodes)}], {self.ops[call.op][0]}"
                raise type(error)(f'{at} "{call.name}": {error}') from None
        inputs = [values[i] for i in record.inputs]
        outputs = [values[i] for i in record.outputs]
        return Graph.assemble(record.name, values, nodes, inputs, outputs)

    def value(self, record: ValueRecord) -> Value:
        """Return the value of a record that is no constant."""
        key = (record.dtype, record.shape, record.dim_names)
        type = self.types.get(key)
        if type is None:
            shape = self.extents.read(record.shape, record.dim_names)
            for dim in shape:
                high = bounds(dim)[1]
                if high is not None and high < 0:
                    raise GraphError(
                        f"shape {shape_text(shape)} has the negative extent {dim}"
                    )
            type = self.types[key] = TensorType(DTYPES[record.dtype], shape)
        return Value(record.name, type)

    def node(
        self, record: NodeRecord, values: Sequence[Value], bodies: Sequence[Graph | None]
    ) -> Node:
        """Return the node of a record, checked against its operator where that is known."""
        op, version = self.ops[record.op]
        inputs = [None if i == ABSENT else values[i] for i in record.inputs]
        outputs = [values[i] for i in record.outputs]
        attributes = self.node_attributes(record, op, version, inputs, bodies)
        precision = PRECISIONS[record.precision]
        return Node(
            record.name, op, inputs, outputs, attributes, version=version, precision=precision
        )

    def node_attributes(
        self,
        record: NodeRecord,
        op: str,
        version: int,
        inputs: Sequence[Value | None],
        bodies: Sequence[Graph | None],
    ) -> dict[str, Attribute]:
        """Return a node's attributes; layers that are alike are checked once."""
        first = inputs[0].rank if inputs and inputs[0] is not None else None
        present: object = len(inputs)
        if None in inputs:
            present = tuple(value is not None for value in inputs)
        key = (record.op, first, present, len(record.outputs), record.attrs)
        # 0.0 and -0.0 are equal, so they would be taken for each other.
        alike = not [attr for attr in record.attrs if 0.0 in attr.floats]
        if alike and key in self.attributes:
            return dict(self.attributes[key])
        attributes: dict[str, Attribute] = {
            attr.key: attribute_records.read(attr, self.extents, bodies)
            for attr in record.attrs
        }
        attributes = attribute_records.checked(
            op, version, inputs, len(record.outputs), attributes
        )
        if alike:
            self.attributes[key] = dict(attributes)
        return attributes

"""Records to FlatBuffer bytes, by flatc's generated code; one function per table.

Empty vectors are left out and numbers never are, so that a graph has one spelling.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import flatbuffers  # type: ignore[import-untyped] # pyright: ignore[reportMissingTypeStubs]

from wnnx._generated import wnnx_generated
from wnnx.errors import GraphError
from wnnx.header import MAGIC
from wnnx.records import (
    AttrRecord,
    EntryRecord,
    GraphRecord,
    ModelRecord,
    NodeRecord,
    OpRecord,
    TensorRecord,
    ValueRecord,
)

Offset: TypeAlias = int

# flatc writes no annotations.
_tables: Any = wnnx_generated
_new_builder: Any = flatbuffers.Builder
_SizeError: Any = flatbuffers.builder.BuilderSizeError


def encode(model: ModelRecord) -> bytes:
    """Return the FlatBuffer: root offset, "WNNX", then the tables.

    Raises:
        GraphError: if a text cannot be UTF-8, or the whole takes more than 2 GB.
    """
    builder = _new_builder(1 << 16)
    # Tables of a kind then have few vtables; a reader decodes those that share one together.
    builder.ForceDefaults(forceDefaults=True)
    try:
        builder.Finish(_model(builder, model), file_identifier=MAGIC)
    except UnicodeEncodeError as error:
        raise GraphError(f"{error.object!r} cannot be written as UTF-8") from None
    except _SizeError:
        raise GraphError("the metadata would take more than 2 GB") from None
    return bytes(builder.Output())


def _model(builder: Any, model: ModelRecord) -> Offset:
    offsets = {
        "Producer": builder.CreateString(model.producer),
        "Ops": _vector(builder, [_op(builder, op) for op in model.ops]),
        "Tensors": _vector(builder, [_tensor(builder, tensor) for tensor in model.tensors]),
        "Graphs": _vector(builder, [_graph(builder, graph) for graph in model.graphs]),
        "Metadata": _vector(builder, [_entry(builder, entry) for entry in model.metadata]),
    }
    return _table(builder, "Model", offsets, SchemaVersion=model.schema_version)


def _op(builder: Any, op: OpRecord) -> Offset:
    offsets = {
        "Domain": builder.CreateString(op.domain),
        "Name": builder.CreateString(op.name),
    }
    return _table(builder, "OpDecl", offsets, Version=op.version)


def _tensor(builder: Any, tensor: TensorRecord) -> Offset:
    return _table(
        builder, "Tensor", {"Shape": _longs(builder, tensor.shape)},
        Offset=tensor.offset, Size=tensor.size, Crc32=tensor.crc32, Dtype=tensor.dtype,
    )  # fmt: skip


def _graph(builder: Any, graph: GraphRecord) -> Offset:
    offsets = {
        "Name": builder.CreateString(graph.name),
        "Values": _vector(builder, [_value(builder, value) for value in graph.values]),
        "Inputs": _indexes(builder, graph.inputs),
        "Outputs": _indexes(builder, graph.outputs),
        "Nodes": _vector(builder, [_node(builder, node) for node in graph.nodes]),
    }
    return _table(builder, "Graph", offsets)


def _value(builder: Any, value: ValueRecord) -> Offset:
    offsets = {
        "Name": builder.CreateString(value.name),
        "Shape": _longs(builder, value.shape),
        "DimNames": _strings(builder, value.dim_names),
    }
    return _table(builder, "Value", offsets, Tensor=value.tensor, Dtype=value.dtype)


def _node(builder: Any, node: NodeRecord) -> Offset:
    offsets = {
        "Name": builder.CreateString(node.name),
        "Inputs": _indexes(builder, node.inputs),
        "Outputs": _indexes(builder, node.outputs),
        "Attrs": _vector(builder, [_attr(builder, attr) for attr in node.attrs]),
    }
    return _table(builder, "Node", offsets, Op=node.op, Precision=node.precision)


def _attr(builder: Any, attr: AttrRecord) -> Offset:
    offsets = {
        "Key": builder.CreateString(attr.key),
        "Ints": _longs(builder, attr.ints),
        "Floats": _numbers(builder, attr.floats, 8, builder.PrependFloat64),
        "Strings": _strings(builder, attr.strings),
    }
    return _table(builder, "Attr", offsets, Graph=attr.graph, Kind=attr.kind)


def _entry(builder: Any, entry: EntryRecord) -> Offset:
    offsets = {
        "Key": builder.CreateString(entry.key), "Value": builder.CreateString(entry.value),
    }  # fmt: skip
    return _table(builder, "Entry", offsets)


def _table(builder: Any, name: str, offsets: dict[str, Offset], **numbers: int) -> Offset:
    """Write a table whose vectors and strings are written already; 0 is one left out."""
    getattr(_tables, f"{name}Start")(builder)
    for field, value in (numbers | {k: v for k, v in offsets.items() if v}).items():
        getattr(_tables, f"{name}Add{field}")(builder, value)
    end: Offset = getattr(_tables, f"{name}End")(builder)
    return end


def _strings(builder: Any, texts: Sequence[str]) -> Offset:
    return _vector(builder, [builder.CreateString(text) for text in texts])


def _vector(builder: Any, offsets: Sequence[Offset]) -> Offset:
    return _numbers(builder, offsets, 4, builder.PrependUOffsetTRelative)


def _indexes(builder: Any, numbers: Sequence[int]) -> Offset:
    return _numbers(builder, numbers, 4, builder.PrependInt32)


def _longs(builder: Any, numbers: Sequence[int]) -> Offset:
    return _numbers(builder, numbers, 8, builder.PrependInt64)


def _numbers(
    builder: Any, numbers: Sequence[float], size: int, prepend: Callable[[Any], None]
) -> Offset:
    """Write a vector of numbers of `size` bytes; a FlatBuffer is built from its end."""
    if not numbers:
        return 0
    builder.StartVector(size, len(numbers), size)
    for number in reversed(numbers):
        prepend(number)
    end: Offset = builder.EndVector()
    return end

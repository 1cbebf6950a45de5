"""The tables of `wnnx.fbs`, in Python: one record per table, one field per slot, in order.

The marker inside an annotation is the type as `wnnx.fbs` writes it, or the record that a
vector of tables holds; a field without a default is required. The decoder works from nothing
else.
"""

from typing import Annotated, NamedTuple, TypeAlias

UByte: TypeAlias = Annotated[int, "ubyte"]
Int: TypeAlias = Annotated[int, "int"]
UInt: TypeAlias = Annotated[int, "uint"]
ULong: TypeAlias = Annotated[int, "ulong"]
Text: TypeAlias = Annotated[str, "string"]
Indexes: TypeAlias = Annotated[tuple[int, ...], "[int]"]
Longs: TypeAlias = Annotated[tuple[int, ...], "[long]"]
Doubles: TypeAlias = Annotated[tuple[float, ...], "[double]"]
Texts: TypeAlias = Annotated[tuple[str, ...], "[string]"]

# The enums of wnnx.fbs: a name's place is its number.
DTYPES = (
    "none", "float16", "bfloat16", "float32", "float64", "int8", "int16", "int32", "int64",
    "uint8", "uint16", "uint32", "uint64", "bool",
)  # fmt: skip
PRECISIONS = (None, "fp32", "fp16")
ATTRIBUTE_KINDS = (
    "none", "bool", "int", "float", "string", "ints", "floats", "strings", "dims", "graph",
)  # fmt: skip

# In a vector of indexes: an optional input left out. In a shape: a symbolic extent.
ABSENT = -1
SYMBOLIC = -1


class OpRecord(NamedTuple):
    """An operator in one version."""

    domain: Text
    name: Text
    version: UInt = 1


class TensorRecord(NamedTuple):
    """A constant's bytes; `offset` counts from the start of data."""

    dtype: UByte = 0
    shape: Longs = ()
    offset: ULong = 0
    size: ULong = 0
    crc32: UInt = 0


class ValueRecord(NamedTuple):
    """An input, a constant, or what a node computes."""

    name: Text
    dtype: UByte = 0
    shape: Longs = ()
    dim_names: Texts = ()
    tensor: Int = ABSENT


class AttrRecord(NamedTuple):
    """One attribute."""

    key: Text
    kind: UByte = 0
    ints: Longs = ()
    floats: Doubles = ()
    strings: Texts = ()
    graph: Int = ABSENT


class NodeRecord(NamedTuple):
    """One operator call."""

    name: Text
    op: UInt = 0
    inputs: Indexes = ()
    outputs: Indexes = ()
    attrs: Annotated[tuple[AttrRecord, ...], AttrRecord] = ()
    precision: UByte = 0


class GraphRecord(NamedTuple):
    """A network, or the body of a node."""

    name: Text
    values: Annotated[tuple[ValueRecord, ...], ValueRecord] = ()
    inputs: Indexes = ()
    outputs: Indexes = ()
    nodes: Annotated[tuple[NodeRecord, ...], NodeRecord] = ()


class EntryRecord(NamedTuple):
    """One line of the user's metadata."""

    key: Text
    value: Text


class ModelRecord(NamedTuple):
    """The root table."""

    schema_version: UInt = 0
    producer: Text = ""
    ops: Annotated[tuple[OpRecord, ...], OpRecord] = ()
    tensors: Annotated[tuple[TensorRecord, ...], TensorRecord] = ()
    graphs: Annotated[tuple[GraphRecord, ...], GraphRecord] = ()
    metadata: Annotated[tuple[EntryRecord, ...], EntryRecord] = ()

    @property
    def constant_names(self) -> list[str]:
        """The name of the value that each tensor belongs to."""
        names = {value.tensor: value.name for graph in self.graphs for value in graph.values}
        return [names[index] for index in range(len(self.tensors))]

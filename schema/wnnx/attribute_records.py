"""Attributes as a file holds them: the kind is that of the Python value itself."""

from collections.abc import Callable, Sequence
from typing import cast

from wnnx.dims import SymbolicDim
from wnnx.errors import ArgumentError, GraphError
from wnnx.extents import Extents, checked_ints
from wnnx.graph import Attribute, Graph, Node, Value
from wnnx.ops.registry import find_schema
from wnnx.records import ATTRIBUTE_KINDS, AttrRecord

_KIND = {name: number for number, name in enumerate(ATTRIBUTE_KINDS)}


def checked(
    op: str,
    version: int,
    inputs: Sequence[Value | None],
    outputs: int,
    attributes: dict[str, Attribute],
) -> dict[str, Attribute]:
    """Return a node's attributes in the operator's stored form; unchanged where it is unknown.

    Raises:
        ArgumentError: if the inputs, the outputs or an attribute do not fit the operator.
        DimError: if a text is no dimension.
    """
    schema = find_schema(op, version)
    if schema is None:
        return attributes
    schema.check_inputs(inputs)
    if outputs != 1 and not schema.returns_tuple:
        raise ArgumentError(f"{outputs} outputs; {op} has 1")
    return schema.normalize(inputs, attributes)


def checked_node(node: Node) -> dict[str, Attribute]:
    """Return the attributes of `node` as `checked` does."""
    return checked(node.op, node.version, node.inputs, len(node.outputs), node.attributes)


def write(
    key: str, value: Attribute, extents: Extents, add_body: Callable[[Graph], int]
) -> AttrRecord:
    """Return the record of an attribute.

    `add_body` takes a graph that is an attribute and returns its index in the file.

    Raises:
        GraphError: if the value is none that a file can hold.
        DimError: if a symbolic dimension cannot be written.
    """
    match value:
        case None:
            return AttrRecord(key, _KIND["none"])
        case bool():
            return AttrRecord(key, _KIND["bool"], ints=(int(value),))
        case int():
            return AttrRecord(key, _KIND["int"], ints=checked_ints((value,)))
        case float():
            return AttrRecord(key, _KIND["float"], floats=(float(value),))
        case str():
            return AttrRecord(key, _KIND["string"], strings=(value,))
        case Graph():
            return AttrRecord(key, _KIND["graph"], graph=add_body(value))
        case tuple():
            return _write_tuple(key, value, extents)
        case _:
            raise GraphError(
                f"attribute {key}={value!r}: a file cannot hold {type(value).__name__}"
            )


def read(record: AttrRecord, extents: Extents, bodies: Sequence[Graph | None]) -> Attribute:
    """Return the value of an attribute.

    `bodies` has the file's graphs by index, at least those that this graph's nodes have.

    Raises:
        GraphError: if the record is not of its kind.
        DimError: if a text is no dimension.
    """
    match ATTRIBUTE_KINDS[record.kind]:
        case "ints":
            return record.ints
        case "int":
            return cast("int", _single(record, record.ints))
        case "float":
            return cast("float", _single(record, record.floats))
        case "string":
            return cast("str", _single(record, record.strings))
        case "bool":
            return bool(_single(record, tuple(n for n in record.ints if n in {0, 1})))
        case "floats":
            return record.floats
        case "strings":
            return record.strings
        case "dims":
            return extents.read(record.ints, record.strings)
        case "graph":
            return bodies[record.graph]
        case _:
            return None


def _write_tuple(key: str, value: tuple[object, ...], extents: Extents) -> AttrRecord:
    kinds = {type(element) for element in value}
    if kinds <= {int}:
        return AttrRecord(key, _KIND["ints"], ints=checked_ints(value))
    if kinds == {float}:
        return AttrRecord(key, _KIND["floats"], floats=cast("tuple[float, ...]", value))
    if kinds == {str}:
        return AttrRecord(key, _KIND["strings"], strings=cast("tuple[str, ...]", value))
    if kinds <= {int, SymbolicDim}:
        ints, texts = extents.write(cast("tuple[int | SymbolicDim, ...]", value))
        return AttrRecord(key, _KIND["dims"], ints=ints, strings=texts)
    raise GraphError(
        f"attribute {key}={value!r}: expected only integers, only float, only str, or "
        "integers and symbolic dimensions"
    )


def _single(record: AttrRecord, values: Sequence[object]) -> object:
    if len(values) != 1:
        raise GraphError(
            f"attribute {record.key!r}: a single {ATTRIBUTE_KINDS[record.kind]} has "
            f"{len(values)} valid values; expected 1"
        )
    return values[0]

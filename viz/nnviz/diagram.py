"""What every picture of a graph shows: boxes, what is written in them, and arrows."""

from collections.abc import Iterator
from dataclasses import dataclass

from nnviz.categories import category_of
from nnviz.text import extents, shortened, visible
from wnnx.dims import Dim
from wnnx.graph import Attribute, Constant, Graph, Node, Value
from wnnx.ops.registry import find_schema

MAX_TITLE = 24
MAX_ROW = 40


@dataclass(frozen=True)
class Row:
    """One line of a box: a weight's name and its extents."""

    name: str
    content: str


@dataclass(frozen=True)
class Box:
    """A layer, an input or an output. `kind` is Netron's category, "Input" or "Output"."""

    title: str
    tooltip: str
    kind: str | None
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Arrow:
    """From box number `source` to box number `target`; `label` is the tensor's extents."""

    source: int
    target: int
    label: str


@dataclass(frozen=True)
class Diagram:
    """Boxes in execution order, and at most one arrow for each pair of them."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def diagram(graph: Graph) -> Diagram:
    """Return what a picture of `graph` shows; every text in it is visible text."""
    boxes = [_end(value, "Input") for value in graph.inputs]
    source: dict[Value, int] = {value: index for index, value in enumerate(graph.inputs)}
    arrows: dict[tuple[int, int], Arrow] = {}
    for node in graph.nodes:
        _join(node.inputs, len(boxes), source, arrows)
        source |= dict.fromkeys(node.outputs, len(boxes))
        boxes.append(_layer(node))
    for value in graph.outputs:
        _join((value,), len(boxes), source, arrows)
        boxes.append(_end(value, "Output"))
    return Diagram(tuple(boxes), tuple(arrows.values()))


def input_names(node: Node) -> Iterator[tuple[str, Value]]:
    """Yield the inputs that are there, each with its name in the operator's signature."""
    schema = find_schema(node.op, node.version)
    known = len(schema.inputs) if schema else 0
    variadic = bool(schema and schema.inputs and schema.inputs[-1].variadic)
    for index, value in enumerate(node.inputs):
        named = schema is not None and (variadic or index < known)
        if value is not None:
            yield (schema.input_name(index) if schema and named else str(index)), value


def attribute_text(value: Attribute | Dim) -> str:
    """Return an attribute as a user would write it."""
    if isinstance(value, Graph):
        return f"graph {visible(value.name)} of {len(value.nodes)} layers"
    if isinstance(value, tuple):
        return f"({', '.join(map(str, value))}{',' if len(value) == 1 else ''})"
    return str(value)


def _join(
    values: tuple[Value | None, ...],
    target: int,
    source: dict[Value, int],
    arrows: dict[tuple[int, int], Arrow],
) -> None:
    for value in values:
        if value is not None and value in source:
            ends = source[value], target
            arrows.setdefault(ends, Arrow(*ends, visible(extents(value.shape))))


def _end(value: Value, kind: str) -> Box:
    return Box(shortened(visible(value.name), MAX_TITLE), visible(str(value.type)), kind)


def _layer(node: Node) -> Box:
    rows = tuple(
        Row(name, shortened(extents(value.shape) or "scalar", MAX_ROW))
        for name, value in input_names(node)
        if isinstance(value, Constant)
    )
    attributes = (f"{k} = {attribute_text(v)}" for k, v in node.attributes.items())
    tooltip = "\n".join(map(visible, (node.name, *attributes)))
    return Box(shortened(visible(node.op), MAX_TITLE), tooltip, category_of(node.op), rows)

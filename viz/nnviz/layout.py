"""Where boxes and arrows lie: Netron's own `dagre.js`, run by the JavaScript of dukpy."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any, cast

from nnviz.diagram import Box, Diagram
from nnviz.errors import ViewError
from nnviz.netron.package import script
from nnviz.text import width

TITLE_SIZE = 11
ROW_SIZE = 9
LABEL_SIZE = 10
TITLE_HEIGHT = 21
ROW_HEIGHT = 13
ROW_INDENT = 6
TITLE_INDENT = 7
LIST_PADDING = 3
MIN_LIST_WIDTH = 75
LABEL_HEIGHT = 12
# As in Netron: above this the exact ranking takes too long.
MANY_BOXES = 3000

Point = tuple[float, float]


@dataclass(frozen=True)
class Place:
    """A box's top left corner and its size."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Line:
    """The points an arrow bends at, and the top left corner of its label."""

    points: tuple[Point, ...]
    label: Point


@dataclass(frozen=True)
class Layout:
    """Places of boxes and lines of arrows, in the diagram's order, from (0, 0) on."""

    places: tuple[Place, ...]
    lines: tuple[Line, ...]
    width: float
    height: float


def layout(diagram: Diagram) -> Layout:
    """Lay a diagram out as Netron does: from top to bottom, few crossings.

    Raises:
        ViewError: if `dukpy` is not installed, or the layout fails.
    """
    try:
        dukpy: Any = import_module("dukpy")  # it has no types
    except ImportError:
        raise ViewError(
            "a picture needs dukpy, which runs Netron's layout: pip install 'nnbuilder[svg]'; "
            "without it, write .html or .dot"
        ) from None
    nodes = [
        {"v": str(index), "width": size[0], "height": size[1]}
        for index, size in enumerate(map(box_size, diagram.boxes))
    ]
    edges = [
        {
            "v": str(arrow.source), "w": str(arrow.target), "minlen": 1, "weight": 1,
            "width": width(arrow.label, LABEL_SIZE),
            "height": LABEL_HEIGHT if arrow.label else 0, "labeloffset": 10, "labelpos": "r",
        }
        for arrow in diagram.arrows
    ]  # fmt: skip
    options: dict[str, Any] = {"nodesep": 20, "ranksep": 20}
    if len(nodes) > MANY_BOXES:
        options["ranker"] = "longest-path"
    code = script("dagre.js") + (
        "; dagre.layout(dukpy.nodes, dukpy.edges, dukpy.options, {});"
        "({nodes: dukpy.nodes, edges: dukpy.edges})"
    )
    try:
        found: Any = dukpy.evaljs(code, nodes=nodes, edges=edges, options=options)
    except dukpy.JSRuntimeError as error:
        raise ViewError(f"the layout of {len(nodes)} boxes failed: {error}") from None
    return _moved(cast("list[Any]", found["nodes"]), cast("list[Any]", found["edges"]))


def box_size(box: Box) -> tuple[float, float]:
    """Return a box's width and height: as wide as its longest line of text."""
    wide = width(box.title, TITLE_SIZE) + 2 * TITLE_INDENT
    if not box.rows:
        return wide, TITLE_HEIGHT
    rows = [
        width(row.name, ROW_SIZE, bold=True)
        + width(f" {row.content}", ROW_SIZE)
        + 2 * ROW_INDENT
        for row in box.rows
    ]
    high = TITLE_HEIGHT + 2 * LIST_PADDING + ROW_HEIGHT * len(rows)
    return max(wide, MIN_LIST_WIDTH, *rows), high


def _moved(nodes: list[Any], edges: list[Any]) -> Layout:
    """Shift everything so that the picture begins at (0, 0)."""
    places = [
        Place(n["x"] - n["width"] / 2, n["y"] - n["height"] / 2, n["width"], n["height"])
        for n in nodes
    ]
    lines = [
        Line(
            tuple((p["x"], p["y"]) for p in e["points"]),
            (e.get("x", 0) - e["width"] / 2, e.get("y", 0) - e["height"] / 2),
        )
        for e in edges
    ]
    labels = [
        Place(*line.label, e["width"], e["height"])
        for line, e in zip(lines, edges, strict=True)
        if e["width"]
    ]
    bends = [Place(x, y, 0, 0) for line in lines for x, y in line.points]
    all_of_it = [*places, *labels, *bends] or [Place(0, 0, 0, 0)]
    left, top = min(p.x for p in all_of_it), min(p.y for p in all_of_it)
    return Layout(
        tuple(Place(p.x - left, p.y - top, p.width, p.height) for p in places),
        tuple(
            Line(
                tuple((x - left, y - top) for x, y in line.points),
                (line.label[0] - left, line.label[1] - top),
            )
            for line in lines
        ),
        max(p.x + p.width for p in all_of_it) - left,
        max(p.y + p.height for p in all_of_it) - top,
    )

"""A network as Graphviz source; the program `dot` is not needed to write it."""

from html import escape
from importlib import import_module
from typing import Any

from nnviz.diagram import Box, diagram
from nnviz.svg import FILLS, PALE, PLAIN
from wnnx.graph import Graph


def dot(graph: Graph) -> str:
    """Return a network as Graphviz source."""
    graphviz: Any = import_module("graphviz")  # it has no types

    picture = diagram(graph)
    drawing = graphviz.Digraph(
        graph_attr={"rankdir": "TB", "nodesep": "0.25", "ranksep": "0.3"},
        node_attr={"shape": "plain", "fontname": "sans-serif", "fontsize": "11"},
        edge_attr={"fontname": "sans-serif", "fontsize": "10", "arrowsize": "0.7"},
    )
    for index, box in enumerate(picture.boxes):
        drawing.node(str(index), label=_label(box), tooltip=graphviz.escape(box.tooltip))
    for arrow in picture.arrows:
        drawing.edge(str(arrow.source), str(arrow.target), label=graphviz.escape(arrow.label))
    return str(drawing.source)


def _label(box: Box) -> str:
    """Return an HTML-like label: a coloured title above one row per weight."""
    fill = FILLS.get(box.kind or "", PLAIN)
    ink = "#000000" if fill == PALE else "#ffffff"
    rows = "".join(
        f'<tr><td align="left"><font point-size="9"><b>{_escaped(row.name)}</b> '
        f"{_escaped(row.content)}</font></td></tr>"
        for row in box.rows
    )
    title = f'<font color="{ink}">{_escaped(box.title)}</font>'
    first = f'<tr><td bgcolor="{fill}" align="left">{title}</td></tr>'
    table = 'border="1" cellborder="0" cellspacing="0" cellpadding="4" color="#333333"'
    return f"<<table {table}>{first}{rows}</table>>"


def _escaped(text: str) -> str:
    r"""Escape for an HTML-like label, where "\G" still means the graph's name."""
    return escape(text).replace("\\", "\\\\")

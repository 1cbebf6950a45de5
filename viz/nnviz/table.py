"""A table of a network's layers, for the terminal."""

import io
from collections import Counter

from rich.console import Console
from rich.table import Table
from rich.text import Text

from nnviz.text import visible
from wnnx.graph import Constant, Graph, Node, Value
from wnnx.types import shape_text


def table(graph: Graph) -> Table:
    """Return one row per layer: name, operator, output shape, parameters, bytes, dtype.

    Parameters are the elements of every constant a layer takes; one that several layers take
    is counted at the first.
    """
    columns = Table(title=Text(visible(graph.name) or "network"), title_justify="left")
    for name in ("layer", "operator", "output shape", "parameters", "bytes", "dtype"):
        number = name in {"parameters", "bytes"}
        columns.add_column(name, justify="right" if number else "left", overflow="fold")
    counted: set[Constant] = set()
    for value in graph.inputs:
        _add_row(columns, value.name, "input", (value,), [])
    for node in graph.nodes:
        new = [w for w in _weights(node) if w not in counted]
        counted.update(new)
        _add_row(columns, node.name, node.op, node.outputs, new)
    columns.add_section()
    sizes = Counter[str]()
    for constant in graph.constants:
        sizes[constant.dtype] += constant.array.nbytes
    columns.add_row(
        "total",
        f"{len(graph.nodes):,} layers",
        "",
        f"{sum(c.array.size for c in graph.constants):,}",
        f"{sizes.total():,}",
        ", ".join(f"{dtype} {size:,}" for dtype, size in sizes.most_common()),
    )
    return columns


def summary(graph: Graph, *, width: int = 100) -> str:
    """Return the table as text, `width` characters wide."""
    page = io.StringIO()
    Console(file=page, width=width, color_system=None, legacy_windows=False).print(
        table(graph)
    )
    return "".join(f"{line.rstrip()}\n" for line in page.getvalue().splitlines())


def _weights(node: Node) -> list[Constant]:
    return list(dict.fromkeys(x for x in node.inputs if isinstance(x, Constant)))


def _add_row(
    columns: Table, name: str, op: str, outputs: tuple[Value, ...], weights: list[Constant]
) -> None:
    size = sum(w.array.size for w in weights)
    dtypes = dict.fromkeys(w.dtype for w in weights) or dict.fromkeys(y.dtype for y in outputs)
    cells = (
        name,
        op,
        "; ".join(shape_text(y.shape) for y in outputs),
        f"{size:,}" if weights else "",
        f"{sum(w.array.nbytes for w in weights):,}" if weights else "",
        ", ".join(dtypes),
    )
    # Text, not markup: a layer may be called [bold].
    columns.add_row(*(Text(visible(cell)) for cell in cells))

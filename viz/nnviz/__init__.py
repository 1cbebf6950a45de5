"""See a network: Netron in the browser, one HTML page, SVG, Graphviz source, a table.

    nnviz.serve("model.wnnx").wait()        # Netron, on this machine only
    nnviz.to_svg(graph)                     # a picture, as text

Needs only the format: a network with operators nobody registered shows like any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nnviz.errors import ViewError as ViewError

if TYPE_CHECKING:
    from pathlib import Path

    from nnviz.netron.server import Server
    from wnnx.graph import Graph

# Netron, Graphviz and rich are imported when they are used: `import nnviz` stays fast.


def serve(
    model: Graph | str | Path, *, host: str = "127.0.0.1", port: int = 0, browse: bool = True
) -> Server:
    """Show a network in Netron, served by this process until it is closed.

    Args:
        model: A graph, or the path of a `.wnnx` file.
        host: Address to listen on; only this machine can reach the default.
        port: Port to listen on; 0 takes a free one.
        browse: Whether to open the page in the browser.

    Returns:
        The running server: `.url`, `.wait()`, `.close()`; a context manager.

    Raises:
        WnnxError: if the file cannot be read.
        ViewError: if nothing can listen on that address.
    """
    from nnviz.netron.server import serve as start

    return start(model, host=host, port=port, browse=browse)


def to_html(graph: Graph, *, title: str = "", weight_limit: int = 64 << 20) -> str:
    """Return one self-contained page that shows a network in Netron, offline and from a file.

    Args:
        graph: The network.
        title: The page's title; without it the network's name.
        weight_limit: Bytes of weights the page may hold. A network with more is shown with
            their shapes only.

    Returns:
        HTML, about 1 MB and 4/3 of the bytes of the weights.
    """
    from nnviz.netron.page import page

    return page(graph, title=title, weight_limit=weight_limit)


def to_svg(graph: Graph) -> str:
    """Return a picture of a network as SVG, laid out as Netron does it.

    Raises:
        ViewError: if `dukpy`, of the extra `svg`, is not installed.
    """
    from nnviz.svg import svg

    return svg(graph)


def to_png(graph: Graph) -> bytes:
    """Return a picture of a network as PNG, one pixel per unit of its SVG.

    Raises:
        ViewError: if the extra `svg` is not installed.
    """
    from nnviz.svg import png

    return png(graph)


def to_dot(graph: Graph) -> str:
    """Return a network as Graphviz source."""
    from nnviz.dot import dot

    return dot(graph)


def summary(graph: Graph, *, width: int = 100) -> str:
    """Return a table of a network's layers as text, `width` characters wide."""
    from nnviz.table import summary as text

    return text(graph, width=width)

"""The command `nnviz`: show a `.wnnx` network in the browser, or write a picture of it."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

import nnviz
import wnnx
from nnviz.text import visible
from wnnx.errors import WnnxError
from wnnx.graph import Graph

app = typer.Typer(name="nnviz", add_completion=False, pretty_exceptions_enable=False)

WRITERS: dict[str, Callable[[Graph], str | bytes]] = {
    ".svg": nnviz.to_svg,
    ".png": nnviz.to_png,
    ".dot": nnviz.to_dot,
}


@app.command()
def show(
    model: Annotated[Path, typer.Argument(help="A .wnnx file.", show_default=False)],
    *,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write .html, .svg, .png or .dot instead."),
    ] = None,
    summary: Annotated[bool, typer.Option("--summary", help="Print a table instead.")] = False,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")] = 0,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
) -> None:
    """Show a network in Netron, in the browser, until Ctrl-C."""
    if output is not None and output.suffix not in {".html", *WRITERS}:
        known = ", ".join([".html", *WRITERS])
        raise typer.BadParameter(f"{output} ends in none of {known}", param_hint="--output")
    if summary:
        from nnviz.table import table

        Console().print(table(wnnx.load(model, checksums=False)))
    if output is not None:
        _write(wnnx.load(model, checksums=False), output, model.name)
    if summary or output is not None:
        return
    with nnviz.serve(model, host=host, port=port, browse=browser) as server:
        typer.echo(f"{model} is shown at {server.url} until Ctrl-C")
        server.wait()


def main() -> None:
    """Run the command; an error of ours is one line and exit status 1."""
    try:
        app()
    except (WnnxError, OSError) as error:
        # Text, not markup: names in files are other people's.
        Console(stderr=True).print(Text(f"nnviz: {visible(str(error))}"), soft_wrap=True)
        sys.exit(1)


def _write(graph: Graph, output: Path, title: str) -> None:
    if output.suffix == ".html":
        content: str | bytes = nnviz.to_html(graph, title=title)
    else:
        content = WRITERS[output.suffix](graph)
    output.write_bytes(content if isinstance(content, bytes) else content.encode())
    typer.echo(f"wrote {output} ({output.stat().st_size:,} bytes)")

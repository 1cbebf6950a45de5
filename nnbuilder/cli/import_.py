"""`nnbuilder import`: a model of another format becomes a `.wnnx` file."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from nnbuilder.importers.onnx import import_onnx


def import_(
    model: Annotated[Path, typer.Argument(help="An .onnx file.", show_default=False)],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The .wnnx file; by default beside the model."),
    ] = None,
) -> None:
    """Import an ONNX model, save it, and say what became of its nodes."""
    path = output or model.with_suffix(".wnnx")
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("importing", total=None)
        builder, report = import_onnx(
            model, lambda done, total: bar.update(task, completed=done, total=total)
        )
        bar.update(task, description="saving")
        builder.serialize_to_file(path)
    typer.echo(f"{path}: {len(builder.graph.nodes)} layers from {model}")
    typer.echo(str(report))

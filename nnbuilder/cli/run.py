"""`nnbuilder run`: run a file on arrays from disk, or on random ones."""

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from nnbuilder.cli.info import ModelPath
from nnbuilder.weights import from_npy
from wnnx.types import Array, shape_text
from wnnxruntime import Session


def run(
    model: ModelPath,
    inputs: Annotated[
        list[str] | None,
        typer.Option("--input", "-i", metavar="NAME=FILE.npy", help="An input's array."),
    ] = None,
    dims: Annotated[
        list[str] | None,
        typer.Option(
            "--dim", "-d", metavar="NAME=SIZE", help="A symbol's size for random inputs."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the random inputs.")] = 0,
    outputs: Annotated[
        list[str] | None,
        typer.Option("--output", metavar="NAME", help="Compute only this value."),
    ] = None,
    save: Annotated[
        Path | None, typer.Option("--save", "-o", help="Write the outputs to this .npz file.")
    ] = None,
    backend: Annotated[str, typer.Option(help="fast or reference.")] = "fast",
    profile: Annotated[bool, typer.Option("--profile", help="Also time every layer.")] = False,
) -> None:
    """Run a network; inputs that are not given are random, symbols 1 unless --dim is."""
    session = Session(model, backend=backend)  # type: ignore[arg-type]  # checked by Session
    given = dict(_pair(text, "--input") for text in inputs or [])
    sizes = {name: _size(name, text) for name, text in (_pair(d, "--dim") for d in dims or [])}
    arrays = {name: from_npy(path).array for name, path in given.items()}
    feeds = session.random_feeds(sizes, seed=seed) | arrays
    results = session.run(feeds, outputs=outputs)
    Console().print(_table(results))
    if save is not None:
        np.savez(save, allow_pickle=False, **results)
    if profile:
        typer.echo(session.profile(feeds))


def _pair(text: str, option: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name or not value:
        raise typer.BadParameter(f"{text!r}; write {option} NAME=VALUE")
    return name, value


def _size(name: str, text: str) -> int:
    if not text.isdecimal():
        raise typer.BadParameter(f"--dim {name}={text}: a size is a whole number")
    return int(text)


def _table(results: dict[str, Array]) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in ("output", "dtype", "shape", "min", "mean", "max"):
        table.add_column(
            column, justify="right" if column in {"min", "mean", "max"} else "left"
        )
    for name, array in results.items():
        table.add_row(
            Text(name), array.dtype.name, shape_text(array.shape), *_statistics(array)
        )
    return table


def _statistics(array: Any) -> tuple[str, str, str]:
    if not array.size:
        return ("", "", "")
    wide = array.astype(np.float64)
    return (f"{wide.min():.6g}", f"{wide.mean():.6g}", f"{wide.max():.6g}")

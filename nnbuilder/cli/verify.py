"""`nnbuilder verify`: every byte, every edge, every shape."""

from typing import Annotated

import typer

import wnnx
from nnbuilder.cli.info import ModelPath
from nnbuilder.verifying import check_types, nonfinite_weights
from wnnx.errors import WeightError


def verify(
    model: ModelPath,
    values: Annotated[
        bool, typer.Option("--values", help="Also refuse NaN and Inf in the weights.")
    ] = False,
) -> None:
    """Check a file whole: header, checksums, structure, and every shape against its rule."""
    graph = wnnx.load(model)
    unknown = check_types(graph)
    bad = nonfinite_weights(graph) if values else []
    if bad:
        raise WeightError(f"{model}: NaN or Inf in {', '.join(map(repr, bad))}")
    size = sum(constant.array.nbytes for constant in graph.constants)
    typer.echo(
        f"{model}: valid; {len(graph.nodes)} layers, {size:,} bytes of weights, checksums and "
        "shapes agree"
    )
    if unknown:
        typer.echo(f"not registered here, so not checked: {', '.join(unknown)}")

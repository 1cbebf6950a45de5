"""`nnbuilder verify`: every byte, every edge, every shape."""

from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.text import Text

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
    size = sum(np.asarray(constant.array).nbytes for constant in graph.constants)
    console = Console()
    console.print(
        Text(f"{model}: valid; {len(graph.nodes)} layers, {size:,} bytes of weights, ")
        + Text("checksums and shapes agree")
    )
    if unknown:
        console.print(Text(f"not registered here, so not checked: {', '.join(unknown)}"))

"""`nnbuilder info`: what a file holds."""

import json
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

import wnnx
from wnnx.graph import Graph
from wnnx.ops.registry import find_schema

ModelPath = Annotated[Path, typer.Argument(help="A .wnnx file.", show_default=False)]


def info(
    model: ModelPath,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead.")] = False,
) -> None:
    """Show what goes in and out, the operators, the weights and the file's size."""
    facts = _facts(wnnx.load(model, checksums=False), model)
    if as_json:
        typer.echo(json.dumps(facts, indent=2))
        return
    table = Table(show_header=False, box=None, pad_edge=False)
    for key, value in facts.items():
        table.add_row(Text(key, style="bold"), Text(_lines(value)))
    Console().print(table)


def _facts(graph: Graph, path: Path) -> dict[str, Any]:
    constants = list(graph.constants)
    sizes: Counter[str] = Counter()
    for constant in constants:
        sizes[constant.dtype] += constant.array.nbytes
    unknown = sorted({n.op for n in graph.nodes if find_schema(n.op, n.version) is None})
    facts: dict[str, Any] = {
        "network": graph.name,
        "file": f"{path} ({path.stat().st_size:,} bytes)",
        "inputs": {value.name: str(value.type) for value in graph.inputs},
        "outputs": {value.name: str(value.type) for value in graph.outputs},
        "layers": len(graph.nodes),
        "operators": dict(Counter(node.op for node in graph.nodes).most_common()),
        "parameters": f"{sum(constant.array.size for constant in constants):,}",
        "weights": {dtype: f"{size:,} bytes" for dtype, size in sizes.most_common()},
    }
    if unknown:
        facts["not registered here"] = unknown
    if graph.metadata:
        facts["metadata"] = dict(graph.metadata)
    return facts


def _lines(value: str | int | list[str] | dict[str, Any]) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{key}  {item}" for key, item in value.items())
    return "\n".join(value) if isinstance(value, list) else str(value)

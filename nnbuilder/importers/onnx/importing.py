"""`from_onnx`: an ONNX model becomes a network to go on with."""

import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Union

from nnbuilder.builder import Builder
from nnbuilder.importers.onnx.reader import opsets_of, read_model
from nnbuilder.importers.onnx.report import ImportReport, failure_text
from nnbuilder.importers.onnx.walk import Walk
from wnnx.errors import ImportFailedError
from wnnx.graph import Graph

if TYPE_CHECKING:
    from onnx import ModelProto

Model = Union[str, os.PathLike[str], "ModelProto"]
OPERATORS = f"{__package__}.operators"


def from_onnx(model: Model) -> Builder:
    """Import an ONNX model of opset 7 or later; needs the extra `onnx`.

    Names of layers, inputs, outputs and weights survive; data in files beside the model stays
    mapped, and is read from inside its folder only.

    Args:
        model: A path, or an `onnx.ModelProto`.

    Returns:
        The network.

    Raises:
        ImportFailedError: if anything has no counterpart here; it lists all of that.
        FormatError: if the file is no ONNX model.
        FileMissingError: if there is no such file.
    """
    return import_onnx(model)[0]


def import_onnx(
    model: Model, progress: Callable[[int, int], None] | None = None
) -> tuple[Builder, ImportReport]:
    """Import an ONNX model, as `from_onnx` does, and report what became of its nodes.

    Args:
        model: A path, or an `onnx.ModelProto`.
        progress: Called with how many nodes of how many are done.

    Returns:
        The network and the report.

    Raises:
        ImportFailedError: if anything has no counterpart here; it lists all of that.
        FormatError: if the file is no ONNX model.
        FileMissingError: if there is no such file.
    """
    _register_converters()
    proto, folder = read_model(model)
    report = ImportReport(
        f"{proto.producer_name} {proto.producer_version}".strip(), opsets_of(proto).get("", 0)
    )
    walk = Walk(proto, folder, report)
    walk.run(progress)
    if walk.failures:
        raise ImportFailedError(failure_text(walk.failures), walk.failures)
    graph = walk.builder.graph
    _remove_unread(graph)
    _name_values(graph, walk)
    walk.tally()
    graph.metadata["onnx.opset"] = str(report.opset)
    if report.producer:
        graph.metadata["onnx.producer"] = report.producer
    return walk.builder, report


def _register_converters() -> None:
    folder = Path(__file__).with_name("operators")
    for module in iter_modules([str(folder)]):
        import_module(f"{OPERATORS}.{module.name}")


def _remove_unread(graph: Graph) -> None:
    """Remove the layers and constants that no output depends on."""
    from wnnxruntime.plan import needed_nodes  # only importing needs the engine

    needed = set(needed_nodes(graph, graph.outputs))
    for node in reversed(list(graph.nodes)):
        if node not in needed:
            graph.remove_node(node)
    for constant in list(graph.constants):
        if not constant.uses and constant not in graph.outputs:
            graph.remove_constant(constant)


def _name_values(graph: Graph, walk: Walk) -> None:
    """Give what layers compute its ONNX name; an output's goes before others."""
    named = set(graph.inputs)
    for name, value in walk.values():
        if value.graph is not graph or value.producer is None or value in named:
            continue
        named.add(value)
        if value.name != name and graph.has_value(name):
            holder, count = graph.value(name), 1
            while graph.has_value(f"{name}_{count}"):
                count += 1
            graph.rename_value(holder, f"{name}_{count}")
        graph.rename_value(value, name)

"""An ONNX model, read from its file and made of operators that have a converter."""

import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from nnbuilder.importers.onnx.converters import find_converter
from nnbuilder.weights.opening import checked_file
from wnnx.errors import FormatError, ImportFailedError

OLDEST_OPSET = 7
MAX_NESTED_FUNCTIONS = 16


def read_model(model: Any) -> tuple[Any, Path | None]:
    """Return a ModelProto with its functions inlined, and the folder it is in.

    Args:
        model: A path, or an onnx.ModelProto, which is in no folder.

    Raises:
        ImportFailedError: if onnx is not installed, or the opset is none that can be imported.
        FormatError: if the file is no ONNX model.
        FileMissingError: if there is no such file.
    """
    onnx = onnx_package()
    folder = None
    if isinstance(model, str | os.PathLike):
        path = checked_file(Path(os.fspath(model)))
        folder, model = path.parent, _parsed(onnx, path)
    opset = opsets_of(model).get("", 0)
    newest = onnx.defs.onnx_opset_version()
    if not OLDEST_OPSET <= opset <= newest:
        raise ImportFailedError(
            f"the model is of opset {opset}; opsets {OLDEST_OPSET} to {newest} can be imported"
            "; onnx.version_converter can convert it"
        )
    return _inlined(onnx, model), folder


def onnx_package() -> Any:
    """Return the module onnx, which is imported only when it is needed.

    Raises:
        ImportFailedError: if it is not installed.
    """
    try:
        return import_module("onnx")
    except ImportError:
        raise ImportFailedError(
            "reading ONNX models takes the package onnx: pip install 'nnbuilder[onnx]'"
        ) from None


def opsets_of(model: Any) -> dict[str, int]:
    """Return the version of each domain that a model imports; "" is ai.onnx."""
    return {_domain(entry.domain): int(entry.version) for entry in model.opset_import}


def operator_name(node: Any) -> str:
    """Return how converters call a node's operator: "Conv", "domain::name"."""
    domain = _domain(node.domain)
    return f"{domain}::{node.op_type}" if domain else str(node.op_type)


def _domain(domain: str) -> str:
    return "" if domain == "ai.onnx" else domain


def _parsed(onnx: Any, path: Path) -> Any:
    decode_error = import_module("google.protobuf.message").DecodeError
    try:
        model = onnx.load(path, load_external_data=False)
    except (decode_error, ValueError) as error:
        raise FormatError(f"{path} is not an ONNX model: {error}") from None
    if not model.opset_import and not model.graph.node:
        raise FormatError(f"{path} is not an ONNX model: it has no opset and no nodes")
    return model


def _inlined(onnx: Any, model: Any) -> Any:
    """Replace calls of functions that have no converter by what they are made of."""
    inline = import_module("onnx.inliner").inline_selected_functions
    for _ in range(MAX_NESTED_FUNCTIONS):
        functions = _functions(onnx, model)
        if not functions:
            break
        model = inline(model, functions, inline_schema_functions=True)
    return model


def _functions(onnx: Any, model: Any) -> list[tuple[str, str]]:
    """Return the functions that nodes call and nothing converts: domain and name of each."""
    opsets = opsets_of(model)
    local = {(f.domain, f.name) for f in model.functions}
    found: dict[tuple[str, str], None] = {}
    for node in _nodes(model.graph):
        key, opset = (node.domain, node.op_type), opsets.get(_domain(node.domain), 1)
        if find_converter(operator_name(node), opset):
            continue
        if key in local or _has_body(onnx, node, opset):
            found[key] = None
    return list(found)


def _has_body(onnx: Any, node: Any, opset: int) -> bool:
    try:
        schema = onnx.defs.get_schema(node.op_type, opset, _domain(node.domain))
    except onnx.defs.SchemaError:
        return False
    return bool(schema.has_function or schema.has_context_dependent_function)


def _nodes(graph: Any) -> Iterator[Any]:
    """Yield the nodes of a graph and of the graphs in it."""
    for node in graph.node:
        yield node
        for attribute in node.attribute:
            for inner in (attribute.g, *attribute.graphs):
                yield from _nodes(inner)

"""The nodes of an ONNX model, converted one after the other."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nnbuilder.builder import Builder
from nnbuilder.importers.onnx.converters import (
    Call,
    CannotConvertError,
    Converter,
    find_converter,
)
from nnbuilder.importers.onnx.folding import folded, known_constant
from nnbuilder.importers.onnx.inputs import InputTypes
from nnbuilder.importers.onnx.reader import onnx_package, operator_name, opsets_of
from nnbuilder.importers.onnx.report import Failure, ImportReport
from nnbuilder.importers.onnx.tensors import array_of, constant_of
from nnbuilder.weights import constant
from wnnx.errors import WnnxError
from wnnx.graph import Constant, Node, Value


class Walk:
    """Builds the network of one model; `failures` are what it could not build.

    What depends on a failed node is passed over: it says nothing new.
    """

    def __init__(self, model: Any, folder: Path | None, report: ImportReport) -> None:
        self.builder = Builder(model.graph.name)
        self.failures: list[Failure] = []
        self._model, self._folder, self._report = model, folder, report
        self._opsets = opsets_of(model)
        self._tensors = {tensor.name: tensor for tensor in model.graph.initializer}
        self._values: dict[str, Value] = {}
        self._lost: set[str] = set()
        self._built: list[tuple[str, tuple[Node, ...]]] = []

    def run(self, progress: Callable[[int, int], None] | None) -> None:
        """Convert everything; `progress` is told how many nodes of how many are done."""
        self._inputs()
        alive, reads = _alive(self._model.graph)
        for done, node in enumerate(alive):
            if self._lost.isdisjoint(_reads(node)):
                self._try(node, reads)
            else:
                self._lost.update(node.output)
            if progress:
                progress(done + 1, len(alive))
        kept = {id(node) for node in alive}
        for node in self._model.graph.node:
            if id(node) not in kept:
                self._report.dropped[operator_name(node)] += 1
        if not self.failures:
            self._outputs()

    def values(self) -> Iterator[tuple[str, Value]]:
        """Yield every value by its ONNX name, the outputs first."""
        return iter(self._values.items())

    def tally(self) -> None:
        """Count what became of the nodes, once the network has lost what nothing reads."""
        for op, nodes in self._built:
            lives = any(node.graph is self.builder.graph for node in nodes)
            (self._report.mapped if lives else self._report.folded)[op] += 1
        self._report.layers.update(node.op for node in self.builder.graph.nodes)

    def _inputs(self) -> None:
        types = InputTypes()
        for info in self._model.graph.input:
            if info.name in self._tensors:  # IR 3 lists the constants among the inputs
                continue
            try:
                found = self.builder.graph.add_input(info.name, types.read(info))
                self._values[info.name] = found
            except WnnxError as error:
                self._fail(Failure(info.name, "input", None, str(error)), [info.name])

    def _try(self, node: Any, reads: set[str]) -> None:
        name, op = _name_of(node), operator_name(node)
        domain = "" if node.domain == "ai.onnx" else node.domain
        opset = self._opsets.get(domain, 1)
        try:
            self._convert(node, op, opset, reads)
        except WnnxError as error:
            self._fail(Failure(name, op, opset, str(error)), node.output)

    def _convert(self, node: Any, op: str, opset: int, reads: set[str]) -> None:
        if op == "Constant":
            self._values[node.output[0]] = self._literal(node)
            self._report.folded[op] += 1
            return
        converter = find_converter(op, opset)
        if converter is None:
            raise CannotConvertError("the operator has no counterpart here")
        wanted = tuple(name in reads for name in node.output)
        inputs = tuple(self._value(name) if name else None for name in node.input)
        name = self._node_name(node)
        call = Call(
            self.builder, node.op_type, opset, name, inputs, self._attributes(node), wanted
        )
        self._keep(node, op, call, converter)

    def _keep(self, node: Any, op: str, call: Call, converter: Converter) -> None:
        """Convert a node, as constants where that can be, and keep its outputs.

        Raises:
            CannotConvertError: if an output that is read is not there.
        """
        now = folded(converter, call, node.output)
        before = len(self.builder.graph.nodes)
        found = converter(call) if now is None else now
        outputs = [found] if isinstance(found, Value) else list(found)
        for i, wanted in enumerate(call.wanted):
            if not wanted:
                continue
            value = outputs[i] if i < len(outputs) else None
            if value is None:
                raise CannotConvertError(f"output {i} has no counterpart here")
            known = known_constant(value, node.output[i])
            self._values[node.output[i]] = value if known is None else known
        new = tuple(self.builder.graph.nodes[before:])
        if new:
            self._built.append((op, new))
        else:
            (self._report.dropped if now is None else self._report.folded)[op] += 1

    def _outputs(self) -> None:
        for info in self._model.graph.output:
            try:
                self._mark(info.name, self._value(info.name))
            except WnnxError as error:
                self._fail(Failure(info.name, "output", None, str(error)), [])

    def _mark(self, name: str, value: Value) -> None:
        """Mark an output; what has a name of its own is passed on under the output's."""
        builder = self.builder
        if isinstance(value, Constant):
            value = builder.constant(value)
        if value in builder.graph.outputs or (value.producer is None and value.name != name):
            layer = _unused(name, builder.graph.has_node)
            value = builder.identity(value, name=layer)
        self._values.pop(name, None)
        self._values = {name: value} | self._values
        builder.output(value)

    def _value(self, name: str) -> Value:
        if name not in self._values:
            if name not in self._tensors:
                raise CannotConvertError(f"it reads {name!r}, which nothing computes")
            tensor = self._tensors[name]
            self._values[name] = constant_of(tensor, self._folder, name)
        return self._values[name]

    def _literal(self, node: Any) -> Constant:
        """Return what a Constant node holds.

        Raises:
            CannotConvertError: if it is text or sparse.
        """
        attributes = self._attributes(node)
        name = node.output[0]
        for key, value in attributes.items():
            if key == "value":
                return constant(value, name)
            if key in {"value_int", "value_ints"}:
                return constant(np.array(value, np.int64), name)
            if key in {"value_float", "value_floats"}:
                return constant(np.array(value, np.float32), name)
        raise CannotConvertError(f"it holds {' '.join(attributes) or 'nothing'}, not a tensor")

    def _attributes(self, node: Any) -> dict[str, Any]:
        return {a.name: self._attribute(a) for a in node.attribute}

    def _attribute(self, attribute: Any) -> Any:
        onnx = onnx_package()
        kind = onnx.AttributeProto
        if attribute.type == kind.TENSOR:
            return array_of(attribute.t, self._folder)
        if attribute.type in {kind.SPARSE_TENSOR, kind.SPARSE_TENSORS}:
            raise CannotConvertError(f"its attribute {attribute.name} is a sparse tensor")
        value = onnx.helper.get_attribute_value(attribute)
        if isinstance(value, bytes):
            return value.decode("utf-8", "replace")
        if attribute.type == kind.STRINGS:
            return [text.decode("utf-8", "replace") for text in value]
        return value

    def _node_name(self, node: Any) -> str:
        return _unused(_name_of(node), self.builder.graph.has_node)

    def _fail(self, failure: Failure, outputs: Sequence[str]) -> None:
        self.failures.append(failure)
        self._lost.update(outputs)


def _name_of(node: Any) -> str:
    """Return a node's name, else its first output's, else its operator's."""
    names: list[str] = [node.name, *node.output, node.op_type]
    return next(name for name in names if name)


def _unused(name: str, taken: Callable[[str], bool]) -> str:
    found, count = name, 1
    while taken(found):
        found, count = f"{name}_{count}", count + 1
    return found


def _alive(graph: Any) -> tuple[list[Any], set[str]]:
    """Return the nodes that the outputs depend on, in order, and all names that are read."""
    reads = {info.name for info in graph.output}
    nodes: list[Any] = []
    for node in reversed(graph.node):
        if not reads.isdisjoint(filter(None, node.output)):
            nodes.append(node)
            reads.update(_reads(node))
    return nodes[::-1], reads


def _reads(node: Any) -> set[str]:
    """Return the names a node reads, those in its subgraphs too."""
    names = {name for name in node.input if name}
    for attribute in node.attribute:
        for inner in (attribute.g, *attribute.graphs):
            for each in inner.node:
                names |= _reads(each)
            names.update(info.name for info in inner.output)
    return names

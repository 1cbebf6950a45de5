"""onnx's backend suite: which of its tests are ours to pass, and what running one gives."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

import nnbuilder as nn
import wnnx
from wnnx.types import Array
from wnnxruntime import Session

GROUPS = ("node", "simple", "pytorch-converted", "pytorch-operator", "real")

# How many tests of each group are left once OUT is taken away.
IN_SET = {
    "node": 1196,
    "simple": 7,
    "pytorch-converted": 82,
    "pytorch-operator": 35,
    "real": 9,
}

# What a test must not use to be ours: patterns of operators and element types, each with why.
OUT = {
    "FLOAT8*": "8-bit floats",
    "FLOAT4*": "4-bit floats",
    "INT4": "4-bit integers",
    "UINT4": "4-bit integers",
    "INT2": "2-bit integers",
    "UINT2": "2-bit integers",
    "BFLOAT16": "bfloat16",
    "STRING": "strings",
    "TfIdfVectorizer": "text",
    "sequence_type": "sequences",
    "Sequence*": "sequences",
    "SplitToSequence": "sequences",
    "ConcatFromSequence": "sequences",
    "optional_type": "optional values",
    "Optional*": "optional values",
    "ai.onnx.ml::*": "classical machine learning",
    "ai.onnx.preview.training::*": "training",
    "NegativeLogLikelihoodLoss": "losses, which only training needs",
    "SoftmaxCrossEntropyLoss": "losses, which only training needs",
    "Random*": "random numbers",
    "Bernoulli": "random numbers",
    "DFT": "signal processing",
    "STFT": "signal processing",
    "*Window": "signal processing",
    "MelWeightMatrix": "signal processing",
    "ImageDecoder": "reading image files",
    "BitShift": "operations on bits",
    "Bitwise*": "operations on bits",
    "BitCast": "operations on bits",
    "*QuantizeLinear": "8-bit inference",
    "QLinear*": "8-bit inference",
    "DequantizeLinear": "8-bit inference",
    "*Integer": "8-bit inference",
    "AffineGrid": "not in the operator set",
    "CenterCropPad": "not in the operator set",
    "Compress": "not in the operator set",
    "CumProd": "not in the operator set",
    "DeformConv": "not in the operator set",
    "Det": "not in the operator set",
    "Hardmax": "not in the operator set",
    "MaxUnpool": "not in the operator set",
    "MeanVarianceNormalization": "not in the operator set",
    "Scan": "not in the operator set",
    "Scatter": "superseded by ScatterElements in opset 11",
    "TensorScatter": "not in the operator set",
    "Unique": "not in the operator set",
}

Engine: TypeAlias = "Callable[[Any, Mapping[str, Array]], Sequence[Any]]"


@dataclass(frozen=True)
class SuiteTest:
    """A test of the suite: a model with inputs and the outputs it must give.

    `words` are the operators and element types in the model, subgraphs included.
    """

    name: str
    group: str
    path: Path
    rtol: float
    atol: float
    words: frozenset[str]

    @property
    def excluded_by(self) -> list[str]:
        """The patterns of OUT that keep it out; empty if it is ours to pass."""
        return [p for p in OUT if any(fnmatchcase(word, p) for word in self.words)]

    def model(self) -> Any:
        """Return the model, an onnx.ModelProto."""
        return import_module("onnx").load(self.path)

    def data_sets(self) -> Iterator[tuple[dict[str, Array], list[Array]]]:
        """Yield inputs by name, and the outputs they must give."""
        graph = self.model().graph
        constants = {tensor.name for tensor in graph.initializer}
        inputs = [value for value in graph.input if value.name not in constants]
        if self.group == "real":
            expected = self.path.with_name(f"{self.path.stem}_output_0.pb")
            yield {value.name: _ramp(value) for value in inputs}, [_tensor(expected)]
            return
        for folder in sorted(self.path.parent.glob("test_data_set_*")):
            found = _tensors(folder, "input")
            yield (
                {v.name: x for v, x in zip(inputs, found, strict=True)},
                _tensors(folder, "output"),
            )


def in_set(group: str) -> list[SuiteTest]:
    """Return the tests of a group that are ours to pass, by name."""
    return [test for test in suite(group) if not test.excluded_by]


@cache
def suite(group: str) -> tuple[SuiteTest, ...]:
    """Return all tests of a group, by name."""
    onnx = import_module("onnx")
    loader = import_module("onnx.backend.test.loader")
    tests: list[SuiteTest] = []
    for case in loader.load_model_tests(kind=group):
        if case.model_dir:
            path = Path(case.model_dir) / "model.onnx"
        else:
            path = Path(onnx.__path__[0]) / case.url.removeprefix("onnx/")
        words = frozenset(_words(onnx.load(path).graph))
        tests.append(SuiteTest(case.name, group, path, case.rtol, case.atol, words))
    return tuple(sorted(tests, key=lambda test: test.name))


def failure(test: SuiteTest, engine: Engine, fixed: Sequence[str] = ()) -> str | None:
    """Return in one line why an engine fails a test, or None if it passes.

    Args:
        test: What to run.
        engine: Computes a model's outputs.
        fixed: Inputs that the model is given as constants, with the values of the test.
    """
    runner = import_module("onnx.backend.test.runner").Runner
    for feeds, expected in test.data_sets():
        model = test.model()
        _fix(model.graph, {name: feeds.pop(name) for name in fixed})
        try:
            found = [np.asarray(y) for y in engine(model, feeds)]
            runner.assert_similar_outputs(expected, found, test.rtol, test.atol)
        except Exception as error:
            return f"{type(error).__name__}: {' '.join(str(error).split())}"
    return None


def ours(model: Any, feeds: Mapping[str, Array]) -> Sequence[Array]:
    """Import a model, save it, load it and run it with the reference kernels."""
    saved = nn.from_onnx(model).serialize()
    session = Session(wnnx.from_bytes(saved), backend="reference")
    outputs = session.run(feeds)
    return [outputs[value.name] for value in model.graph.output]


def onnxruntime(model: Any, feeds: Mapping[str, Array]) -> Sequence[Any]:
    """Run a model with ONNX Runtime on one thread."""
    runtime = import_module("onnxruntime")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    session = runtime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    outputs: list[Any] = session.run(None, dict(feeds))
    return outputs


def reference_evaluator(model: Any, feeds: Mapping[str, Array]) -> Sequence[Any]:
    """Run a model with onnx's own evaluator."""
    evaluator = import_module("onnx.reference").ReferenceEvaluator(model)
    outputs: list[Any] = evaluator.run(None, dict(feeds))
    return outputs


def _fix(graph: Any, arrays: Mapping[str, Array]) -> None:
    """Make inputs of a graph its constants."""
    helper = import_module("onnx.numpy_helper")
    graph.initializer.extend(helper.from_array(x, name) for name, x in arrays.items())
    kept = [value for value in graph.input if value.name not in arrays]
    del graph.input[:]
    graph.input.extend(kept)


def _words(graph: Any) -> Iterator[str]:
    """Yield the operators and the element types of a graph and the graphs in it."""
    name_of = import_module("onnx").TensorProto.DataType.Name
    for value in (*graph.input, *graph.output, *graph.value_info):
        kind = value.type.WhichOneof("value")
        if kind == "tensor_type":
            yield name_of(value.type.tensor_type.elem_type)
        elif kind is not None:
            yield kind
    for tensor in graph.initializer:
        yield name_of(tensor.data_type)
    for node in graph.node:
        yield f"{node.domain}::{node.op_type}" if node.domain else node.op_type
        for attribute in node.attribute:
            for inner in (attribute.g, *attribute.graphs):
                yield from _words(inner)


def _tensors(folder: Path, kind: str) -> list[Array]:
    count = len(list(folder.glob(f"{kind}_*.pb")))
    return [_tensor(folder / f"{kind}_{i}.pb") for i in range(count)]


def _tensor(path: Path) -> Array:
    onnx = import_module("onnx")
    tensor = onnx.TensorProto.FromString(path.read_bytes())
    return np.asarray(onnx.numpy_helper.to_array(tensor))


def _ramp(value: Any) -> Array:
    """Return what the suite feeds its real models: 0 to 1, evenly."""
    shape = [dim.dim_value for dim in value.type.tensor_type.shape.dim]
    count = int(np.prod(shape))
    return (np.arange(count).reshape(shape) / count).astype(np.float32)

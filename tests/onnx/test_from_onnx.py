"""Importing: names, symbols, constants, folding, external data, and what is refused."""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nnbuilder as nn
from nnbuilder.importers.onnx import import_onnx
from wnnx.errors import FileMissingError, FormatError, ImportFailedError
from wnnx.types import Array, shape_text
from wnnxruntime import Session

pytestmark = pytest.mark.onnx

WEIGHT = np.arange(12, dtype=np.float32).reshape(4, 3)
X = np.array([[1, -2, 3, 4], [0, 1, -1, 2]], np.float32)


def model(
    nodes: list[tuple[str, list[str], list[str], dict[str, Any]]],
    shape: list[int | str | None],
    constants: dict[str, Array],
    *,
    outputs: tuple[str, ...] = ("y",),
    opset: int = 17,
) -> Any:
    """Return a model with the float input x; a node is its operator, inputs and outputs."""
    onnx = import_module("onnx")
    helper = onnx.helper
    graph = helper.make_graph(
        [helper.make_node(op, i, o, **a) for op, i, o, a in nodes],
        "net",
        [helper.make_tensor_value_info("x", 1, shape)],
        [helper.make_tensor_value_info(name, 1, None) for name in outputs],
        [onnx.numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    opsets = [helper.make_opsetid("", opset)]
    return helper.make_model(
        graph, opset_imports=opsets, producer_name="p", producer_version="2"
    )


def matmul(shape: list[int | str | None]) -> Any:
    """x @ w, then relu."""
    nodes: list[Any] = [
        ("MatMul", ["x", "w"], ["h"], {"name": "fc"}),
        ("Relu", ["h"], ["y"], {}),
    ]
    return model(nodes, shape, {"w": WEIGHT})


def test_names_and_metadata_survive() -> None:
    graph = nn.from_onnx(matmul(["batch", 4])).graph
    assert graph.name == "net"
    assert [node.name for node in graph.nodes] == ["fc", "y"]
    assert [node.output.name for node in graph.nodes] == ["h", "y"]
    assert [constant.name for constant in graph.constants] == ["w"]
    assert graph.metadata == {"onnx.opset": "17", "onnx.producer": "p 2"}


def test_a_symbolic_batch_runs_at_every_size() -> None:
    builder = nn.from_onnx(matmul(["batch size", 4]))
    assert shape_text(builder.graph.outputs[0].shape) == "(batch_size, 3)"
    session = Session(builder.graph)
    for x in (X, X[:1]):
        np.testing.assert_allclose(session.run({"x": x})["y"], np.maximum(x @ WEIGHT, 0))


def test_unnamed_and_negative_extents_are_symbols_of_their_own() -> None:
    relu: list[Any] = [("Relu", ["x"], ["y"], {})]
    proto = model(relu, [None, -1, "a b", "a_b", "a b", 0], {})
    graph = nn.from_onnx(proto).graph
    assert shape_text(graph.inputs[0].shape) == "(x_0, x_1, a_b, a_b_1, a_b, 0)"


def test_initializers_among_the_inputs_are_constants() -> None:
    proto = matmul(["N", 4])
    weight = import_module("onnx").helper.make_tensor_value_info("w", 1, [4, 3])
    proto.graph.input.append(weight)
    graph = nn.from_onnx(proto).graph
    assert [value.name for value in graph.inputs] == ["x"]
    assert [constant.name for constant in graph.constants] == ["w"]


def test_shape_arithmetic_of_exporters_is_folded() -> None:
    nodes: list[Any] = [
        ("Shape", ["x"], ["s"], {}),
        ("Gather", ["s", "zero"], ["n"], {"axis": 0}),
        ("Unsqueeze", ["n", "axes"], ["n1"], {}),
        ("Concat", ["n1", "rest"], ["shape"], {"axis": 0}),
        ("Reshape", ["x", "shape"], ["y"], {}),
    ]
    zero, one = np.array(0, np.int64), np.array([0], np.int64)
    constants = {"zero": zero, "axes": one, "rest": np.array([-1], np.int64)}
    builder, report = import_onnx(model(nodes, ["N", 2, 3], constants))
    assert [node.op for node in builder.graph.nodes] == ["reshape"]
    assert list(builder.graph.constants) == []
    assert dict(report.folded) == {"Shape": 1, "Gather": 1, "Unsqueeze": 1, "Concat": 1}
    x = np.arange(30, dtype=np.float32).reshape(5, 2, 3)
    found = Session(builder.graph).run({"x": x})["y"]
    np.testing.assert_array_equal(found, x.reshape(5, 6))


def test_nodes_of_constants_alone_are_run_now() -> None:
    nodes: list[Any] = [
        ("Transpose", ["w"], ["wt"], {}),
        ("Add", ["wt", "wt"], ["w2"], {}),
        ("MatMul", ["x", "w2"], ["y"], {}),
        ("Identity", ["x"], ["unread"], {}),
    ]
    builder, report = import_onnx(model(nodes, [2, 3], {"w": WEIGHT}))
    (constant,) = builder.graph.constants
    assert constant.name == "w2"
    np.testing.assert_array_equal(constant.array, 2 * WEIGHT.T)
    assert dict(report.folded) == {"Transpose": 1, "Add": 1}
    assert dict(report.dropped) == {"Identity": 1}
    assert dict(report.mapped) == {"MatMul": 1}


def test_outputs_that_are_constants_inputs_or_the_same_value_keep_their_names() -> None:
    nodes: list[Any] = [
        ("Relu", ["x"], ["r"], {}),
        ("Identity", ["r"], ["r2"], {}),
        ("Identity", ["x"], ["same"], {}),
        ("Constant", [], ["c"], {"value_floats": [1.0, 2.0]}),
    ]
    graph = nn.from_onnx(model(nodes, [2, 4], {}, outputs=("r2", "same", "c", "r"))).graph
    found = Session(graph).run({"x": X})
    assert list(found) == ["r2", "same", "c", "r"]
    np.testing.assert_array_equal(found["r2"], np.maximum(X, 0))
    np.testing.assert_array_equal(found["r"], np.maximum(X, 0))
    np.testing.assert_array_equal(found["same"], X)
    np.testing.assert_array_equal(found["c"], np.array([1, 2], np.float32))


def test_all_that_cannot_be_imported_is_listed_at_once() -> None:
    nodes: list[Any] = [
        ("Det", ["x"], ["a"], {"name": "first"}),
        ("Relu", ["a"], ["b"], {}),
        ("Frobnicate", ["x"], ["c"], {"domain": "com.example"}),
        ("Add", ["b", "c"], ["y"], {}),
    ]
    proto = model(nodes, [2, 2], {})
    proto.opset_import.append(import_module("onnx").helper.make_opsetid("com.example", 3))
    with pytest.raises(ImportFailedError) as caught:
        nn.from_onnx(proto)
    assert [str(failure) for failure in caught.value.failures] == [
        'Det "first" (opset 17): the operator has no counterpart here',
        'com.example::Frobnicate "c" (opset 3): the operator has no counterpart here',
    ]
    assert str(caught.value).startswith("2 parts of the model cannot be imported")


@pytest.mark.parametrize("opset", [6, 99])
def test_other_opsets_are_refused(opset: int) -> None:
    proto = model([("Relu", ["x"], ["y"], {})], [1], {}, opset=opset)
    with pytest.raises(ImportFailedError, match=f"opset {opset}; opsets 7 to 26"):
        nn.from_onnx(proto)


def test_without_onnx_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(ImportFailedError, match=r"pip install 'nnbuilder\[onnx\]'"):
        nn.from_onnx("model.onnx")


def test_files_that_are_no_models(tmp_path: Path) -> None:
    (tmp_path / "bad.onnx").write_bytes(b"\xff\xffnot a model")
    with pytest.raises(FormatError, match="is not an ONNX model"):
        nn.from_onnx(tmp_path / "bad.onnx")
    with pytest.raises(FileMissingError):
        nn.from_onnx(tmp_path / "none.onnx")


def test_functions_of_the_model_are_inlined() -> None:
    helper = import_module("onnx").helper
    proto = model([("Twice", ["x"], ["y"], {"domain": "local"})], [2, 4], {})
    body = [helper.make_node("Add", ["a", "a"], ["b"])]
    opsets = [helper.make_opsetid("", 17)]
    proto.functions.append(helper.make_function("local", "Twice", ["a"], ["b"], body, opsets))
    proto.opset_import.append(helper.make_opsetid("local", 1))
    found = Session(nn.from_onnx(proto).graph).run({"x": X})["y"]
    np.testing.assert_array_equal(found, 2 * X)


def external(folder: Path, location: str, **entries: int) -> Path:
    """Save the matmul model with its weight said to be in `location`."""
    proto = matmul([2, 4])
    tensor = proto.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = 1
    for key, value in {"location": location, **entries}.items():
        tensor.external_data.add(key=key, value=str(value))
    folder.mkdir(exist_ok=True)
    (folder / "model.onnx").write_bytes(proto.SerializeToString())
    return folder / "model.onnx"


def test_external_data_is_mapped_from_the_models_folder(tmp_path: Path) -> None:
    path = external(tmp_path / "m", "w.bin", offset=8, length=48)
    (tmp_path / "m/w.bin").write_bytes(bytes(8) + WEIGHT.tobytes())
    builder = nn.from_onnx(path)
    found = Session(builder.graph).run({"x": X})["y"]
    np.testing.assert_allclose(found, np.maximum(X @ WEIGHT, 0))
    assert not next(builder.graph.constants).array.flags.owndata


def test_external_data_beyond_two_gigabytes(tmp_path: Path) -> None:
    start = 3 << 30
    path = external(tmp_path / "m", "w.bin", offset=start)
    with (tmp_path / "m/w.bin").open("wb") as file:  # sparse: it takes no space
        file.seek(start)
        file.write(WEIGHT.tobytes())
    (constant,) = nn.from_onnx(path).graph.constants
    np.testing.assert_array_equal(constant.array, WEIGHT)


@pytest.mark.parametrize("how", ["parent", "absolute", "windows", "link"])
def test_external_data_elsewhere_is_refused(how: str, tmp_path: Path) -> None:
    (tmp_path / "w.bin").write_bytes(WEIGHT.tobytes())
    location = {
        "parent": "../w.bin",
        "absolute": str(tmp_path / "w.bin"),
        "windows": "..\\w.bin",
        "link": "link.bin",
    }[how]
    path = external(tmp_path / "m", location)
    (tmp_path / "m/link.bin").symlink_to(tmp_path / "w.bin")
    with pytest.raises(ImportFailedError, match="not inside the model's folder"):
        nn.from_onnx(path)


def test_external_data_of_another_size_is_refused(tmp_path: Path) -> None:
    path = external(tmp_path / "m", "w.bin")
    (tmp_path / "m/w.bin").write_bytes(bytes(47))
    with pytest.raises(ImportFailedError, match="takes 48 bytes"):
        nn.from_onnx(path)

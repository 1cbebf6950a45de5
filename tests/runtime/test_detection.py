"""Extents that only the data decides: their names, and networks that go on with them."""

from typing import Any

import numpy as np
import pytest

import nnbuilder as nn
from nnbuilder.verifying import check_types
from tests.runtime.agreement import infer, run
from wnnx import ops
from wnnx.dims import symbol
from wnnx.errors import ArgumentError, DTypeError, GraphError, ShapeError, WnnxError
from wnnx.graph import Value
from wnnx.ops.fresh import fresh_symbol
from wnnx.types import TensorType
from wnnxruntime import Session

X = np.array([[0, 2, 0], [3, 0, 4]], np.float32)


def value(name: str, *shape: Any, dtype: str = "float32") -> Value:
    return Value(name, TensorType(dtype, shape))


def test_symbols_are_named_after_what_decides_them() -> None:
    assert str(ops.nonzero(value("x", 3)).shape[1]) == "nonzero_x"
    assert ops.nonzero(value("x", 3)) == ops.nonzero(value("x", 4))
    names = ["x", "a.b", "a_b", "a/b", "a b", "é", "", "x" * 600, "x" * 601, "1"]
    symbols = {str(fresh_symbol("nonzero", value(name, 3))) for name in names}
    assert len(symbols) == len(names)
    for one in symbols:
        assert one.isidentifier()
        assert len(one) < 100


def test_symbols_tell_calls_apart() -> None:
    boxes, scores = value("boxes", 1, 9, 4), value("scores", 1, 1, 9)
    found = [
        ops.nms(boxes, scores, iou_threshold=0.5),
        ops.nms(boxes, scores, iou_threshold=0.6),
        ops.nms(boxes, scores, iou_threshold=0.5, max_output_boxes_per_class=3),
        ops.nms(boxes, value("others", 1, 1, 9), iou_threshold=0.5),
    ]
    symbols = [str(type.shape[0]) for type in found]
    assert len(set(symbols)) == 4
    assert all(one.startswith("nms_boxes_") for one in symbols)
    assert ops.nms(boxes, scores, iou_threshold=0.5) == found[0]


def test_what_is_found_is_counted_at_run() -> None:
    b = nn.Builder()
    x = b.input("x", ("N", 3))
    b.output(b.nonzero(x), name="where")
    session = Session(b.graph)
    assert str(session.outputs[0]) == '"where" int64 (2, nonzero_x)'
    for array in (X, np.zeros((4, 3), np.float32), np.ones((0, 3), np.float32)):
        np.testing.assert_array_equal(session.run({"x": array})["where"], np.nonzero(array))


def after_nonzero(shape: Any) -> nn.Builder:
    """Return a network that gives where x (N, 3) is not 0 another shape, and adds to it."""
    b = nn.Builder()
    x = b.input("x", ("N", 3))
    pairs = b.reshape(b.permute(b.nonzero(x), dims=(1, 0)), shape=shape)
    ones = b.full(shape=("nonzero_x", 2), value=1, dtype="int64")
    b.output(b.reshape(pairs, shape=("nonzero_x", 2)) + ones, name="y")
    return b


@pytest.mark.parametrize("shape", [("2*nonzero_x",), (2, "nonzero_x"), (-1,)])
def test_a_network_goes_on_with_a_found_extent(shape: Any) -> None:
    session = Session(after_nonzero(shape).graph)
    for array in (X, X[:1], np.zeros((4, 3), np.float32)):
        expected = np.transpose(np.nonzero(array)) + 1
        np.testing.assert_array_equal(session.run({"x": array})["y"], expected)
    profile = session.profile({"x": X}, repeat=1)
    assert len(profile.rows) == 6


def test_a_shape_that_does_not_fit_what_was_found_names_the_layer() -> None:
    b = nn.Builder()
    x = b.input("x", ("N", 3))
    b.output(b.reshape(b.nonzero(x), shape=(2, 5), name="five"), name="y")
    session = Session(b.graph)
    five = np.array([[1, 1, 1], [1, 1, 0]], np.float32)
    np.testing.assert_array_equal(session.run({"x": five})["y"], np.nonzero(five))
    with pytest.raises(ShapeError, match=r'reshape "five": .* 6 elements against 10'):
        session.run({"x": X})


def test_a_found_extent_asks_for_no_more_than_any_tensor_has() -> None:
    b = nn.Builder()
    x = b.input("x", ("N",), "bool")
    b.output(b.full(shape=("nonzero_x", 2**30)), name="y")
    b.nonzero(x)
    b.output(b.expand(b.nonzero(x), shape=(2**30, 1, "nonzero_x")), name="z")
    session = Session(b.graph)
    found = session.run({"x": np.zeros(3, np.bool_)}, outputs=["z"])["z"]
    assert found.shape == (2**30, 1, 0)
    with pytest.raises(ShapeError, match=r'expand "expand": .* at most 2147483647'):
        session.run({"x": np.ones(3, np.bool_)}, outputs=["z"])
    with pytest.raises(WnnxError, match="no number is bound to nonzero_x"):
        session.run({"x": np.ones(3, np.bool_)}, outputs=["y"])  # does not depend on x


def test_a_found_extent_outlives_a_new_name_of_its_input() -> None:
    b = after_nonzero((-1,))
    b.graph.rename_value(b.graph.value("x"), "picture")
    found = Session(b.graph).run({"picture": X})["y"]
    np.testing.assert_array_equal(found, np.transpose(np.nonzero(X)) + 1)
    assert check_types(b.graph) == []


@pytest.mark.parametrize("declared", [7, symbol("N"), symbol("nonzero_x") + 1])
def test_a_declared_extent_that_is_not_the_found_one_is_refused(declared: Any) -> None:
    b = after_nonzero((-1,))
    b.graph.value("nonzero").type = TensorType("int64", (2, declared))
    with pytest.raises(GraphError, match=r"the operator's rule gives int64 \(2, nonzero_x\)"):
        check_types(b.graph)


def test_boxes_are_selected_and_taken() -> None:
    boxes = np.array([[[0, 0, 2, 2], [0, 0, 2, 1.9], [5, 5, 6, 6]]], np.float32)
    scores = np.array([[[0.6, 0.9, np.nan]], [[0.1, 0.2, 0.3]]], np.float32)[:1]
    b = nn.Builder()
    found = b.nms(
        b.input("boxes", (1, "B", 4)), b.input("scores", (1, 1, "B")), iou_threshold=0.5
    )
    b.output(b.cast(found, dtype="float32"), name="found")
    session = Session(b.graph)
    feeds = {"boxes": boxes, "scores": scores}
    assert session.run(feeds)["found"].tolist() == [[0, 0, 1]]
    feeds["scores"] = np.array([[[0.6, 0.9, 0.7]]], np.float32)
    assert session.run(feeds)["found"].tolist() == [[0, 0, 1], [0, 0, 2]]


def test_an_overlap_of_exactly_the_threshold_is_allowed() -> None:
    boxes = np.array([[[0, 0, 1, 2], [0, 1, 1, 3], [0, 1, 1, 2.5]]])
    scores = np.array([[[3.0, 2, 1]]])
    third = run(ops.nms, boxes, scores, iou_threshold=1 / 3)
    assert third[:, 2].tolist() == [0, 1]
    assert run(ops.nms, boxes, scores, iou_threshold=0.3)[:, 2].tolist() == [0]


@pytest.mark.parametrize(
    ("shapes", "attributes", "error", "message"),
    [
        (((1, 9, 4), (1, 9)), {}, ShapeError, "2 axes; expected 3"),
        (((1, 9, 5), (1, 2, 9)), {}, ShapeError, "does not fit"),
        (((1, 9, 4), (1, 2, 8)), {}, ShapeError, "does not fit"),
        (((1, 9, 4), (2, 2, 9)), {}, ShapeError, "does not fit"),
        (((1, 9, 4), (1, 2, 9)), {"iou_threshold": 1.5}, ArgumentError, "from 0 to 1"),
        (((1, 9, 4), (1, 2, 9)), {"iou_threshold": float("nan")}, ArgumentError, "from 0"),
        (
            ((1, 9, 4), (1, 2, 9)),
            {"max_output_boxes_per_class": -1},
            ArgumentError,
            "must be 0 or more",
        ),
    ],
)
def test_boxes_that_do_not_fit_are_refused(
    shapes: Any, attributes: dict[str, Any], error: type[WnnxError], message: str
) -> None:
    with pytest.raises(error, match=message):
        infer(ops.nms, shapes, **attributes)


def test_boxes_are_floating_point() -> None:
    with pytest.raises(DTypeError, match='"b" is int64'):
        ops.nms(value("b", 1, 9, 4, dtype="int64"), value("s", 1, 1, 9))

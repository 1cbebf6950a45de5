"""Resize: every mode against ONNX's own evaluator, extents, symbols, what is refused."""

from importlib import import_module
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.runtime.agreement import doubles, infer, run
from tests.runtime.onnx_node import onnx_node
from wnnx import ops
from wnnx.dims import evaluate, symbol
from wnnx.errors import ArgumentError, DTypeError, ShapeError, WnnxError
from wnnx.graph import Value
from wnnx.ops.resize import simplest_fraction
from wnnx.types import Array, TensorType, shape_text

COORDINATES = (
    "half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric",
    "tf_crop_and_resize",
)  # fmt: skip
ROUNDINGS = ("round_prefer_floor", "round_prefer_ceil", "floor", "ceil")
METHODS = [
    *({"mode": "nearest", "nearest_mode": rounding} for rounding in ROUNDINGS),
    {"mode": "linear"},
    {"mode": "linear", "antialias": True},
    {"mode": "cubic"},
    {"mode": "cubic", "cubic_coeff_a": -0.5, "exclude_outside": True},
    {"mode": "cubic", "antialias": True},
    {"mode": "cubic", "antialias": True, "exclude_outside": True},
]


def evaluator(x: Array, roi: Array | None, **attributes: Any) -> Array:
    """Return what ONNX's own evaluator says."""
    helper: Any = import_module("onnx.helper")
    reference: Any = import_module("onnx.reference")
    given = {
        "x": x,
        "roi": roi,
        "scales": attributes.pop("scales", None),
        "sizes": attributes.pop("sizes", None),
    }
    names = [name if value is not None else "" for name, value in given.items()]
    # the specification's -0.75, to double precision
    attributes.setdefault("cubic_coeff_a", -0.75)
    node = helper.make_node("Resize", names, ["y"], **attributes)
    feeds = {name: np.asarray(value) for name, value in given.items() if value is not None}
    result: Array = reference.ReferenceEvaluator(node).run(None, feeds)[0]
    return result


@pytest.mark.onnx
@pytest.mark.parametrize("method", METHODS, ids=lambda m: "-".join(map(str, m.values())))
@pytest.mark.parametrize("coordinates", COORDINATES)
def test_every_mode_agrees_with_onnx(coordinates: str, method: dict[str, Any]) -> None:
    x = doubles(4, 5)
    roi = np.array([0.2, -0.1, 0.7, 1.3]) if coordinates == "tf_crop_and_resize" else None
    inputs = (x,) if roi is None else (x, roi)
    common = {"coordinate_transformation_mode": coordinates, "extrapolation_value": 9.0}
    for extents in (
        {"sizes": (7, 3)},
        {"sizes": (2, 9)},
        {"scales": (1.5, 0.6)},
        {"scales": (0.7, 2.1)},
        {"sizes": (6, 6), "keep_aspect_ratio_policy": "not_larger"},
        {"sizes": (6, 6), "keep_aspect_ratio_policy": "not_smaller"},
    ):
        attributes: dict[str, Any] = {**common, **method, **extents}
        expected = evaluator(x, roi, **attributes)
        found = run(ops.resize, *inputs, **attributes)
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.onnx
@given(st.integers(1, 6), st.integers(1, 6), st.floats(0.3, 3), st.sampled_from(METHODS))
@settings(max_examples=60)
def test_an_axis_resampled_by_any_scale(
    extent: int, size: int, scale: float, method: dict[str, Any]
) -> None:
    x = doubles(2, extent)
    for extents in ({"sizes": [size]}, {"scales": [float(np.float32(scale))]}):
        attributes: dict[str, Any] = {"axes": [-1], **extents, **method}
        if "scales" in extents and int(np.float64(np.float32(scale)) * extent) != (
            simplest_fraction(scale) * extent // 1
        ):
            continue  # they round the product down elsewhere
        shape = run(ops.resize, x, **attributes).shape
        if 0 in shape:
            continue
        expected = evaluator(x, None, **{**attributes, "axes": [1]})
        np.testing.assert_allclose(
            run(ops.resize, x, **attributes), expected, rtol=1e-9, atol=1e-12
        )


@pytest.mark.onnx
@pytest.mark.parametrize("sizes", [(9, 4), (3, 11)])
@pytest.mark.parametrize(
    ("mode", "coordinates"), list(product(["nearest", "linear", "cubic"], COORDINATES[:5]))
)
def test_agrees_with_onnx_runtime(mode: str, coordinates: str, sizes: tuple[int, int]) -> None:
    x = doubles(2, 3, 5, 7).astype(np.float32)
    wanted = np.array([2, 3, *sizes])
    attributes = {"mode": mode, "coordinate_transformation_mode": coordinates}
    inputs = {"X": x, "roi": None, "scales": None, "sizes": wanted}
    (expected,) = onnx_node("Resize", inputs, ["Y"], opset=19, **attributes)
    found = run(ops.resize, x, sizes=sizes, axes=(2, 3), **attributes)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def test_integers_are_rounded_and_stay_in_range() -> None:
    x = np.array([0, 255, 0, 3], np.uint8)
    linear = run(ops.resize, x, sizes=8, mode="linear")
    assert linear.tolist() == [0, 64, 191, 191, 64, 1, 2, 3]
    cubic = run(ops.resize, np.array([0, 255, 255, 0], np.uint8), sizes=8, mode="cubic")
    assert cubic.max() == 255  # it overshoots


def test_of_two_elements_only_the_one_inside_has_weight() -> None:
    """It is then the element at the edge, as it is without `exclude_outside`."""
    x = doubles(4, 5)
    plain = run(ops.resize, x, sizes=(9, 3), mode="linear")
    found = run(ops.resize, x, sizes=(9, 3), mode="linear", exclude_outside=True)
    np.testing.assert_allclose(found, plain, rtol=1e-12)


def test_halves_are_weighted_in_single_precision() -> None:
    x = doubles(3, 5).astype(np.float16)
    found = run(ops.resize, x, sizes=(4, 4), mode="cubic")
    exact = run(ops.resize, x.astype(np.float32), sizes=(4, 4), mode="cubic")
    np.testing.assert_array_equal(found, exact.astype(np.float16))


def test_what_is_not_finite_stays_where_it_is() -> None:
    x = np.array([[1.0, 2, np.nan], [4, 5, np.inf]])
    found = run(ops.resize, x, scales=(1.0, 2.0), mode="linear")
    np.testing.assert_array_equal(np.isfinite(found), [[1, 1, 1, 0, 0, 0]] * 2)
    np.testing.assert_array_equal(run(ops.resize, x, sizes=(2, 3), mode="cubic"), x)


def test_axes_that_shrink_come_first() -> None:
    """In the other order this would take 2**40 elements on the way."""
    x = np.arange(2.0**20).reshape(1, -1)
    found = run(ops.resize, x, sizes=(2**20, 1), mode="nearest")
    assert found.shape == (2**20, 1)
    assert np.unique(found).tolist() == [2.0**19 - 1]


def test_nothing_is_left_of_a_scale_that_is_too_small() -> None:
    for mode in ("nearest", "linear", "cubic"):
        for coordinates in COORDINATES[:5]:
            attributes = {"mode": mode, "coordinate_transformation_mode": coordinates}
            assert run(ops.resize, doubles(3, 2), scales=(1e-9, 2.0), **attributes).shape == (
                0,
                4,
            )
    found = run(ops.resize, doubles(3, 2), scales=(1e-9, 1), mode="linear", antialias=True)
    assert found.shape == (0, 2)


@pytest.mark.parametrize(
    ("scale", "text"),
    [
        (2.0, "2"),
        (0.7, "7/10"),
        (1 / 3, "1/3"),
        (float(np.float32(0.7)), "7/10"),
        (1e6, "1000000"),
        (2.0**-10, "1/1024"),
        (224 / 150, "112/75"),
    ],
)
def test_a_scale_is_the_fraction_that_was_meant(scale: float, text: str) -> None:
    assert str(simplest_fraction(scale)) == text


@given(st.floats(2.0**-31, 2.0**31))
def test_a_fraction_is_its_scale_in_float32(scale: float) -> None:
    fraction = simplest_fraction(scale)
    assert np.float32(fraction.numerator / fraction.denominator) == np.float32(scale)


@pytest.mark.parametrize(
    ("attributes", "text"),
    [
        ({"scales": (1, 1, 2, 0.5)}, "(N, 3, 2*H, W//2)"),
        ({"scales": (0.6, 1.5), "axes": (-1, 2)}, "(N, 3, (3*H)//2, (3*W)//5)"),
        ({"sizes": ("M", 7), "axes": (2, 3)}, "(N, 3, M, 7)"),
        ({"sizes": ("2*H", "W + 1"), "axes": (2, 3)}, "(N, 3, 2*H, W + 1)"),
    ],
)
def test_texts_of_symbolic_extents(attributes: dict[str, Any], text: str) -> None:
    assert shape_text(infer(ops.resize, [("N", 3, "H", "W")], **attributes)) == text


@given(st.integers(1, 9), st.integers(1, 9), st.sampled_from(["not_larger", "not_smaller"]))
def test_symbolic_extents_keep_the_aspect_ratio(height: int, width: int, policy: str) -> None:
    attributes = {"sizes": (5, 8), "keep_aspect_ratio_policy": policy}
    found = infer(ops.resize, [("H", "W")], **attributes)
    numbers = tuple(evaluate(dim, {"H": height, "W": width}) for dim in found)
    assert numbers == run(ops.resize, doubles(height, width), **attributes).shape
    best = min if policy == "not_larger" else max
    scale = best(5 / height, 8 / width)
    assert numbers == (int(scale * height + 0.5), int(scale * width + 0.5))


@pytest.mark.parametrize(
    ("attributes", "error", "message"),
    [
        ({}, ArgumentError, "resize takes either sizes or scales"),
        ({"sizes": (1, 1), "scales": (1, 1)}, ArgumentError, "either sizes or scales"),
        ({"sizes": 4}, ArgumentError, r"sizes=\(4,\) has 1 entries for 2 axes"),
        ({"scales": (1, 2, 3)}, ArgumentError, "has 3 entries for 2 axes"),
        ({"scales": (0, 2)}, ArgumentError, "every number must be positive"),
        ({"scales": (float("nan"), 2)}, ArgumentError, "every number must be positive"),
        ({"scales": (float("inf"), 2)}, ArgumentError, "every number must be positive"),
        ({"sizes": (-1, 2)}, ArgumentError, "every number must be 0 or more"),
        ({"sizes": (2, 2), "mode": "area"}, ArgumentError, "mode='area' is not one of"),
        ({"sizes": (2, 2), "antialias": True}, ArgumentError, "antialias=True goes with"),
        ({"sizes": 2, "axes": 2}, ShapeError, "axes=2 is out of range"),
        ({"sizes": (2, 2), "axes": (1, -1)}, ShapeError, "names an axis"),
        ({"scales": (2.0**20, 2.0**20)}, ShapeError, "at most 2147483647 are allowed"),
        (
            {"sizes": (2, 2), "coordinate_transformation_mode": "tf_crop_and_resize"},
            ArgumentError,
            "needs a roi",
        ),
    ],
)
def test_what_cannot_be_is_refused(
    attributes: dict[str, Any], error: type[WnnxError], message: str
) -> None:
    with pytest.raises(error, match=message):
        infer(ops.resize, [(4, 6)], **attributes)


def test_other_inputs_are_refused() -> None:
    with pytest.raises(ShapeError, match="no elements along axis 0 to make 2 of"):
        infer(ops.resize, [(0, 6)], sizes=(2, 2))
    with pytest.raises(ShapeError, match="needs extents other than 0"):
        infer(ops.resize, [(0, 6)], sizes=(2, 2), keep_aspect_ratio_policy="not_larger")
    with pytest.raises(ShapeError, match=r'"input1" \(3,\) must be \(4,\)'):
        infer(ops.resize, [(4, 6), (3,)], sizes=(2, 2))
    flags = Value("x", TensorType("bool", (symbol("N"),)))
    with pytest.raises(DTypeError, match='"x" is bool'):
        ops.resize(flags, sizes=(2,), mode="linear")

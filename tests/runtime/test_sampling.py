"""Grid sample and roi align: against ONNX, edges, what is refused."""

from typing import Any

import numpy as np
import pytest

from tests.runtime.agreement import doubles, infer, pytorch, run
from tests.runtime.onnx_node import onnx_node
from wnnx import ops
from wnnx.dims import symbol
from wnnx.errors import ArgumentError, DTypeError, KernelError, ShapeError, WnnxError
from wnnx.graph import Value
from wnnx.types import TensorType, shape_text


@pytest.mark.torch
@pytest.mark.parametrize("mode", ["nearest", "bilinear", "bicubic"])
@pytest.mark.parametrize("padding", ["border", "reflection"])
def test_a_place_that_is_no_number_is_minus_one(mode: str, padding: str) -> None:
    x, grid = doubles(1, 2, 4, 5), doubles(1, 2, 2, 2, seed=1)
    with_nan = grid.copy()
    with_nan[0, 1, 0, 1] = np.nan
    grid[0, 1, 0, 1] = -1
    attributes = {"mode": mode, "padding_mode": padding, "align_corners": True}
    found = run(ops.grid_sample, x, with_nan, **attributes)
    np.testing.assert_array_equal(found, run(ops.grid_sample, x, grid, **attributes))
    np.testing.assert_allclose(
        found, pytorch("grid_sample", x, grid, **attributes), rtol=1e-9, atol=1e-12
    )


@pytest.mark.parametrize("mode", ["nearest", "bilinear", "bicubic"])
def test_a_place_out_of_reach_is_padding(mode: str) -> None:
    x = doubles(1, 2, 3, 3)
    grid = np.array([[[[np.inf, 0.0], [1e30, -1e30]]]])
    zeros = run(ops.grid_sample, x, grid, mode=mode)
    np.testing.assert_array_equal(zeros[..., 1], 0)
    found = run(ops.grid_sample, x, grid[:, :, 1:], mode=mode, padding_mode="border")
    if mode != "bicubic":  # whose weights no longer sum to 1 so far out
        np.testing.assert_array_equal(found[0, :, 0, 0], x[0, :, 0, 2])


def test_what_is_not_finite_stays_where_it_is() -> None:
    x = np.ones((1, 1, 4, 4))
    x[0, 0, 0, 0] = np.inf
    grid = np.array([[[[0.6, 0.6], [-2.5, -2.5]]]])
    np.testing.assert_array_equal(run(ops.grid_sample, x, grid), [[[[1, 0]]]])


def test_one_axis_and_cubes_take_every_mode() -> None:
    """Places on elements, where every mode returns them."""
    line, middle = doubles(1, 2, 5), np.array([[[0.0], [1.0]]])
    cube, corner = doubles(1, 2, 3, 4, 5), np.array([1.0, -1, 1]).reshape(1, 1, 1, 1, 3)
    for mode in ("nearest", "bilinear", "bicubic"):
        found = run(ops.grid_sample, line, middle, mode=mode, align_corners=True)
        np.testing.assert_allclose(found, line[:, :, [2, 4]])
        found = run(ops.grid_sample, cube, corner, mode=mode, align_corners=True)
        np.testing.assert_allclose(found.ravel(), cube[0, :, 2, 0, 4])


def test_element_types_of_picture_and_grid_may_differ() -> None:
    x, grid = doubles(1, 2, 4, 5).astype(np.float32), doubles(1, 2, 2, 2)
    found = run(ops.grid_sample, x, grid)
    assert found.dtype == np.float32
    expected = run(ops.grid_sample, x.astype(np.float64), grid)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        (((2, 3), (2, 3)), "expected .N, C, .spatial. and .N, .out, spatial axes."),
        (((2, 3, 4, 5), (2, 4, 2)), "expected .N, C, .spatial."),
        (((2, 3, 4, 5), (2, 4, 5, 3)), "has 3 coordinates for 2 spatial axes"),
        (((2, 3, 4, 5), (1, 4, 5, 2)), "a batch of 2 against one of 1"),
        (((2, 3, 0, 5), (2, 4, 5, 2)), "no elements along axis 2"),
        (((2, 2**16, 4, 5), (2, 2**16, 5, 2)), "at most 2147483647 are allowed"),
    ],
)
def test_grids_that_do_not_fit_are_refused(shapes: Any, message: str) -> None:
    with pytest.raises(ShapeError, match=message):
        infer(ops.grid_sample, shapes)


def test_symbols_go_through() -> None:
    found = infer(ops.grid_sample, [("N", "C", 4, "W"), ("N", "P", "Q", 2)])
    assert shape_text(found) == "(N, C, P, Q)"
    shapes = [("N", "C", "H", "W"), ("K", 4), ("K",)]
    operands = [
        Value(name, TensorType(dtype, tuple(map(_dim, shape))))
        for name, dtype, shape in zip(
            ("x", "rois", "i"), ("float32", "float32", "int64"), shapes, strict=True
        )
    ]
    found = ops.roi_align(operands[0], operands[1], operands[2], output_size=(2, 3)).shape
    assert shape_text(found) == "(K, C, 2, 3)"


def _dim(dim: str | int) -> Any:
    return symbol(dim) if isinstance(dim, str) else dim


ROIS = np.array([
    [1, 1, 5.5, 4],
    [-3, 0.5, 6.5, 9],
    [2, 1, 2.5, 1.5],
    [3, 4, 1, 2],
    [20, 20, 30, 30],
])


@pytest.mark.onnx
@pytest.mark.parametrize("mode", ["avg", "max"])
@pytest.mark.parametrize("ratio", [0, 2])
@pytest.mark.parametrize("coordinates", ["half_pixel", "output_half_pixel"])
def test_regions_agree_with_onnx_runtime(mode: str, ratio: int, coordinates: str) -> None:
    x, rois = doubles(2, 3, 6, 7).astype(np.float32), ROIS.astype(np.float32)
    indices = np.array([0, 1, 1, 0, 1])
    common = {
        "mode": mode,
        "sampling_ratio": ratio,
        "coordinate_transformation_mode": coordinates,
        "spatial_scale": 0.75,
    }
    inputs = {"X": x, "rois": rois, "batch_indices": indices}
    (expected,) = onnx_node(
        "RoiAlign", inputs, ["Y"], opset=16, output_height=2, output_width=3, **common
    )
    found = run(ops.roi_align, x, rois, indices, output_size=(2, 3), **common)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def test_no_regions_give_none() -> None:
    found = run(ops.roi_align, doubles(1, 2, 3, 3), np.zeros((0, 4)), np.zeros(0, np.int64))
    assert found.shape == (0, 2, 1, 1)


@pytest.mark.parametrize(
    ("roi", "index", "message"),
    [
        ((0, 0, 1e9, 1), 0, "region 0 is 1e.09 elements long .* at most 16384 are allowed"),
        ((0, 0, 1, np.nan), 0, "region 0 is nan elements long"),
        ((0, 0, 1, 1), 1, "batch index 1 is out of range for 1 pictures"),
        ((0, 0, 1, 1), -1, "batch index -1 is out of range"),
    ],
)
def test_regions_that_cannot_be_read_are_refused(
    roi: tuple[float, ...], index: int, message: str
) -> None:
    with pytest.raises(KernelError, match=message):
        run(ops.roi_align, doubles(1, 2, 3, 3), np.array([roi], np.float64), np.array([index]))


@pytest.mark.parametrize(
    ("types", "attributes", "error", "message"),
    [
        ((("float32", (1, 2, 3)),), {}, ShapeError, "3 axes; expected 4"),
        ((("float32", (1, 2, 0, 3)),), {}, ShapeError, "no elements along axis 2"),
        ((("int64", (1, 2, 3, 3)),), {}, DTypeError, '"x" is int64'),
        ((None, ("float64", (5, 4))), {}, DTypeError, "cast one of them"),
        ((None, ("float32", (5, 5))), {}, ShapeError, r"must be \(K, 4\)"),
        ((None, None, ("int64", (4,))), {}, ShapeError, "has 5 regions"),
        ((None, None, ("float32", (5,))), {}, DTypeError, '"i" is float32'),
        ((), {"output_size": 0}, ArgumentError, "out of range"),
        ((), {"sampling_ratio": -1}, ArgumentError, "must be 0 or more"),
        ((), {"output_size": 128, "sampling_ratio": 129}, ArgumentError, "at most 16384"),
        ((), {"spatial_scale": 0.0}, ArgumentError, "expected a positive number"),
        ((), {"mode": "min"}, ArgumentError, "is not one of"),
    ],
)
def test_a_call_that_cannot_be_is_refused(
    types: tuple[Any, ...], attributes: dict[str, Any], error: type[WnnxError], message: str
) -> None:
    given = [("float32", (1, 2, 3, 3)), ("float32", (5, 4)), ("int64", (5,))]
    for place, type in enumerate(types):
        given[place] = type or given[place]
    operands = [
        Value(name, TensorType(*type)) for name, type in zip("xri", given, strict=True)
    ]
    from wnnx.ops.registry import schema_of

    schema = schema_of(ops.roi_align)
    with pytest.raises(error, match=message):
        schema.infer(operands, schema.normalize(operands, attributes))

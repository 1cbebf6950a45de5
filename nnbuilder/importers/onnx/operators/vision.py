"""Pictures resampled, read at places, and boxes."""

from typing import cast

import numpy as np

from nnbuilder.importers.onnx.converters import Call, CannotConvertError, converts
from nnbuilder.importers.onnx.operators.arguments import (
    constant_of,
    ints_of,
    required_dims,
    single,
)
from wnnx.graph import Value
from wnnx.ops.resize import AspectRatio, Coordinates, Mode, Rounding
from wnnx.ops.sampling import GridMode, GridPadding, RoiCoordinates, RoiMode
from wnnx.types import Array

GRID_MODES: dict[str, GridMode] = {
    "linear": "bilinear",
    "bilinear": "bilinear",
    "nearest": "nearest",
    "cubic": "bicubic",
    "bicubic": "bicubic",
}


@converts("Upsample", "Resize")
def upsample(call: Call) -> Value:
    """Convert Upsample, and Resize of opset 10: by scales, always asymmetric.

    Along axes that shrink, "nearest" is the element above a coordinate, else the one below.
    """
    given = call.attributes.get("scales")
    scales = _scales(np.asarray(given) if given else constant_of(call, 1, "the scales"))
    larger, smaller = (
        [max(scale, 1.0) for scale in scales],
        [min(scale, 1.0) for scale in scales],
    )
    if _mode(call) != "nearest" or smaller == [1.0] * len(scales):
        return _asymmetric(call, call.input(0), scales, "floor", call.name)
    if larger == [1.0] * len(scales):
        return _asymmetric(call, call.input(0), scales, "ceil", call.name)
    with call.builder.scope(call.name):
        enlarged = _asymmetric(call, call.input(0), larger, "floor", "enlarge")
        return _asymmetric(call, enlarged, smaller, "ceil", "shrink")


@converts("Resize", since=11)
def resize(call: Call) -> Value:
    """Convert Resize."""
    coordinates, nearest = _coordinates(call)
    scales = call.array(2, "the scales")
    policy = call.text("keep_aspect_ratio_policy", "stretch")
    return call.builder.resize(
        call.input(0),
        call.input(1) if coordinates == "tf_crop_and_resize" else None,
        sizes=call.dims(3, "the sizes") or None,
        scales=None if scales is None or not scales.size else _scales(scales),
        axes=call.ints("axes"),
        mode=_mode(call),
        coordinate_transformation_mode=coordinates,
        nearest_mode=nearest,
        cubic_coeff_a=call.number("cubic_coeff_a", -0.75),
        exclude_outside=bool(call.integer("exclude_outside", 0)),
        extrapolation_value=call.number("extrapolation_value", 0.0),
        antialias=bool(call.integer("antialias", 0)),
        keep_aspect_ratio_policy=cast("AspectRatio", policy),
        name=call.name,
    )


@converts("GridSample")
def grid_sample(call: Call) -> Value:
    """Convert GridSample, which renamed its modes in opset 20."""
    mode = call.text("mode", "bilinear")
    if mode not in GRID_MODES:
        raise CannotConvertError(f"mode={mode!r} is none of {', '.join(GRID_MODES)}")
    return call.builder.grid_sample(
        call.input(0),
        call.input(1),
        mode=GRID_MODES[mode],
        padding_mode=cast("GridPadding", call.text("padding_mode", "zeros")),
        align_corners=bool(call.integer("align_corners", 0)),
        name=call.name,
    )


@converts("RoiAlign")
def roi_align(call: Call) -> Value:
    """Convert RoiAlign, whose coordinates began in the middle of an element before 16."""
    before = "output_half_pixel" if call.opset < 16 else "half_pixel"
    coordinates = call.text("coordinate_transformation_mode", before)
    return call.builder.roi_align(
        call.input(0),
        call.input(1),
        call.input(2),
        output_size=(call.integer("output_height", 1), call.integer("output_width", 1)),
        spatial_scale=call.number("spatial_scale", 1.0),
        sampling_ratio=call.integer("sampling_ratio", 0),
        mode=cast("RoiMode", call.text("mode", "avg")),
        coordinate_transformation_mode=cast("RoiCoordinates", coordinates),
        name=call.name,
    )


@converts("NonMaxSuppression")
def nms(call: Call) -> Value:
    """Convert NonMaxSuppression, which selects nothing unless told how many."""
    most = ints_of(call, 2, "max_output_boxes_per_class")
    iou = single(call.array(3, "iou_threshold"), "iou_threshold")
    score = single(call.array(4, "score_threshold"), "score_threshold")
    return call.builder.nms(
        call.input(0),
        call.input(1),
        iou_threshold=iou or 0.0,
        score_threshold=score,
        max_output_boxes_per_class=max(most[0], 0) if most else 0,
        center_point_box=bool(call.integer("center_point_box", 0)),
        name=call.name,
    )


@converts("Col2Im")
def col2im(call: Call) -> Value:
    """Convert Col2Im."""
    return call.builder.fold(
        call.input(0),
        output_size=required_dims(call, 1, "the extents of the result"),
        kernel_size=ints_of(call, 2, "the extents of the kernel") or (),
        dilation=call.ints("dilations") or 1,
        padding=call.ints("pads") or 0,
        stride=call.ints("strides") or 1,
        name=call.name,
    )


def _asymmetric(
    call: Call, x: Value, scales: list[float], nearest: Rounding, name: str
) -> Value:
    return call.builder.resize(
        x,
        scales=scales,
        mode=_mode(call),
        coordinate_transformation_mode="asymmetric",
        nearest_mode=nearest,
        name=name,
    )


def _mode(call: Call) -> Mode:
    mode = call.text("mode", "nearest")
    return cast("Mode", "linear" if mode == "bilinear" else mode)


def _scales(scales: Array) -> list[float]:
    """Return scales as the shortest numbers that are them in float32."""
    return [float(str(scale)) for scale in scales.astype(np.float32)]


def _coordinates(call: Call) -> tuple[Coordinates, Rounding]:
    """Return the coordinate rule, and which element is next to a coordinate."""
    coordinates = call.text("coordinate_transformation_mode", "half_pixel")
    nearest = cast("Rounding", call.text("nearest_mode", "round_prefer_floor"))
    if coordinates != "tf_half_pixel_for_nn":
        return cast("Coordinates", coordinates), nearest
    # It lies half an element behind half_pixel: rounding one down rounds the other.
    if call.text("mode", "nearest") == "nearest" and nearest == "floor":
        return "half_pixel", "round_prefer_ceil"
    raise CannotConvertError('tf_half_pixel_for_nn is known with nearest_mode="floor" only')

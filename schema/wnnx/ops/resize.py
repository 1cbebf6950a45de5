"""Other extents for the same picture: resampling along any axes."""

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from typing import Literal, TypeAlias, Unpack

import numpy as np

from wnnx.dims import Dim, maximum, minimum
from wnnx.errors import ArgumentError, ShapeError
from wnnx.graph import Value
from wnnx.ops.attributes import Dims, Floats, Ints, NodeOptions, stored
from wnnx.ops.attributes import dims as as_dims
from wnnx.ops.attributes import ints as as_ints
from wnnx.ops.checks import axes_of, differ, require_dtype, require_positive, require_rank
from wnnx.ops.registry import op
from wnnx.types import DTYPES, FLOATS, NUMBERS, TensorType, shape_text

Mode: TypeAlias = Literal["nearest", "linear", "cubic"]
Coordinates: TypeAlias = Literal[
    "half_pixel",
    "half_pixel_symmetric",
    "pytorch_half_pixel",
    "align_corners",
    "asymmetric",
    "tf_crop_and_resize",
]
Rounding: TypeAlias = Literal["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"]
AspectRatio: TypeAlias = Literal["stretch", "not_larger", "not_smaller"]

MAX_SCALE = 2.0**31
# Of the way to the next float32: just so much that rounding comes back.
HALF = Fraction(499_999, 1_000_000)


@op
def resize(
    x: Value,
    roi: Value | None = None,
    *,
    sizes: Dims | None = None,
    scales: Floats | None = None,
    axes: Ints | None = None,
    mode: Mode = "nearest",
    coordinate_transformation_mode: Coordinates = "half_pixel",
    nearest_mode: Rounding = "round_prefer_floor",
    cubic_coeff_a: float = -0.75,
    exclude_outside: bool = False,
    extrapolation_value: float = 0.0,
    antialias: bool = False,
    keep_aspect_ratio_policy: AspectRatio = "stretch",
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Resample `x` along some axes, one after the other.

    Element `i` of an axis of the result is taken at a coordinate of the axis of `x`, with n
    its extent, m that of the result, l = m for `sizes` and n * scale, unrounded, for `scales`,
    and scale = l / n:

    - half_pixel: (i + 0.5) / scale - 0.5
    - half_pixel_symmetric: the same + n / 2 * (1 - m / l)
    - pytorch_half_pixel: as half_pixel, but 0 where m = 1
    - align_corners: i * (n - 1) / (l - 1), and 0 where m = 1
    - asymmetric: i / scale
    - tf_crop_and_resize: (begin + i * (end - begin) / (l - 1)) * (n - 1), and the middle
      between begin and end where m = 1; outside of `x` is `extrapolation_value`

    "nearest" takes the element next to it, by `nearest_mode`; "linear" weights two elements,
    "cubic" four, and what lies outside is the element at the edge.

    Semantics: ONNX Resize. torch.nn.functional.interpolate is among it, along the axes from 2
    on: "nearest" is asymmetric with nearest_mode="floor", "nearest-exact" is half_pixel with
    "round_prefer_ceil", "bilinear" is mode="linear", "bicubic" mode="cubic"; align_corners
    goes with `sizes`; antialias goes with exclude_outside=True and, where cubic,
    cubic_coeff_a=-0.5.

    Args:
        x: Any shape; any element type for "nearest", any number for the others, which round
            integers to the nearest one, to even in the middle.
        roi: (2 * axes,), floating point: every begin, then every end, as parts of the axis,
            for "tf_crop_and_resize" only.
        sizes: The new extent of each axis; either `sizes` or `scales`.
        scales: The new extent over the old one, for each axis, to float32's precision: the
            new extent is rounded down after a product with the simplest fraction that is
            `scale` in float32.
        axes: The axes to resample; None means all of them. Negative counts from the end.
        mode: How to weight the elements around a coordinate.
        coordinate_transformation_mode: How to find it.
        nearest_mode: Which element is next to it; "round_prefer_floor" is the lower of two.
        cubic_coeff_a: The parameter a of the cubic kernel.
        exclude_outside: Whether elements outside of `x` have no weight; the others are then
            scaled to sum to 1.
        extrapolation_value: See "tf_crop_and_resize".
        antialias: Whether "linear" and "cubic" reach over 1 / scale as many elements where
            scale is below 1.
        keep_aspect_ratio_policy: "not_larger" and "not_smaller" take one scale for all axes,
            the least or greatest of sizes / extents, and round extents to the nearest one.
        **node: The layer's name and precision.

    Returns:
        `x` with the new extents along `axes`, of its element type.

    Raises:
        ArgumentError: if not exactly one of `sizes` and `scales` is given, or it has not one
            entry for each axis, a scale is not positive, "tf_crop_and_resize" has no `roi`,
            or `antialias` is asked of "nearest".
        ShapeError: if there is no such axis, one is named twice, an extent of 0 is to become
            another, a size is negative, or `roi` has not two entries for each axis.
        DTypeError: if the element types are others.
    """
    require_dtype(x, frozenset(DTYPES) if mode == "nearest" else NUMBERS)
    if antialias and mode == "nearest":
        raise ArgumentError('antialias=True goes with mode="linear" or "cubic"')
    moved = axes_of(x, None if axes is None else as_ints("axes", axes), name="axes")
    _check_roi(roi, len(moved), coordinate_transformation_mode)
    old = [x.shape[axis] for axis in moved]
    if (sizes is None) == (scales is None):
        raise ArgumentError("resize takes either sizes or scales")
    if scales is not None:
        new = _scaled(old, stored("scales", "floats", scales, 0))
    else:
        new = _sized(old, as_dims("sizes", sizes or ()), keep_aspect_ratio_policy)
    shape = list(x.shape)
    for axis, before, after in zip(moved, old, new, strict=True):
        if before == 0 and differ(after, 0):
            raise ShapeError(
                f'"{x.name}" {shape_text(x.shape)} has no elements along axis {axis} to make '
                f"{after} of"
            )
        shape[axis] = after
    return TensorType(x.dtype, tuple(shape))


def _check_roi(roi: Value | None, axes: int, coordinates: Coordinates) -> None:
    if roi is None:
        if coordinates == "tf_crop_and_resize":
            raise ArgumentError(
                '"tf_crop_and_resize" needs a roi: every begin, then every end'
            )
        return
    require_dtype(roi, FLOATS)
    require_rank(roi, 1)
    if differ(roi.shape[0], 2 * axes):
        raise ShapeError(
            f'"{roi.name}" {shape_text(roi.shape)} must be ({2 * axes},): a begin for each of '
            f"the {axes} axes, then an end for each"
        )


def _sized(old: Sequence[Dim], sizes: Sequence[Dim], policy: AspectRatio) -> Sequence[Dim]:
    _check_count("sizes", sizes, old)
    require_positive("sizes", [size for size in sizes if isinstance(size, int)], least=0)
    if policy == "stretch" or not old:
        return sizes
    if 0 in old:
        raise ShapeError(f"keep_aspect_ratio_policy={policy!r} needs extents other than 0")
    best = minimum if policy == "not_larger" else maximum
    # extent * size / other, rounded to the nearest; the best of these has the best scale
    pairs = list(zip(sizes, old, strict=True))
    return [
        reduce(best, ((2 * size * extent + other) // (2 * other) for size, other in pairs))
        for extent in old
    ]


def _scaled(old: Sequence[Dim], scales: Sequence[float]) -> Sequence[Dim]:
    _check_count("scales", scales, old)
    if not all(1 / MAX_SCALE <= scale <= MAX_SCALE for scale in scales):
        raise ArgumentError(
            f"scales={tuple(scales)}: every number must be positive, from 2**-31 to 2**31"
        )
    fractions = map(simplest_fraction, scales)
    return [
        extent * fraction.numerator // fraction.denominator
        for extent, fraction in zip(old, fractions, strict=True)
    ]


def _check_count(name: str, given: Sequence[object], axes: Sequence[Dim]) -> None:
    if len(given) != len(axes):
        raise ArgumentError(
            f"{name}={tuple(given)} has {len(given)} entries for {len(axes)} axes"
        )


def simplest_fraction(scale: float) -> Fraction:
    """Return the fraction of the smallest denominator that is `scale` in float32.

    A scale that was written as 0.7 is 7/10 again, so that 10 elements become 7.
    """
    rounded = np.float32(scale)
    middle = Fraction(float(rounded))
    below, above = (
        middle + (Fraction(float(np.nextafter(rounded, np.float32(end)))) - middle) * HALF
        for end in (0, np.inf)
    )
    return _simplest_between(below, above)


def _simplest_between(low: Fraction, high: Fraction) -> Fraction:
    """Return the fraction of the smallest denominator from `low` to `high`, both included."""
    whole = -(-low // 1)
    if whole <= high:
        return Fraction(whole)
    floor = low // 1
    return floor + 1 / _simplest_between(1 / (high - floor), 1 / (low - floor))

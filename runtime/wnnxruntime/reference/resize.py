"""Resampling, in numpy: one axis after the other, those that shrink first."""

from typing import Any, NamedTuple

import numpy as np

from wnnx import ops
from wnnx.ops.resize import AspectRatio, Coordinates, Mode, Rounding, simplest_fraction
from wnnx.types import Array
from wnnxruntime.registry import kernel


class Axis(NamedTuple):
    """How one axis is resampled.

    `places` elements of the result are spread over `extent` elements; a step of one element in
    the result is `top / bottom` elements, which is exact where `sizes` are given. `length` is
    `places` before it was rounded.
    """

    extent: int
    places: int
    top: float
    bottom: float

    @property
    def length(self) -> float:
        """How many elements the result would have, unrounded."""
        return self.extent * self.bottom / self.top


@kernel(ops.resize)
def resize(
    x: Array,
    roi: Array | None,
    *,
    sizes: tuple[int, ...] | None,
    scales: tuple[float, ...] | None,
    axes: tuple[int, ...] | None,
    mode: Mode,
    coordinate_transformation_mode: Coordinates,
    nearest_mode: Rounding,
    cubic_coeff_a: float,
    exclude_outside: bool,
    extrapolation_value: float,
    antialias: bool,
    keep_aspect_ratio_policy: AspectRatio,
) -> Array:
    """Find the coordinates of each axis, and weight the elements around them."""
    moved = [axis % x.ndim for axis in axes] if axes is not None else list(range(x.ndim))
    extents = [x.shape[axis] for axis in moved]
    steps = _steps(extents, sizes, scales, keep_aspect_ratio_policy)
    bounds = np.zeros(2 * len(moved)) if roi is None else roi.astype(np.float64)
    ranges = bounds.reshape(2, -1).T
    y = x if mode == "nearest" or x.dtype.kind == "f" else x.astype(np.float64)
    beyond: list[tuple[int, Array]] = []
    for index in sorted(range(len(moved)), key=lambda i: steps[i].places - steps[i].extent):
        axis, step = moved[index], steps[index]
        if not step.places:
            y = y.take([], axis)
            continue
        places = _coordinates(step, coordinate_transformation_mode, ranges[index])
        if coordinate_transformation_mode == "tf_crop_and_resize":
            outside = ~((places >= 0) & (places <= step.extent - 1))
            places = np.where(outside, 0, places)
            beyond.append((axis, outside))
        if np.array_equal(places, np.arange(step.extent)):
            continue
        if mode == "nearest":
            y = y.take(_nearest(places, nearest_mode).clip(0, step.extent - 1), axis)
            continue
        scale = min(step.bottom / step.top, 1.0) if antialias else 1.0
        taken, weights = _weights(places, mode, scale, cubic_coeff_a)
        if exclude_outside:
            weights *= (taken >= 0) & (taken < step.extent)
        if exclude_outside or antialias:
            weights /= weights.sum(axis=0)
        y = _weighted(y, axis, taken.clip(0, step.extent - 1), weights)
    for axis, outside in beyond:
        if outside.any():
            np.moveaxis(y, axis, 0)[outside] = extrapolation_value
    return _as_type(y, x.dtype)


def _steps(
    extents: list[int],
    sizes: tuple[int, ...] | None,
    scales: tuple[float, ...] | None,
    policy: AspectRatio,
) -> list[Axis]:
    if scales is not None:
        fractions = map(simplest_fraction, scales)
        return [
            Axis(n, n * f.numerator // f.denominator, 1.0, scale)
            for n, scale, f in zip(extents, scales, fractions, strict=True)
        ]
    pairs = list(zip(extents, sizes or (), strict=True))
    if policy == "stretch" or not pairs:
        return [Axis(n, size, n, size) for n, size in pairs]
    best = min if policy == "not_larger" else max
    top, bottom = best(pairs, key=lambda pair: pair[1] / pair[0])
    return [Axis(n, (2 * bottom * n + top) // (2 * top), top, bottom) for n in extents]


def _coordinates(step: Axis, mode: Coordinates, roi: Array) -> Array:
    """Return where each element of the result lies on the axis."""
    index = np.arange(step.places, dtype=np.float64)
    centred = (index + 0.5) * step.top / step.bottom - 0.5
    match mode:
        case "half_pixel":
            return centred
        case "half_pixel_symmetric":
            return step.extent / 2 * (1 - step.places / step.length) + centred
        case "pytorch_half_pixel":
            return centred if step.places > 1 else np.zeros_like(index)
        case "align_corners":
            return index * (step.extent - 1) / (step.length - 1) if step.places > 1 else index
        case "asymmetric":
            return index * step.top / step.bottom
        case "tf_crop_and_resize":
            begin, end = map(float, roi)
            if step.places <= 1:
                return index + 0.5 * (begin + end) * (step.extent - 1)
            moved = index * (end - begin) * (step.extent - 1) / (step.length - 1)
            return np.asarray(moved + begin * (step.extent - 1))


def _nearest(places: Array, mode: Rounding) -> Array:
    match mode:
        case "round_prefer_floor":
            found = np.ceil(places - 0.5)
        case "round_prefer_ceil":
            found = np.floor(places + 0.5)
        case "floor":
            found = np.floor(places)
        case "ceil":
            found = np.ceil(places)
    return np.asarray(found, np.int64)


def _weights(places: Array, mode: Mode, scale: float, a: float) -> tuple[Array, Array]:
    """Return indices and weights (taps, count) of the elements around each coordinate."""
    before = np.floor(-(1 if mode == "linear" else 2) / scale) + 1
    offsets = np.arange(before, 2 - before, dtype=np.float64).reshape(-1, 1)
    taken = np.asarray(np.floor(places) + offsets)
    distance = np.abs(taken - places) * scale
    if mode == "linear":
        weights = np.maximum(1 - distance, 0)
    else:
        near = ((a + 2) * distance - (a + 3)) * distance**2 + 1
        far = ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a
        weights = np.where(distance <= 1, near, np.where(distance < 2, far, 0))
    return taken.astype(np.int64), weights


def _weighted(y: Array, axis: int, taken: Array, weights: Array) -> Array:
    """Sum what was taken along an axis, tap by tap, in the type of `y`."""
    shape = [1] * y.ndim
    shape[axis] = -1
    total: Array = np.zeros_like(y.take(taken[0], axis))
    for indices, weight in zip(taken, weights, strict=True):
        if weight.any():
            total += y.take(indices, axis) * weight.astype(y.dtype).reshape(shape)
    return total


def _as_type(y: Array, dtype: np.dtype[Any]) -> Array:
    """Round what was computed of integers, within the limits of their type."""
    if y.dtype == dtype:
        return y
    limits = np.iinfo(dtype)
    return y.round().clip(limits.min, limits.max).astype(dtype)

"""Pictures read at places that other tensors name, in numpy."""

from itertools import product
from typing import NamedTuple

import numpy as np

from wnnx import ops
from wnnx.errors import KernelError
from wnnx.ops.sampling import MAX_SAMPLES, GridMode, GridPadding, RoiCoordinates, RoiMode
from wnnx.types import Array
from wnnxruntime.registry import kernel

CUBIC = -0.75


class Tap(NamedTuple):
    """One of the elements around each place, along one axis: where, weight, whether inside."""

    element: Array
    weight: Array
    inside: Array


class Samples(NamedTuple):
    """Where the samples of a region lie along one axis, and how near to two elements."""

    low: Array
    high: Array
    near_low: Array
    near_high: Array


@kernel(ops.grid_sample)
def grid_sample(
    x: Array, grid: Array, *, mode: GridMode, padding_mode: GridPadding, align_corners: bool
) -> Array:
    """Sum what lies around each place, weighted along each axis."""
    places = np.where(np.isnan(grid), -1, grid)
    taps = [
        _taps(places[..., -1 - axis], extent, mode, padding_mode, align_corners=align_corners)
        for axis, extent in enumerate(x.shape[2:])
    ]
    batch = np.arange(x.shape[0], dtype=np.int64).reshape(-1, *[1] * (grid.ndim - 2))
    pictures = np.moveaxis(x, 1, -1)
    y = np.zeros((*grid.shape[:-1], x.shape[1]), x.dtype)
    for around in product(*taps):
        weight = np.ones(grid.shape[:-1], x.dtype)
        inside = np.ones(grid.shape[:-1], np.bool_)
        for tap in around:
            weight *= tap.weight.astype(x.dtype)
            inside &= tap.inside
        seen = pictures[(batch, *(tap.element for tap in around))]
        y += np.where(inside[..., None], seen * weight[..., None], 0)
    return np.moveaxis(y, -1, 1)


def _taps(
    place: Array, extent: int, mode: GridMode, padding: GridPadding, *, align_corners: bool
) -> list[Tap]:
    """Return the elements around each place along one axis."""
    if align_corners:
        low, high, position = 0.0, extent - 1.0, (place + 1) / 2 * (extent - 1)
    else:
        low, high, position = -0.5, extent - 0.5, ((place + 1) * extent - 1) / 2
    if mode != "bicubic":  # that one pads the elements instead
        position = _padded(position, low, high, extent, padding)
    first = np.rint(position) if mode == "nearest" else np.floor(position)
    beyond = position - first
    match mode:
        case "nearest":
            weights = [np.ones_like(position)]
        case "bilinear":
            weights = [1 - beyond, beyond]
        case "bicubic":
            first = first - 1
            weights = [_cubic(np.abs(beyond + 1 - tap)) for tap in range(4)]
    taps: list[Tap] = []
    for tap, weight in enumerate(weights):
        index = _padded(first + tap, low, high, extent, padding)
        inside = (index >= 0) & (index <= extent - 1)
        taps.append(Tap(np.where(inside, index, 0).astype(np.int64), weight, inside))
    return taps


def _padded(
    position: Array, low: float, high: float, extent: int, padding: GridPadding
) -> Array:
    """Bring positions outside of the axis back to it."""
    if padding == "zeros":
        return position
    if padding == "reflection":
        span = max(high - low, 1e-30)
        turned = np.abs(position - low) % (2 * span)
        position = low + np.minimum(turned, 2 * span - turned)
    return position.clip(0, extent - 1)


def _cubic(distance: Array) -> Array:
    near = ((CUBIC + 2) * distance - (CUBIC + 3)) * distance**2 + 1
    far = ((CUBIC * distance - 5 * CUBIC) * distance + 8 * CUBIC) * distance - 4 * CUBIC
    return np.where(distance <= 1, near, far)


@kernel(ops.roi_align)
def roi_align(
    x: Array,
    rois: Array,
    batch_indices: Array,
    *,
    output_size: tuple[int, ...],
    spatial_scale: float,
    sampling_ratio: int,
    mode: RoiMode,
    coordinate_transformation_mode: RoiCoordinates,
) -> Array:
    """Sample each region, and take the mean or the greatest of each bin."""
    wrong = batch_indices[(batch_indices < 0) | (batch_indices >= x.shape[0])]
    if wrong.size:
        raise KernelError(f"batch index {wrong[0]} is out of range for {x.shape[0]} pictures")
    shifted = coordinate_transformation_mode == "half_pixel"
    boxes = rois * rois.dtype.type(spatial_scale) - rois.dtype.type(0.5 if shifted else 0)
    y = np.zeros((len(rois), x.shape[1], *output_size), x.dtype)
    for index, (left, top, right, bottom) in enumerate(boxes):
        sides = (bottom - top, right - left)
        sides = sides if shifted else (max(sides[0], 1), max(sides[1], 1))
        counts = [
            _sample_count(side, bins, sampling_ratio, index)
            for side, bins in zip(sides, output_size, strict=True)
        ]
        if min(counts) < 1:
            continue
        rows, columns = (
            _samples(start, side, bins, count, extent)
            for start, side, bins, count, extent in zip(
                (top, left), sides, output_size, counts, x.shape[2:], strict=True
            )
        )
        picture = x[int(batch_indices[index])]
        sampled = (_mean if mode == "avg" else _greatest)(picture, rows, columns)
        bins = sampled.reshape(-1, output_size[0], counts[0], output_size[1], counts[1])
        y[index] = bins.mean(axis=(2, 4)) if mode == "avg" else bins.max(axis=(2, 4))
    return y


def _sample_count(side: float, bins: int, ratio: int, region: int) -> int:
    """Return the samples of a bin along one axis; none where the region is inside out."""
    count = ratio if ratio else np.ceil(side / bins)
    if not count * bins <= MAX_SAMPLES:
        raise KernelError(
            f"region {region} is {side:g} elements long and would take {count * bins:g} "
            f"samples along an axis; at most {MAX_SAMPLES} are allowed: clip the regions, or "
            "give sampling_ratio"
        )
    return int(count)


def _samples(start: float, side: float, bins: int, count: int, extent: int) -> Samples:
    """Return the samples of an axis, bin by bin; those outside of `x` weigh nothing."""
    width = side / bins
    within = (np.arange(count, dtype=np.asarray(side).dtype) + 0.5) * width / count
    place = (start + np.arange(bins)[:, None] * width + within).ravel()
    inside = (place >= -1) & (place <= extent)
    place = np.where(inside, place, 0).clip(0, extent - 1)
    low = np.floor(place).astype(np.int64)
    near_high = place - low
    return Samples(
        low, np.minimum(low + 1, extent - 1), (1 - near_high) * inside, near_high * inside
    )


def _mean(picture: Array, rows: Samples, columns: Samples) -> Array:
    """Return (C, rows, columns): the weighted sum of the four elements around each sample."""
    along = (
        picture[:, rows.low] * rows.near_low[:, None]
        + picture[:, rows.high] * rows.near_high[:, None]
    )
    return np.asarray(
        along[..., columns.low] * columns.near_low
        + along[..., columns.high] * columns.near_high
    )


def _greatest(picture: Array, rows: Samples, columns: Samples) -> Array:
    """Return (C, rows, columns): the greatest weighted element around each sample."""
    corners = (
        picture[:, row][..., column] * (near_row[:, None] * near_column)
        for (row, near_row), (column, near_column) in product(
            ((rows.low, rows.near_low), (rows.high, rows.near_high)),
            ((columns.low, columns.near_low), (columns.high, columns.near_high)),
        )
    )
    return np.asarray(np.maximum.reduce(list(corners)))

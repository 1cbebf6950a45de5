"""Pictures read at places that other tensors name."""

from typing import Literal, TypeAlias, Unpack

from wnnx.errors import ArgumentError, ShapeError
from wnnx.graph import Value
from wnnx.ops.attributes import NodeOptions, PerAxis, per_axis
from wnnx.ops.checks import (
    differ,
    require_dtype,
    require_positive,
    require_rank,
    require_same_dtype,
)
from wnnx.ops.registry import op
from wnnx.ops.windows import in_range
from wnnx.types import FLOATS, INTEGERS, TensorType, shape_text

GridMode: TypeAlias = Literal["bilinear", "nearest", "bicubic"]
GridPadding: TypeAlias = Literal["zeros", "border", "reflection"]
RoiMode: TypeAlias = Literal["avg", "max"]
RoiCoordinates: TypeAlias = Literal["half_pixel", "output_half_pixel"]

# Along one axis of one region; a region that is larger would cost a run any time.
MAX_SAMPLES = 2**14


@op
def grid_sample(
    x: Value,
    grid: Value,
    *,
    mode: GridMode = "bilinear",
    padding_mode: GridPadding = "zeros",
    align_corners: bool = False,
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Read `x` at the places in `grid`.

    A place has one coordinate for each spatial axis, the last axis first. -1 and 1 are the
    outer edges of the first and last element, or with `align_corners` their middles.

    Semantics: torch.nn.functional.grid_sample, ONNX GridSample (whose "linear" is "bilinear",
    "cubic" "bicubic"), over any number of spatial axes in every mode. A coordinate that is NaN
    is taken as -1.

    Args:
        x: (N, C, *spatial), floating point, with at least one spatial axis.
        grid: (N, *out, spatial axes), floating point, with as many extents `out` as `x` has
            spatial axes.
        mode: How to weight the elements around a place: "bilinear" two along each axis,
            "bicubic" four, "nearest" the next one, the even one in the middle.
        padding_mode: What lies outside: 0, the element at the edge, or the picture reflected
            at its edges.
        align_corners: Which points of the edge elements -1 and 1 are.
        **node: The layer's name and precision.

    Returns:
        (N, C, *out), of the element type of `x`.

    Raises:
        ShapeError: if the shapes do not fit together, or `x` has a spatial axis without
            elements.
        DTypeError: if one is not floating point.
    """
    require_dtype(x, FLOATS)
    require_dtype(grid, FLOATS)
    texts = f'"{x.name}" {shape_text(x.shape)} and grid "{grid.name}" {shape_text(grid.shape)}'
    if x.rank < 3 or grid.rank != x.rank:
        raise ShapeError(f"{texts}: expected (N, C, *spatial) and (N, *out, spatial axes)")
    if differ(grid.shape[-1], x.rank - 2):
        raise ShapeError(
            f"{texts}: the grid's last axis has {grid.shape[-1]} coordinates for {x.rank - 2} "
            "spatial axes"
        )
    if differ(x.shape[0], grid.shape[0]):
        raise ShapeError(f"{texts}: a batch of {x.shape[0]} against one of {grid.shape[0]}")
    _require_elements(x)
    return TensorType(x.dtype, (*x.shape[:2], *grid.shape[1:-1]))


@op
def roi_align(
    x: Value,
    rois: Value,
    batch_indices: Value,
    *,
    output_size: PerAxis = 1,
    spatial_scale: float = 1.0,
    sampling_ratio: int = 0,
    mode: RoiMode = "avg",
    coordinate_transformation_mode: RoiCoordinates = "half_pixel",
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Read regions of pictures, each as `output_size` bins, by samples between the elements.

    Semantics: ONNX RoiAlign; torchvision.ops.roi_align with aligned=True is "half_pixel", with
    aligned=False "output_half_pixel", under which a region is at least 1 wide and high. As
    there, "max" takes the greatest of the four weighted elements around any sample. A bin
    without samples is 0.

    Args:
        x: (N, C, H, W), floating point.
        rois: (K, 4), of the element type of `x`: left, top, right, bottom of each region.
        batch_indices: (K,), integers from 0 to N - 1: the picture of each region.
        output_size: Bins along height and width.
        spatial_scale: Elements of `x` for each unit of `rois`.
        sampling_ratio: Samples of a bin along each axis; 0 means the extent of the region
            over the bins, rounded up.
        mode: "avg" for the mean of a bin's samples, "max" for the greatest.
        coordinate_transformation_mode: "half_pixel" for coordinates of which the middle of
            the first element is 0.5, "output_half_pixel" for 0.
        **node: The layer's name and precision.

    Returns:
        (K, C, *output_size), of the element type of `x`.

    Raises:
        ShapeError: if the shapes do not fit together, or `x` has no elements along an axis.
        DTypeError: if the element types do not.
        ArgumentError: if an attribute is out of range, or there are more than 2**14 samples
            along an axis.
    """
    require_rank(x, 4, layout="(N, C, H, W)")
    require_dtype(x, FLOATS)
    require_same_dtype(x, rois)
    require_dtype(batch_indices, INTEGERS)
    require_rank(rois, 2, layout="(K, 4)")
    require_rank(batch_indices, 1, layout="(K,)")
    if differ(rois.shape[1], 4):
        raise ShapeError(f'"{rois.name}" {shape_text(rois.shape)} must be (K, 4)')
    if differ(rois.shape[0], batch_indices.shape[0]):
        raise ShapeError(
            f'"{rois.name}" {shape_text(rois.shape)} has {rois.shape[0]} regions, but '
            f'"{batch_indices.name}" {shape_text(batch_indices.shape)}'
        )
    _require_elements(x)
    size = in_range("output_size", per_axis("output_size", output_size, 2))
    require_positive("sampling_ratio", (sampling_ratio,), least=0)
    if max(size) * max(sampling_ratio, 1) > MAX_SAMPLES:
        raise ArgumentError(
            f"output_size={size} with sampling_ratio={sampling_ratio}: at most {MAX_SAMPLES} "
            "samples along an axis are allowed"
        )
    if not 0 < spatial_scale < float("inf"):
        raise ArgumentError(f"spatial_scale={spatial_scale}; expected a positive number")
    return TensorType(x.dtype, (rois.shape[0], x.shape[1], *size))


def _require_elements(x: Value) -> None:
    if 0 in x.shape[2:]:
        axis = x.shape.index(0, 2)
        raise ShapeError(f'"{x.name}" {shape_text(x.shape)} has no elements along axis {axis}')

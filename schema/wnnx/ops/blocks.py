"""Blocks of the spatial axes as channels, and channels as blocks."""

from collections.abc import Sequence
from typing import Literal, Unpack

from wnnx.dims import Dim, bounds, product
from wnnx.errors import ArgumentError, ShapeError
from wnnx.graph import Value
from wnnx.ops.attributes import Dims, Ints, NodeOptions, Padding, PerAxis, per_axis
from wnnx.ops.attributes import dims as as_dims
from wnnx.ops.checks import differ, require_dtype, require_rank
from wnnx.ops.registry import op
from wnnx.ops.windows import (
    Window,
    in_range,
    require_extents,
    require_spatial,
    windows,
)
from wnnx.types import NUMBERS, TensorType, checked_shape, shape_text

ChannelOrder = Literal["CRD", "DCR"]


@op
def pixel_shuffle(
    x: Value,
    *,
    upscale_factor: int,
    mode: ChannelOrder = "CRD",
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Lay the channels out as blocks of `upscale_factor` by `upscale_factor` pixels.

    Semantics: torch.pixel_shuffle; ONNX DepthToSpace in either mode.

    Args:
        x: (*, C * upscale_factor**2, H, W), any element type.
        upscale_factor: The side of a block, in pixels.
        mode: How the channels of `x` are numbered, the slowest first: "CRD" by channel of
            the result, row and column in the block; "DCR" by row, column, and channel.
        **node: The layer's name and precision.

    Returns:
        (*, C, H * upscale_factor, W * upscale_factor), of the element type of `x`.

    Raises:
        ShapeError: if there are fewer than three axes, the channels are no multiple of
            `upscale_factor**2`, or the result is larger than any tensor may be.
        ArgumentError: if `upscale_factor` is not from 1 to 2**20.
    """
    (side,) = in_range("upscale_factor", (upscale_factor,))
    _require_image(x)
    *batch, channels, height, width = x.shape
    if differ(channels % (side * side), 0):
        raise ShapeError(
            f'"{x.name}" {shape_text(x.shape)} has {channels} channels, no multiple of '
            f"{side * side}, the square of upscale_factor={side}"
        )
    shape = (*batch, channels // (side * side), height * side, width * side)
    return TensorType(x.dtype, checked_shape(shape))


@op
def pixel_unshuffle(
    x: Value,
    *,
    downscale_factor: int,
    mode: ChannelOrder = "CRD",
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Make channels of blocks of `downscale_factor` by `downscale_factor` pixels.

    Semantics: torch.pixel_unshuffle; in mode "DCR" ONNX SpaceToDepth.

    Args:
        x: (*, C, H * downscale_factor, W * downscale_factor), any element type.
        downscale_factor: The side of a block, in pixels.
        mode: How the channels of the result are numbered, the slowest first: "CRD" by channel
            of `x`, row and column in the block; "DCR" by row, column, and channel.
        **node: The layer's name and precision.

    Returns:
        (*, C * downscale_factor**2, H, W), of the element type of `x`.

    Raises:
        ShapeError: if there are fewer than three axes, or height or width is no multiple of
            `downscale_factor`.
        ArgumentError: if `downscale_factor` is not from 1 to 2**20.
    """
    (side,) = in_range("downscale_factor", (downscale_factor,))
    _require_image(x)
    *batch, channels, height, width = x.shape
    for extent in (height, width):
        if differ(extent % side, 0):
            raise ShapeError(
                f'"{x.name}" {shape_text(x.shape)} is {height} by {width}; {extent} is no '
                f"multiple of downscale_factor={side}"
            )
    shape = (*batch, channels * side * side, height // side, width // side)
    return TensorType(x.dtype, shape)


@op
def unfold(
    x: Value,
    *,
    kernel_size: PerAxis,
    dilation: PerAxis = 1,
    padding: Padding = 0,
    stride: PerAxis = 1,
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Make a column of what lies under each window: im2col.

    Each spatial axis has `(extent + begin + end - dilation * (kernel - 1) - 1) // stride + 1`
    windows.

    Semantics: torch.nn.functional.unfold, for one to three spatial axes; padding may differ
    between the two sides of an axis.

    Args:
        x: (N, C, *spatial), with one to three spatial axes, any element type.
        kernel_size: Elements under the window, along each axis.
        dilation: Step between the elements under the window.
        padding: Zeros around the input: one number, one per spatial axis, or every begin,
            then every end.
        stride: Step between windows.
        **node: The layer's name and precision.

    Returns:
        (N, C * elements of the kernel, windows), of the element type of `x`.

    Raises:
        ShapeError: if `x` has another number of axes, or there would be no window.
        ArgumentError: if an attribute is out of range: at most 2**20 each.
    """
    require_spatial(x)
    kernel = in_range("kernel_size", per_axis("kernel_size", kernel_size, x.rank - 2))
    moved = windows(kernel, stride=stride, padding=padding, dilation=dilation)
    counts = places(x.shape[2:], moved)
    require_extents(x, counts, moved)
    return TensorType(x.dtype, (x.shape[0], x.shape[1] * product(kernel), product(counts)))


@op
def fold(
    x: Value,
    *,
    output_size: Dims,
    kernel_size: Ints,
    dilation: Ints = 1,
    padding: Ints = 0,
    stride: Ints = 1,
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Lay columns out as windows, and sum what meets: col2im.

    It is the transpose of `unfold`, which says how many windows there are.

    Semantics: torch.nn.functional.fold, for one to three spatial axes; padding may differ
    between the two sides of an axis. ONNX Col2Im.

    Args:
        x: (N, C * elements of the kernel, windows), any number type.
        output_size: The spatial extents of the result; as many as there are spatial axes.
        kernel_size: Elements under the window: one number, or one per spatial axis.
        dilation: Step between the elements under the window: one number, or one per axis.
        padding: Elements cut off around the result: one number, one per spatial axis, or
            every begin, then every end.
        stride: Step between windows: one number, or one per spatial axis.
        **node: The layer's name and precision.

    Returns:
        (N, C, *output_size), of the element type of `x`.

    Raises:
        ShapeError: if `x` has not three axes, its channels are no multiple of the kernel's
            elements, or it has another number of windows than the result.
        ArgumentError: if there are not one to three spatial axes, or an attribute is out of
            range: at most 2**20 each.
        DTypeError: if `x` is bool.
    """
    require_rank(x, 3, layout="(batch, channels * elements of the kernel, windows)")
    require_dtype(x, NUMBERS)
    extents = as_dims("output_size", output_size)
    if not 1 <= len(extents) <= 3:
        raise ArgumentError(
            f"output_size={shape_text(extents)} has {len(extents)} numbers; expected one for "
            "each of one to three spatial axes"
        )
    kernel = in_range("kernel_size", per_axis("kernel_size", kernel_size, len(extents)))
    moved = windows(kernel, stride=stride, padding=padding, dilation=dilation)
    batch, channels, columns = x.shape
    if differ(channels % product(kernel), 0):
        raise ShapeError(
            f'"{x.name}" {shape_text(x.shape)} has {channels} channels, no multiple of the '
            f"{product(kernel)} elements of kernel_size={kernel}"
        )
    counts = places(checked_shape(extents), moved)
    if any(_none(count) for count in counts) or differ(columns, product(counts)):
        raise ShapeError(
            f'"{x.name}" {shape_text(x.shape)} has {columns} windows; '
            f"output_size={shape_text(extents)} takes {' * '.join(map(str, counts))}"
        )
    return TensorType(x.dtype, (batch, channels // product(kernel), *extents))


def places(extents: Sequence[Dim], moved: Sequence[Window]) -> tuple[Dim, ...]:
    """Return how many windows there are along each axis."""
    return tuple(window.places(extent) for window, extent in zip(moved, extents, strict=True))


def _none(count: Dim) -> bool:
    most = bounds(count)[1]
    return most is not None and most < 1


def _require_image(x: Value) -> None:
    if x.rank < 3:
        raise ShapeError(
            f'"{x.name}" {shape_text(x.shape)} has {x.rank} axes; expected 3 or more, '
            "(..., channels, height, width)"
        )

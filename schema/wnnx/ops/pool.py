"""Pools: one number for each window, channel by channel, over one to three spatial axes."""

import math
from typing import Literal, Unpack

from wnnx.errors import ArgumentError
from wnnx.graph import Value
from wnnx.ops.attributes import NodeOptions, Padding, PerAxis, per_axis
from wnnx.ops.checks import require_dtype
from wnnx.ops.registry import op
from wnnx.ops.windows import MAX_WINDOW, in_range, require_extents, require_spatial, windows
from wnnx.types import FLOATS, NUMBERS, TensorType

KEEP = -1

Indices = Literal["plane", "row_major", "column_major"]


@op
def max_pool(
    x: Value,
    *,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Return the greatest element under each window.

    Padding never wins: it counts as -inf, or as the least number of an integer type. A NaN
    under the window does. Each spatial axis has `(extent + begin + end - dilation * (kernel -
    1) - 1) // stride + 1` windows; with `ceil_mode` the division rounds up, but windows that
    would begin in the padding behind the input are left out.

    Semantics: torch.nn.functional.max_pool1d, max_pool2d and max_pool3d; padding may differ
    between the two sides of an axis and be anything less than the window.

    Args:
        x: (N, C, *spatial), with one to three spatial axes, any number type.
        kernel_size: Elements under the window, along each axis.
        stride: Step between windows; None means `kernel_size`.
        padding: Elements around the input: one number, one per spatial axis, or every begin,
            then every end.
        dilation: Step between the elements under the window.
        ceil_mode: Whether a last window that is only partly filled counts.
        **node: The layer's name and precision.

    Returns:
        (N, C, *windows), of the element type of `x`.

    Raises:
        ShapeError: if `x` has another number of axes, or the result would have no element.
        ArgumentError: if an attribute is out of range: at most 2**20 each.
        DTypeError: if `x` is bool.
    """
    require_spatial(x)
    require_dtype(x, NUMBERS)
    return _pooled(
        x,
        kernel_size,
        stride=stride,
        padding=padding,
        dilation=dilation,
        ceil_mode=ceil_mode,
    )


@op
def max_pool_with_indices(
    x: Value,
    *,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
    indices: Indices = "plane",
    **node: Unpack[NodeOptions],
) -> tuple[TensorType, TensorType]:
    """Return the greatest element under each window, and where it is.

    The windows are those of `max_pool`. Of equals the first, row by row, is found, and of
    several NaNs the last; where a window holds nothing but padding, -1.

    Semantics: torch.nn.functional.max_pool1d, max_pool2d and max_pool3d with
    return_indices=True; the other two ways to count are those of ONNX MaxPool.

    Args:
        x: (N, C, *spatial), with one to three spatial axes, any number type.
        kernel_size: Elements under the window, along each axis.
        stride: Step between windows; None means `kernel_size`.
        padding: Elements around the input: one number, one per spatial axis, or every begin,
            then every end.
        dilation: Step between the elements under the window.
        ceil_mode: Whether a last window that is only partly filled counts.
        indices: How elements are counted: "plane" within their channel, row by row;
            "row_major" through all of `x`, row by row; "column_major" likewise, but with the
            first spatial axis running fastest (storage_order 1 in ONNX).
        **node: The layer's name and precision.

    Returns:
        The elements, (N, C, *windows), of the element type of `x`, and their indices, int64 of
        the same shape.

    Raises:
        ShapeError: if `x` has another number of axes, or the result would have no element.
        ArgumentError: if an attribute is out of range: at most 2**20 each.
        DTypeError: if `x` is bool.
    """
    require_spatial(x)
    require_dtype(x, NUMBERS)
    greatest = _pooled(
        x,
        kernel_size,
        stride=stride,
        padding=padding,
        dilation=dilation,
        ceil_mode=ceil_mode,
    )
    return greatest, TensorType("int64", greatest.shape)


@op
def avg_pool(
    x: Value,
    *,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Return the mean of each window; NaN where no element counts.

    Each spatial axis has `(extent + begin + end - dilation * (kernel - 1) - 1) // stride + 1`
    windows; with `ceil_mode` the division rounds up, but windows that would begin in the
    padding behind the input are left out. What a window has beyond the padding never counts.

    Semantics: torch.nn.functional.avg_pool1d, avg_pool2d and avg_pool3d; padding may differ
    between the two sides of an axis and be anything less than the window. `dilation` is that
    of ONNX AveragePool.

    Args:
        x: (N, C, *spatial), with one to three spatial axes, floating point.
        kernel_size: Elements under the window, along each axis.
        stride: Step between windows; None means `kernel_size`.
        padding: Zeros around the input: one number, one per spatial axis, or every begin,
            then every end.
        dilation: Step between the elements under the window.
        ceil_mode: Whether a last window that is only partly filled counts.
        count_include_pad: Whether the zeros of the padding are elements of the mean.
        **node: The layer's name and precision.

    Returns:
        (N, C, *windows), of the element type of `x`.

    Raises:
        ShapeError: if `x` has another number of axes, or the result would have no element.
        ArgumentError: if an attribute is out of range: at most 2**20 each.
        DTypeError: if `x` is not floating point.
    """
    require_spatial(x)
    require_dtype(x, FLOATS)
    return _pooled(
        x,
        kernel_size,
        stride=stride,
        padding=padding,
        dilation=dilation,
        ceil_mode=ceil_mode,
    )


@op
def lp_pool(
    x: Value,
    *,
    norm_type: float,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Return the vector norm of each window, `sum(|x| ** norm_type) ** (1 / norm_type)`.

    The windows are those of `max_pool`; padding, and what a window has beyond it, is 0.

    Semantics: ONNX LpPool. torch.nn.functional.lp_pool1d, lp_pool2d and lp_pool3d are the
    same where every window is filled, and `norm_type` is even or `x` not negative; they scale
    up windows that are partly filled, and do not take |x|.

    Args:
        x: (N, C, *spatial), with one to three spatial axes, floating point.
        norm_type: The order of the norm, more than 0.
        kernel_size: Elements under the window, along each axis.
        stride: Step between windows; None means `kernel_size`.
        padding: Zeros around the input: one number, one per spatial axis, or every begin,
            then every end.
        dilation: Step between the elements under the window.
        ceil_mode: Whether a last window that is only partly filled counts.
        **node: The layer's name and precision.

    Returns:
        (N, C, *windows), of the element type of `x`.

    Raises:
        ShapeError: if `x` has another number of axes, or the result would have no element.
        ArgumentError: if an attribute is out of range: at most 2**20 each.
        DTypeError: if `x` is not floating point.
    """
    require_spatial(x)
    require_dtype(x, FLOATS)
    if not 0 < norm_type < math.inf:
        raise ArgumentError(f"norm_type={norm_type}; expected a number above 0, such as 2")
    return _pooled(
        x,
        kernel_size,
        stride=stride,
        padding=padding,
        dilation=dilation,
        ceil_mode=ceil_mode,
    )


@op
def adaptive_avg_pool(
    x: Value, *, output_size: PerAxis, **node: Unpack[NodeOptions]
) -> TensorType:
    """Return the means of `output_size` windows that cover each spatial axis evenly.

    Window `i` of an axis reaches from `i * extent // output_size` up to, without, the
    `(i + 1) * extent / output_size` rounded up.

    Semantics: torch.nn.functional.adaptive_avg_pool1d, adaptive_avg_pool2d and
    adaptive_avg_pool3d; for the None of PyTorch, write -1.

    Args:
        x: (N, C, *spatial), with one to three spatial axes, floating point.
        output_size: Windows along each axis; -1 keeps the axis as it is.
        **node: The layer's name and precision.

    Returns:
        (N, C, *output_size), of the element type of `x`.

    Raises:
        ShapeError: if `x` has another number of axes, or one without elements.
        ArgumentError: if a size is neither -1 nor from 1 to 2**20.
        DTypeError: if `x` is not floating point.
    """
    require_spatial(x)
    require_dtype(x, FLOATS)
    return _adapted(x, output_size)


@op
def adaptive_max_pool(
    x: Value, *, output_size: PerAxis, **node: Unpack[NodeOptions]
) -> TensorType:
    """Return the greatest of each of `output_size` windows that cover each axis evenly.

    The windows are those of `adaptive_avg_pool`. A NaN under the window wins.

    Semantics: torch.nn.functional.adaptive_max_pool1d, adaptive_max_pool2d and
    adaptive_max_pool3d; for the None of PyTorch, write -1.

    Args:
        x: (N, C, *spatial), with one to three spatial axes, any number type.
        output_size: Windows along each axis; -1 keeps the axis as it is.
        **node: The layer's name and precision.

    Returns:
        (N, C, *output_size), of the element type of `x`.

    Raises:
        ShapeError: if `x` has another number of axes, or one without elements.
        ArgumentError: if a size is neither -1 nor from 1 to 2**20.
        DTypeError: if `x` is bool.
    """
    require_spatial(x)
    require_dtype(x, NUMBERS)
    return _adapted(x, output_size)


def _adapted(x: Value, output_size: PerAxis) -> TensorType:
    """Return the type of `output_size` elements along each spatial axis.

    Raises:
        ArgumentError: if a size is neither -1 nor from 1 to 2**20.
    """
    sizes = per_axis("output_size", output_size, x.rank - 2)
    if any(size != KEEP and not 1 <= size <= MAX_WINDOW for size in sizes):
        raise ArgumentError(
            f"output_size={sizes}: every number must be from 1 to {MAX_WINDOW}, or {KEEP}"
        )
    extents = zip(x.shape[2:], sizes, strict=True)
    kept = (extent if size == KEEP else size for extent, size in extents)
    return TensorType(x.dtype, (*x.shape[:2], *kept))


def _pooled(
    x: Value,
    kernel_size: PerAxis,
    *,
    stride: PerAxis | None,
    padding: Padding,
    dilation: PerAxis,
    ceil_mode: bool,
) -> TensorType:
    """Return the type of one element for each window."""
    kernel = in_range("kernel_size", per_axis("kernel_size", kernel_size, x.rank - 2))
    step = kernel if stride is None else stride
    moved = windows(kernel, stride=step, padding=padding, dilation=dilation)
    for size, window in zip(kernel, moved, strict=True):
        most = (size - 1) * window.dilation
        if max(window.begin, window.end) > most:
            raise ArgumentError(
                f"padding={window.begin} and {window.end} around an axis with "
                f"kernel_size={size} and dilation={window.dilation}: at most {most}, or a "
                "window would hold only padding"
            )
    counts = [
        window.places(extent, ceil_mode=ceil_mode)
        for window, extent in zip(moved, x.shape[2:], strict=True)
    ]
    require_extents(x, counts, moved)
    return TensorType(x.dtype, (*x.shape[:2], *counts))

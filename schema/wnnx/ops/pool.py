"""Pools: one number for each window, channel by channel, over one to three spatial axes."""

from typing import Unpack

from wnnx.errors import ArgumentError
from wnnx.graph import Value
from wnnx.ops.attributes import NodeOptions, Padding, PerAxis, per_axis
from wnnx.ops.checks import require_dtype
from wnnx.ops.registry import op
from wnnx.ops.windows import MAX_WINDOW, in_range, require_extents, require_spatial, windows
from wnnx.types import FLOATS, NUMBERS, TensorType

KEEP = -1


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
def avg_pool(
    x: Value,
    *,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: Padding = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Return the mean of each window.

    Each spatial axis has `(extent + begin + end - kernel) // stride + 1` windows; with
    `ceil_mode` the division rounds up, but windows that would begin in the padding behind the
    input are left out. What a window has beyond the padding never counts.

    Semantics: torch.nn.functional.avg_pool1d, avg_pool2d and avg_pool3d; padding may differ
    between the two sides of an axis and be anything less than the window.

    Args:
        x: (N, C, *spatial), with one to three spatial axes, floating point.
        kernel_size: Elements under the window, along each axis.
        stride: Step between windows; None means `kernel_size`.
        padding: Zeros around the input: one number, one per spatial axis, or every begin,
            then every end.
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
    return _pooled(x, kernel_size, stride=stride, padding=padding, ceil_mode=ceil_mode)


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
    dilation: PerAxis = 1,
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

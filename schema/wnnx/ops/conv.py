"""Convolutions over one, two or three spatial axes."""

from typing import Unpack

from wnnx.dims import Dim
from wnnx.errors import ArgumentError, ShapeError
from wnnx.graph import Value
from wnnx.ops.attributes import NodeOptions, Padding, PerAxis, per_axis
from wnnx.ops.checks import differ, require_bias, weighted_dtype
from wnnx.ops.registry import op
from wnnx.ops.windows import in_range, require_extents, require_spatial, windows
from wnnx.types import TensorType, shape_text


@op(half_weights=("weight",))
def conv(
    x: Value,
    weight: Value,
    bias: Value | None = None,
    *,
    stride: PerAxis = 1,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Slide a kernel over the input and sum what lies under it, for every output channel.

    `y[n, o, i] = bias[o] + sum over c, k of weight[o, c, k] * padded_x[n, g + c, i * stride +
    k * dilation]`, where `g` is the first channel of the group that `o` is in. Each spatial
    axis has `(extent + begin + end - dilation * (kernel - 1) - 1) // stride + 1` places.

    Semantics: torch.nn.functional.conv1d, conv2d and conv3d; padding may differ between the
    two sides of an axis. A float16 weight next to a float32 `x` is widened as it is read; the
    sum is accumulated in float32.

    Args:
        x: (N, in, *spatial), with one to three spatial axes.
        weight: (out, in / groups, *kernel).
        bias: (out,), or none.
        stride: Step between windows, in elements.
        padding: Zeros around the input, in elements: one number, one per spatial axis, or
            every begin, then every end.
        dilation: Step between the kernel's elements.
        groups: Into how many groups the channels are split; each is convolved alone.
        **node: The layer's name and precision.

    Returns:
        (N, out, *places), in float32 where `x` or `weight` is, else in their element type.

    Raises:
        ShapeError: if the shapes do not go together, or the result would have no element.
        ArgumentError: if an attribute is out of range: at most 2**20 each.
        DTypeError: if an element type is not floating point, or they do not go together.
    """
    _require_kernel(x, weight, groups)
    out, channels, *kernel = weight.shape
    takes = channels * groups
    if differ(x.shape[1], takes):
        raise ShapeError(
            f'"{x.name}" has {x.shape[1]} channels, but {_named(weight)} with groups={groups} '
            f"takes {takes}"
        )
    if differ(out % groups, 0):
        raise ShapeError(
            f"groups={groups} does not divide the {out} output channels of {_named(weight)}"
        )
    moved = windows(kernel, stride=stride, padding=padding, dilation=dilation)
    places = [w.places(extent) for w, extent in zip(moved, x.shape[2:], strict=True)]
    require_extents(x, places, moved)
    dtype = weighted_dtype(x, weight)
    require_bias(bias, weight, out, dtype)
    return TensorType(dtype, (x.shape[0], out, *places))


@op(half_weights=("weight",))
def conv_transpose(
    x: Value,
    weight: Value,
    bias: Value | None = None,
    *,
    stride: PerAxis = 1,
    padding: Padding = 0,
    output_padding: PerAxis = 0,
    groups: int = 1,
    dilation: PerAxis = 1,
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Lay the kernel, times each input element, over the result, and sum what meets.

    Each spatial axis of the result has `(extent - 1) * stride - begin - end + dilation *
    (kernel - 1) + output_padding + 1` elements.

    Semantics: torch.nn.functional.conv_transpose1d, conv_transpose2d and conv_transpose3d;
    padding may differ between the two sides of an axis. A float16 weight next to a float32
    `x` is widened as it is read; the sum is accumulated in float32.

    Args:
        x: (N, in, *spatial), with one to three spatial axes.
        weight: (in, out / groups, *kernel).
        bias: (out,), or none.
        stride: Step in the result from one input element to the next.
        padding: Elements cut off the result's sides: one number, one per spatial axis, or
            every begin, then every end.
        output_padding: Elements added at the end of each axis; less than its stride or its
            dilation.
        groups: Into how many groups the channels are split; each is convolved alone.
        dilation: Step between the kernel's elements.
        **node: The layer's name and precision.

    Returns:
        (N, out, *extents), in float32 where `x` or `weight` is, else in their element type.

    Raises:
        ShapeError: if the shapes do not go together, or the result would have no element.
        ArgumentError: if an attribute is out of range: at most 2**20 each.
        DTypeError: if an element type is not floating point, or they do not go together.
    """
    _require_kernel(x, weight, groups)
    takes, channels, *kernel = weight.shape
    if differ(x.shape[1], takes):
        raise ShapeError(
            f'"{x.name}" has {x.shape[1]} channels, but {_named(weight)} takes {takes}'
        )
    if differ(takes % groups, 0):
        raise ShapeError(
            f"groups={groups} does not divide the {takes} input channels of {_named(weight)}"
        )
    moved = windows(kernel, stride=stride, padding=padding, dilation=dilation)
    added = per_axis("output_padding", output_padding, len(kernel))
    in_range("output_padding", added, least=0)
    for extra, window in zip(added, moved, strict=True):
        if extra >= max(window.stride, window.dilation):
            raise ArgumentError(
                f"output_padding={added}: {extra} is not less than the stride {window.stride} "
                f"or the dilation {window.dilation} of its axis"
            )
    extents = [
        window.covered(extent) + extra
        for window, extent, extra in zip(moved, x.shape[2:], added, strict=True)
    ]
    require_extents(x, extents, moved)
    dtype = weighted_dtype(x, weight)
    out: Dim = channels * groups
    require_bias(bias, weight, out, dtype)
    return TensorType(dtype, (x.shape[0], out, *extents))


def _named(weight: Value) -> str:
    return f'weight "{weight.name}" {shape_text(weight.shape)}'


def _require_kernel(x: Value, weight: Value, groups: int) -> None:
    """Check what needs no arithmetic: ranks, a kernel that is not empty, groups."""
    require_spatial(x)
    if weight.rank != x.rank:
        batched = shape_text((1, *x.shape))
        unbatched = weight.rank == x.rank + 1
        hint = f', so give "{x.name}" a batch axis: {batched}' if unbatched else ""
        raise ShapeError(
            f'{_named(weight)} has {weight.rank} axes, but "{x.name}" {shape_text(x.shape)} '
            f"has {x.rank}; both need as many{hint}"
        )
    if 0 in weight.shape[2:]:
        raise ShapeError(f"{_named(weight)} has an empty kernel")
    if groups < 1:
        raise ArgumentError(f"groups={groups}; expected 1 or more")

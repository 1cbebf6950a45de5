"""Normalisation: by statistics that were learned, or by the input's own."""

import math
from typing import Unpack

from wnnx.dims import Dim
from wnnx.errors import ArgumentError, DTypeError, ShapeError
from wnnx.graph import Value
from wnnx.ops.attributes import Ints, NodeOptions, ints
from wnnx.ops.checks import axis_of, differ, floating
from wnnx.ops.registry import op
from wnnx.ops.windows import in_range
from wnnx.types import HALVES, TensorType, shape_text


@op
def batch_norm(
    x: Value,
    running_mean: Value,
    running_var: Value,
    weight: Value | None = None,
    bias: Value | None = None,
    *,
    eps: float = 1e-5,
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Normalise each channel by its running statistics, as an evaluated network does.

    `y = (x - running_mean) / sqrt(running_var + eps) * weight + bias`, channel by channel.

    Semantics: torch.nn.functional.batch_norm with training=False.

    Args:
        x: (N, C, ...), floating point.
        running_mean: (C,), of the element type of `x`, or float32 next to half precision.
        running_var: Likewise.
        weight: Likewise, or none for 1.
        bias: Likewise, or none for 0.
        eps: Added to the variance.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        ShapeError: if `x` has no channels, or a parameter is not (C,).
        ArgumentError: if `eps` is negative or NaN.
        DTypeError: if an element type is not floating point, or they do not go together.
    """
    _require_channels(x)
    for label, parameter in (
        ("running_mean", running_mean),
        ("running_var", running_var),
        ("weight", weight),
        ("bias", bias),
    ):
        _require_parameter(label, parameter, x, (x.shape[1],))
    _require_eps(eps)
    return floating(x)


@op
def layer_norm(
    x: Value,
    weight: Value | None = None,
    bias: Value | None = None,
    *,
    normalized_shape: Ints,
    eps: float = 1e-5,
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Normalise over the last axes by their own mean and variance.

    `y = (x - mean) / sqrt(variance + eps) * weight + bias`, with mean and variance (divided by
    the number of elements) over the axes that `normalized_shape` names.

    Semantics: torch.nn.functional.layer_norm.

    Args:
        x: (..., *normalized_shape), floating point.
        weight: (*normalized_shape,), of the element type of `x`, or float32 next to half
            precision; none for 1.
        bias: Likewise, or none for 0.
        normalized_shape: Extents of the axes to normalise over, the last ones of `x`.
        eps: Added to the variance.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        ShapeError: if `x` does not end in `normalized_shape`, or a parameter has another
            shape.
        ArgumentError: if `normalized_shape` is empty or holds a number below 1, or `eps` is
            negative or NaN.
        DTypeError: if an element type is not floating point, or they do not go together.
    """
    shape = _last_extents(x, normalized_shape)
    _require_parameter("weight", weight, x, shape)
    _require_parameter("bias", bias, x, shape)
    _require_eps(eps)
    return floating(x)


@op
def rms_norm(
    x: Value,
    weight: Value | None = None,
    *,
    normalized_shape: Ints,
    eps: float = 1e-5,
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Divide by the root of the mean of the squares over the last axes.

    `y = x / sqrt(mean(x ** 2) + eps) * weight`, with the mean over the axes that
    `normalized_shape` names.

    Semantics: torch.nn.functional.rms_norm, but for the default of `eps`, which is that of
    ONNX RMSNormalization; PyTorch's depends on the element type.

    Args:
        x: (..., *normalized_shape), floating point.
        weight: (*normalized_shape,), of the element type of `x`, or float32 next to half
            precision; none for 1.
        normalized_shape: Extents of the axes to normalise over, the last ones of `x`.
        eps: Added to the mean of the squares.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        ShapeError: if `x` does not end in `normalized_shape`, or `weight` has another shape.
        ArgumentError: if `normalized_shape` is empty or holds a number below 1, or `eps` is
            negative or NaN.
        DTypeError: if an element type is not floating point, or they do not go together.
    """
    _require_parameter("weight", weight, x, _last_extents(x, normalized_shape))
    _require_eps(eps)
    return floating(x)


@op
def group_norm(
    x: Value,
    weight: Value | None = None,
    bias: Value | None = None,
    *,
    num_groups: int,
    eps: float = 1e-5,
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Normalise each group of channels of each element of the batch by its own statistics.

    `y = (x - mean) / sqrt(variance + eps) * weight + bias`, with mean and variance (divided by
    the number of elements) over the channels of a group and everything behind them.

    Semantics: torch.nn.functional.group_norm.

    Args:
        x: (N, C, ...), floating point.
        weight: (C,), of the element type of `x`, or float32 next to half precision; or none
            for 1.
        bias: Likewise, or none for 0.
        num_groups: How many groups the channels are divided into, neighbours together.
        eps: Added to the variance.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        ShapeError: if `x` has no channels, they do not divide into the groups, or a parameter
            is not (C,).
        ArgumentError: if `num_groups` is less than 1, or `eps` is negative or NaN.
        DTypeError: if an element type is not floating point, or they do not go together.
    """
    _require_channels(x)
    channels = x.shape[1]
    if num_groups < 1:
        raise ArgumentError(f"num_groups={num_groups}; expected 1 or more")
    if differ(channels % num_groups, 0):
        raise ShapeError(
            f'"{x.name}" {shape_text(x.shape)} has {channels} channels, which do not divide '
            f"into num_groups={num_groups}"
        )
    _require_parameter("weight", weight, x, (channels,))
    _require_parameter("bias", bias, x, (channels,))
    _require_eps(eps)
    return floating(x)


@op
def instance_norm(
    x: Value,
    weight: Value | None = None,
    bias: Value | None = None,
    *,
    eps: float = 1e-5,
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Normalise each channel of each element of the batch by its own statistics.

    `y = (x - mean) / sqrt(variance + eps) * weight + bias`, with mean and variance (divided by
    the number of elements) over the spatial axes.

    Semantics: torch.nn.functional.instance_norm without running statistics.

    Args:
        x: (N, C, *spatial), with one spatial axis or more, floating point.
        weight: (C,), of the element type of `x`, or float32 next to half precision; or none
            for 1.
        bias: Likewise, or none for 0.
        eps: Added to the variance.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        ShapeError: if `x` has no spatial axis, or a parameter is not (C,).
        ArgumentError: if `eps` is negative or NaN.
        DTypeError: if an element type is not floating point, or they do not go together.
    """
    _require_channels(x, spatial=1)
    _require_parameter("weight", weight, x, (x.shape[1],))
    _require_parameter("bias", bias, x, (x.shape[1],))
    _require_eps(eps)
    return floating(x)


@op
def local_response_norm(
    x: Value,
    *,
    size: int,
    alpha: float = 1e-4,
    beta: float = 0.75,
    k: float = 1.0,
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Divide each element by what stands in the channels around it.

    `y = x / (k + alpha / size * total) ** beta`, where `total` adds up the squares in the
    `size` channels from `size // 2` before to `(size - 1) // 2` behind, as far as there are
    any.

    Semantics: torch.nn.functional.local_response_norm. ONNX LRN is the same for an odd `size`;
    an even one reaches one channel further behind there instead of before.

    Args:
        x: (N, C, ...), floating point.
        size: How many channels count, the element's own included; at most 2**20.
        alpha: What the mean square is multiplied with.
        beta: The exponent.
        k: Added to the mean square.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        ShapeError: if `x` has no channels.
        ArgumentError: if `size` is out of range.
        DTypeError: if `x` is not floating point.
    """
    _require_channels(x)
    in_range("size", (size,))
    return floating(x)


@op
def normalize(
    x: Value,
    *,
    p: float = 2.0,
    dim: int = 1,
    eps: float = 1e-12,
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Divide the elements along an axis by their vector norm, `x / max(norm(x), eps)`.

    Semantics: torch.nn.functional.normalize. With the smallest `eps` above 0 it is ONNX
    LpNormalization, where a norm of 0 gives 0.

    Args:
        x: Any shape, floating point.
        p: The order of the norm; see `norm`.
        dim: The axis; negative counts from the end.
        eps: The least number to divide by.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        ShapeError: if `x` lacks the axis.
        ArgumentError: if `p` is NaN, or `eps` is negative or NaN.
        DTypeError: if `x` is not floating point.
    """
    axis_of(x, dim)
    if math.isnan(p):
        raise ArgumentError("p=nan; expected a number, such as 1, 2 or inf")
    _require_eps(eps)
    return floating(x)


def _require_channels(x: Value, *, spatial: int = 0) -> None:
    """Check that `x` is a batch of channels, with `spatial` axes behind them or more.

    Raises:
        ShapeError: if it is not.
    """
    if x.rank < 2 + spatial:
        layout = "(N, C, *spatial)" if spatial else "(N, C, ...)"
        raise ShapeError(
            f'"{x.name}" {shape_text(x.shape)} has {x.rank} axes; expected {2 + spatial} or '
            f"more, {layout}"
        )


def _last_extents(x: Value, normalized_shape: Ints) -> tuple[int, ...]:
    """Return the extents of the last axes of `x` that are normalised over.

    Raises:
        ArgumentError: if there are none, or one is below 1.
        ShapeError: if those of `x` are others.
    """
    shape = ints("normalized_shape", normalized_shape)
    if not shape or min(shape) < 1:
        raise ArgumentError(
            f"normalized_shape={shape}; expected the extents of the last axes, 1 or more each"
        )
    if not _is_shape(x.shape[-len(shape) :], shape):
        raise ShapeError(
            f'"{x.name}" {shape_text(x.shape)} does not end in normalized_shape={shape}'
        )
    return shape


def _require_parameter(
    label: str, parameter: Value | None, x: Value, shape: tuple[Dim, ...]
) -> None:
    """Check a parameter's shape, and that it goes with `x`: float32 may stand next to a half.

    Raises:
        ShapeError: if its shape is not `shape`.
        DTypeError: if its element type does not go with that of `x`.
    """
    if parameter is None:
        return
    if not _is_shape(parameter.shape, shape):
        raise ShapeError(
            f'{label} "{parameter.name}" {shape_text(parameter.shape)} does not fit '
            f'"{x.name}" {shape_text(x.shape)}; expected {shape_text(shape)}'
        )
    wider = x.dtype in HALVES and parameter.dtype == "float32"
    if parameter.dtype != x.dtype and not wider:
        raise DTypeError(
            f'{label} "{parameter.name}" is {parameter.dtype}, but "{x.name}" is {x.dtype}; '
            "cast one of them"
        )


def _is_shape(found: tuple[Dim, ...], wanted: tuple[Dim, ...]) -> bool:
    """Tell whether two shapes may be equal."""
    return len(found) == len(wanted) and not any(map(differ, found, wanted))


def _require_eps(eps: float) -> None:
    if not eps >= 0:  # so that NaN is refused too
        raise ArgumentError(f"eps={eps}; expected 0 or more")

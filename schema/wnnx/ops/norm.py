"""Normalisation: by statistics that were learned, or by the input's own."""

from typing import Unpack

from wnnx.dims import Dim
from wnnx.errors import ArgumentError, DTypeError, ShapeError
from wnnx.graph import Value
from wnnx.ops.attributes import Ints, NodeOptions, ints
from wnnx.ops.checks import differ, floating
from wnnx.ops.registry import op
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
    if x.rank < 2:
        raise ShapeError(
            f'"{x.name}" {shape_text(x.shape)} has {x.rank} axes; expected 2 or more, '
            "(N, C, ...)"
        )
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
    shape = ints("normalized_shape", normalized_shape)
    if not shape or min(shape) < 1:
        raise ArgumentError(
            f"normalized_shape={shape}; expected the extents of the last axes, 1 or more each"
        )
    if not _is_shape(x.shape[-len(shape) :], shape):
        raise ShapeError(
            f'"{x.name}" {shape_text(x.shape)} does not end in normalized_shape={shape}'
        )
    _require_parameter("weight", weight, x, shape)
    _require_parameter("bias", bias, x, shape)
    _require_eps(eps)
    return floating(x)


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

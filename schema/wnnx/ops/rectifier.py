"""Rectifiers: activations that keep what is positive, or far from zero, and bend the rest."""

from typing import Unpack

from wnnx.errors import ArgumentError, ShapeError
from wnnx.graph import Value
from wnnx.ops.attributes import NodeOptions
from wnnx.ops.checks import differ, floating, require_dtype, require_same_dtype, same
from wnnx.ops.registry import op
from wnnx.types import NUMBERS, TensorType, shape_text


@op
def relu(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return `max(x, 0)`, element by element.

    Semantics: torch.nn.functional.relu.

    Args:
        x: Any shape, any number type.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        DTypeError: if `x` is bool.
    """
    require_dtype(x, NUMBERS)
    return same(x)


@op
def relu6(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return `min(max(x, 0), 6)`, element by element.

    Semantics: torch.nn.functional.relu6.

    Args:
        x: Any shape, any number type.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        DTypeError: if `x` is bool.
    """
    require_dtype(x, NUMBERS)
    return same(x)


@op
def leaky_relu(
    x: Value, *, negative_slope: float = 0.01, **node: Unpack[NodeOptions]
) -> TensorType:
    """Return `x` where it is positive, else `negative_slope * x`.

    Semantics: torch.nn.functional.leaky_relu.

    Args:
        x: Any shape, any floating point type.
        negative_slope: The slope below zero.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        DTypeError: if `x` is not floating point.
    """
    return floating(x)


@op
def prelu(x: Value, weight: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return `x` where it is positive, else `weight * x`, with a weight for each channel.

    Semantics: torch.nn.functional.prelu.

    Args:
        x: (N, C, ...), or any shape with one weight for all; any floating point type.
        weight: (C,), (1,) or (), of the element type of `x`.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        ShapeError: if there is neither one weight nor one for each channel.
        DTypeError: if `x` is not floating point, or `weight` of another type.
    """
    require_same_dtype(x, weight)
    channels = x.shape[1] if x.rank > 1 else 1
    count = weight.shape[0] if weight.rank else 1
    if weight.rank > 1 or (count != 1 and differ(count, channels)):
        wanted = "(1,)" if channels == 1 else f"(1,) or ({channels},)"
        raise ShapeError(
            f'weight "{weight.name}" {shape_text(weight.shape)} does not fit "{x.name}" '
            f"{shape_text(x.shape)}; expected {wanted}"
        )
    return floating(x)


@op
def elu(x: Value, *, alpha: float = 1.0, **node: Unpack[NodeOptions]) -> TensorType:
    """Return `x` where it is positive, else `alpha * (exp(x) - 1)`.

    Semantics: torch.nn.functional.elu.

    Args:
        x: Any shape, any floating point type.
        alpha: Minus the limit towards -inf.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        DTypeError: if `x` is not floating point.
    """
    return floating(x)


@op
def celu(x: Value, *, alpha: float = 1.0, **node: Unpack[NodeOptions]) -> TensorType:
    """Return `x` where it is positive, else `alpha * (exp(x / alpha) - 1)`.

    Semantics: torch.nn.functional.celu.

    Args:
        x: Any shape, any floating point type.
        alpha: Minus the limit towards -inf; not 0.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        ArgumentError: if `alpha` is 0.
        DTypeError: if `x` is not floating point.
    """
    if alpha == 0:
        raise ArgumentError("alpha=0: expected another number, x is divided by it")
    return floating(x)


@op
def selu(
    x: Value,
    *,
    alpha: float = 1.6732632423543772,
    gamma: float = 1.0507009873554805,
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Return `gamma * x` where `x` is positive, else `gamma * alpha * (exp(x) - 1)`.

    Semantics: torch.nn.functional.selu, and ONNX Selu for the attributes.

    Args:
        x: Any shape, any floating point type.
        alpha: How far it goes below zero, before it is scaled.
        gamma: The scale.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        DTypeError: if `x` is not floating point.
    """
    return floating(x)


@op
def threshold(
    x: Value, *, threshold: float, value: float, **node: Unpack[NodeOptions]
) -> TensorType:
    """Return `x` where it is above `threshold`, else `value`; NaN stays NaN.

    Semantics: torch.nn.functional.threshold; with a `value` of 0 it is ONNX ThresholdedRelu.

    Args:
        x: Any shape, any floating point type.
        threshold: What `x` must exceed to stay.
        value: What replaces the rest.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        DTypeError: if `x` is not floating point.
    """
    return floating(x)


@op
def shrink(
    x: Value, *, lambd: float = 0.5, bias: float = 0.0, **node: Unpack[NodeOptions]
) -> TensorType:
    """Return `x + bias` below `-lambd`, `x - bias` above `lambd`, else 0; NaN stays NaN.

    Semantics: ONNX Shrink. With a `bias` of 0 it is torch.nn.functional.hardshrink, with one
    of `lambd` torch.nn.functional.softshrink.

    Args:
        x: Any shape, any floating point type.
        lambd: How far from 0 the results begin to be other than 0.
        bias: By how much they are moved towards 0.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        DTypeError: if `x` is not floating point.
    """
    return floating(x)

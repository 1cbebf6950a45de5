"""Activations: one input, same shape out."""

from typing import Literal, Unpack

import numpy as np

from wnnx.errors import ArgumentError, ShapeError
from wnnx.graph import Value
from wnnx.ops.attributes import NodeOptions
from wnnx.ops.checks import (
    axis_of,
    differ,
    floating,
    promoted,
    require_dtype,
    require_same_dtype,
    same,
)
from wnnx.ops.registry import op
from wnnx.types import FLOATS, NUMBERS, TensorType, shape_text


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
def clamp(
    x: Value,
    *,
    min: float | None = None,
    max: float | None = None,
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Return `minimum(maximum(x, min), max)`, element by element.

    Semantics: torch.clamp. Where `min` is above `max` the result is `max`. Integers stay
    integers and take whole bounds only, where PyTorch would turn them into float32.

    Args:
        x: Any shape, any number type.
        min: The least result, or none.
        max: The greatest result, or none.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        ArgumentError: if there is neither bound, or one does not fit into an integer `x`.
        DTypeError: if `x` is bool.
    """
    require_dtype(x, NUMBERS)
    if min is None and max is None:
        raise ArgumentError("min and max are both None; expected at least one of them")
    for name, bound in (("min", min), ("max", max)):
        if bound is not None and not _fits(x.dtype, bound):
            raise ArgumentError(f"{name}={bound} does not fit into {x.dtype}")
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
def gelu(
    x: Value, *, approximate: Literal["none", "tanh"] = "none", **node: Unpack[NodeOptions]
) -> TensorType:
    """Return `x * P(X <= x)` for a standard normal `X`: `0.5 * x * (1 + erf(x / sqrt(2)))`.

    Semantics: torch.nn.functional.gelu.

    Args:
        x: Any shape, any floating point type.
        approximate: "none", or "tanh" for
            `0.5 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x**3)))`.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        DTypeError: if `x` is not floating point.
    """
    return floating(x)


@op
def sigmoid(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return `1 / (1 + exp(-x))`.

    Semantics: torch.sigmoid.

    Args:
        x: Any shape, any element type.
        **node: The layer's name and precision.

    Returns:
        The type of `x`; float32 where `x` is integer or bool.
    """
    return promoted(x)


@op
def tanh(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return the hyperbolic tangent of `x`.

    Semantics: torch.tanh.

    Args:
        x: Any shape, any element type.
        **node: The layer's name and precision.

    Returns:
        The type of `x`; float32 where `x` is integer or bool.
    """
    return promoted(x)


@op
def hardsigmoid(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return `min(max(x + 3, 0), 6) / 6`.

    Semantics: torch.nn.functional.hardsigmoid.

    Args:
        x: Any shape, any floating point type.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        DTypeError: if `x` is not floating point.
    """
    return floating(x)


@op
def hardswish(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return `x * min(max(x + 3, 0), 6) / 6`.

    Semantics: torch.nn.functional.hardswish.

    Args:
        x: Any shape, any floating point type.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        DTypeError: if `x` is not floating point.
    """
    return floating(x)


@op
def silu(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return `x * sigmoid(x)`, also called swish.

    Semantics: torch.nn.functional.silu.

    Args:
        x: Any shape, any floating point type.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        DTypeError: if `x` is not floating point.
    """
    return floating(x)


@op
def mish(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return `x * tanh(log(1 + exp(x)))`.

    Semantics: torch.nn.functional.mish.

    Args:
        x: Any shape, any floating point type.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        DTypeError: if `x` is not floating point.
    """
    return floating(x)


@op
def softmax(x: Value, *, dim: int, **node: Unpack[NodeOptions]) -> TensorType:
    """Return `exp(x) / sum(exp(x))`, the sum running along `dim`.

    Semantics: torch.nn.functional.softmax.

    Args:
        x: Any shape, any floating point type.
        dim: The axis along which the results sum to 1.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        ShapeError: if `x` lacks the axis.
        DTypeError: if `x` is not floating point.
    """
    axis_of(x, dim)
    return floating(x)


@op
def log_softmax(x: Value, *, dim: int, **node: Unpack[NodeOptions]) -> TensorType:
    """Return `x - log(sum(exp(x)))`, the logarithm of softmax, the sum running along `dim`.

    Semantics: torch.nn.functional.log_softmax.

    Args:
        x: Any shape, any floating point type.
        dim: The axis along which the exponentials of the results sum to 1.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        ShapeError: if `x` lacks the axis.
        DTypeError: if `x` is not floating point.
    """
    axis_of(x, dim)
    return floating(x)


def _fits(dtype: str, bound: float) -> bool:
    """Tell whether a bound is a number of that type; floating point rounds what it has not."""
    if dtype in FLOATS:
        return True
    limits = np.iinfo(dtype)
    return bound.is_integer() and limits.min <= bound <= limits.max

"""Activations: one input, same shape out."""

from typing import Literal, Unpack

import numpy as np

from wnnx.errors import ArgumentError
from wnnx.graph import Value
from wnnx.ops.attributes import NodeOptions
from wnnx.ops.checks import axis_of, floating, promoted, require_dtype, same
from wnnx.ops.registry import op
from wnnx.types import FLOATS, NUMBERS, TensorType


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
def softplus(
    x: Value, *, beta: float = 1.0, threshold: float = 20.0, **node: Unpack[NodeOptions]
) -> TensorType:
    """Return `log(1 + exp(beta * x)) / beta`, and `x` where `beta * x` is above `threshold`.

    Semantics: torch.nn.functional.softplus. Nothing overflows without the threshold: ONNX
    Softplus, which has none, is this with one of inf.

    Args:
        x: Any shape, any floating point type.
        beta: How sharply it bends; not 0.
        threshold: From where on it is taken to be linear.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        ArgumentError: if `beta` is 0.
        DTypeError: if `x` is not floating point.
    """
    if beta == 0:
        raise ArgumentError("beta=0: expected another number, the result is divided by it")
    return floating(x)


@op
def softsign(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return `x / (1 + abs(x))`; NaN of what is infinite.

    Semantics: torch.nn.functional.softsign.

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

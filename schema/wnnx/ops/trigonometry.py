"""Trigonometric and hyperbolic functions, and their inverses, element by element."""

from typing import Unpack

from wnnx.graph import Value
from wnnx.ops.attributes import NodeOptions
from wnnx.ops.checks import promoted
from wnnx.ops.registry import op
from wnnx.types import TensorType


@op
def sin(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return the sine of `x`, an angle in radians.

    Semantics: torch.sin.

    Args:
        x: Any shape, any element type.
        **node: The layer's name and precision.

    Returns:
        The type of `x`; float32 where `x` is integer or bool.
    """
    return promoted(x)


@op
def cos(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return the cosine of `x`, an angle in radians.

    Semantics: torch.cos.

    Args:
        x: Any shape, any element type.
        **node: The layer's name and precision.

    Returns:
        The type of `x`; float32 where `x` is integer or bool.
    """
    return promoted(x)


@op
def tan(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return the tangent of `x`, an angle in radians.

    Semantics: torch.tan.

    Args:
        x: Any shape, any element type.
        **node: The layer's name and precision.

    Returns:
        The type of `x`; float32 where `x` is integer or bool.
    """
    return promoted(x)


@op
def asin(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return the angle whose sine is `x`, from -pi/2 to pi/2 radians; NaN beyond -1 and 1.

    Semantics: torch.asin.

    Args:
        x: Any shape, any element type.
        **node: The layer's name and precision.

    Returns:
        The type of `x`; float32 where `x` is integer or bool.
    """
    return promoted(x)


@op
def acos(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return the angle whose cosine is `x`, from 0 to pi radians; NaN beyond -1 and 1.

    Semantics: torch.acos.

    Args:
        x: Any shape, any element type.
        **node: The layer's name and precision.

    Returns:
        The type of `x`; float32 where `x` is integer or bool.
    """
    return promoted(x)


@op
def atan(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return the angle whose tangent is `x`, from -pi/2 to pi/2 radians.

    Semantics: torch.atan.

    Args:
        x: Any shape, any element type.
        **node: The layer's name and precision.

    Returns:
        The type of `x`; float32 where `x` is integer or bool.
    """
    return promoted(x)


@op
def sinh(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return the hyperbolic sine of `x`: `(exp(x) - exp(-x)) / 2`.

    Semantics: torch.sinh.

    Args:
        x: Any shape, any element type.
        **node: The layer's name and precision.

    Returns:
        The type of `x`; float32 where `x` is integer or bool.
    """
    return promoted(x)


@op
def cosh(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return the hyperbolic cosine of `x`: `(exp(x) + exp(-x)) / 2`.

    Semantics: torch.cosh.

    Args:
        x: Any shape, any element type.
        **node: The layer's name and precision.

    Returns:
        The type of `x`; float32 where `x` is integer or bool.
    """
    return promoted(x)


@op
def asinh(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return the number whose hyperbolic sine is `x`.

    Semantics: torch.asinh.

    Args:
        x: Any shape, any element type.
        **node: The layer's name and precision.

    Returns:
        The type of `x`; float32 where `x` is integer or bool.
    """
    return promoted(x)


@op
def acosh(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return the number, not negative, whose hyperbolic cosine is `x`; NaN below 1.

    Semantics: torch.acosh.

    Args:
        x: Any shape, any element type.
        **node: The layer's name and precision.

    Returns:
        The type of `x`; float32 where `x` is integer or bool.
    """
    return promoted(x)


@op
def atanh(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return the number whose hyperbolic tangent is `x`; NaN beyond -1 and 1.

    Semantics: torch.atanh.

    Args:
        x: Any shape, any element type.
        **node: The layer's name and precision.

    Returns:
        The type of `x`; float32 where `x` is integer or bool.
    """
    return promoted(x)

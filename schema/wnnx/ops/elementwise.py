"""Arithmetic, element by element.

Two inputs broadcast by numpy's rule and must have one element type. Small integer tensors that
are known before the network runs stay known, so that shape arithmetic dissolves.
"""

import operator
from collections.abc import Callable
from typing import Any, Literal, Unpack

import numpy as np

from wnnx import dims
from wnnx.dims import Dim
from wnnx.errors import DimError
from wnnx.graph import Value
from wnnx.ops.attributes import NodeOptions
from wnnx.ops.checks import (
    Operand,
    broadcast,
    known,
    pair_of,
    promoted,
    require_dtype,
    same,
)
from wnnx.ops.registry import op
from wnnx.types import FLOATS, NUMBERS, TensorType


@op
def add(x: Operand, y: Operand, **node: Unpack[NodeOptions]) -> TensorType:
    """Return `x + y`; of bools, `x or y`.

    Semantics: torch.add. Integers wrap around.

    Args:
        x: Any shape, any element type.
        y: A shape that broadcasts with that of `x`, the element type of `x`.
        **node: The layer's name and precision.

    Returns:
        The shapes broadcast, the element type of `x`.

    Raises:
        ShapeError: if the shapes do not broadcast.
        DTypeError: if the element types differ.
    """
    left, right = pair_of(x, y)
    return _arithmetic(left, right, operator.add)


@op
def sub(x: Operand, y: Operand, **node: Unpack[NodeOptions]) -> TensorType:
    """Return `x - y`.

    Semantics: torch.sub. Integers wrap around.

    Args:
        x: Any shape, any number type.
        y: A shape that broadcasts with that of `x`, the element type of `x`.
        **node: The layer's name and precision.

    Returns:
        The shapes broadcast, the element type of `x`.

    Raises:
        ShapeError: if the shapes do not broadcast.
        DTypeError: if the element types differ, or are bool.
    """
    left, right = pair_of(x, y)
    require_dtype(left, NUMBERS)
    return _arithmetic(left, right, operator.sub)


@op
def mul(x: Operand, y: Operand, **node: Unpack[NodeOptions]) -> TensorType:
    """Return `x * y`; of bools, `x and y`.

    Semantics: torch.mul. Integers wrap around.

    Args:
        x: Any shape, any element type.
        y: A shape that broadcasts with that of `x`, the element type of `x`.
        **node: The layer's name and precision.

    Returns:
        The shapes broadcast, the element type of `x`.

    Raises:
        ShapeError: if the shapes do not broadcast.
        DTypeError: if the element types differ.
    """
    left, right = pair_of(x, y)
    return _arithmetic(left, right, operator.mul)


@op
def div(
    x: Operand,
    y: Operand,
    *,
    rounding_mode: Literal["trunc", "floor"] | None = None,
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Return `x / y`, exact or rounded to a whole number.

    Semantics: torch.div. Without rounding, integers and bools are divided as float32. With it,
    the quotient of an integer by zero is 0, where PyTorch raises an error: a network runs to
    its end whatever its data. The least integer divided by -1 wraps around to itself.

    Args:
        x: Any shape, any element type; a number type where it is rounded.
        y: A shape that broadcasts with that of `x`, the element type of `x`.
        rounding_mode: None for the exact quotient, "trunc" to round towards zero, as C does,
            "floor" to round down, as Python's `//` does.
        **node: The layer's name and precision.

    Returns:
        The shapes broadcast; the element type of `x`, or float32 where integers or bools are
        not rounded.

    Raises:
        ShapeError: if the shapes do not broadcast.
        DTypeError: if the element types differ, or bools are to be rounded.
    """
    left, right = pair_of(x, y)
    if rounding_mode is None:
        dtype = left.dtype if left.dtype in FLOATS else "float32"
        return TensorType(dtype, broadcast(left, right))
    require_dtype(left, NUMBERS)
    quotient = _floored if rounding_mode == "floor" else _truncated
    return _arithmetic(left, right, np.frompyfunc(quotient, 2, 1))


@op
def pow(x: Operand, y: Operand, **node: Unpack[NodeOptions]) -> TensorType:
    """Return `x` to the power of `y`.

    Semantics: torch.pow of two tensors. Integers wrap around; one to a negative power is 0,
    unless it is 1 or -1.

    Args:
        x: Any shape, any number type.
        y: A shape that broadcasts with that of `x`, the element type of `x`.
        **node: The layer's name and precision.

    Returns:
        The shapes broadcast, the element type of `x`.

    Raises:
        ShapeError: if the shapes do not broadcast.
        DTypeError: if the element types differ, or are bool.
    """
    left, right = pair_of(x, y)
    require_dtype(left, NUMBERS)
    return TensorType(left.dtype, broadcast(left, right))


@op
def minimum(x: Operand, y: Operand, **node: Unpack[NodeOptions]) -> TensorType:
    """Return the smaller of `x` and `y`; NaN where one of them is.

    Semantics: torch.minimum.

    Args:
        x: Any shape, any element type.
        y: A shape that broadcasts with that of `x`, the element type of `x`.
        **node: The layer's name and precision.

    Returns:
        The shapes broadcast, the element type of `x`.

    Raises:
        ShapeError: if the shapes do not broadcast.
        DTypeError: if the element types differ.
    """
    left, right = pair_of(x, y)
    return _arithmetic(left, right, np.frompyfunc(dims.minimum, 2, 1))


@op
def maximum(x: Operand, y: Operand, **node: Unpack[NodeOptions]) -> TensorType:
    """Return the larger of `x` and `y`; NaN where one of them is.

    Semantics: torch.maximum.

    Args:
        x: Any shape, any element type.
        y: A shape that broadcasts with that of `x`, the element type of `x`.
        **node: The layer's name and precision.

    Returns:
        The shapes broadcast, the element type of `x`.

    Raises:
        ShapeError: if the shapes do not broadcast.
        DTypeError: if the element types differ.
    """
    left, right = pair_of(x, y)
    return _arithmetic(left, right, np.frompyfunc(dims.maximum, 2, 1))


@op
def neg(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return `-x`.

    Semantics: torch.neg. Unsigned integers wrap around.

    Args:
        x: Any shape, any number type.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        DTypeError: if `x` is bool.
    """
    require_dtype(x, NUMBERS)
    return known(x.dtype, x.shape, operator.neg, x)


@op
def abs(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return `x` without its sign.

    Semantics: torch.abs. The least integer of a signed type stays as it is.

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
def sign(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return 1 where `x` is positive, -1 where it is negative, else 0: of NaN, too.

    Semantics: torch.sign.

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
def reciprocal(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return `1 / x`.

    Semantics: torch.reciprocal.

    Args:
        x: Any shape, any element type.
        **node: The layer's name and precision.

    Returns:
        The type of `x`; float32 where `x` is integer or bool.
    """
    return promoted(x)


@op
def sqrt(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return the square root of `x`; NaN where it is negative.

    Semantics: torch.sqrt.

    Args:
        x: Any shape, any element type.
        **node: The layer's name and precision.

    Returns:
        The type of `x`; float32 where `x` is integer or bool.
    """
    return promoted(x)


@op
def rsqrt(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return `1 / sqrt(x)`; NaN where `x` is negative.

    Semantics: torch.rsqrt.

    Args:
        x: Any shape, any element type.
        **node: The layer's name and precision.

    Returns:
        The type of `x`; float32 where `x` is integer or bool.
    """
    return promoted(x)


@op
def exp(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return e to the power of `x`.

    Semantics: torch.exp.

    Args:
        x: Any shape, any element type.
        **node: The layer's name and precision.

    Returns:
        The type of `x`; float32 where `x` is integer or bool.
    """
    return promoted(x)


@op
def log(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return the natural logarithm of `x`; -inf of 0, NaN of what is negative.

    Semantics: torch.log.

    Args:
        x: Any shape, any element type.
        **node: The layer's name and precision.

    Returns:
        The type of `x`; float32 where `x` is integer or bool.
    """
    return promoted(x)


@op
def erf(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return the error function: 2 / sqrt(pi) times the integral of exp(-t**2) from 0 to `x`.

    Semantics: torch.erf.

    Args:
        x: Any shape, any element type.
        **node: The layer's name and precision.

    Returns:
        The type of `x`; float32 where `x` is integer or bool.
    """
    return promoted(x)


def _arithmetic(left: Value, right: Value, compute: Callable[..., Any]) -> TensorType:
    """Return the type of a result that `compute` gives for known values, too."""
    return known(left.dtype, broadcast(left, right), compute, left, right)


def _floored(a: Dim, b: Dim) -> Dim:
    return 0 if b == 0 else a // b


def _truncated(a: Dim, b: Dim) -> Dim:
    quotient = _floored(a, b)
    if isinstance(a, int) and isinstance(b, int):
        # `//` rounds down; what is below zero and inexact goes up by one.
        return a // b + 1 if b and a // b < 0 and a % b else quotient
    if not (_is_natural(a) and _is_natural(b)):
        raise DimError(f"whether {a} / {b} is negative is not known")
    return quotient


def _is_natural(dim: Dim) -> bool:
    low = dims.bounds(dim)[0]
    return low is not None and low >= 0

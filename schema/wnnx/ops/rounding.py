"""Whole numbers: rounding, and what a rounded quotient leaves over.

Small integer tensors that are known before the network runs stay known.
"""

from collections.abc import Callable
from typing import Any, Unpack

import numpy as np

from wnnx.dims import Dim
from wnnx.errors import DimError
from wnnx.graph import Value
from wnnx.ops.attributes import NodeOptions
from wnnx.ops.checks import Operand, broadcast, known, pair_of, require_dtype
from wnnx.ops.registry import op
from wnnx.types import NUMBERS, TensorType


@op
def floor(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return the largest whole number that is not above `x`.

    Semantics: torch.floor. Integers stay as they are.

    Args:
        x: Any shape, any number type.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        DTypeError: if `x` is bool.
    """
    return _whole(x)


@op
def ceil(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return the smallest whole number that is not below `x`.

    Semantics: torch.ceil. Integers stay as they are.

    Args:
        x: Any shape, any number type.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        DTypeError: if `x` is bool.
    """
    return _whole(x)


@op
def round(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return the whole number nearest to `x`; of two as near, the even one.

    Semantics: torch.round. Integers stay as they are.

    Args:
        x: Any shape, any number type.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        DTypeError: if `x` is bool.
    """
    return _whole(x)


@op
def trunc(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return `x` without its fraction.

    Semantics: torch.trunc. Integers stay as they are.

    Args:
        x: Any shape, any number type.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        DTypeError: if `x` is bool.
    """
    return _whole(x)


@op
def remainder(x: Operand, y: Operand, **node: Unpack[NodeOptions]) -> TensorType:
    """Return what `x / y`, rounded down, leaves over; its sign is that of `y`.

    Semantics: torch.remainder. It is `x - div(x, y, rounding_mode="floor") * y`, Python's `%`.
    By zero it is NaN; of an integer it is `x`, as its quotient by zero is 0, where PyTorch
    raises an error.

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
    return _left_over(x, y, _remainder)


@op
def fmod(x: Operand, y: Operand, **node: Unpack[NodeOptions]) -> TensorType:
    """Return what `x / y`, rounded towards zero, leaves over; its sign is that of `x`.

    Semantics: torch.fmod. It is `x - div(x, y, rounding_mode="trunc") * y`, `%` in C.
    By zero it is NaN; of an integer it is `x`, as its quotient by zero is 0, where PyTorch
    raises an error.

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
    return _left_over(x, y, _fmod)


def _whole(x: Value) -> TensorType:
    require_dtype(x, NUMBERS)
    return known(x.dtype, x.shape, np.asarray, x)


def _left_over(x: Operand, y: Operand, compute: Callable[[Dim, Dim], Dim]) -> TensorType:
    left, right = pair_of(x, y)
    require_dtype(left, NUMBERS)
    every: Callable[..., Any] = np.frompyfunc(compute, 2, 1)
    return known(left.dtype, broadcast(left, right), every, left, right)


def _remainder(a: Dim, b: Dim) -> Dim:
    return a if b == 0 else a % b


def _fmod(a: Dim, b: Dim) -> Dim:
    if not (isinstance(a, int) and isinstance(b, int)):
        raise DimError(f"whether {a} / {b} is negative is not known")
    return a if b == 0 else abs(a) % abs(b) * (1 if a >= 0 else -1)

"""True and false: comparisons, logic, and choosing by them.

Of small integer tensors that are known before the network runs the answer is known, too, where
it is the same whatever the symbols are, so that shape arithmetic dissolves. False is 0 there,
true is 1.
"""

from collections.abc import Callable
from typing import Any, Unpack

import numpy as np

from wnnx.dims import Dim, bounds
from wnnx.errors import DimError
from wnnx.graph import Value
from wnnx.ops.attributes import NodeOptions
from wnnx.ops.checks import Operand, broadcast, known, pair_of, require_dtype
from wnnx.ops.registry import op
from wnnx.types import TensorType

BOOL = frozenset(("bool",))


@op
def eq(x: Operand, y: Operand, **node: Unpack[NodeOptions]) -> TensorType:
    """Tell where `x` equals `y`.

    Semantics: torch.eq. NaN equals nothing.

    Args:
        x: Any shape, any element type.
        y: A shape that broadcasts with that of `x`, the element type of `x`.
        **node: The layer's name and precision.

    Returns:
        bool, the shapes broadcast.

    Raises:
        ShapeError: if the shapes do not broadcast.
        DTypeError: if the element types differ.
    """
    return _answer(x, y, lambda a, b: _equal(a, b))


@op
def ne(x: Operand, y: Operand, **node: Unpack[NodeOptions]) -> TensorType:
    """Tell where `x` and `y` differ.

    Semantics: torch.ne. NaN differs from everything, itself too.

    Args:
        x: Any shape, any element type.
        y: A shape that broadcasts with that of `x`, the element type of `x`.
        **node: The layer's name and precision.

    Returns:
        bool, the shapes broadcast.

    Raises:
        ShapeError: if the shapes do not broadcast.
        DTypeError: if the element types differ.
    """
    return _answer(x, y, lambda a, b: 1 - _equal(a, b))


@op
def lt(x: Operand, y: Operand, **node: Unpack[NodeOptions]) -> TensorType:
    """Tell where `x` is less than `y`.

    Semantics: torch.lt. NaN never is.

    Args:
        x: Any shape, any element type.
        y: A shape that broadcasts with that of `x`, the element type of `x`.
        **node: The layer's name and precision.

    Returns:
        bool, the shapes broadcast.

    Raises:
        ShapeError: if the shapes do not broadcast.
        DTypeError: if the element types differ.
    """
    return _answer(x, y, lambda a, b: _less(a, b))


@op
def le(x: Operand, y: Operand, **node: Unpack[NodeOptions]) -> TensorType:
    """Tell where `x` is less than `y` or equals it.

    Semantics: torch.le. NaN never is.

    Args:
        x: Any shape, any element type.
        y: A shape that broadcasts with that of `x`, the element type of `x`.
        **node: The layer's name and precision.

    Returns:
        bool, the shapes broadcast.

    Raises:
        ShapeError: if the shapes do not broadcast.
        DTypeError: if the element types differ.
    """
    return _answer(x, y, lambda a, b: 1 - _less(b, a))


@op
def gt(x: Operand, y: Operand, **node: Unpack[NodeOptions]) -> TensorType:
    """Tell where `x` is greater than `y`.

    Semantics: torch.gt. NaN never is.

    Args:
        x: Any shape, any element type.
        y: A shape that broadcasts with that of `x`, the element type of `x`.
        **node: The layer's name and precision.

    Returns:
        bool, the shapes broadcast.

    Raises:
        ShapeError: if the shapes do not broadcast.
        DTypeError: if the element types differ.
    """
    return _answer(x, y, lambda a, b: _less(b, a))


@op
def ge(x: Operand, y: Operand, **node: Unpack[NodeOptions]) -> TensorType:
    """Tell where `x` is greater than `y` or equals it.

    Semantics: torch.ge. NaN never is.

    Args:
        x: Any shape, any element type.
        y: A shape that broadcasts with that of `x`, the element type of `x`.
        **node: The layer's name and precision.

    Returns:
        bool, the shapes broadcast.

    Raises:
        ShapeError: if the shapes do not broadcast.
        DTypeError: if the element types differ.
    """
    return _answer(x, y, lambda a, b: 1 - _less(a, b))


@op
def logical_and(x: Operand, y: Operand, **node: Unpack[NodeOptions]) -> TensorType:
    """Tell where both `x` and `y` are true.

    Semantics: torch.logical_and. A number is true unless it is 0.

    Args:
        x: Any shape, any element type.
        y: A shape that broadcasts with that of `x`, the element type of `x`.
        **node: The layer's name and precision.

    Returns:
        bool, the shapes broadcast.

    Raises:
        ShapeError: if the shapes do not broadcast.
        DTypeError: if the element types differ.
    """
    return _answer(x, y, lambda a, b: _truth(a) * _truth(b))


@op
def logical_or(x: Operand, y: Operand, **node: Unpack[NodeOptions]) -> TensorType:
    """Tell where `x` or `y` is true, or both.

    Semantics: torch.logical_or. A number is true unless it is 0.

    Args:
        x: Any shape, any element type.
        y: A shape that broadcasts with that of `x`, the element type of `x`.
        **node: The layer's name and precision.

    Returns:
        bool, the shapes broadcast.

    Raises:
        ShapeError: if the shapes do not broadcast.
        DTypeError: if the element types differ.
    """
    return _answer(x, y, lambda a, b: max(_truth(a), _truth(b)))


@op
def logical_xor(x: Operand, y: Operand, **node: Unpack[NodeOptions]) -> TensorType:
    """Tell where one of `x` and `y` is true, but not both.

    Semantics: torch.logical_xor. A number is true unless it is 0.

    Args:
        x: Any shape, any element type.
        y: A shape that broadcasts with that of `x`, the element type of `x`.
        **node: The layer's name and precision.

    Returns:
        bool, the shapes broadcast.

    Raises:
        ShapeError: if the shapes do not broadcast.
        DTypeError: if the element types differ.
    """
    return _answer(x, y, lambda a, b: abs(_truth(a) - _truth(b)))


@op
def logical_not(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Tell where `x` is false.

    Semantics: torch.logical_not. A number is true unless it is 0.

    Args:
        x: Any shape, any element type.
        **node: The layer's name and precision.

    Returns:
        bool, the shape of `x`.
    """
    every: Callable[..., Any] = np.frompyfunc(lambda a: 1 - _truth(a), 1, 1)
    return known("bool", x.shape, every, x)


@op
def isnan(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Tell where `x` is NaN.

    Semantics: torch.isnan. An integer never is.

    Args:
        x: Any shape, any element type.
        **node: The layer's name and precision.

    Returns:
        bool, the shape of `x`.
    """
    return TensorType("bool", x.shape)


@op
def isinf(
    x: Value,
    *,
    detect_negative: bool = True,
    detect_positive: bool = True,
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Tell where `x` is infinite.

    Semantics: torch.isinf, and ONNX IsInf for the attributes. An integer never is.

    Args:
        x: Any shape, any element type.
        detect_negative: Whether -inf counts.
        detect_positive: Whether inf counts.
        **node: The layer's name and precision.

    Returns:
        bool, the shape of `x`.
    """
    return TensorType("bool", x.shape)


@op
def where(condition: Value, x: Operand, y: Operand, **node: Unpack[NodeOptions]) -> TensorType:
    """Return `x` where `condition` is true, else `y`, element by element.

    Semantics: torch.where.

    Args:
        condition: bool, any shape.
        x: A shape that broadcasts with the others, any element type.
        y: A shape that broadcasts with the others, the element type of `x`.
        **node: The layer's name and precision.

    Returns:
        The shapes broadcast, the element type of `x`.

    Raises:
        ShapeError: if the shapes do not broadcast.
        DTypeError: if `condition` is not bool, or the element types of `x` and `y` differ.
    """
    require_dtype(condition, BOOL)
    left, right = pair_of(x, y)
    both = Value(
        f"{left.name} and {right.name}", TensorType(left.dtype, broadcast(left, right))
    )
    shape = broadcast(condition, both)
    return known(left.dtype, shape, np.frompyfunc(_chosen, 3, 1), condition, left, right)


def _answer(x: Operand, y: Operand, decide: Callable[[Dim, Dim], int]) -> TensorType:
    left, right = pair_of(x, y)
    every: Callable[..., Any] = np.frompyfunc(decide, 2, 1)
    return known("bool", broadcast(left, right), every, left, right)


def _chosen(condition: int, a: Dim, b: Dim) -> Dim:
    return a if condition else b


def _truth(a: Dim) -> int:
    return 1 - _equal(a, 0)


def _equal(a: Dim, b: Dim) -> int:
    """Return whether two extents are equal; a symbol is 0 or more, so `N` is not -1."""
    low, high = bounds(a - b)
    if low == high == 0:
        return 1
    if (low is not None and low > 0) or (high is not None and high < 0):
        return 0
    raise DimError(f"whether {a} equals {b} is not known")


def _less(a: Dim, b: Dim) -> int:
    low, high = bounds(b - a)
    if low is not None and low > 0:
        return 1
    if high is not None and high <= 0:
        return 0
    raise DimError(f"whether {a} is less than {b} is not known")

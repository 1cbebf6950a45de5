"""Reductions: one number for all elements along some axes."""

import math
from typing import Any, Unpack

import numpy as np

from wnnx.errors import ArgumentError, ShapeError
from wnnx.graph import Value
from wnnx.ops.attributes import Ints, NodeOptions, ints
from wnnx.ops.checks import axes_of, axis_of, known, promoted, require_dtype
from wnnx.ops.registry import op
from wnnx.types import FLOATS, NUMBERS, Array, Shape, TensorType, shape_text


@op
def sum(
    x: Value, *, dim: Ints | None = None, keepdim: bool = False, **node: Unpack[NodeOptions]
) -> TensorType:
    """Add up the elements along `dim`; no elements add up to 0.

    Semantics: torch.sum. Half precision is accumulated in float32.

    Args:
        x: Any shape, any element type.
        dim: The axes that are summed; None or an empty list for all of them.
        keepdim: Whether a summed axis stays, with extent 1.
        **node: The layer's name and precision.

    Returns:
        The other axes of `x`. Its element type, or int64 where that is integer or bool.

    Raises:
        ShapeError: if `x` lacks one of the axes, or one is named twice.
    """
    axes = _axes(x, dim)

    def total(held: Array) -> Any:
        return np.sum(held, axis=axes if held.ndim else None, keepdims=keepdim)

    return known(_added(x), _remaining(x, axes, keepdim=keepdim), total, x)


@op
def prod(
    x: Value, *, dim: Ints | None = None, keepdim: bool = False, **node: Unpack[NodeOptions]
) -> TensorType:
    """Multiply the elements along `dim`; the product of no elements is 1.

    Semantics: torch.prod, over any number of axes. Half precision is accumulated in float32.

    Args:
        x: Any shape, any element type.
        dim: The axes that are multiplied; None or an empty list for all of them.
        keepdim: Whether a multiplied axis stays, with extent 1.
        **node: The layer's name and precision.

    Returns:
        The other axes of `x`. Its element type, or int64 where that is integer or bool.

    Raises:
        ShapeError: if `x` lacks one of the axes, or one is named twice.
    """
    axes = _axes(x, dim)

    def total(held: Array) -> Any:
        return np.prod(held, axis=axes if held.ndim else None, keepdims=keepdim)

    return known(_added(x), _remaining(x, axes, keepdim=keepdim), total, x)


@op
def mean(
    x: Value, *, dim: Ints | None = None, keepdim: bool = False, **node: Unpack[NodeOptions]
) -> TensorType:
    """Return the mean of the elements along `dim`; NaN of no elements.

    Semantics: torch.mean. Half precision is accumulated in float32.

    Args:
        x: Any shape, any floating point type.
        dim: The axes that are averaged; None or an empty list for all of them.
        keepdim: Whether an averaged axis stays, with extent 1.
        **node: The layer's name and precision.

    Returns:
        The other axes of `x`, its element type.

    Raises:
        ShapeError: if `x` lacks one of the axes, or one is named twice.
        DTypeError: if `x` is not floating point.
    """
    require_dtype(x, FLOATS)
    return TensorType(x.dtype, _remaining(x, _axes(x, dim), keepdim=keepdim))


@op
def amax(
    x: Value, *, dim: Ints | None = None, keepdim: bool = False, **node: Unpack[NodeOptions]
) -> TensorType:
    """Return the largest element along `dim`; NaN where one of them is.

    Semantics: torch.amax.

    Args:
        x: Any shape, any element type.
        dim: The axes that are searched; None or an empty list for all of them.
        keepdim: Whether a searched axis stays, with extent 1.
        **node: The layer's name and precision.

    Returns:
        The other axes of `x`, its element type.

    Raises:
        ShapeError: if `x` lacks one of the axes, one is named twice or has no elements.
    """
    axes = _axes(x, dim)
    _require_elements(x, axes)
    return TensorType(x.dtype, _remaining(x, axes, keepdim=keepdim))


@op
def amin(
    x: Value, *, dim: Ints | None = None, keepdim: bool = False, **node: Unpack[NodeOptions]
) -> TensorType:
    """Return the smallest element along `dim`; NaN where one of them is.

    Semantics: torch.amin.

    Args:
        x: Any shape, any element type.
        dim: The axes that are searched; None or an empty list for all of them.
        keepdim: Whether a searched axis stays, with extent 1.
        **node: The layer's name and precision.

    Returns:
        The other axes of `x`, its element type.

    Raises:
        ShapeError: if `x` lacks one of the axes, one is named twice or has no elements.
    """
    axes = _axes(x, dim)
    _require_elements(x, axes)
    return TensorType(x.dtype, _remaining(x, axes, keepdim=keepdim))


@op
def norm(
    x: Value,
    *,
    ord: float = 2.0,
    dim: Ints | None = None,
    keepdim: bool = False,
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Return the vector norm of the elements along `dim`, `sum(|x| ** ord) ** (1 / ord)`.

    Where `ord` is inf that is the largest |x|, where it is -inf the smallest; where it is 0,
    the number of elements that are not 0. The norm of no elements is 0.

    Semantics: torch.linalg.vector_norm. Half precision is accumulated in float32.

    Args:
        x: Any shape, any floating point type.
        ord: The order: 1 adds up absolute values, 2 is the length; anything but NaN.
        dim: The axes that are reduced; None or an empty list for all of them.
        keepdim: Whether a reduced axis stays, with extent 1.
        **node: The layer's name and precision.

    Returns:
        The other axes of `x`, its element type.

    Raises:
        ShapeError: if `x` lacks one of the axes, or one is named twice; if one has no elements
            and `ord` is inf or negative.
        ArgumentError: if `ord` is NaN.
        DTypeError: if `x` is not floating point.
    """
    require_dtype(x, FLOATS)
    axes = _axes(x, dim)
    if math.isnan(ord):
        raise ArgumentError("ord=nan; expected a number, such as 1, 2 or inf")
    if not 0 <= ord < math.inf:
        _require_elements(x, axes)
    return TensorType(x.dtype, _remaining(x, axes, keepdim=keepdim))


@op
def logsumexp(
    x: Value, *, dim: Ints | None = None, keepdim: bool = False, **node: Unpack[NodeOptions]
) -> TensorType:
    """Return `log(sum(exp(x)))` along `dim`, without overflow; -inf of no elements.

    Semantics: torch.logsumexp. Half precision is computed in float32.

    Args:
        x: Any shape, any element type.
        dim: The axes that are reduced; None or an empty list for all of them.
        keepdim: Whether a reduced axis stays, with extent 1.
        **node: The layer's name and precision.

    Returns:
        The other axes of `x`. Its element type, or float32 where that is integer or bool.

    Raises:
        ShapeError: if `x` lacks one of the axes, or one is named twice.
    """
    dtype = promoted(x).dtype
    return TensorType(dtype, _remaining(x, _axes(x, dim), keepdim=keepdim))


@op
def argmax(
    x: Value,
    *,
    dim: int | None = None,
    keepdim: bool = False,
    select_last_index: bool = False,
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Return where the largest element along `dim` is: the first of equals, or the first NaN.

    Semantics: torch.argmax; `select_last_index` is that of ONNX ArgMax.

    Args:
        x: Any shape, any number type.
        dim: The axis that is searched; None for all elements, counted row by row.
        keepdim: Whether a searched axis stays, with extent 1.
        select_last_index: Whether it is the last of equals, or the last NaN.
        **node: The layer's name and precision.

    Returns:
        int64, the other axes of `x`.

    Raises:
        ShapeError: if `x` lacks the axis, or has no elements along it.
        DTypeError: if `x` is bool.
    """
    require_dtype(x, NUMBERS)
    axes = _axes(x, dim)
    _require_elements(x, axes)
    return TensorType("int64", _remaining(x, axes, keepdim=keepdim))


@op
def argmin(
    x: Value,
    *,
    dim: int | None = None,
    keepdim: bool = False,
    select_last_index: bool = False,
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Return where the smallest element along `dim` is: the first of equals, or the first NaN.

    Semantics: torch.argmin; `select_last_index` is that of ONNX ArgMin.

    Args:
        x: Any shape, any number type.
        dim: The axis that is searched; None for all elements, counted row by row.
        keepdim: Whether a searched axis stays, with extent 1.
        select_last_index: Whether it is the last of equals, or the last NaN.
        **node: The layer's name and precision.

    Returns:
        int64, the other axes of `x`.

    Raises:
        ShapeError: if `x` lacks the axis, or has no elements along it.
        DTypeError: if `x` is bool.
    """
    require_dtype(x, NUMBERS)
    axes = _axes(x, dim)
    _require_elements(x, axes)
    return TensorType("int64", _remaining(x, axes, keepdim=keepdim))


@op
def cumsum(
    x: Value,
    *,
    dim: int,
    exclusive: bool = False,
    reverse: bool = False,
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Return at each place along `dim` the sum of the elements up to there, itself included.

    Semantics: torch.cumsum; `exclusive` and `reverse` are those of ONNX CumSum. Half precision
    is accumulated in float32.

    Args:
        x: Any shape, any element type.
        dim: The axis to add along; negative counts from the end.
        exclusive: Whether the element itself is left out, so that the first sum is 0.
        reverse: Whether the sums begin at the end of the axis.
        **node: The layer's name and precision.

    Returns:
        The shape of `x`. Its element type, or int64 where that is integer or bool.

    Raises:
        ShapeError: if `x` lacks the axis.
    """
    axis_of(x, dim)
    return TensorType(_added(x), x.shape)


def _added(x: Value) -> str:
    """Return the element type of sums and products of `x`."""
    return x.dtype if x.dtype in FLOATS else "int64"


def _axes(x: Value, dim: Ints | None) -> tuple[int, ...]:
    """Return the axes that are reduced; as in PyTorch an empty list means all of them."""
    return axes_of(x, None if dim is None else ints("dim", dim) or None)


def _remaining(x: Value, axes: tuple[int, ...], *, keepdim: bool) -> Shape:
    extents = enumerate(x.shape)
    return tuple(1 if i in axes else d for i, d in extents if keepdim or i not in axes)


def _require_elements(x: Value, axes: tuple[int, ...]) -> None:
    empty = [axis for axis in axes if x.rank and x.shape[axis] == 0]
    if empty:
        raise ShapeError(
            f'"{x.name}" {shape_text(x.shape)} has no elements along dim {empty[0]}; '
            "expected at least one to search"
        )

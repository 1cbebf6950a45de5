"""Elements in order, and where they were."""

from typing import Unpack

from wnnx.dims import Dim, bounds
from wnnx.errors import ArgumentError, ShapeError
from wnnx.graph import Value
from wnnx.ops.attributes import Dims, NodeOptions
from wnnx.ops.attributes import dims as as_dims
from wnnx.ops.checks import axis_of, require_dtype
from wnnx.ops.registry import op
from wnnx.types import NUMBERS, TensorType, shape_text


@op
def topk(
    x: Value,
    *,
    k: Dims,
    dim: int = -1,
    largest: bool = True,
    sorted: bool = True,
    **node: Unpack[NodeOptions],
) -> tuple[TensorType, TensorType]:
    """Return the `k` largest elements along `dim`, and where they are.

    Of equals the one that comes first wins and stands first. NaN counts as larger than any
    number.

    Semantics: torch.topk, with the order of equals that ONNX TopK has.

    Args:
        x: (..., n, ...), any number type; a scalar is taken to have one axis.
        k: How many elements, one extent from 0 to n; a symbol must be bound when it runs.
        dim: The axis to search; negative counts from the end.
        largest: Whether the largest are returned; else the smallest.
        sorted: Whether the best must come first; else any order will do.
        **node: The layer's name and precision.

    Returns:
        The elements, (..., k, ...), of the element type of `x`, and their places along `dim`,
        int64 of the same shape.

    Raises:
        ShapeError: if `x` lacks the axis, or has fewer than `k` elements along it.
        ArgumentError: if `k` is negative, or not one number.
        DTypeError: if `x` is bool.
    """
    require_dtype(x, NUMBERS)
    axis = axis_of(x, dim)
    count = _count(k)
    extent = x.shape[axis] if x.rank else 1
    missing = bounds(extent - count)[1]
    if missing is not None and missing < 0:
        raise ShapeError(
            f'"{x.name}" {shape_text(x.shape)} has {extent} elements along dim {axis}; '
            f"k={count} is more"
        )
    shape = (*x.shape[:axis], count, *x.shape[axis + 1 :]) if x.rank else ()
    return TensorType(x.dtype, shape), TensorType("int64", shape)


@op
def sort(
    x: Value, *, dim: int = -1, descending: bool = False, **node: Unpack[NodeOptions]
) -> tuple[TensorType, TensorType]:
    """Return the elements along `dim` in order, and where they were.

    Equals keep their order. NaN counts as larger than any number.

    Semantics: torch.sort with stable=True.

    Args:
        x: Any shape, any element type; a scalar is taken to have one axis.
        dim: The axis to sort along; negative counts from the end.
        descending: Whether the largest comes first; else the smallest.
        **node: The layer's name and precision.

    Returns:
        The elements, of the type of `x`, and the places along `dim` that they came from, int64
        of the same shape.

    Raises:
        ShapeError: if `x` lacks the axis.
    """
    axis_of(x, dim)
    return TensorType(x.dtype, x.shape), TensorType("int64", x.shape)


def _count(k: Dims) -> Dim:
    """Return the one extent that `k` is.

    Raises:
        ArgumentError: if it is negative, or there are several.
    """
    counts = as_dims("k", k)
    if len(counts) != 1:
        raise ArgumentError(f"k={shape_text(counts)} has {len(counts)} numbers; expected one")
    most = bounds(counts[0])[1]
    if most is not None and most < 0:
        raise ArgumentError(f"k={counts[0]}; expected 0 or more")
    return counts[0]

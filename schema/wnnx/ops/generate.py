"""Tensors made of numbers alone, or of the indices of something."""

import math
from typing import Unpack, cast

import numpy as np

from wnnx.dims import Dim, SymbolicDim, maximum
from wnnx.errors import ArgumentError, DTypeError
from wnnx.graph import Value
from wnnx.ops.attributes import Dims, NodeOptions, Number
from wnnx.ops.attributes import dims as as_dims
from wnnx.ops.attributes import number as as_number
from wnnx.ops.checks import axis_index, holds, known, require_dtype, require_positive
from wnnx.ops.registry import op
from wnnx.types import FLOATS, INTEGERS, Shape, TensorType, item_size


@op
def full(
    *,
    shape: Dims,
    value: Number = 0.0,
    dtype: str = "float32",
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Return a tensor of which every element is `value`.

    Semantics: torch.full, ONNX ConstantOfShape.

    Args:
        shape: The extents: numbers and symbols.
        value: A number, for integers a symbol too; 0 and 1 for bool.
        dtype: The element type, by numpy's name.
        **node: The layer's name and precision.

    Returns:
        `shape`, of type `dtype`. What a small tensor of integers holds is known.

    Raises:
        ArgumentError: if `value` does not fit into `dtype`, or an extent is negative.
        DTypeError: if there is no such dtype.
    """
    extents = as_dims("shape", shape)
    require_positive("shape", [n for n in extents if isinstance(n, int)], least=0)
    number = as_number("value", value)
    _require_fits("value", number, dtype)
    return known(dtype, extents, lambda: np.full(cast("tuple[int]", extents), number, object))


@op
def arange(
    *,
    stop: Number,
    start: Number = 0,
    step: Number = 1,
    dtype: str | None = None,
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Return `start`, `start + step`, ... up to, without, `stop`.

    There are `(stop - start) / step` numbers, rounded up. Of floating point, each is computed
    as `start + i * step` in double precision.

    Semantics: torch.arange, ONNX Range.

    Args:
        stop: Where to end; a number or, as `start`, a symbol.
        start: The first number.
        step: The distance between two, not 0; negative to count down.
        dtype: The element type, by numpy's name; None means int64 where all three are whole
            numbers or symbols, else float32.
        **node: The layer's name and precision.

    Returns:
        (count,), of type `dtype`. What a small tensor of integers holds is known.

    Raises:
        ArgumentError: if `step` is 0 or a symbol, a number is fractional or does not fit next
            to an integer `dtype`, or a symbol stands next to a fractional number.
        DTypeError: if there is no such dtype, or it is bool.
    """
    first, last, distance = (
        as_number(name, given)
        for name, given in (("start", start), ("stop", stop), ("step", step))
    )
    found = range_dtype(first, last, distance, dtype)
    count = range_count(first, last, distance)
    if isinstance(first, float) or isinstance(last, float) or isinstance(distance, float):
        for name, number in (("start", first), ("stop", last), ("step", distance)):
            _require_whole(name, number, found)
        return TensorType(found, (count,))
    if count != 0:
        _require_fits("start", first, found)
        _require_fits("the last number", first + (count - 1) * distance, found)
    numbers = lambda: [first + i * distance for i in range(cast("int", count))]  # noqa: E731
    return known(found, (count,), numbers)


@op
def eye(
    *,
    n: Number,
    m: Number | None = None,
    k: int = 0,
    dtype: str = "float32",
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Return a matrix with ones on a diagonal and zeros elsewhere.

    Semantics: torch.eye, numpy.eye; with the extents of a matrix, ONNX EyeLike.

    Args:
        n: The number of rows; a number or a symbol.
        m: The number of columns; None means `n`.
        k: The diagonal: 0 begins in the corner, positive ones lie above it, negative below.
        dtype: The element type, by numpy's name.
        **node: The layer's name and precision.

    Returns:
        (n, m), of type `dtype`.

    Raises:
        ArgumentError: if an extent is negative or no whole number.
        DTypeError: if there is no such dtype.
    """
    item_size(dtype)
    rows = _extent("n", n)
    return TensorType(dtype, (rows, rows if m is None else _extent("m", m)))


@op
def one_hot(
    indices: Value,
    *,
    depth: Number,
    on_value: Number = 1,
    off_value: Number = 0,
    dim: int = -1,
    dtype: str = "int64",
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Return `on_value` at the place that each index names along a new axis, else `off_value`.

    Semantics: ONNX OneHot; torch.nn.functional.one_hot for depth=num_classes, where indices
    out of range are an error instead.

    Args:
        indices: Any shape, integers. From -depth to -1 they count from the end; those out of
            range are nowhere.
        depth: The extent of the new axis; a number or a symbol.
        on_value: What stands where the index points.
        off_value: What stands elsewhere.
        dim: Where the new axis stands in the result; negative counts from its end.
        dtype: The element type, by numpy's name.
        **node: The layer's name and precision.

    Returns:
        The extents of `indices` with `depth` at `dim`, of type `dtype`.

    Raises:
        ShapeError: if the result has no such axis.
        ArgumentError: if `depth` is negative or no whole number, or a value does not fit.
        DTypeError: if `indices` are no integers, or there is no such dtype.
    """
    require_dtype(indices, INTEGERS)
    _require_fits("on_value", as_number("on_value", on_value), dtype)
    _require_fits("off_value", as_number("off_value", off_value), dtype)
    axis = axis_index(indices.rank + 1, dim)
    shape: Shape = (*indices.shape[:axis], _extent("depth", depth), *indices.shape[axis:])
    return TensorType(dtype, shape)


def range_dtype(
    start: Dim | float, stop: Dim | float, step: Dim | float, dtype: str | None
) -> str:
    """Return the element type of a range.

    Raises:
        DTypeError: if there is no such dtype, or it is bool.
    """
    if dtype is None:
        fractional = any(isinstance(number, float) for number in (start, stop, step))
        return "float32" if fractional else "int64"
    item_size(dtype)
    if dtype == "bool":
        raise DTypeError("a range is of numbers; dtype is bool")
    return dtype


def range_count(start: Dim | float, stop: Dim | float, step: Dim | float) -> Dim:
    """Return how many numbers a range has: (stop - start) / step, rounded up, or 0.

    Raises:
        ArgumentError: if `step` is 0 or a symbol, or a symbol or what is not finite stands
            next to a fractional number.
    """
    if isinstance(step, SymbolicDim) or not step:
        raise ArgumentError(f"step={step}; expected a number other than 0")
    if isinstance(start, float) or isinstance(stop, float) or isinstance(step, float):
        numbers = [n for n in (start, stop, step) if not isinstance(n, SymbolicDim)]
        steps = (numbers[1] - numbers[0]) / numbers[2] if len(numbers) == 3 else math.nan
        if not math.isfinite(steps):
            raise ArgumentError(
                f"a range from {start} to {stop} by {step} has no known number of elements"
            )
        return max(math.ceil(steps), 0)
    if step < 0:
        start, stop, step = stop, start, -step
    return maximum(0, (stop - start + step - 1) // step)


def _require_fits(name: str, number: Dim | float, dtype: str) -> None:
    """Check that a number is one of an element type; floating point holds them all."""
    item_size(dtype)
    _require_whole(name, number, dtype)
    if dtype not in FLOATS and isinstance(number, int) and not holds(dtype, number):
        raise ArgumentError(f"{name}={number} does not fit into {dtype}")


def _require_whole(name: str, number: Dim | float, dtype: str) -> None:
    if dtype not in FLOATS and isinstance(number, float):
        raise ArgumentError(f"{name}={number} is fractional, but the dtype is {dtype}")


def _extent(name: str, number: Number) -> Dim:
    extent = as_number(name, number)
    if isinstance(extent, float):
        raise ArgumentError(f"{name}={extent}; expected a whole number or a symbol")
    require_positive(name, (extent,) if isinstance(extent, int) else (), least=0)
    return extent

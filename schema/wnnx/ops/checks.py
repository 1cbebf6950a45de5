"""What shape rules ask of their inputs; each check raises an error with both numbers in it."""

from collections.abc import Callable, Iterable, Sequence
from math import prod
from typing import Any, TypeAlias

import numpy as np

from wnnx.dims import Dim, bounds
from wnnx.errors import ArgumentError, DimError, DTypeError, ShapeError
from wnnx.graph import MAX_KNOWN_ELEMENTS, Value
from wnnx.types import (
    FLOATS,
    HALVES,
    INTEGERS,
    MAX_ELEMENTS,
    Array,
    Shape,
    TensorType,
    checked_shape,
    shape_text,
)

# So many outputs of one node can a few bytes of a file ask for.
MAX_OUTPUTS = 4096

# What an elementwise operator takes: a value, or a number that the builder makes a constant.
Operand: TypeAlias = Value | float


def value_of(x: Operand) -> Value:
    """Return `x` as a value; the builder has turned numbers into constants before a rule runs.

    Raises:
        ArgumentError: if it is a number all the same.
    """
    if isinstance(x, Value):
        return x
    raise ArgumentError(f"{x!r} is a number; outside a builder, wrap it with nn.constant")


def pair_of(x: Operand, y: Operand) -> tuple[Value, Value]:
    """Return two operands as values, which must have one element type.

    Raises:
        ArgumentError: if one is a number all the same.
        DTypeError: if the element types differ.
    """
    left, right = value_of(x), value_of(y)
    require_same_dtype(left, right)
    return left, right


def same(x: Value) -> TensorType:
    """Return the type of `x` itself, as most unary operators have it."""
    return TensorType(x.dtype, x.shape)


def floating(x: Value) -> TensorType:
    """Return the type of `x`, which must be floating point.

    Raises:
        DTypeError: if it is not.
    """
    require_dtype(x, FLOATS)
    return same(x)


def promoted(x: Value) -> TensorType:
    """Return the type of `x`, or float32 where that is integer or bool."""
    return TensorType(x.dtype if x.dtype in FLOATS else "float32", x.shape)


def require_dtype(x: Value, allowed: frozenset[str]) -> None:
    """Check the element type of `x`.

    Raises:
        DTypeError: if it is not one of `allowed`.
    """
    if x.dtype not in allowed:
        known = ", ".join(sorted(allowed))
        raise DTypeError(f'"{x.name}" is {x.dtype}; expected one of {known}')


def require_same_dtype(x: Value, y: Value) -> None:
    """Check that two inputs have one element type.

    Raises:
        DTypeError: if they differ.
    """
    if x.dtype != y.dtype:
        raise DTypeError(
            f'"{x.name}" is {x.dtype}, but "{y.name}" is {y.dtype}; cast one of them'
        )


def weighted_dtype(x: Value, weight: Value) -> str:
    """Return the element type of a layer's result.

    Both have one floating point type, or one is half precision next to a float32: it is
    widened as it is read, and the layer computes in float32.

    Raises:
        DTypeError: if the types are neither.
    """
    require_dtype(x, FLOATS)
    pair = {x.dtype, weight.dtype}
    if "float32" in pair and len(pair - HALVES) == 1:
        return "float32"
    require_same_dtype(x, weight)
    return x.dtype


def require_bias(bias: Value | None, weight: Value, out: Dim, dtype: str) -> None:
    """Check that `bias`, where there is one, is (out,) and goes with a result of `dtype`.

    Raises:
        ShapeError: if its shape is another.
        DTypeError: if its element type is neither `dtype` nor half precision next to float32.
    """
    if bias is None:
        return
    if bias.rank != 1 or differ(bias.shape[0], out):
        raise ShapeError(
            f'bias "{bias.name}" {shape_text(bias.shape)} does not fit weight "{weight.name}" '
            f"{shape_text(weight.shape)}; expected ({out},)"
        )
    if bias.dtype != dtype and not (dtype == "float32" and bias.dtype in HALVES):
        raise DTypeError(
            f'bias "{bias.name}" is {bias.dtype}, but the layer computes {dtype}; cast it'
        )


def require_rank(x: Value, *ranks: int, layout: str = "") -> None:
    """Check the number of axes of `x`; `layout` shows what they mean, "(N, C, L)".

    Raises:
        ShapeError: if it is none of `ranks`.
    """
    if x.rank not in ranks:
        wanted = " or ".join(map(str, ranks))
        raise ShapeError(
            f'"{x.name}" {shape_text(x.shape)} has {x.rank} axes; expected {wanted}'
            f"{f', {layout}' if layout else ''}"
        )


def axis_of(x: Value, dim: int, *, name: str = "dim") -> int:
    """Return the axis that `dim` means, counted from the front.

    Raises:
        ShapeError: if `x` has no such axis.
    """
    return axis_index(x.rank, dim, name=name, of=f'"{x.name}" {shape_text(x.shape)}')


def axis_index(rank: int, dim: int, *, name: str = "dim", of: str = "the result") -> int:
    """Return the axis that `dim` means among `rank` axes; a scalar is taken to have one.

    Raises:
        ShapeError: if there is no such axis.
    """
    limit = max(rank, 1)
    if not -limit <= dim < limit:
        raise ShapeError(f"{name}={dim} is out of range for {of}: {-limit} to {limit - 1}")
    return dim % limit


def axes_of(x: Value, dims: Sequence[int] | None, *, name: str = "dim") -> tuple[int, ...]:
    """Return the axes that `dims` means, counted from the front; None means all of them.

    Raises:
        ShapeError: if `x` lacks one, or one is named twice.
    """
    if dims is None:
        return tuple(range(x.rank))
    axes = tuple(axis_of(x, dim, name=name) for dim in dims)
    if len(set(axes)) != len(axes):
        raise ShapeError(f'{name}={tuple(dims)} names an axis of "{x.name}" twice')
    return axes


def known_indices(index: Value) -> Array | None:
    """Return the numbers that an index is known to hold, as an object array, or None.

    Raises:
        DTypeError: if `index` is not of an integer type.
    """
    require_dtype(index, INTEGERS)
    numbers = held(index)
    if numbers is None or not all(isinstance(i, int) for i in numbers.ravel()):
        return None
    return numbers


def require_indices(x: Value, axis: int, indices: Iterable[int]) -> None:
    """Check that an axis has the elements that some indices name; where it is symbolic, may.

    Raises:
        ShapeError: if one is out of range.
    """
    extent = x.shape[axis]
    limit = extent if isinstance(extent, int) else MAX_ELEMENTS
    wrong = [i for i in indices if not -limit <= i < limit]
    if wrong:
        raise ShapeError(
            f'index {wrong[0]} is out of range for axis {axis} of "{x.name}" '
            f"{shape_text(x.shape)}, which has {extent} elements"
        )


def differ(a: Dim, b: Dim) -> bool:
    """Tell whether two extents are known to differ; symbols that may be equal do not."""
    difference = a - b
    return isinstance(difference, int) and difference != 0


def broadcast(x: Value, y: Value, *, without: int = 0) -> Shape:
    """Return the shape of an elementwise result, by numpy's rule.

    The last `without` axes of both take no part, nor are they in the result.

    Raises:
        ShapeError: if the shapes do not broadcast.
    """
    shapes = [v.shape[: max(v.rank - without, 0)] for v in (x, y)]
    rank = max(map(len, shapes))
    left, right = ((1,) * (rank - len(shape)) + shape for shape in shapes)
    return tuple(_broadcast_dim(a, b, x, y) for a, b in zip(left, right, strict=True))


def _broadcast_dim(a: Dim, b: Dim, x: Value, y: Value) -> Dim:
    if a == b or b == 1:
        return a
    if a == 1:
        return b
    if isinstance(a, int) != isinstance(b, int):
        return (
            a if isinstance(a, int) else b
        )  # the symbol is this number, or 1: checked at run
    raise ShapeError(
        f'"{x.name}" {shape_text(x.shape)} does not broadcast with "{y.name}" '
        f"{shape_text(y.shape)}: {a} against {b}"
        + ("" if isinstance(a, int) else "; give equal extents one symbol")
    )


def require_positive(name: str, values: Sequence[int], *, least: int = 1) -> None:
    """Check that every number of an attribute is at least `least`.

    Raises:
        ArgumentError: if one is less.
    """
    if any(value < least for value in values):
        raise ArgumentError(f"{name}={tuple(values)}: every number must be {least} or more")


def known(
    dtype: str, shape: Sequence[Dim], compute: Callable[..., Any], *inputs: Value
) -> TensorType:
    """Return a type that also says what the tensor holds, where the inputs' values are known.

    `compute` is given one numpy object array per input, holding ints and symbolic dimensions.
    Where it raises a DimError, or a result does not fit into `dtype` and so wraps around, the
    tensor's values are not known.

    Raises:
        ShapeError: if no tensor may have that shape.
    """
    shape = checked_shape(shape)
    arrays = [held(x) for x in inputs]
    count = [dim for dim in shape if isinstance(dim, int)]
    # Next to an extent of 0, numpy has limits of its own for the others.
    elements = prod(max(dim, 1) for dim in count)
    small = len(count) == len(shape) and elements <= MAX_KNOWN_ELEMENTS
    if not small or any(array is None for array in arrays):
        return TensorType(dtype, shape)
    try:
        result = np.asarray(compute(*arrays), dtype=object)
    except DimError:
        return TensorType(dtype, shape)
    value = tuple(result.ravel().tolist())
    return TensorType(dtype, shape, value if all(holds(dtype, v) for v in value) else None)


def holds(dtype: str, number: Dim) -> bool:
    """Tell whether `number` is sure to fit into a type of integers; extents fit 32 bits.

    A bool holds the numbers 0 and 1, and no symbol.
    """
    if dtype in FLOATS:
        return False
    if dtype == "bool":
        return number in {0, 1}
    if not isinstance(number, int) and dtype in {"int32", "int64"}:
        return True
    low, high = bounds(number)
    limits = np.iinfo(dtype)
    return low is not None and high is not None and limits.min <= low and high <= limits.max


def held(x: Value) -> Array | None:
    """Return what a small tensor is known to hold, as an object array, or None."""
    if x.type.value is None:
        return None
    array = np.empty(len(x.type.value), dtype=object)
    array[:] = x.type.value
    return array.reshape(tuple(dim for dim in x.shape if isinstance(dim, int)))

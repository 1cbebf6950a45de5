"""What shape rules ask of their inputs; each check raises an error with both numbers in it."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np

from wnnx.dims import Dim
from wnnx.errors import ArgumentError, DTypeError, ShapeError
from wnnx.graph import MAX_KNOWN_ELEMENTS, Value
from wnnx.types import FLOATS, HALVES, Array, Shape, TensorType, checked_shape, shape_text

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


def differ(a: Dim, b: Dim) -> bool:
    """Tell whether two extents are known to differ; symbols that may be equal do not."""
    difference = a - b
    return isinstance(difference, int) and difference != 0


def broadcast(x: Value, y: Value) -> Shape:
    """Return the shape of an elementwise result, by numpy's rule.

    Raises:
        ShapeError: if the shapes do not broadcast.
    """
    rank = max(x.rank, y.rank)
    left = (1,) * (rank - x.rank) + x.shape
    right = (1,) * (rank - y.rank) + y.shape
    return tuple(_broadcast_dim(a, b, x, y) for a, b in zip(left, right, strict=True))


def _broadcast_dim(a: Dim, b: Dim, x: Value, y: Value) -> Dim:
    if a == b or b == 1:
        return a
    if a == 1:
        return b
    if isinstance(a, int) != isinstance(b, int):
        return a if isinstance(a, int) else b  # the symbol is this number, or 1: checked at run
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

    Raises:
        ShapeError: if an extent is known to be negative.
    """
    shape = checked_shape(shape)
    arrays = [held(x) for x in inputs]
    count = [dim for dim in shape if isinstance(dim, int)]
    small = len(count) == len(shape) and int(np.prod(count, dtype=object)) <= MAX_KNOWN_ELEMENTS
    if not small or any(array is None for array in arrays):
        return TensorType(dtype, shape)
    result = np.asarray(compute(*arrays), dtype=object)
    return TensorType(dtype, shape, tuple(result.ravel().tolist()))


def held(x: Value) -> Array | None:
    """Return what a small integer tensor is known to hold, as an object array, or None."""
    if x.type.value is None:
        return None
    array = np.empty(len(x.type.value), dtype=object)
    array[:] = x.type.value
    return array.reshape(tuple(dim for dim in x.shape if isinstance(dim, int)))

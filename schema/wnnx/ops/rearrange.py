"""The same elements in other places: repeated, reversed, moved, cut off at a diagonal."""

from functools import partial
from typing import Unpack

import numpy as np

from wnnx.errors import ArgumentError, DTypeError, ShapeError
from wnnx.graph import Value
from wnnx.ops.attributes import Dims, Ints, NodeOptions
from wnnx.ops.attributes import dims as as_dims
from wnnx.ops.attributes import ints as as_ints
from wnnx.ops.checks import (
    axes_of,
    axis_of,
    differ,
    known,
    require_dtype,
    same,
)
from wnnx.ops.registry import op
from wnnx.types import INTEGERS, Array, TensorType, checked_shape, shape_text


@op
def tile(x: Value, *, repeats: Dims, **node: Unpack[NodeOptions]) -> TensorType:
    """Put copies of `x` behind each other along its axes.

    Semantics: torch.tile, numpy.tile, ONNX Tile.

    Args:
        x: Any shape, any element type.
        repeats: How many copies along each axis, the last for the last axis: where there are
            fewer than axes, one along those in front; where more, `x` gets axes in front.
        **node: The layer's name and precision.

    Returns:
        The extents of `x` times `repeats`, of its element type.

    Raises:
        ArgumentError: if a number of copies is negative.
        ShapeError: if the result is larger than any tensor may be.
    """
    copies = as_dims("repeats", repeats)
    if any(isinstance(count, int) and count < 0 for count in copies):
        raise ArgumentError(f"repeats={shape_text(copies)}: every number must be 0 or more")
    numbers = tuple(count for count in copies if isinstance(count, int))
    old = (1,) * (len(copies) - x.rank) + x.shape
    every = (1,) * (x.rank - len(copies)) + copies
    shape = [n * count for n, count in zip(old, every, strict=True)]
    if len(numbers) != len(copies):
        return TensorType(x.dtype, checked_shape(shape))
    return known(x.dtype, shape, partial(tiled, repeats=numbers), x)


@op
def flip(x: Value, *, dims: Ints, **node: Unpack[NodeOptions]) -> TensorType:
    """Reverse the order of the elements along some axes.

    Semantics: torch.flip.

    Args:
        x: Any shape, any element type.
        dims: The axes; negative counts from the end.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        ShapeError: if there is no such axis, or one is named twice.
    """
    axes = axes_of(x, as_ints("dims", dims), name="dims")
    return known(x.dtype, x.shape, partial(flipped, axes=axes), x)


@op
def roll(
    x: Value, *, shifts: Ints, dims: Ints | None = None, **node: Unpack[NodeOptions]
) -> TensorType:
    """Move the elements along some axes; what leaves at one end comes in at the other.

    Semantics: torch.roll.

    Args:
        x: Any shape, any element type.
        shifts: By how many places, one for each of `dims`; negative towards the front.
        dims: The axes; negative counts from the end. An axis that is named twice moves twice.
            None rolls all elements in row-major order, by one shift.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        ArgumentError: if there are not as many shifts as axes.
        ShapeError: if there is no such axis.
    """
    places = as_ints("shifts", shifts)
    axes = None if dims is None else as_ints("dims", dims)
    if len(places) != (1 if axes is None else len(axes)):
        wanted = (
            "one, or dims" if axes is None else f"{len(axes)}, one for each of dims={axes}"
        )
        raise ArgumentError(f"shifts={places} has {len(places)} numbers; expected {wanted}")
    for axis in axes or ():
        axis_of(x, axis, name="dims")
    return known(x.dtype, x.shape, partial(rolled, shifts=places, dims=axes), x)


@op
def reverse_sequence(
    x: Value,
    lengths: Value,
    *,
    batch_dim: int = 1,
    time_dim: int = 0,
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Reverse the first elements of each sequence of a batch; the rest stays.

    Semantics: ONNX ReverseSequence.

    Args:
        x: (T, N, *rest), or with the two axes elsewhere, any element type.
        lengths: (N,), integers from 0 to T: how many elements of each sequence to reverse.
        batch_dim: The axis that counts the sequences; negative counts from the end.
        time_dim: The axis along which they run; negative counts from the end.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        ShapeError: if there is no such axis, both are one, or `lengths` is not (N,).
        DTypeError: if `lengths` is not of an integer type.
    """
    require_dtype(lengths, INTEGERS)
    batch = axis_of(x, batch_dim, name="batch_dim")
    if batch == axis_of(x, time_dim, name="time_dim"):
        raise ShapeError(
            f'batch_dim={batch_dim} and time_dim={time_dim} are one axis of "{x.name}" '
            f"{shape_text(x.shape)}"
        )
    if lengths.rank != 1 or differ(lengths.shape[0], x.shape[batch]):
        raise ShapeError(
            f'lengths "{lengths.name}" {shape_text(lengths.shape)} does not fit "{x.name}" '
            f"{shape_text(x.shape)}; expected ({x.shape[batch]},)"
        )
    return same(x)


@op
def tril(
    x: Value,
    offset: Value | None = None,
    *,
    diagonal: int = 0,
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Keep the lower triangle of each matrix, and make the rest 0.

    Semantics: torch.tril.

    Args:
        x: (*, rows, columns), any element type.
        offset: One integer, () or (1,), that is added to `diagonal`, for one that only the
            run knows; or none.
        diagonal: The last diagonal to keep: 0 the main one, positive to the right of it.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        ShapeError: if `x` has fewer than two axes, or `offset` is not one number.
        DTypeError: if `offset` is not of an integer type.
    """
    return _triangle(x, offset)


@op
def triu(
    x: Value,
    offset: Value | None = None,
    *,
    diagonal: int = 0,
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Keep the upper triangle of each matrix, and make the rest 0.

    Semantics: torch.triu.

    Args:
        x: (*, rows, columns), any element type.
        offset: One integer, () or (1,), that is added to `diagonal`, for one that only the
            run knows; or none.
        diagonal: The first diagonal to keep: 0 the main one, positive to the right of it.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        ShapeError: if `x` has fewer than two axes, or `offset` is not one number.
        DTypeError: if `offset` is not of an integer type.
    """
    return _triangle(x, offset)


def tiled(x: Array, repeats: tuple[int, ...]) -> Array:
    """Return what `tile` makes of an array, without anything larger on the way."""
    old = (1,) * (len(repeats) - x.ndim) + x.shape
    every = (1,) * (x.ndim - len(repeats)) + repeats
    apart = x.reshape([n for extent in old for n in (1, extent)])
    wide = [n for pair in zip(every, old, strict=True) for n in pair]
    shape = [count * extent for count, extent in zip(every, old, strict=True)]
    return np.broadcast_to(apart, wide).reshape(shape)


def flipped(x: Array, axes: tuple[int, ...]) -> Array:
    """Return what `flip` makes of an array."""
    return np.flip(x, axes) if x.ndim else x


def rolled(x: Array, shifts: tuple[int, ...], dims: tuple[int, ...] | None) -> Array:
    """Return what `roll` makes of an array; a shift may be any integer."""
    if dims is None or not x.ndim:
        return np.roll(x, shifts[0] % max(x.size, 1)) if shifts else x
    for shift, axis in zip(shifts, dims, strict=True):
        x = np.roll(x, shift % max(x.shape[axis], 1), axis)
    return x


def _triangle(x: Value, offset: Value | None) -> TensorType:
    if x.rank < 2:
        raise ShapeError(
            f'"{x.name}" {shape_text(x.shape)} is no matrix; expected two axes or more'
        )
    if offset is not None:
        if offset.dtype not in INTEGERS:
            raise DTypeError(
                f'offset "{offset.name}" is {offset.dtype}; expected an integer; a number is '
                "written diagonal=1"
            )
        if offset.rank > 1 or any(differ(extent, 1) for extent in offset.shape):
            raise ShapeError(
                f'offset "{offset.name}" {shape_text(offset.shape)} is not one number; '
                "expected () or (1,)"
            )
    return same(x)

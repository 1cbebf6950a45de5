"""Elements taken from the places that an index names, and put there."""

import builtins
from collections.abc import Sequence
from functools import partial
from typing import Literal, Unpack

import numpy as np

from wnnx.dims import Dim, bounds
from wnnx.errors import ArgumentError, ShapeError
from wnnx.graph import Value
from wnnx.ops.attributes import Dims, Ints, NodeOptions
from wnnx.ops.checks import (
    axis_of,
    differ,
    known,
    known_indices,
    require_indices,
    require_same_dtype,
    same,
)
from wnnx.ops.registry import op
from wnnx.ops.selection import slice
from wnnx.types import Array, Shape, TensorType, shape_text

Reduction = Literal["none", "add", "mul", "max", "min"]


@op
def gather_elements(
    x: Value, index: Value, *, dim: int, **node: Unpack[NodeOptions]
) -> TensorType:
    """Take for each element of `index` the one of `x` that it names along an axis.

    With `dim=1`, `y[i, j] = x[i, index[i, j]]`.

    Semantics: torch.gather, ONNX GatherElements; a negative index counts from the end.

    Args:
        x: (..., n, ...), any element type.
        index: Integers from -n to n - 1, with as many axes as `x`, none but `dim` longer.
        dim: The axis; negative counts from the end.
        **node: The layer's name and precision.

    Returns:
        The shape of `index`, of the element type of `x`.

    Raises:
        ShapeError: if there is no such axis, `index` does not fit `x`, or an index that is
            known is out of range.
        DTypeError: if `index` is not of an integer type.
    """
    numbers = known_indices(index)
    axis = axis_of(x, dim)
    _require_within(index, x, but=axis)
    if numbers is None:
        return TensorType(x.dtype, index.shape)
    if x.rank:
        require_indices(x, axis, numbers.ravel())
    places = numbers.astype(np.int64)
    return known(x.dtype, index.shape, partial(taken_along, index=places, axis=axis), x)


@op
def gather_nd(
    x: Value, index: Value, *, batch_dims: int = 0, **node: Unpack[NodeOptions]
) -> TensorType:
    """Take what each row of `index` names along several axes of `x` at once.

    With two numbers in a row, `y[i] = x[index[i, 0], index[i, 1]]`.

    Semantics: ONNX GatherND.

    Args:
        x: (*batch, *indexed, *rest), any element type.
        index: (*batch, *places, m), integers; the rows name an element or a part of `x`,
            with m axes after the batch; a negative number counts from the end.
        batch_dims: How many axes the batch has.
        **node: The layer's name and precision.

    Returns:
        (*batch, *places, *rest), of the element type of `x`.

    Raises:
        ArgumentError: if `batch_dims` is negative.
        ShapeError: if the batches differ, m is symbolic or `x` has fewer axes, an index that
            is known is out of range, or the result is larger than any tensor may be.
        DTypeError: if `index` is not of an integer type.
    """
    if batch_dims < 0:
        raise ArgumentError(f"batch_dims={batch_dims}; expected 0 or more")
    rest = _rest(x, index, batch_dims)
    batches = zip(x.shape[:batch_dims], index.shape[:batch_dims], strict=True)
    if any(differ(a, b) for a, b in batches):
        raise ShapeError(f"{_both(x, index)} differ in their first {batch_dims} axes")
    return TensorType(x.dtype, (*index.shape[:-1], *rest))


@op
def scatter_elements(
    x: Value,
    index: Value,
    updates: Value,
    *,
    dim: int,
    reduction: Reduction = "none",
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Put each element of `updates` where `index` says along an axis of `x`.

    With `dim=1`, `y[i, index[i, j]] = updates[i, j]`; everything else is as in `x`.

    Semantics: torch.scatter, for a reduction torch.scatter_reduce; ONNX ScatterElements. A
    negative index counts from the end. Where several go to one place, without a reduction the
    last one stays.

    Args:
        x: (..., n, ...), any element type.
        index: Integers from -n to n - 1, with as many axes as `x`, none but `dim` longer.
        updates: No shorter than `index` along any axis; what is beyond it is not used. Of
            the element type of `x`.
        dim: The axis; negative counts from the end.
        reduction: What becomes of the element that was there: "none" replaces it; "add",
            "mul", "max" and "min" combine both. Of bools "add" and "max" are or, "mul" and
            "min" are and.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        ShapeError: if there is no such axis, the shapes do not fit, or an index that is
            known is out of range.
        DTypeError: if `index` is not of an integer type, or `updates` not of that of `x`.
    """
    numbers = known_indices(index)
    require_same_dtype(x, updates)
    axis = axis_of(x, dim)
    _require_within(index, x, but=axis)
    _require_within(index, updates)
    if numbers is not None and x.rank:
        require_indices(x, axis, numbers.ravel())
    return same(x)


@op
def scatter_nd(
    x: Value,
    index: Value,
    updates: Value,
    *,
    reduction: Reduction = "none",
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Put parts of `updates` where the rows of `index` say in `x`.

    With two numbers in a row, `y[index[i, 0], index[i, 1]] = updates[i]`; everything else is
    as in `x`.

    Semantics: ONNX ScatterND. Where several go to one place, without a reduction the last
    one stays.

    Args:
        x: (*indexed, *rest), any element type.
        index: (*places, m), integers; the rows name an element or a part of `x`, with m
            axes; a negative number counts from the end.
        updates: (*places, *rest), of the element type of `x`.
        reduction: What becomes of the elements that were there: "none" replaces them; "add",
            "mul", "max" and "min" combine both. Of bools "add" and "max" are or, "mul" and
            "min" are and.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        ShapeError: if m is symbolic or `x` has fewer axes, `updates` does not fit, or an
            index that is known is out of range.
        DTypeError: if `index` is not of an integer type, or `updates` not of that of `x`.
    """
    require_same_dtype(x, updates)
    _require_shape(updates, (*index.shape[:-1], *_rest(x, index, 0)))
    return same(x)


@op
def slice_scatter(
    x: Value,
    updates: Value,
    *,
    starts: Dims,
    stops: Dims,
    dims: Ints,
    steps: Ints = 1,
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Put `updates` where a slice takes from, as `x[1:3] = updates` does.

    Semantics: torch.slice_scatter, for several axes and with the slices of `slice`.

    Args:
        x: Any shape, any element type.
        updates: The shape of the slice, of the element type of `x`.
        starts: The first element, one for each of `dims`.
        stops: The element to stop at, one for each of `dims`.
        dims: The axes; negative counts from the end.
        steps: One for each of `dims`, or one for all; not 0.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        ArgumentError: if there are not as many starts, stops and steps as axes, or a step
            is 0.
        ShapeError: if there is no such axis, one is named twice, a symbolic start or stop
            is not known to be positive or negative, or `updates` does not fit the slice.
        DTypeError: if the element types differ.
    """
    require_same_dtype(x, updates)
    taken = slice(x, starts=starts, stops=stops, dims=dims, steps=steps)
    _require_shape(updates, taken.shape)
    return same(x)


def taken_along(x: Array, index: Array, axis: int) -> Array:
    """Return what `gather_elements` takes from an array."""
    if not x.ndim:
        return x.reshape(1)[index]
    extents = [None if i == axis else n for i, n in enumerate(index.shape)]
    return np.take_along_axis(x[leading(extents)], index, axis)


def leading(extents: Sequence[int | None]) -> tuple[builtins.slice, ...]:
    """Return the index of so many elements along each axis, of all where that is None."""
    return tuple(builtins.slice(n) for n in extents)


def _rest(x: Value, index: Value, batch_dims: int) -> Shape:
    """Return the extents of `x` behind the axes that the rows of `index` name."""
    numbers = known_indices(index)
    count = index.shape[-1] if index.rank else None
    first = batch_dims
    if not isinstance(count, int) or not 1 <= count <= x.rank - first or index.rank <= first:
        behind = f" behind a batch of {first} axes" if first else ""
        raise ShapeError(
            f"the rows of {_named(index)} name no place in {_named(x)}; expected 1 to "
            f"{x.rank - first} numbers in each{behind}"
        )
    if numbers is not None:
        for column in range(count):
            require_indices(x, first + column, numbers[..., column].ravel())
    return x.shape[first + count :]


def _require_within(index: Value, x: Value, *, but: int | None = None) -> None:
    """Check that `index` has the axes of `x`, and none that is longer; `but` may be."""
    if index.rank != x.rank:
        raise ShapeError(f"{_both(x, index)} have {x.rank} and {index.rank} axes")
    for axis, (extent, wanted) in enumerate(zip(x.shape, index.shape, strict=True)):
        if axis != but and _exceeds(wanted, extent):
            raise ShapeError(
                f"{_both(x, index)} do not go together: axis {axis} of the index has {wanted} "
                f"elements, more than {extent}"
            )


def _exceeds(a: Dim, b: Dim) -> bool:
    """Tell whether an extent is known to be more than another."""
    least = bounds(a - b)[0]
    return least is not None and least > 0


def _require_shape(updates: Value, wanted: Shape) -> None:
    found = updates.shape
    fits = len(found) == len(wanted) and not any(map(differ, found, wanted))
    if not fits:
        raise ShapeError(
            f"updates {_named(updates)} do not fit; expected {shape_text(wanted)}"
        )


def _both(x: Value, index: Value) -> str:
    return f"{_named(x)} and {_named(index)}"


def _named(x: Value) -> str:
    return f'"{x.name}" {shape_text(x.shape)}'

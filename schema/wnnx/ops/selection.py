"""Parts of a tensor."""

import builtins
from collections.abc import Callable, Sequence
from typing import Any, Unpack

import numpy as np

from wnnx.dims import Dim, bounds, maximum, minimum
from wnnx.errors import ArgumentError, ShapeError
from wnnx.graph import Value
from wnnx.ops.attributes import Dims, Ints, NodeOptions
from wnnx.ops.attributes import dims as as_dims
from wnnx.ops.attributes import ints as as_ints
from wnnx.ops.checks import (
    MAX_OUTPUTS,
    axes_of,
    axis_of,
    differ,
    known,
    known_indices,
    require_indices,
    require_positive,
)
from wnnx.ops.registry import op
from wnnx.types import Array, TensorType, checked_shape, shape_text

# As a stop, the end of an axis whatever its extent; its negative, the begin of it.
END = 2**63 - 1


@op
def split(
    x: Value, *, sizes: Ints, dim: int = 0, **node: Unpack[NodeOptions]
) -> tuple[TensorType, ...]:
    """Cut `x` into pieces along an axis.

    Semantics: torch.split.

    Args:
        x: (..., n, ...), any element type.
        sizes: One number is the extent of every piece, the last may be smaller; several are
            the extents of the pieces and add up to n.
        dim: The axis to cut; negative counts from the end.
        **node: The layer's name and precision.

    Returns:
        One type per piece, (..., size, ...), of the element type of `x`.

    Raises:
        ShapeError: if there is no such axis, the sizes do not add up, or the number of
            pieces is not known.
        ArgumentError: if a size is negative, or there would be too many pieces.
    """
    axis = axis_of(x, dim)
    text = f'"{x.name}" {shape_text(x.shape)}'
    if not x.rank:
        raise ShapeError(f"{text} is a scalar; it has no axis to cut")
    pieces = sections(x.shape[axis], as_ints("sizes", sizes), f"{text} along axis {axis}")
    types: list[TensorType] = []
    start = 0
    for size in pieces:
        part = [builtins.slice(None)] * axis + [builtins.slice(start, start + size)]
        new = (*x.shape[:axis], size, *x.shape[axis + 1 :])
        types.append(known(x.dtype, new, _taker(part), x))
        start += size
    return tuple(types)


@op
def slice(
    x: Value,
    *,
    starts: Dims,
    stops: Dims,
    dims: Ints,
    steps: Ints = 1,
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Take every `steps`-th element from `starts` up to, without, `stops`, along some axes.

    Semantics: Python's slices, which are PyTorch's with negative steps. A negative number
    counts from the end, and what lies outside is clamped. A stop of 2**63 - 1 is the end of
    any axis; with a negative step -(2**63 - 1) is the place before its first element.

    Args:
        x: Any shape, any element type.
        starts: The first element, one for each of `dims`.
        stops: The element to stop at, one for each of `dims`.
        dims: The axes; negative counts from the end.
        steps: One for each of `dims`, or one for all; not 0.
        **node: The layer's name and precision.

    Returns:
        The extents of `x`, along `dims` those of the slices, of its element type.

    Raises:
        ArgumentError: if there are not as many starts, stops and steps as axes, or a step
            is 0.
        ShapeError: if there is no such axis, one is named twice, or a symbolic start or stop
            is not known to be positive or negative.
    """
    axes = axes_of(x, as_ints("dims", dims), name="dims")
    given = {"starts": as_dims("starts", starts), "stops": as_dims("stops", stops)}
    every = as_ints("steps", steps)
    every = every * len(axes) if len(every) == 1 else every
    for name, numbers in (*given.items(), ("steps", every)):
        if len(numbers) != len(axes):
            raise ArgumentError(
                f"{name}={shape_text(numbers)} has {len(numbers)} entries for {len(axes)} axes"
            )
    shape = list(x.shape)
    parts: list[Any] = [builtins.slice(None)] * x.rank
    bounded = zip(axes, given["starts"], given["stops"], every, strict=True)
    for axis, start, stop, step in bounded:
        shape[axis] = slice_extent(shape[axis], start, stop, step)
        parts[axis] = builtins.slice(start, stop, step)
    if not all(isinstance(n, int) for n in (*given["starts"], *given["stops"])):
        return TensorType(x.dtype, checked_shape(shape))
    return known(x.dtype, shape, _taker(parts), x)


@op
def gather(x: Value, index: Value, *, dim: int = 0, **node: Unpack[NodeOptions]) -> TensorType:
    """Take the elements of an axis that `index` names, in its order.

    Semantics: ONNX Gather, numpy.take; for an index of one axis torch.index_select.

    Args:
        x: (..., n, ...), any element type.
        index: Integers from -n to n - 1, any shape; a negative one counts from the end.
        dim: The axis; negative counts from the end.
        **node: The layer's name and precision.

    Returns:
        The extents of `x` with those of `index` in place of n, of the element type of `x`.

    Raises:
        ShapeError: if there is no such axis, an index that is known is out of range, or
            the result is larger than any tensor may be.
        DTypeError: if `index` is not of an integer type.
    """
    wanted = known_indices(index)
    axis = _axis_to_take(x, dim)
    shape = (*x.shape[:axis], *index.shape, *x.shape[axis + 1 :])
    if wanted is None:
        return TensorType(x.dtype, tuple(shape))
    require_indices(x, axis, wanted.ravel())
    part = [builtins.slice(None)] * axis
    return known(x.dtype, shape, _taker([*part, wanted.astype(np.int64)]), x)


@op
def select(x: Value, *, dim: int, index: int, **node: Unpack[NodeOptions]) -> TensorType:
    """Take one element of an axis, and drop the axis.

    Semantics: torch.select.

    Args:
        x: (..., n, ...), any element type.
        dim: The axis; negative counts from the end.
        index: From -n to n - 1; negative counts from the end.
        **node: The layer's name and precision.

    Returns:
        The extents of `x` without n, of its element type.

    Raises:
        ShapeError: if there is no such axis, or no such element.
    """
    axis = _axis_to_take(x, dim)
    require_indices(x, axis, (index,))
    part = [builtins.slice(None)] * axis
    return known(x.dtype, (*x.shape[:axis], *x.shape[axis + 1 :]), _taker([*part, index]), x)


def slice_extent(extent: Dim, start: Dim, stop: Dim, step: int) -> Dim:
    """Return how many elements of an axis a slice takes.

    Raises:
        ArgumentError: if the step is 0.
        ShapeError: if a symbolic start or stop is not known to be positive or negative.
    """
    if step == 0:
        raise ArgumentError("a slice's step cannot be 0")
    ahead = step > 0
    first = _position(extent, start, "start", ahead=ahead)
    last = _position(extent, stop, "stop", ahead=ahead)
    if not ahead:  # the same slice of the reversed axis
        first, last = extent - 1 - first, extent - 1 - last
    # min(last, extent) - max(first, 0), with the min outside, where it simplifies
    span = minimum(last, extent, last - first, extent - first)
    return maximum(0, (span + abs(step) - 1) // abs(step))


def _position(extent: Dim, bound: Dim, name: str, *, ahead: bool) -> Dim:
    """Return a start or stop counted from the front of the axis."""
    low, high = bounds(bound)
    if isinstance(bound, int) and abs(bound) >= END:
        edge = 0 if ahead else -1
        return edge if bound < 0 else extent + edge
    if low is not None and low >= 0:
        return bound
    if high is not None and high < 0:
        return extent + bound
    raise ShapeError(
        f"the {name} {bound} may be negative, and would then count from the end; use one that "
        f"is not, such as max({bound}, 0)"
    )


def sections(extent: Dim, sizes: Sequence[int], of: str) -> tuple[int, ...]:
    """Return the extents of the pieces that an axis is cut into.

    Raises:
        ShapeError: if they do not add up to `extent`, or their number is not known.
        ArgumentError: if a size is negative, or there are too many pieces.
    """
    if len(sizes) == 1 and sizes[0] != extent:
        return _chunks(extent, sizes[0], of)
    require_positive("sizes", sizes, least=0)
    if differ(extent, sum(sizes)):
        raise ShapeError(f"sizes={tuple(sizes)} add up to {sum(sizes)}; {of} has {extent}")
    return tuple(sizes)


def _axis_to_take(x: Value, dim: int) -> int:
    axis = axis_of(x, dim)
    if not x.rank:
        raise ShapeError(f'"{x.name}" is a scalar; it has no axis to take from')
    return axis


def _taker(index: Sequence[Any]) -> Callable[[Array], Any]:
    """Return what takes the same elements of a tensor's known values."""
    return lambda values: values[tuple(index)]


def _chunks(extent: Dim, size: int, of: str) -> tuple[int, ...]:
    require_positive("sizes", (size,))
    if not isinstance(extent, int):
        raise ShapeError(
            f"{of}: pieces of {size} from {extent} elements are not known to be how many; "
            "give the extent of every piece"
        )
    count = max(-(-extent // size), 1)
    if count > MAX_OUTPUTS:
        raise ArgumentError(
            f"{of}: {count} pieces of {size}; at most {MAX_OUTPUTS} are allowed"
        )
    return (*(size,) * (count - 1), extent - size * (count - 1))

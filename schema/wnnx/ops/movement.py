"""The same elements under another shape.

Results whose element count is known carry what small integer tensors hold, so that a shape
can be computed and its symbols kept.
"""

from collections.abc import Callable
from typing import Any, Unpack, cast

import numpy as np

from wnnx.dims import Dim, product
from wnnx.errors import ShapeError
from wnnx.graph import Value
from wnnx.ops.attributes import Dims, Ints, NodeOptions
from wnnx.ops.attributes import dims as as_dims
from wnnx.ops.attributes import ints as as_ints
from wnnx.ops.checks import axes_of, axis_index, axis_of, differ, known
from wnnx.ops.registry import op
from wnnx.types import Shape, TensorType, shape_text


@op
def reshape(x: Value, *, shape: Dims, **node: Unpack[NodeOptions]) -> TensorType:
    """Return the elements of `x`, in row-major order, under another shape.

    Semantics: torch.reshape.

    Args:
        x: Any shape, any element type.
        shape: The new extents: numbers, symbols, and at most one -1, which stands for what
            the others leave.
        **node: The layer's name and precision.

    Returns:
        `shape`, of the element type of `x`.

    Raises:
        ShapeError: if the element counts differ, more than one extent is -1, or -1 is left
            undetermined by an extent of 0.
    """
    new = _resolved(x, as_dims("shape", shape))
    return _moved(x, new, lambda held: held.reshape(new))


@op
def flatten(
    x: Value, *, start_dim: int = 0, end_dim: int = -1, **node: Unpack[NodeOptions]
) -> TensorType:
    """Merge the axes from `start_dim` to `end_dim`, both included, into one.

    Semantics: torch.flatten.

    Args:
        x: Any shape, any element type; a scalar becomes (1,).
        start_dim: The first axis to merge; negative counts from the end.
        end_dim: The last axis to merge; negative counts from the end.
        **node: The layer's name and precision.

    Returns:
        (*before, product of the merged extents, *after), of the element type of `x`.

    Raises:
        ShapeError: if there is no such axis, or `end_dim` comes before `start_dim`.
    """
    start = axis_of(x, start_dim, name="start_dim")
    end = axis_of(x, end_dim, name="end_dim")
    if end < start:
        raise ShapeError(
            f'end_dim={end_dim} comes before start_dim={start_dim} in "{x.name}" '
            f"{shape_text(x.shape)}"
        )
    merged = product(x.shape[start : end + 1])
    new = (*x.shape[:start], merged, *x.shape[end + 1 :])
    return _moved(x, new, lambda held: held.reshape(new))


@op
def permute(x: Value, *, dims: Ints, **node: Unpack[NodeOptions]) -> TensorType:
    """Put the axes into another order: axis `i` of the result is axis `dims[i]` of `x`.

    Semantics: torch.permute.

    Args:
        x: Any shape, any element type.
        dims: Every axis of `x` once; negative counts from the end.
        **node: The layer's name and precision.

    Returns:
        The extents of `x` in the order of `dims`, of its element type.

    Raises:
        ShapeError: if `dims` does not name every axis exactly once.
    """
    order = axes_of(x, as_ints("dims", dims), name="dims")
    if len(order) != x.rank:
        raise ShapeError(
            f'dims={as_ints("dims", dims)} names {len(order)} axes, but "{x.name}" '
            f"{shape_text(x.shape)} has {x.rank}; name each once"
        )
    return _moved(
        x, tuple(x.shape[axis] for axis in order), lambda held: held.transpose(order)
    )


@op
def squeeze(x: Value, *, dim: Ints | None = None, **node: Unpack[NodeOptions]) -> TensorType:
    """Remove axes of extent 1.

    Semantics: torch.squeeze, except that a named axis of another extent is an error where
    PyTorch leaves it: the number of axes never depends on a run. A symbolic extent that is
    named is taken to be 1, and the run checks it.

    Args:
        x: Any shape, any element type.
        dim: The axes to remove; negative counts from the end. None means all of extent 1.
        **node: The layer's name and precision.

    Returns:
        The other extents, of the element type of `x`.

    Raises:
        ShapeError: if there is no such axis, one is named twice, its extent is not 1, or
            `dim` is None and an extent is symbolic.
    """
    axes = _ones(x) if dim is None else axes_of(x, as_ints("dim", dim))
    axes = tuple(axis for axis in axes if axis < x.rank)  # axis 0 of a scalar
    for axis in axes:
        if differ(x.shape[axis], 1):
            raise ShapeError(
                f'axis {axis} of "{x.name}" {shape_text(x.shape)} has extent {x.shape[axis]}; '
                "only an extent of 1 can be squeezed"
            )
    new = tuple(extent for axis, extent in enumerate(x.shape) if axis not in axes)
    return _moved(x, new, lambda held: held.squeeze(axes))


@op
def unsqueeze(x: Value, *, dim: Ints, **node: Unpack[NodeOptions]) -> TensorType:
    """Insert axes of extent 1.

    Semantics: torch.unsqueeze, for one axis or, as numpy.expand_dims, several.

    Args:
        x: Any shape, any element type.
        dim: Where the new axes stand in the result; negative counts from its end.
        **node: The layer's name and precision.

    Returns:
        The extents of `x` with a 1 at each of `dim`, of its element type.

    Raises:
        ShapeError: if the result has no such axis, one is named twice, or there are more
            than 8 axes.
    """
    given = as_ints("dim", dim)
    rank = x.rank + len(given)
    axes = tuple(axis_index(rank, axis) for axis in given)
    if len(set(axes)) != len(axes):
        raise ShapeError(f"dim={given} names an axis of the result twice")
    rest = iter(x.shape)
    new = tuple(1 if axis in axes else next(rest) for axis in range(rank))
    return _moved(x, new, lambda held: held.reshape(new))


@op
def expand(x: Value, *, shape: Dims, **node: Unpack[NodeOptions]) -> TensorType:
    """Repeat `x` along new axes in front and along its axes of extent 1.

    Semantics: torch.Tensor.expand.

    Args:
        x: Any shape, any element type.
        shape: The new extents; -1 keeps the extent of `x`.
        **node: The layer's name and precision.

    Returns:
        `shape`, of the element type of `x`.

    Raises:
        ShapeError: if an extent of `x` is neither 1 nor the new one, there are fewer new
            extents than axes, or the result is larger than any tensor may be.
    """
    new = _expanded(x, as_dims("shape", shape))
    return _moved(x, new, lambda held: np.broadcast_to(held, cast("tuple[int, ...]", new)))


def _moved(x: Value, shape: Shape, move: Callable[[Any], Any]) -> TensorType:
    """Return the type of `x` under another shape; `move` does the same to known values."""
    return known(x.dtype, shape, move, x)


def _resolved(x: Value, shape: Shape) -> Shape:
    """Return `shape` with the -1 replaced, checked to hold as many elements as `x`."""
    text = f'"{x.name}" {shape_text(x.shape)} does not reshape to {shape_text(shape)}'
    if shape.count(-1) > 1:
        raise ShapeError(f"{text}: at most one extent may be -1")
    if any(isinstance(dim, int) and dim < -1 for dim in shape):
        raise ShapeError(f"{text}: an extent is 0 or more, or -1 for what the others leave")
    elements = product(x.shape)
    if -1 not in shape:
        if differ(elements, product(shape)):
            raise ShapeError(f"{text}: {elements} elements against {product(shape)}")
        return shape
    rest = product([dim for dim in shape if dim != -1])
    if rest == 0:
        raise ShapeError(f"{text}: next to an extent of 0, -1 could be anything")
    if differ(elements % rest, 0):
        raise ShapeError(f"{text}: {elements} elements are no multiple of {rest}")
    return tuple(elements // rest if dim == -1 else dim for dim in shape)


def _ones(x: Value) -> tuple[int, ...]:
    """Return every axis of extent 1."""
    symbolic = [str(extent) for extent in x.shape if not isinstance(extent, int)]
    if symbolic:
        raise ShapeError(
            f'"{x.name}" {shape_text(x.shape)}: {symbolic[0]} may be 1 in one run and not in '
            "another; name the axes to remove with dim="
        )
    return tuple(axis for axis, extent in enumerate(x.shape) if extent == 1)


def _expanded(x: Value, shape: Shape) -> Shape:
    """Return `shape` with each -1 replaced by the extent of `x` it keeps."""
    text = f'"{x.name}" {shape_text(x.shape)} does not expand to {shape_text(shape)}'
    new_axes = len(shape) - x.rank
    if new_axes < 0:
        raise ShapeError(f"{text}: it has more axes")
    if any(dim == -1 for dim in shape[:new_axes]):
        raise ShapeError(f"{text}: -1 keeps an extent, and a new axis has none")
    kept = zip(x.shape, shape[new_axes:], strict=True)
    return (*shape[:new_axes], *(_expanded_dim(old, new, text) for old, new in kept))


def _expanded_dim(old: Dim, new: Dim, text: str) -> Dim:
    if new == -1:
        return old
    if differ(old, new) and differ(old, 1):
        raise ShapeError(f"{text}: only an extent of 1 can be repeated, not {old}")
    return new

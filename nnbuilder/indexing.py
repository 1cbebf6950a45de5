"""`x[1:3, ..., None, -1]` as layers: at most a slice, a squeeze and an unsqueeze."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import EllipsisType
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from wnnx.dims import Dim, SymbolicDim
from wnnx.errors import ArgumentError, ShapeError
from wnnx.graph import Value
from wnnx.ops.selection import END, slice_extent
from wnnx.types import checked_shape, shape_text

if TYPE_CHECKING:
    from nnbuilder.builder import Builder
    from wnnx.operators import Index


@dataclass
class _Plan:
    """What an index asks for: slices of axes of `x`, axes of it to drop, axes to insert."""

    slices: dict[int, tuple[Dim, Dim, int]] = field(default_factory=dict[int, Any])
    dropped: list[int] = field(default_factory=list[int])
    inserted: list[int] = field(default_factory=list[int])


def index(builder: Builder, x: Value, index: Index | tuple[Index, ...]) -> Value:
    """Add what `x[index]` means, by numpy's rules for ints, slices, None and `...`.

    Args:
        builder: The builder of the network that `x` belongs to.
        x: Any shape.
        index: Ints, slices, None and at most one `...`; ints and slices may be symbolic
            dimensions.

    Returns:
        The result; `x` itself where the index takes all of it.

    Raises:
        ShapeError: if an index is out of range, or there are too many.
        ArgumentError: if an index is of another kind.
    """
    plan = _plan(x, index if isinstance(index, tuple) else (index,))
    if plan.slices:
        starts, stops, steps = zip(*plan.slices.values(), strict=True)
        x = builder.slice(x, starts=starts, stops=stops, dims=[*plan.slices], steps=steps)
    if plan.dropped:
        x = builder.squeeze(x, dim=plan.dropped)
    if plan.inserted:
        x = builder.unsqueeze(x, dim=plan.inserted)
    return x


def _plan(x: Value, index: tuple[Any, ...]) -> _Plan:
    """Go through the index from the left, counting the axes of `x` and of the result."""
    plan = _Plan()
    axis = place = 0
    for item in _complete(x, index):
        if item is None:
            plan.inserted.append(place)
            place += 1
            continue
        kept = isinstance(item, slice)
        add = _add_slice if kept else _add_position
        add(plan, x, axis, item)
        place += kept
        axis += 1
    # Before the first layer is added, so that a mistake leaves the network as it was.
    checked_shape([1] * place)
    return plan


def _complete(x: Value, index: tuple[Any, ...]) -> list[Any]:
    """Return the index with a slice, an int or None for each axis, `...` written out."""
    text = f'"{x.name}" {shape_text(x.shape)}'
    dots = [i for i, item in enumerate(index) if isinstance(item, EllipsisType)]
    if len(dots) > 1:
        raise ArgumentError(f"index of {text}: at most one ... is allowed, found {len(dots)}")
    given = sum(item is not None for item in index) - len(dots)
    if given > x.rank:
        raise ShapeError(f"index of {text}: {given} indices for {x.rank} axes")
    at = dots[0] if dots else len(index)
    return [*index[:at], *[slice(None)] * (x.rank - given), *index[at + len(dots) :]]


def _add_slice(plan: _Plan, x: Value, axis: int, item: slice[Any, Any, Any]) -> None:
    step = 1 if item.step is None else _integer(x, item.step)
    if not isinstance(step, int):
        raise ArgumentError(f'index of "{x.name}": the step {step} is no number')
    ahead = step > 0
    start = (0 if ahead else END) if item.start is None else _integer(x, item.start)
    stop = (END if ahead else -END) if item.stop is None else _integer(x, item.stop)
    taken = slice_extent(x.shape[axis], start, stop, step)
    if step != 1 or taken != x.shape[axis]:
        plan.slices[axis] = (start, stop, step)


def _add_position(plan: _Plan, x: Value, axis: int, item: Any) -> None:
    """Take one element and drop its axis, which is then of extent 1."""
    extent, position = x.shape[axis], _integer(x, item)
    if isinstance(position, int) and isinstance(extent, int):
        _check_position(x, axis, position, extent)
    if extent != 1 or not isinstance(position, int):
        plan.slices[axis] = (position, END if position == -1 else position + 1, 1)
    plan.dropped.append(axis)


def _check_position(x: Value, axis: int, position: int, extent: int) -> None:
    if not -extent <= position < extent:
        raise ShapeError(
            f'index {position} is out of range for axis {axis} of "{x.name}" '
            f"{shape_text(x.shape)}, which has {extent} elements"
        )


def _integer(x: Value, item: Any) -> Dim:
    if isinstance(item, int | np.integer) and not isinstance(item, bool):
        return int(cast("int", item))
    if isinstance(item, SymbolicDim):
        return item
    kind = type(item).__name__
    hint = "" if kind in {"bool", "float", "str"} else "; to pick elements, use b.gather"
    raise ArgumentError(f'index of "{x.name}": a {kind} is no int, slice, None or ...{hint}')

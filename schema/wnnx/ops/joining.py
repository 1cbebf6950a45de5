"""Tensors put together, and tensors with a margin."""

from collections.abc import Sequence
from typing import Literal, Unpack

import numpy as np

from wnnx.dims import Dim
from wnnx.errors import ArgumentError, ShapeError
from wnnx.graph import Value
from wnnx.ops.attributes import Ints, NodeOptions
from wnnx.ops.attributes import ints as as_ints
from wnnx.ops.checks import axis_of, differ, known, require_same_dtype
from wnnx.ops.registry import op
from wnnx.types import FLOATS, TensorType, shape_text

PadMode = Literal["constant", "reflect", "replicate", "circular"]


@op
def cat(*xs: Value | Sequence[Value], dim: int = 0, **node: Unpack[NodeOptions]) -> TensorType:
    """Join tensors along an axis.

    Semantics: torch.cat, of one element type and without its exception for empty tensors.

    Args:
        *xs: (..., n_i, ...) each, or one list of them; equal but along `dim`.
        dim: The axis; negative counts from the end.
        **node: The layer's name and precision.

    Returns:
        (..., sum of n_i, ...), of their element type.

    Raises:
        ArgumentError: if there are no tensors.
        ShapeError: if they differ along another axis or in their number of axes, are
            scalars, there is no such axis, or the result is larger than any tensor may be.
        DTypeError: if their element types differ.
    """
    values = [x for given in xs for x in ([given] if isinstance(given, Value) else given)]
    if not values:
        raise ArgumentError("there is nothing to join; give one tensor or more")
    first = values[0]
    axis = axis_of(first, dim)
    for x in values:
        require_same_dtype(first, x)
        if not x.rank or x.rank != first.rank:
            raise ShapeError(
                f"{_both(first, x)} do not join: as many axes are needed, 1 or more"
            )
    shape = list(first.shape)
    for x in values[1:]:
        shape = [
            old + new if i == axis else _common(old, new, i, first, x)
            for i, (old, new) in enumerate(zip(shape, x.shape, strict=True))
        ]
    return known(first.dtype, shape, lambda *held: np.concatenate(held, axis), *values)


@op
def pad(
    x: Value,
    *,
    pad: Ints,
    mode: PadMode = "constant",
    value: float = 0.0,
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Add a margin around `x`, or crop it.

    Semantics: torch.nn.functional.pad, for any number of axes in every mode.

    Args:
        x: Any shape, any element type.
        pad: How many elements to add at the begin and at the end of the last axis, then of the
            axis before it, and so on; a negative number removes as many.
        mode: What the margin holds: "constant" `value`, "reflect" the mirrored elements
            without the edge, "replicate" the edge, "circular" the other end
            of what cropping leaves.
        value: What "constant" fills in.
        **node: The layer's name and precision.

    Returns:
        (..., begin + n + end, ...), of the element type of `x`.

    Raises:
        ArgumentError: if `pad` has an odd number of entries, `value` is given in another
            mode or is none of the element type.
        ShapeError: if there are more pairs than axes, more is removed than there is, the
            margin reaches beyond what the mode can fill in, or the result is larger than
            any tensor may be.
    """
    sides = margins(x.rank, as_ints("pad", pad))
    _check_fill(x, mode, value)
    for extent, side in zip(x.shape, sides, strict=True):
        _check_margin(x, extent, side, mode)
    shape = [begin + n + end for n, (begin, end) in zip(x.shape, sides, strict=True)]
    return TensorType(x.dtype, tuple(shape))


def margins(rank: int, pad: Sequence[int]) -> list[tuple[int, int]]:
    """Return (begin, end) for each axis in order, from pairs that start at the last axis.

    Raises:
        ArgumentError: if there is half a pair.
        ShapeError: if there are more pairs than axes.
    """
    if len(pad) % 2:
        raise ArgumentError(
            f"pad={tuple(pad)}: expected pairs, (begin, end) of the last axis first"
        )
    if len(pad) > 2 * rank:
        raise ShapeError(f"pad={tuple(pad)} is for {len(pad) // 2} axes; there are {rank}")
    pairs = list(zip(pad[::2], pad[1::2], strict=True))
    return [(0, 0)] * (rank - len(pairs)) + pairs[::-1]


def _check_fill(x: Value, mode: PadMode, value: float) -> None:
    if mode != "constant" and value:
        raise ArgumentError(f'value={value} has no meaning in mode="{mode}"')
    if x.dtype in FLOATS:
        return
    low, high = (0, 1) if x.dtype == "bool" else _limits(x.dtype)
    if not (low <= value <= high and float(value).is_integer()):
        raise ArgumentError(f'value={value} is no {x.dtype}, which "{x.name}" is made of')


def _limits(dtype: str) -> tuple[int, int]:
    limits = np.iinfo(dtype)
    return int(limits.min), int(limits.max)


def _check_margin(x: Value, extent: Dim, side: tuple[int, int], mode: PadMode) -> None:
    """Check one axis; a symbolic extent is checked when the network runs."""
    if not isinstance(extent, int) or side == (0, 0):
        return
    text = f'"{x.name}" {shape_text(x.shape)}: pad {side} of an axis with {extent} elements'
    kept = extent + sum(min(n, 0) for n in side)
    if kept < 0:
        raise ShapeError(f"{text} removes more than there are")
    reach = {
        "reflect": max(extent - 1, 0),
        "circular": kept,
        "replicate": 0 if not extent else None,
    }
    most = reach.get(mode)
    if most is not None and max(side) > most:
        raise ShapeError(f'{text}: mode="{mode}" can fill in at most {most}')


def _common(old: Dim, new: Dim, axis: int, first: Value, x: Value) -> Dim:
    """Return the extent both have; where one is a number, the symbol stands for it."""
    if differ(old, new):
        raise ShapeError(f"{_both(first, x)} do not join: axis {axis} has {old} against {new}")
    return old if isinstance(old, int) else new


def _both(x: Value, y: Value) -> str:
    return f'"{x.name}" {shape_text(x.shape)} and "{y.name}" {shape_text(y.shape)}'

"""Heads of attention: their axis, and what goes with what."""

from collections.abc import Sequence

from wnnx.dims import Dim
from wnnx.errors import DTypeError, ShapeError
from wnnx.graph import Value
from wnnx.ops.checks import differ, require_positive, require_rank, require_same_dtype
from wnnx.types import HALVES, Shape, TensorType, shape_text


def with_heads(x: Value, heads: int | None) -> Value:
    """Return `x` with an axis of heads in front of the last two, out of the last one.

    Raises:
        ShapeError: if `x` has too few axes, or the last one does not come apart so.
        ArgumentError: if there are to be no heads.
    """
    if heads is None:
        if x.rank < 2:
            raise ShapeError(
                f'"{x.name}" {shape_text(x.shape)} has {x.rank} axes; expected 2 or more, '
                "(..., heads, steps, size)"
            )
        return x
    require_rank(x, 3, layout="(N, steps, heads * size)")
    require_positive("heads", (heads,))
    batch, steps, width = x.shape
    if differ(width % heads, 0):
        raise ShapeError(
            f'"{x.name}" {shape_text(x.shape)} does not come apart into {heads} heads; '
            f"expected a last axis of {heads} times their size"
        )
    return shaped(x, (batch, heads, steps, width // heads))


def shaped(x: Value, shape: Shape) -> Value:
    """Return what `x` would be with another shape."""
    return Value(x.name, TensorType(x.dtype, shape))


def behind(past: Value, x: Value) -> Value:
    """Return what `x` is with the steps of `past` in front.

    Raises:
        ShapeError: if they differ in more than their number of steps.
        DTypeError: if the element types differ.
    """
    require_same_dtype(past, x)
    steps = past.shape[-2] if past.rank > 1 else 0
    require_shape("past", past, (*x.shape[:-2], steps, x.shape[-1]), x)
    return shaped(x, (*x.shape[:-2], steps + x.shape[-2], x.shape[-1]))


def require_matching(queries: Value, keys: Value, values: Value) -> None:
    """Check that keys are as long as queries, and that there is a value for each.

    Raises:
        ShapeError: if not.
    """
    if differ(queries.shape[-1], keys.shape[-1]):
        raise ShapeError(
            f'"{queries.name}" {shape_text(queries.shape)} has queries of {queries.shape[-1]} '
            f'elements, but "{keys.name}" {shape_text(keys.shape)} keys of {keys.shape[-1]}'
        )
    if differ(keys.shape[-2], values.shape[-2]):
        raise ShapeError(
            f'"{keys.name}" {shape_text(keys.shape)} has {keys.shape[-2]} keys, but '
            f'"{values.name}" {shape_text(values.shape)} has {values.shape[-2]} values'
        )


def repeated(x: Value, queries: Value) -> Value:
    """Return `x` with as many heads as the queries have.

    Raises:
        ShapeError: if one has no heads, or those of `x` do not serve equally many each.
    """
    if min(x.rank, queries.rank) < 3:
        raise ShapeError(
            f'"{queries.name}" {shape_text(queries.shape)} or "{x.name}" '
            f"{shape_text(x.shape)} has no axis of heads; enable_gqa needs "
            "(..., heads, steps, size)"
        )
    heads, wanted = x.shape[-3], queries.shape[-3]
    if heads == 0 or differ(wanted % heads, 0):
        raise ShapeError(
            f'the {heads} heads of "{x.name}" {shape_text(x.shape)} cannot serve the {wanted} '
            f'of "{queries.name}" {shape_text(queries.shape)} equally'
        )
    return shaped(x, (*x.shape[:-3], wanted, *x.shape[-2:]))


def require_shape(label: str, part: Value, wanted: Sequence[Dim], x: Value) -> None:
    """Check that an input has the shape that goes with `x`.

    Raises:
        ShapeError: if it has another.
    """
    if part.rank != len(wanted) or any(map(differ, part.shape, wanted)):
        raise ShapeError(_misfit(label, part, wanted, x))


def require_within(label: str, part: Value, x: Value, wanted: Sequence[Dim]) -> None:
    """Check that an input broadcasts to the shape that goes with `x`.

    Raises:
        ShapeError: if it does not.
    """
    pairs = zip(reversed(part.shape), reversed(wanted), strict=False)
    if part.rank > len(wanted) or any(dim != 1 and differ(dim, to) for dim, to in pairs):
        raise ShapeError(_misfit(label, part, wanted, x) + ", or what broadcasts to it")


def require_going(label: str, part: Value, x: Value) -> None:
    """Check that an input has the element type of `x`; float32 may stand next to a half.

    Raises:
        DTypeError: if it has another.
    """
    if part.dtype != x.dtype and not (x.dtype in HALVES and part.dtype == "float32"):
        raise DTypeError(
            f'{label} "{part.name}" is {part.dtype}, but "{x.name}" is {x.dtype}; '
            "cast one of them"
        )


def _misfit(label: str, part: Value, wanted: Sequence[Dim], x: Value) -> str:
    return (
        f'{label} "{part.name}" {shape_text(part.shape)} does not fit "{x.name}" '
        f"{shape_text(x.shape)}; expected {shape_text(wanted)}"
    )

"""Reductions, and the search for elements along an axis."""

from typing import Any

import numpy as np

from nnbuilder.importers.onnx.converters import Call, CannotConvertError, converts
from nnbuilder.importers.onnx.operators.arguments import ints_of
from nnbuilder.importers.onnx.operators.element_types import computed_as, converted
from wnnx.graph import Value
from wnnx.types import FLOATS

_PLAIN = {
    "ReduceSum": "sum",
    "ReduceProd": "prod",
    "ReduceMean": "mean",
    "ReduceMax": "amax",
    "ReduceMin": "amin",
}


@converts(*_PLAIN)
def reduced(call: Call) -> Value:
    """The same under PyTorch's name; integers keep their type."""
    x, axes = call.input(0), _axes(call)
    if not axes:
        return call.builder.identity(x, name=call.name)
    op = _PLAIN[call.op]
    if op in {"amax", "amin"} and any(x.shape[axis] == 0 for axis in axes):
        return _extreme_of_none(call, x, axes)
    if op == "mean" and x.dtype not in FLOATS:
        return computed_as("float64", call, op, x, **_over(call, axes))
    if op in {"sum", "prod"} and x.dtype not in {*FLOATS, "int64"}:
        with call.builder.scope(call.name):
            return _added(call, op, x, axes)
    return call.builder.call_named(op, x, **_over(call, axes), name=call.name)


@converts("ReduceL1", "ReduceL2")
def norm(call: Call) -> Value:
    """The vector norm; of integers, L1 is exact and L2 rounded towards zero."""
    x, axes = call.input(0), _axes(call)
    if not axes:
        return call.builder.abs(x, name=call.name)
    order = 1.0 if call.op == "ReduceL1" else 2.0
    if order == 1 and x.dtype not in FLOATS:
        with call.builder.scope(call.name):
            return _added(call, "sum", call.builder.abs(x), axes)
    dtype = x.dtype if x.dtype in FLOATS else "float64"
    return computed_as(dtype, call, "norm", x, ord=order, **_over(call, axes))


@converts("ReduceLogSumExp")
def logsumexp(call: Call) -> Value:
    """ReduceLogSumExp; of integers it is computed in float64."""
    x, axes = call.input(0), _axes(call)
    if not axes:
        return call.builder.identity(x, name=call.name)
    dtype = x.dtype if x.dtype in FLOATS else "float64"
    return computed_as(dtype, call, "logsumexp", x, **_over(call, axes))


@converts("ReduceLogSum")
def log_sum(call: Call) -> Value:
    """The logarithm of the sum."""
    x, axes = call.input(0), _axes(call)
    with call.builder.scope(call.name):
        wide = converted(call, x, x.dtype if x.dtype in FLOATS else "float64")
        total = _added(call, "sum", wide, axes) if axes else wide
        return converted(call, call.builder.log(total), x.dtype)


@converts("ReduceSumSquare")
def sum_square(call: Call) -> Value:
    """The sum of the squares."""
    x, axes = call.input(0), _axes(call)
    with call.builder.scope(call.name):
        squares = call.builder.mul(x, x)
        return _added(call, "sum", squares, axes) if axes else squares


@converts("ArgMax", "ArgMin")
def arg(call: Call) -> Value:
    """Where the greatest or smallest element along an axis is."""
    return call.builder.call_named(
        call.op.lower(),
        call.input(0),
        dim=call.integer("axis", 0),
        keepdim=bool(call.integer("keepdims", 1)),
        select_last_index=bool(call.integer("select_last_index", 0)),
        name=call.name,
    )


@converts("CumSum")
def cumsum(call: Call) -> Value:
    """CumSum along a constant axis; integers keep their type."""
    x, axis = call.input(0), ints_of(call, 1, "the axis")
    if axis is None or len(axis) != 1:
        raise CannotConvertError("input 1, the axis, is not one number")
    given: dict[str, Any] = {
        "dim": axis[0],
        "exclusive": bool(call.integer("exclusive", 0)),
        "reverse": bool(call.integer("reverse", 0)),
    }
    if x.dtype in {*FLOATS, "int64"}:
        return call.builder.cumsum(x, **given, name=call.name)
    with call.builder.scope(call.name):
        return call.builder.cast(call.builder.cumsum(x, **given), dtype=x.dtype)


@converts("TopK")
def topk(call: Call) -> tuple[Value, ...]:
    """TopK; before opset 10 the count is an attribute."""
    count = (call.integer("k", 1),) if call.opset < 10 else call.dims(1, "k")
    if count is None or len(count) != 1:
        raise CannotConvertError("input 1, k, is not one number")
    return call.builder.topk(
        call.input(0),
        k=count,
        dim=call.integer("axis", -1),
        largest=bool(call.integer("largest", 1)),
        sorted=bool(call.integer("sorted", 1)),
        name=call.name,
    )


def _axes(call: Call) -> tuple[int, ...]:
    """Return the axes that are reduced, from the front; they may be an attribute or an input.

    None given means all of them, or with `noop_with_empty_axes` none.
    """
    rank, listed = call.input(0).rank, call.optional(1)
    empty = listed is not None and listed.shape == (0,)  # whether constant or not
    given = () if empty else ints_of(call, 1, "the list of axes", attribute="axes")
    if given:
        return tuple(axis + rank if axis < 0 else axis for axis in given) if rank else ()
    return () if call.integer("noop_with_empty_axes", 0) else tuple(range(rank))


def _over(call: Call, axes: tuple[int, ...]) -> dict[str, Any]:
    return {"dim": axes, "keepdim": bool(call.integer("keepdims", 1))}


def _added(call: Call, op: str, x: Value, axes: tuple[int, ...]) -> Value:
    """Add a sum or a product that has the element type of `x`."""
    return converted(call, call.builder.call_named(op, x, **_over(call, axes)), x.dtype)


def _extreme_of_none(call: Call, x: Value, axes: tuple[int, ...]) -> Value:
    """Return what the greatest or smallest of no elements is in ONNX: the other end."""
    greatest = call.op == "ReduceMax"
    if x.dtype in FLOATS:
        value: float = -np.inf if greatest else np.inf
    elif x.dtype == "bool":
        value = 0 if greatest else 1
    else:
        value = int(np.iinfo(x.dtype).min if greatest else np.iinfo(x.dtype).max)
    keepdim = bool(call.integer("keepdims", 1))
    extents = enumerate(x.shape)
    shape = [1 if i in axes else n for i, n in extents if keepdim or i not in axes]
    return call.builder.full(shape=shape, value=value, dtype=x.dtype, name=call.name)

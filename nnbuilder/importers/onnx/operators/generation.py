"""Tensors made of numbers alone, or of the indices of something."""

from typing import Any

from nnbuilder.importers.onnx.converters import Call, CannotConvertError, converts
from nnbuilder.importers.onnx.operators.arguments import (
    constant_of,
    dtype_of,
    required_dims,
    single,
)
from wnnx.dims import Dim
from wnnx.graph import Constant, Value
from wnnx.types import FLOATS


@converts("ConstantOfShape")
def constant_of_shape(call: Call) -> Value:
    """Convert ConstantOfShape, which fills with float32 zeros by default."""
    held: Any = call.attributes.get("value")
    return call.builder.full(
        shape=required_dims(call, 0, "the shape"),
        value=0.0 if held is None else single(held, "the value") or 0,
        dtype="float32" if held is None else held.dtype.name,
        name=call.name,
    )


@converts("Range")
def range_(call: Call) -> Value:
    """Convert Range."""
    start, stop, step = (_number(call, i, f"input {i} of the range") for i in range(3))
    dtype = call.input(0).dtype
    return call.builder.arange(start=start, stop=stop, step=step, dtype=dtype, name=call.name)


@converts("OneHot")
def one_hot(call: Call) -> Value:
    """Convert OneHot; values that only the run knows are chosen by a mask."""
    b, values = call.builder, call.input(2)
    depth, dim = _whole(call, 1, "the depth"), call.integer("axis", -1)
    with b.scope(call.name):
        indices = call.input(0)
        if indices.dtype in FLOATS:
            indices = b.cast(indices, dtype="int64")
        if not isinstance(values, Constant):
            mask = b.one_hot(indices, depth=depth, dim=dim, dtype="bool")
            on, off = b.select(values, dim=0, index=1), b.select(values, dim=0, index=0)
            return b.where(mask, on, off)
        off_value, on_value = values.array.ravel().tolist()
        return b.one_hot(
            indices,
            depth=depth,
            on_value=on_value,
            off_value=off_value,
            dim=dim,
            dtype=values.dtype,
        )


@converts("EyeLike")
def eye_like(call: Call) -> Value:
    """Convert EyeLike: only the extents of its input matter."""
    x = call.input(0)
    if x.rank != 2:
        raise CannotConvertError(f"its input has {x.rank} axes; expected 2")
    kept = "dtype" not in call.attributes
    return call.builder.eye(
        n=x.shape[0],
        m=x.shape[1],
        k=call.integer("k", 0),
        dtype=x.dtype if kept else dtype_of(call.integer("dtype", 1)),
        name=call.name,
    )


@converts("NonZero")
def nonzero(call: Call) -> Value:
    """Convert NonZero."""
    return call.builder.nonzero(call.input(0), name=call.name)


def _number(call: Call, position: int, what: str) -> Dim | float:
    """Return one number that an input is known to hold."""
    if call.input(position).dtype in FLOATS:
        return single(constant_of(call, position, what), what) or 0.0
    return _whole(call, position, what)


def _whole(call: Call, position: int, what: str) -> Dim:
    """Return one integer or symbol that an input is known to hold."""
    found = required_dims(call, position, what)
    if len(found) != 1:
        raise CannotConvertError(f"{what} has {len(found)} numbers; expected one")
    return found[0]

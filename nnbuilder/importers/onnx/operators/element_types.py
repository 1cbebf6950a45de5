"""Element types: ONNX mixes and allows some that an operator here does not."""

from typing import Any

from nnbuilder.importers.onnx.converters import Call
from nnbuilder.weights import constant
from wnnx.graph import Constant, Value
from wnnx.types import numpy_dtype


def converted(call: Call, x: Value, dtype: str) -> Value:
    """Return `x` as another element type: a constant is converted now, the rest by a layer."""
    if x.dtype == dtype:
        return x
    if isinstance(x, Constant):
        return constant(x.array.astype(numpy_dtype(dtype)))
    return call.builder.cast(x, dtype=dtype)


def computed_as(dtype: str, call: Call, op: str, *operands: Value, **attributes: Any) -> Value:
    """Add an operator that lacks the operands' element type: cast there, and back."""
    if all(x.dtype == dtype for x in operands):
        return call.builder.call_named(op, *operands, **attributes, name=call.name)
    with call.builder.scope(call.name):
        wide = [converted(call, x, dtype) for x in operands]
        result = call.builder.call_named(op, *wide, **attributes)
        return call.builder.cast(result, dtype=operands[0].dtype)

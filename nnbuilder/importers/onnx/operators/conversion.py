"""The same numbers as another type, and what a tensor says of itself."""

from nnbuilder.importers.onnx.converters import Call, converts
from nnbuilder.importers.onnx.operators.arguments import dtype_of
from wnnx.dims import product
from wnnx.graph import Value


@converts("Cast")
def cast(call: Call) -> Value:
    """Convert Cast."""
    dtype = dtype_of(call.integer("to", 0))
    return call.builder.cast(call.input(0), dtype=dtype, name=call.name)


@converts("CastLike")
def cast_like(call: Call) -> Value:
    """Convert CastLike: of its second input only the element type matters."""
    return call.builder.cast(call.input(0), dtype=call.input(1).dtype, name=call.name)


@converts("Identity")
def identity(call: Call) -> Value:
    """Convert Identity."""
    return call.builder.identity(call.input(0), name=call.name)


@converts("Shape")
def shape(call: Call) -> Value:
    """Convert Shape; since opset 15 it may take some of the axes."""
    x = call.input(0)
    start, end, _ = slice(call.integer("start", 0), call.attributes.get("end")).indices(x.rank)
    if (start, end) == (0, x.rank):
        return call.builder.shape(x, name=call.name)
    with call.builder.scope(call.name):
        every = call.builder.shape(x)
        return call.builder.slice(every, starts=(start,), stops=(end,), dims=0)


@converts("Size")
def size(call: Call) -> Value:
    """Convert Size: a number, of the symbols of the extents where there are some."""
    count = product(call.input(0).shape)
    return call.builder.full(shape=(), value=count, dtype="int64", name=call.name)

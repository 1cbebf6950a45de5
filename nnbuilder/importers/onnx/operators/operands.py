"""The two operands of an elementwise operator."""

from nnbuilder.importers.onnx.converters import Call
from nnbuilder.weights import constant
from wnnx.graph import Constant, Value


def pair_of(call: Call) -> tuple[Value, Value]:
    """Return inputs 0 and 1, which broadcast.

    Before opset 7, `axis` names the axis of the first that the first one of the second stands
    for; the second is given the axes behind its last.
    """
    x, y = call.input(0), call.input(1)
    if call.opset >= 7 or "axis" not in call.attributes:
        return x, y
    axis = call.integer("axis", 0)
    missing = x.rank - (axis + x.rank if axis < 0 else axis) - y.rank
    if missing <= 0:
        return x, y
    if isinstance(y, Constant):
        return x, constant(y.array.reshape(*y.array.shape, *[1] * missing))
    with call.builder.scope(call.name):
        return x, call.builder.unsqueeze(y, dim=tuple(range(y.rank, y.rank + missing)))

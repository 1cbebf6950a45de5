"""True and false."""

from nnbuilder.importers.onnx.converters import Call, converts
from nnbuilder.importers.onnx.operators.operands import pair_of
from wnnx.graph import Value

_BINARY = {
    "Equal": "eq",
    "Less": "lt",
    "LessOrEqual": "le",
    "Greater": "gt",
    "GreaterOrEqual": "ge",
    "And": "logical_and",
    "Or": "logical_or",
    "Xor": "logical_xor",
}


@converts(*_BINARY)
def binary(call: Call) -> Value:
    """The same question under PyTorch's name."""
    return call.builder.call_named(_BINARY[call.op], *pair_of(call), name=call.name)


@converts("Not")
def logical_not(call: Call) -> Value:
    """Not."""
    return call.builder.logical_not(call.input(0), name=call.name)


@converts("IsNaN")
def isnan(call: Call) -> Value:
    """IsNaN."""
    return call.builder.isnan(call.input(0), name=call.name)


@converts("IsInf")
def isinf(call: Call) -> Value:
    """IsInf, of either sign or of one."""
    return call.builder.isinf(
        call.input(0),
        detect_negative=bool(call.integer("detect_negative", 1)),
        detect_positive=bool(call.integer("detect_positive", 1)),
        name=call.name,
    )


@converts("Where")
def where(call: Call) -> Value:
    """Where."""
    return call.builder.where(call.input(0), call.input(1), call.input(2), name=call.name)

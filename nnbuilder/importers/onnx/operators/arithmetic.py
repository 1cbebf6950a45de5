"""Arithmetic, element by element."""

from collections.abc import Sequence

from nnbuilder.importers.onnx.converters import Call, converts
from nnbuilder.importers.onnx.operators.element_types import computed_as, converted
from nnbuilder.importers.onnx.operators.operands import pair_of
from wnnx.graph import Value
from wnnx.types import FLOATS, HALVES

_UNARY = (
    "Abs", "Neg", "Sign", "Floor", "Ceil", "Round", "Reciprocal", "Sqrt", "Exp", "Log",
    "Sin", "Cos", "Tan", "Asin", "Acos", "Atan", "Sinh", "Cosh", "Asinh", "Acosh", "Atanh",
)  # fmt: skip


@converts(*_UNARY)
def unary(call: Call) -> Value:
    """The same function, under the name in small letters."""
    return call.builder.call_named(call.op.lower(), call.input(0), name=call.name)


@converts("Erf")
def erf(call: Call) -> Value:
    """Erf; before opset 13 of integers, too, rounded towards zero."""
    x = call.input(0)
    dtype = x.dtype if x.dtype in FLOATS else "float64"
    return computed_as(dtype, call, "erf", x)


@converts("Add", "Sub", "Mul")
def binary(call: Call) -> Value:
    """The same function, under the name in small letters."""
    return call.builder.call_named(call.op.lower(), *pair_of(call), name=call.name)


@converts("Div")
def div(call: Call) -> Value:
    """Div; integers are divided as C does it."""
    x, y = pair_of(call)
    if x.dtype in FLOATS:
        return call.builder.div(x, y, name=call.name)
    return call.builder.div(x, y, rounding_mode="trunc", name=call.name)


@converts("Mod")
def mod(call: Call) -> Value:
    """Mod, with the sign of the divisor as Python's `%`, or with `fmod` of the dividend."""
    op = "fmod" if call.integer("fmod", 0) else "remainder"
    return call.builder.call_named(op, call.input(0), call.input(1), name=call.name)


@converts("Pow")
def pow(call: Call) -> Value:
    """Pow, computed in a type that holds base and exponent; the result is of the base's."""
    x, y = pair_of(call)
    if y.dtype not in FLOATS and x.dtype in FLOATS:
        with call.builder.scope(call.name):
            y = converted(call, y, x.dtype)
    return computed_as(_common(x.dtype, y.dtype), call, "pow", x, y)


@converts("Sum", "Min", "Max")
def folded(call: Call) -> Value:
    """One layer for two inputs, a chain of them for more."""
    op = {"Sum": "add", "Min": "minimum", "Max": "maximum"}[call.op]
    first, *others = _operands(call)
    if not others:
        return call.builder.identity(first, name=call.name)
    if len(others) == 1:
        return call.builder.call_named(op, first, others[0], name=call.name)
    with call.builder.scope(call.name):
        return _chain(call, op, first, others)


@converts("Mean")
def mean(call: Call) -> Value:
    """The sum of all inputs, divided by their number."""
    first, *others = _operands(call)
    if not others:
        return call.builder.identity(first, name=call.name)
    with call.builder.scope(call.name):
        return call.builder.div(_chain(call, "add", first, others), len(others) + 1)


def _operands(call: Call) -> list[Value]:
    return [call.input(position) for position in range(len(call.inputs))]


def _chain(call: Call, op: str, first: Value, others: Sequence[Value]) -> Value:
    for other in others:
        first = call.builder.call_named(op, first, other)
    return first


def _common(x: str, y: str) -> str:
    """Return an element type that holds the numbers of both."""
    if x == y:
        return x
    if x not in FLOATS and y not in FLOATS:
        return "int64"
    return "float32" if {x, y} <= HALVES | {"float32"} else "float64"

"""Activations."""

import math

import numpy as np

from nnbuilder.importers.onnx.converters import Call, CannotConvertError, converts
from nnbuilder.importers.onnx.operators.element_types import computed_as
from nnbuilder.weights import constant
from wnnx.dims import Dim
from wnnx.graph import Constant, Value
from wnnx.types import FLOATS

_PLAIN = {
    "Relu": "relu",
    "Sigmoid": "sigmoid",
    "HardSwish": "hardswish",
    "Mish": "mish",
    "Softsign": "softsign",
    "Tanh": "tanh",
}
_ALPHA = {"LeakyRelu": ("leaky_relu", "negative_slope", 0.01), "Elu": ("elu", "alpha", 1.0)}
_ALPHA["Celu"] = ("celu", "alpha", 1.0)


@converts(*_PLAIN)
def plain(call: Call) -> Value:
    """The same function under PyTorch's name."""
    return call.builder.call_named(_PLAIN[call.op], call.input(0), name=call.name)


@converts(*_ALPHA)
def with_alpha(call: Call) -> Value:
    """The same function under PyTorch's name, and so its one attribute."""
    op, attribute, default = _ALPHA[call.op]
    given = {attribute: call.number("alpha", default)}
    return call.builder.call_named(op, call.input(0), **given, name=call.name)


@converts("Selu")
def selu(call: Call) -> Value:
    """Selu, with ONNX's defaults."""
    return call.builder.selu(
        call.input(0),
        alpha=call.number("alpha", 1.67326319217681884765625),
        gamma=call.number("gamma", 1.05070102214813232421875),
        name=call.name,
    )


@converts("PRelu")
def prelu_by_channel(call: Call) -> Value:
    """PRelu before opset 7, with one slope, or one for each channel."""
    return call.builder.prelu(call.input(0), call.input(1), name=call.name)


@converts("PRelu", since=7)
def prelu(call: Call) -> Value:
    """PRelu; a slope that is not one for each channel is multiplied with what is negative."""
    x, slope = call.input(0), call.input(1)
    weight = _per_channel(x, slope) if x.dtype in FLOATS else None
    if weight is not None:
        return call.builder.prelu(x, weight, name=call.name)
    with call.builder.scope(call.name):
        scaled = call.builder.mul(x, slope)
        return call.builder.where(call.builder.lt(x, 0), scaled, x)


@converts("Gelu")
def gelu(call: Call) -> Value:
    """Gelu, by the error function or by its approximation.

    Raises:
        CannotConvertError: if it is approximated otherwise.
    """
    match call.text("approximate", "none"):
        case "none" | "tanh" as approximate:
            return call.builder.gelu(call.input(0), approximate=approximate, name=call.name)
        case other:
            raise CannotConvertError(f'approximate="{other}"; expected "none" or "tanh"')


@converts("HardSigmoid")
def hardsigmoid(call: Call) -> Value:
    """HardSigmoid: PyTorch's is that with an alpha of 1/6, others are a clamped line."""
    alpha, beta = call.number("alpha", 0.2), call.number("beta", 0.5)
    x = call.input(0)
    if beta == 0.5 and np.float32(alpha) == np.float32(1 / 6):
        return call.builder.hardsigmoid(x, name=call.name)
    with call.builder.scope(call.name):
        line = call.builder.add(call.builder.mul(x, alpha), beta)
        return call.builder.clamp(line, min=0.0, max=1.0)


@converts("Swish")
def swish(call: Call) -> Value:
    """Swish: silu, where alpha is 1."""
    x, alpha = call.input(0), call.number("alpha", 1.0)
    if alpha == 1:
        return call.builder.silu(x, name=call.name)
    with call.builder.scope(call.name):
        return call.builder.mul(x, call.builder.sigmoid(call.builder.mul(x, alpha)))


@converts("Softplus")
def softplus(call: Call) -> Value:
    """Softplus, which is nowhere taken to be linear."""
    return call.builder.softplus(call.input(0), threshold=math.inf, name=call.name)


@converts("ThresholdedRelu")
def thresholded_relu(call: Call) -> Value:
    """ThresholdedRelu."""
    alpha = call.number("alpha", 1.0)
    return call.builder.threshold(call.input(0), threshold=alpha, value=0.0, name=call.name)


@converts("Shrink")
def shrink(call: Call) -> Value:
    """Shrink; of integers it is computed in float64."""
    x = call.input(0)
    dtype = x.dtype if x.dtype in FLOATS else "float64"
    given = {"lambd": call.number("lambd", 0.5), "bias": call.number("bias", 0.0)}
    return computed_as(dtype, call, "shrink", x, **given)


@converts("Clip")
def clip_by_attributes(call: Call) -> Value:
    """Clip before opset 11; a bound that is not given is the largest finite number there."""
    low, high = (call.attributes.get(name) for name in ("min", "max"))
    return _clamped(call, low, high)


@converts("Clip", since=11)
def clip(call: Call) -> Value:
    """Clip between constant bounds, or between values."""
    low, high = call.optional(1), call.optional(2)
    if all(bound is None or _is_exact(bound) for bound in (low, high)):
        return _clamped(call, *(_number(bound) for bound in (low, high)))
    with call.builder.scope(call.name):
        x = call.input(0)
        if low is not None:
            x = call.builder.maximum(x, low)
        return x if high is None else call.builder.minimum(x, high)


@converts("Softmax", "LogSoftmax")
def softmax_of_matrix(call: Call) -> Value:
    """Softmax before opset 13: over all axes from `axis` on."""
    x, axis = call.input(0), call.integer("axis", 1)
    op = _softmax(call)
    start = axis + x.rank if axis < 0 else axis
    longer = [i for i, extent in enumerate(x.shape) if i >= start and extent != 1]
    if len(longer) <= 1:
        return call.builder.call_named(op, x, dim=(longer or [axis])[0], name=call.name)
    with call.builder.scope(call.name):
        rows = call.builder.flatten(x, start_dim=start)
        result = call.builder.call_named(op, rows, dim=-1)
        return call.builder.reshape(result, shape=x.shape)


@converts("Softmax", "LogSoftmax", since=13)
def softmax(call: Call) -> Value:
    """Softmax along one axis."""
    axis = call.integer("axis", -1)
    return call.builder.call_named(_softmax(call), call.input(0), dim=axis, name=call.name)


def _softmax(call: Call) -> str:
    return "softmax" if call.op == "Softmax" else "log_softmax"


def _per_channel(x: Value, slope: Value) -> Value | None:
    """Return a constant slope as one number for each channel, or None where it is another."""
    if not isinstance(slope, Constant) or slope.rank > x.rank:
        return slope if slope.shape in {(), (1,)} else None
    shape: tuple[Dim, ...] = (1,) * (x.rank - slope.rank) + slope.shape
    if any(extent != 1 for axis, extent in enumerate(shape) if axis != 1):
        return None
    return slope if slope.shape in {(), (1,)} else constant(slope.array.reshape(-1))


def _is_exact(bound: Value) -> bool:
    """Tell whether a bound is a constant that a float is equal to."""
    if not isinstance(bound, Constant) or bound.array.size != 1:
        return False
    return bound.dtype in FLOATS or int(float(bound.array.item())) == bound.array.item()


def _number(bound: Value | None) -> float | None:
    return float(bound.array.item()) if isinstance(bound, Constant) else None


def _clamped(call: Call, low: float | None, high: float | None) -> Value:
    if low is None and high is None:
        return call.builder.identity(call.input(0), name=call.name)
    return call.builder.clamp(call.input(0), min=low, max=high, name=call.name)

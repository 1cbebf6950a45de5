"""Normalisation, and dropout, which does nothing in a network that only runs."""

from nnbuilder.importers.onnx.converters import Call, CannotConvertError, converts
from nnbuilder.importers.onnx.operators.arguments import as_ints
from nnbuilder.importers.onnx.operators.element_types import converted
from nnbuilder.importers.onnx.operators.last_axes import normalized
from nnbuilder.importers.onnx.operators.training import batch_norm_of_batch, dropout_by_seed
from nnbuilder.weights import constant
from wnnx.graph import Constant, Value
from wnnx.types import HALVES

# The smallest number above 0 in float32: a norm of 0 gives 0, and no other is changed.
_SMALLEST = 1e-45


@converts("BatchNormalization")
def batch_norm(call: Call) -> Value | tuple[Value, ...]:
    """BatchNormalization by its running statistics, or from opset 14 on by the batch's.

    Raises:
        CannotConvertError: if it is to learn them before opset 14, or has one for every
            element.
    """
    if not call.integer("spatial", 1):
        raise CannotConvertError("spatial=0, statistics for every element, is not supported")
    weight, bias, mean, var = (_parameter(call, position) for position in (1, 2, 3, 4))
    if call.integer("training_mode", 0):
        return batch_norm_of_batch(call, weight, bias)
    if any(call.wanted[1:]):
        raise CannotConvertError("it is in training mode; export the model for inference")
    x, eps = call.input(0), call.number("epsilon", 1e-5)
    return call.builder.batch_norm(x, mean, var, weight, bias, eps=eps, name=call.name)


@converts("InstanceNormalization")
def instance_norm(call: Call) -> Value:
    """InstanceNormalization."""
    eps = call.number("epsilon", 1e-5)
    return call.builder.instance_norm(
        call.input(0), call.input(1), call.input(2), eps=eps, name=call.name
    )


@converts("GroupNormalization", since=18)
def group_norm_by_groups(call: Call) -> Value:
    """GroupNormalization of opset 18, with a weight and a bias for each group."""
    return _group_norm(call, _for_channels(call, 1), _for_channels(call, 2))


@converts("GroupNormalization", since=21)
def group_norm(call: Call) -> Value:
    """GroupNormalization with a weight and a bias for each channel."""
    return _group_norm(call, call.input(1), call.input(2))


@converts("LayerNormalization")
def layer_norm(call: Call) -> Value | tuple[Value, ...]:
    """LayerNormalization, with the mean and 1 / deviation where something reads them."""
    return normalized(call, centered=True)


@converts("RMSNormalization")
def rms_norm(call: Call) -> Value | tuple[Value, ...]:
    """RMSNormalization."""
    return normalized(call, centered=False)


@converts("LRN")
def local_response_norm(call: Call) -> Value:
    """LRN over an odd number of channels.

    Raises:
        CannotConvertError: if the number is even, where ONNX and PyTorch differ.
    """
    size = call.integer("size", 0)
    if size % 2 == 0:
        raise CannotConvertError(f"size={size}; only an odd size is supported")
    return call.builder.local_response_norm(
        call.input(0),
        size=size,
        alpha=call.number("alpha", 1e-4),
        beta=call.number("beta", 0.75),
        k=call.number("bias", 1.0),
        name=call.name,
    )


@converts("LpNormalization")
def normalize(call: Call) -> Value:
    """LpNormalization."""
    order, axis = call.number("p", 2), call.integer("axis", -1)
    return call.builder.normalize(
        call.input(0), p=order, dim=axis, eps=_SMALLEST, name=call.name
    )


@converts("Dropout")
def dropout(call: Call) -> Value | tuple[Value, ...]:
    """Dropout: its input, and a mask of ones where something reads it.

    Raises:
        CannotConvertError: if it is to drop something, and no seed says what.
    """
    x = call.input(0)
    training = call.array(2, "training_mode")
    if training is not None and training.any():
        ratio = call.array(1, "the ratio")
        if ratio is None or ratio.any():
            return dropout_by_seed(call)
    if not any(call.wanted[1:]):
        return call.builder.identity(x, name=call.name)
    mask = "bool" if call.opset >= 10 else x.dtype
    with call.builder.scope(call.name):
        ones = call.builder.full(shape=x.shape, value=1, dtype=mask)
        return call.builder.identity(x), ones


def _parameter(call: Call, position: int) -> Value:
    """Return a parameter of an element type that goes with that of the input."""
    x, parameter = call.input(0), call.input(position)
    if x.dtype in HALVES and parameter.dtype == "float32":
        return parameter
    with call.builder.scope(call.name):
        return converted(call, parameter, x.dtype)


def _group_norm(call: Call, weight: Value, bias: Value) -> Value:
    groups, eps = call.integer("num_groups", 1), call.number("epsilon", 1e-5)
    x = call.input(0)
    return call.builder.group_norm(x, weight, bias, num_groups=groups, eps=eps, name=call.name)


def _for_channels(call: Call, position: int) -> Value:
    """Return what each group has, for each channel.

    Raises:
        CannotConvertError: if the number of channels is not known.
    """
    x, given = call.input(0), call.input(position)
    groups = max(call.integer("num_groups", 1), 1)  # the layer refuses less
    repeats = as_ints(x.shape[1:2], "the number of channels")[0] // groups
    if isinstance(given, Constant):
        return constant(given.array.repeat(repeats))
    with call.builder.scope(call.name):
        column = call.builder.reshape(given, shape=(-1, 1))
        return call.builder.flatten(call.builder.expand(column, shape=(groups, repeats)))

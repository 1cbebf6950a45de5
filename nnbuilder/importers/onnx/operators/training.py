"""Layers of a model that was exported as it is trained, where chance has no part in them."""

import numpy as np

from nnbuilder.importers.onnx.converters import Call, CannotConvertError
from nnbuilder.importers.onnx.operators.arguments import as_ints
from nnbuilder.importers.onnx.operators.element_types import converted
from nnbuilder.weights import constant
from wnnx.graph import Value
from wnnx.types import HALVES


def batch_norm_of_batch(call: Call, weight: Value, bias: Value) -> tuple[Value, ...]:
    """Add BatchNormalization by the batch's own statistics.

    Returns:
        The result, then the running mean and variance, moved towards those of the batch.
    """
    x, builder = call.input(0), call.builder
    momentum, eps = call.number("momentum", 0.9), call.number("epsilon", 1e-5)
    with builder.scope(call.name):
        wide = converted(call, x, "float32" if x.dtype in HALVES else x.dtype)
        over = tuple(axis for axis in range(x.rank) if axis != 1)
        moved = builder.sub(wide, builder.mean(wide, dim=over, keepdim=True))
        mean = builder.mean(wide, dim=over)
        variance = builder.mean(builder.mul(moved, moved), dim=over)
        y = builder.batch_norm(x, mean, variance, weight, bias, eps=eps)
        running = [
            builder.add(
                builder.mul(call.input(position), momentum),
                builder.mul(converted(call, found, call.input(position).dtype), 1 - momentum),
            )
            for position, found in ((3, mean), (4, variance))
        ]
    return y, *running


def dropout_by_seed(call: Call) -> tuple[Value, Value]:
    """Add Dropout that drops what its seed says, by numpy's generator as onnx itself does.

    Returns:
        The result, and the mask of what was kept.

    Raises:
        CannotConvertError: if there is no seed, so that the mask is a matter of chance.
    """
    if "seed" not in call.attributes:
        raise CannotConvertError(
            "it is in training mode without a seed; export the model for inference"
        )
    x, ratio = call.input(0), call.array(1, "the ratio")
    rate = 0.5 if ratio is None else float(ratio.item())
    shape = as_ints(x.shape, "the mask")
    # onnx defines the mask by this generator; a newer one of numpy draws other numbers.
    generator = np.random.RandomState(call.integer("seed", 0))
    mask = constant(generator.uniform(0, 1, shape) >= rate)
    scale = 1 / (1 - rate) if rate < 1 else 0.0
    with call.builder.scope(call.name):
        kept = call.builder.mul(converted(call, mask, x.dtype), scale)
        return call.builder.mul(x, kept), call.builder.identity(mask)

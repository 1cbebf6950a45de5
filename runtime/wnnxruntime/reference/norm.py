"""Normalisation, in numpy."""

import numpy as np

from wnnx import ops
from wnnx.types import Array
from wnnxruntime.registry import kernel


@kernel(ops.batch_norm)
def batch_norm(
    x: Array,
    running_mean: Array,
    running_var: Array,
    weight: Array | None,
    bias: Array | None,
    *,
    eps: float,
) -> Array:
    """(x - running_mean) / sqrt(running_var + eps) * weight + bias, channel by channel."""
    channels = (-1, *[1] * (x.ndim - 2))
    y = (x - running_mean.reshape(channels)) / np.sqrt(running_var.reshape(channels) + eps)
    y = y if weight is None else y * weight.reshape(channels)
    return y if bias is None else y + bias.reshape(channels)


@kernel(ops.layer_norm)
def layer_norm(
    x: Array,
    weight: Array | None,
    bias: Array | None,
    *,
    normalized_shape: tuple[int, ...],
    eps: float,
) -> Array:
    """(x - mean) / sqrt(variance + eps) * weight + bias, over the last axes."""
    axes = tuple(range(-len(normalized_shape), 0))
    centred = x - x.mean(axis=axes, keepdims=True)
    variance = np.square(centred).mean(axis=axes, keepdims=True)
    y: Array = centred / np.sqrt(variance + eps)
    y = y if weight is None else y * weight
    return y if bias is None else y + bias

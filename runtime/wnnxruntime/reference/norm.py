"""Normalisation, in numpy."""

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from wnnx import ops
from wnnx.types import Array
from wnnxruntime.reference.lengths import vector_norm
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
    return _scaled_by_channel(y, weight, bias)


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
    y = _standardised(x, tuple(range(-len(normalized_shape), 0)), eps)
    y = y if weight is None else y * weight
    return y if bias is None else y + bias


@kernel(ops.rms_norm)
def rms_norm(
    x: Array, weight: Array | None, *, normalized_shape: tuple[int, ...], eps: float
) -> Array:
    """`x / sqrt(mean(x ** 2) + eps) * weight`, over the last axes."""
    axes = tuple(range(-len(normalized_shape), 0))
    y: Array = x / np.sqrt(np.square(x).mean(axis=axes, keepdims=True) + eps)
    return y if weight is None else y * weight


@kernel(ops.group_norm)
def group_norm(
    x: Array, weight: Array | None, bias: Array | None, *, num_groups: int, eps: float
) -> Array:
    """(x - mean) / sqrt(variance + eps) * weight + bias, group by group."""
    batch, channels, *rest = x.shape
    groups = x.reshape(batch, num_groups, channels // num_groups * math.prod(rest))
    y = _standardised(groups, 2, eps).reshape(x.shape)
    return _scaled_by_channel(y, weight, bias)


@kernel(ops.instance_norm)
def instance_norm(x: Array, weight: Array | None, bias: Array | None, *, eps: float) -> Array:
    """(x - mean) / sqrt(variance + eps) * weight + bias, channel by channel."""
    y = _standardised(x, tuple(range(2, x.ndim)), eps)
    return _scaled_by_channel(y, weight, bias)


@kernel(ops.local_response_norm)
def local_response_norm(x: Array, *, size: int, alpha: float, beta: float, k: float) -> Array:
    """`x / (k + alpha / size * total) ** beta`, the total over neighbouring channels."""
    if not x.size:
        return x
    most = x.shape[1] - 1  # a window that reaches further finds nothing there
    before, behind = min(size // 2, most), min((size - 1) // 2, most)
    sides = [(0, 0), (before, behind), *[(0, 0)] * (x.ndim - 2)]
    squares = np.pad(np.square(x), sides)
    total = sliding_window_view(squares, before + 1 + behind, axis=1).sum(axis=-1)
    return np.asarray(x / (k + alpha / size * total) ** beta)


@kernel(ops.normalize)
def normalize(x: Array, *, p: float, dim: int, eps: float) -> Array:
    """`x / max(norm(x), eps)` along `dim`."""
    length = vector_norm(x, p, dim if x.ndim else None, keepdim=True)
    return np.asarray(x / np.maximum(length, x.dtype.type(eps)))


def _standardised(x: Array, axes: int | tuple[int, ...], eps: float) -> Array:
    """Return (x - mean) / sqrt(variance + eps); np.mean would warn where there is none."""
    if not x.size:
        return x
    centred = x - x.mean(axis=axes, keepdims=True)
    variance = np.square(centred).mean(axis=axes, keepdims=True)
    standardised: Array = centred / np.sqrt(variance + eps)
    return standardised


def _scaled_by_channel(x: Array, weight: Array | None, bias: Array | None) -> Array:
    """Return x * weight + bias, where the channels are axis 1."""
    channels = (-1, *[1] * (x.ndim - 2))
    y = x if weight is None else x * weight.reshape(channels)
    return y if bias is None else y + bias.reshape(channels)

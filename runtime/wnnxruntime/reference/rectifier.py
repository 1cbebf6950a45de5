"""Rectifiers, in numpy."""

import numpy as np

from wnnx import ops
from wnnx.types import Array
from wnnxruntime.registry import kernel


@kernel(ops.relu)
def relu(x: Array) -> Array:
    """Return `max(x, 0)`."""
    return np.maximum(x, 0)


@kernel(ops.relu6)
def relu6(x: Array) -> Array:
    """Return `min(max(x, 0), 6)`."""
    return np.minimum(np.maximum(x, 0), 6)


@kernel(ops.leaky_relu)
def leaky_relu(x: Array, *, negative_slope: float) -> Array:
    """Return `x`, times `negative_slope` where it is not positive."""
    return np.where(x > 0, x, negative_slope * x)


@kernel(ops.prelu)
def prelu(x: Array, weight: Array) -> Array:
    """Return `x`, times its channel's weight where it is not positive."""
    shape = () if weight.size == 1 else (weight.size, *(1,) * (x.ndim - 2))
    return np.where(x > 0, x, weight.reshape(shape) * x)


@kernel(ops.elu)
def elu(x: Array, *, alpha: float) -> Array:
    """Return `x`, or `alpha * (exp(x) - 1)` where it is not positive."""
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


@kernel(ops.celu)
def celu(x: Array, *, alpha: float) -> Array:
    """Return `x`, or `alpha * (exp(x / alpha) - 1)` where it is not positive."""
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0) / alpha))


@kernel(ops.selu)
def selu(x: Array, *, alpha: float, gamma: float) -> Array:
    """Return `elu(x)`, scaled."""
    return np.asarray(gamma * elu(x, alpha=alpha))


@kernel(ops.threshold)
def threshold(x: Array, *, threshold: float, value: float) -> Array:
    """Return `x`, or `value` where it is not above `threshold`."""
    return np.where(x <= threshold, x.dtype.type(value), x)


@kernel(ops.shrink)
def shrink(x: Array, *, lambd: float, bias: float) -> Array:
    """Return `x` moved towards 0 by `bias`, or 0 where it is no farther than `lambd`."""
    inner = np.where(np.isnan(x), x, x.dtype.type(0))
    return np.where(x < -lambd, x + bias, np.where(x > lambd, x - bias, inner))

"""Activations, in numpy: forms that neither overflow nor lose small results."""

import math
from typing import Literal

import numpy as np

from wnnx import ops
from wnnx.types import Array
from wnnxruntime.reference.promotion import as_float
from wnnxruntime.registry import kernel


@kernel(ops.clamp)
def clamp(x: Array, *, min: float | None, max: float | None) -> Array:
    """Return `x` held between two bounds."""
    y = x if min is None else np.maximum(x, x.dtype.type(min))
    return y if max is None else np.minimum(y, x.dtype.type(max))


@kernel(ops.gelu)
def gelu(x: Array, *, approximate: Literal["none", "tanh"]) -> Array:
    """Return `x` times the distribution function of a standard normal variable."""
    if approximate == "tanh":
        # (1 + tanh(u)) / 2 is sigmoid(2 * u), which keeps what 1 + tanh(u) would round away.
        return np.asarray(x * sigmoid(math.sqrt(8 / math.pi) * (x + 0.044715 * x**3)))
    # erfc keeps what 1 + erf would round away.
    wide = x.astype(np.float64)
    erfc = np.vectorize(math.erfc, otypes=[np.float64])
    return np.asarray(0.5 * wide * erfc(-math.sqrt(0.5) * wide)).astype(x.dtype)


@kernel(ops.sigmoid)
def sigmoid(x: Array) -> Array:
    """Return `1 / (1 + exp(-x))`, with exp of what is not positive only."""
    x = as_float(x)
    small = np.exp(-np.abs(x))
    return np.asarray(np.where(x >= 0, 1, small) / (1 + small))


@kernel(ops.tanh)
def tanh(x: Array) -> Array:
    """Return the hyperbolic tangent."""
    return np.tanh(as_float(x))


@kernel(ops.hardsigmoid)
def hardsigmoid(x: Array) -> Array:
    """Return `min(max(x + 3, 0), 6) / 6`."""
    return np.asarray(np.clip(x + 3, 0, 6) / 6)


@kernel(ops.hardswish)
def hardswish(x: Array) -> Array:
    """Return `x * hardsigmoid(x)`."""
    return np.asarray(x * hardsigmoid(x))


@kernel(ops.silu)
def silu(x: Array) -> Array:
    """Return `x * sigmoid(x)`."""
    return np.asarray(x * sigmoid(x))


@kernel(ops.mish)
def mish(x: Array) -> Array:
    """Return `x * tanh(log(1 + exp(x)))`."""
    return np.asarray(x * np.tanh(np.logaddexp(x.dtype.type(0), x)))


@kernel(ops.softplus)
def softplus(x: Array, *, beta: float, threshold: float) -> Array:
    """Return `log(1 + exp(beta * x)) / beta`, or `x` above the threshold."""
    scaled = beta * x
    return np.where(scaled > threshold, x, np.logaddexp(x.dtype.type(0), scaled) / beta)


@kernel(ops.softsign)
def softsign(x: Array) -> Array:
    """Return `x / (1 + abs(x))`."""
    return np.asarray(x / (1 + np.abs(x)))


@kernel(ops.softmax)
def softmax(x: Array, *, dim: int) -> Array:
    """Return `exp(x) / sum(exp(x))`, with exp of what is not positive only."""
    powers = np.exp(_shifted(x, dim))
    return np.asarray(powers / np.sum(powers, axis=dim, keepdims=True))


@kernel(ops.log_softmax)
def log_softmax(x: Array, *, dim: int) -> Array:
    """Return `x - log(sum(exp(x)))`, with exp of what is not positive only."""
    shifted = _shifted(x, dim)
    return np.asarray(shifted - np.log(np.sum(np.exp(shifted), axis=dim, keepdims=True)))


def _shifted(x: Array, dim: int) -> Array:
    """Subtract the largest along `dim`, which changes neither result."""
    return np.asarray(x - np.max(x, axis=dim, keepdims=True, initial=-np.inf))

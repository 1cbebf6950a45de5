"""Activations, in numpy."""

import numpy as np

from wnnx import ops
from wnnx.types import Array
from wnnxruntime.registry import kernel


@kernel(ops.relu)
def relu(x: Array) -> Array:
    """max(x, 0)."""
    return np.maximum(x, 0)

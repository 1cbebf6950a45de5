"""Integers that an operator of real numbers is given."""

import numpy as np

from wnnx.types import Array


def as_float(x: Array) -> Array:
    """Return `x`, as float32 where it is integer or bool."""
    return x if x.dtype.kind == "f" else x.astype(np.float32)

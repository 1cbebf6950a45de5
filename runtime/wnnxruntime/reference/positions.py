"""Numbers that name elements of an axis, held to the axis there is."""

import numpy as np

from wnnx.errors import KernelError
from wnnx.types import Array


def positions(index: Array, extent: int, axis: int) -> Array:
    """Return `index`, of any integer type, as int64 counted from the front of the axis.

    Raises:
        KernelError: if a number is not from `-extent` to `extent - 1`.
    """
    wrong = index[(index < -extent) | (index >= extent)]
    if wrong.size:
        raise KernelError(
            f"index {wrong.flat[0]} is out of range for axis {axis} with {extent} elements"
        )
    found = index.astype(np.int64)
    return np.where(found < 0, found + extent, found)

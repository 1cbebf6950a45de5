"""Weights in another floating point type, and what rounding to it would destroy."""

import numpy as np

from wnnx.types import Array, numpy_dtype


def rounded(array: Array, dtype: str) -> tuple[Array, str]:
    """Round floating point numbers to another type; Inf and NaN stay what they are.

    Args:
        array: Any shape, of a floating point type.
        dtype: The type to round to.

    Returns:
        The rounded array, read-only; and what the array "holds ..." that the type cannot: a
        finite number that became infinite, or nothing but numbers that became zero. The text
        is empty where no such harm was done.
    """
    with np.errstate(all="ignore"):
        result = array.astype(numpy_dtype(dtype))
    result.flags.writeable = False
    lost = array[np.isinf(result) & np.isfinite(array)]
    if lost.size:
        return result, f"holds {_extreme(lost):g}, which is beyond the range of {dtype}"
    if np.any(array) and not np.any(result):
        largest = _extreme(array)
        return result, f"holds nothing larger than {largest:g}, which {dtype} rounds to zero"
    return result, ""


def _extreme(array: Array) -> float:
    """Return the number that is farthest from zero."""
    return float(array.flat[np.argmax(np.abs(array))])

"""Constants from arrays and numbers in memory."""

from typing import Any

import numpy as np

from wnnx.errors import ArgumentError, DTypeError, ShapeError
from wnnx.graph import Constant
from wnnx.types import Array, checked_shape, dtype_name


def constant(array: Any, name: str = "") -> Constant:
    """Return a constant that belongs to no network yet.

    It holds a copy of its own, so that changing `array` afterwards changes no network; an
    array that is read-only already, a mapped file say, is taken as it is where its memory
    layout allows.

    Args:
        array: Anything numpy takes for an array, whose dtype is kept; or a Python number, or
            nested lists of them: a float becomes float32, an int int64, a bool bool.
        name: Its name in the network; without it, the layer that takes it gives it one.

    Returns:
        The constant; its array is read-only, in C order and in the machine's byte order.

    Raises:
        DTypeError: if the format has no such element type.
        ShapeError: if nested lists are of unequal lengths, or there are more than 8 axes.
        ArgumentError: if `array` is none, or a Python float is beyond float32's range.
    """
    numpy_scalar = isinstance(array, np.generic)  # np.float64 is a Python float as well
    if isinstance(array, bool | int | float | list | tuple) and not numpy_scalar:
        return frozen(_from_numbers(array), name)
    try:
        found = np.asarray(array)
    except (TypeError, ValueError, RuntimeError) as error:
        kind = type(array).__name__
        raise ArgumentError(f"a {kind} cannot be read as a numpy array: {error}") from None
    dtype_name(found.dtype)
    return frozen(found if _is_settled(found) else _copied(found), name)


def frozen(array: Array, name: str) -> Constant:
    """Return a constant of an array that nobody else writes to; copied only for its layout.

    Raises:
        DTypeError: if the format has no such element type.
        ShapeError: if there are more than 8 axes.
    """
    try:
        dtype_name(array.dtype)
    except DTypeError as error:
        raise DTypeError(f'"{name}": {error}' if name else str(error)) from None
    checked_shape(array.shape)
    array.flags.writeable = False
    if not _is_settled(array):
        array = _copied(array)
        array.flags.writeable = False
    return Constant(name, array)


def _is_settled(array: Array) -> bool:
    flags = array.flags
    return (
        not flags.writeable and flags.c_contiguous and flags.aligned and array.dtype.isnative
    )


def _copied(array: Array) -> Array:
    dtype = array.dtype
    # newbyteorder makes a plain void of bfloat16, so it is for foreign byte orders alone.
    return array.astype(dtype if dtype.isnative else dtype.newbyteorder("="), order="C")


def _from_numbers(numbers: Any) -> Array:
    """Give Python numbers the element types that networks use.

    Raises:
        ShapeError: if nested lists are of unequal lengths.
        ArgumentError: if a float is beyond float32's range.
    """
    try:
        array = np.array(numbers)
    except ValueError:
        raise ShapeError("nested lists of unequal lengths are no tensor") from None
    if array.dtype.kind == "i":
        return array.astype(np.int64)
    if array.dtype != np.float64:
        return array
    with np.errstate(over="ignore"):
        rounded = array.astype(np.float32)
    lost = array[np.isinf(rounded) & np.isfinite(array)]
    if lost.size:
        raise ArgumentError(
            f"{lost[0]} is beyond float32's range; np.float64({lost[0]}) stays float64"
        )
    return rounded

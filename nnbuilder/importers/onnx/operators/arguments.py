"""What converters ask of a call that is no tensor here, though it may be one in ONNX."""

import numpy as np

from nnbuilder.importers.onnx.converters import Call, CannotConvertError
from wnnx.dims import Dim
from wnnx.types import Array

# By the numbers of TensorProto.DataType; those the format has.
DTYPES = {
    1: "float32", 2: "uint8", 3: "int8", 4: "uint16", 5: "int16", 6: "int32", 7: "int64",
    9: "bool", 10: "float16", 11: "float64", 12: "uint32", 13: "uint64", 16: "bfloat16",
}  # fmt: skip


def dtype_of(number: int) -> str:
    """Return the element type, by numpy's name, that ONNX gives a number.

    Raises:
        CannotConvertError: if the format has no such type.
    """
    if number not in DTYPES:
        raise CannotConvertError(f"element type {number} of ONNX has no counterpart here")
    return DTYPES[number]


def required_dims(call: Call, position: int, what: str) -> tuple[Dim, ...]:
    """Return the integers and symbols of an input that must be there.

    Raises:
        CannotConvertError: if it was left out, or depends on the data.
    """
    call.input(position)
    return call.dims(position, what) or ()


def as_ints(given: tuple[Dim, ...], what: str) -> tuple[int, ...]:
    """Return numbers as integers.

    Raises:
        CannotConvertError: if one of them is a symbol.
    """
    for number in given:
        if not isinstance(number, int):
            raise CannotConvertError(f"{what} depends on {number}; it must be a number here")
    return tuple(number for number in given if isinstance(number, int))


def ints_of(
    call: Call, position: int, what: str, *, attribute: str | None = None
) -> tuple[int, ...] | None:
    """Return integers that are an attribute in old opsets and an input in new ones.

    None stands for those left out.

    Raises:
        CannotConvertError: if one of them is a symbol, or depends on the data.
    """
    if attribute is not None and attribute in call.attributes:
        return call.ints(attribute)
    given = call.dims(position, what)
    return None if given is None else as_ints(given, what)


def constant_of(call: Call, position: int, what: str) -> Array:
    """Return what a constant input that must be there holds.

    Raises:
        CannotConvertError: if it was left out, or is computed at run time.
    """
    call.input(position)
    return np.asarray(call.array(position, what))


def single(array: Array | None, what: str) -> bool | int | float | None:
    """Return the one number of a constant, or None where it was left out or is empty.

    Raises:
        CannotConvertError: if there are several.
    """
    if array is None or not array.size:
        return None
    if array.size > 1:
        raise CannotConvertError(f"{what} has {array.size} numbers; expected one")
    found: bool | int | float = array.reshape(()).item()
    return found

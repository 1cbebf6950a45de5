"""ONNX tensors as constants; data in files of their own is mapped, not read."""

from importlib import import_module
from math import prod
from pathlib import Path, PureWindowsPath
from typing import Any

import numpy as np

from nnbuilder.importers.onnx.operators.arguments import dtype_of
from nnbuilder.weights.memory import frozen
from nnbuilder.weights.opening import checked_file, reading
from wnnx.errors import WeightError
from wnnx.graph import Constant
from wnnx.types import Array, item_size, numpy_dtype

EXTERNAL = 1  # TensorProto.DataLocation


def constant_of(tensor: Any, folder: Path | None, name: str = "") -> Constant:
    """Return a TensorProto as a constant that belongs to no network yet.

    Args:
        tensor: The TensorProto.
        folder: Where the model is, None for one in memory.
        name: The constant's name.

    Raises:
        WeightError: if its data is in a file that is not inside `folder`, or does not fit.
        CannotConvertError: if the format has no such element type.
    """
    return frozen(array_of(tensor, folder), name)


def array_of(tensor: Any, folder: Path | None) -> Array:
    """Return what a TensorProto holds.

    Raises:
        WeightError: if its data is in a file that is not inside `folder`, or does not fit.
        CannotConvertError: if the format has no such element type.
    """
    dtype = dtype_of(tensor.data_type)
    if tensor.data_location == EXTERNAL:
        return _mapped(tensor, dtype, folder)
    try:
        array: Array = import_module("onnx.numpy_helper").to_array(tensor)
    except ValueError as error:
        raise WeightError(f"tensor {tensor.name!r}: {error}") from None
    return np.array(array, numpy_dtype(dtype))


def _mapped(tensor: Any, dtype: str, folder: Path | None) -> Array:
    entries = {entry.key: entry.value for entry in tensor.external_data}
    file = _inside(entries.get("location", ""), folder)
    shape = tuple(int(extent) for extent in tensor.dims)
    expected = prod(shape) * item_size(dtype)
    offset = _whole(entries, "offset", 0)
    length = _whole(entries, "length", expected)
    with reading(file, "external data"):
        found = file.stat().st_size - offset
        if length != expected or found < expected:
            raise WeightError(
                f"tensor {tensor.name!r}: {dtype} {shape} takes {expected} bytes; the model "
                f"says {length}, the file has {max(found, 0)} from byte {offset} on"
            )
        if not expected:
            return np.empty(shape, numpy_dtype(dtype))
        words = np.memmap(file, f"<u{item_size(dtype)}", "r", offset, (prod(shape),))
    return np.asarray(words).view(numpy_dtype(dtype)).reshape(shape)


def _inside(location: str, folder: Path | None) -> Path:
    """Return the file of external data, which a model may have in its own folder only.

    Raises:
        WeightError: if it is elsewhere.
    """
    if folder is None:
        raise WeightError(
            f"its data is in the file {location!r}, but a model in memory has no folder; give "
            "its path instead"
        )
    windows = PureWindowsPath(location)  # splits at both kinds of slashes
    file = folder / location
    outside = windows.drive or windows.root or ".." in windows.parts or not location
    if outside or not file.resolve().is_relative_to(folder.resolve()):
        raise WeightError(
            f"its data is in {location!r}, which is not inside the model's folder; "
            "such a file is not read"
        )
    return checked_file(file)


def _whole(entries: dict[str, str], key: str, default: int) -> int:
    text = entries.get(key) or str(default)
    if not (text.isascii() and text.isdigit()):
        raise WeightError(f"external data with {key} {text!r}; expected a number of bytes")
    return int(text)

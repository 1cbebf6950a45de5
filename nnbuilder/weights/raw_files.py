"""Raw numbers in a file, as `ndarray.tofile` writes them."""

import math
import os
from pathlib import Path
from typing import Literal

import numpy as np

from nnbuilder.weights.memory import frozen
from nnbuilder.weights.opening import MAP_BYTES, checked_file, reading
from wnnx.errors import ArgumentError, ShapeError, WeightError
from wnnx.graph import Constant
from wnnx.types import (
    DTYPES,
    FLOATS,
    Array,
    ShapeLike,
    TensorType,
    item_size,
    numpy_dtype,
    shape_text,
    tensor_type,
)

# What is longer than expected by up to this many bytes may begin with a header.
MAX_HEADER_BYTES = 4096
SIGNATURES = {
    b"\x93NUMPY": "a .npy file: use nn.from_npy",
    b"PK\x03\x04": "a zip: use nn.from_npz",
}


def from_numpy_bin(
    path: str | os.PathLike[str],
    shape: ShapeLike,
    dtype: str = "float32",
    *,
    byte_order: Literal["little", "big"] = "little",
    offset: int = 0,
    name: str = "",
) -> Constant:
    """Read raw numbers, row by row, as `ndarray.tofile` writes them.

    From `offset` to its end the file must hold exactly the numbers of `shape`. From 1 MiB on
    it is mapped, not read: it must stay as it is for as long as the constant is used.

    Args:
        path: The file.
        shape: One integer per axis: `(12, 4)`, `()` for a single number.
        dtype: Element type in the file, by numpy's name.
        byte_order: Which byte of each number comes first; "big" is converted.
        offset: How many bytes to pass over at the start of the file.
        name: Its name in the network; without it, the layer that takes it gives it one.

    Returns:
        The constant, which belongs to no network yet.

    Raises:
        FileMissingError: if there is no such file.
        WeightError: if the number of bytes is another one, or the file cannot be read.
        ShapeError: if an extent is negative or no integer, or there are more than 8 axes.
        DTypeError: if there is no such dtype.
        ArgumentError: if `byte_order` is another word, or `offset` is negative.
    """
    type = tensor_type(dtype, shape)
    sizes = tuple(extent for extent in type.shape if isinstance(extent, int))
    if len(sizes) < type.rank:
        raise ShapeError(f"the shape of a weight is integers; found {shape_text(type.shape)}")
    if byte_order not in {"little", "big"}:
        raise ArgumentError(f"byte_order={byte_order!r}; expected 'little' or 'big'")
    if offset < 0:
        raise ArgumentError(f"offset={offset}; expected 0 or more bytes")
    file = checked_file(path)
    _check_size(file, type, math.prod(sizes), offset)
    with reading(file, "raw numbers"):
        return frozen(_numbers(file, dtype, sizes, byte_order, offset), name)


def _numbers(
    file: Path, dtype: str, sizes: tuple[int, ...], byte_order: str, offset: int
) -> Array:
    """Read the bytes as unsigned integers, which know byte orders for every element type.

    Raises:
        WeightError: if a bool is neither 0 nor 1.
    """
    stored = np.dtype(f"{'<' if byte_order == 'little' else '>'}u{item_size(dtype)}")
    if math.prod(sizes) * stored.itemsize >= MAP_BYTES:
        words: Array = np.asarray(np.memmap(file, stored, "r", offset, sizes))
    else:
        words = np.fromfile(file, stored, offset=offset).reshape(sizes)
    if dtype == "bool" and words.max(initial=0) > 1:
        raise WeightError(f"it holds the byte {words.max()}; a bool is 0 or 1")
    return words.astype(stored.newbyteorder("="), copy=False).view(numpy_dtype(dtype))


def _check_size(file: Path, type: TensorType, count: int, offset: int) -> None:
    """Compare the bytes that are there with the bytes that `count` numbers take.

    Raises:
        WeightError: if they differ.
    """
    found = file.stat().st_size - offset
    expected = count * item_size(type.dtype)
    if found < 0:
        raise WeightError(
            f"{file} has {found + offset} bytes; offset={offset} is beyond its end"
        )
    if found != expected:
        after = f" after offset {offset}" if offset else ""
        raise WeightError(
            f"{file}: found {found} bytes{after}, but {type} takes {expected}"
            f"{_hint(file, type.dtype, count, found, offset)}"
        )


def _hint(file: Path, dtype: str, count: int, found: int, offset: int) -> str:
    """Say what the file is, or what it would fit, where that can be guessed."""
    with reading(file, "raw numbers"), file.open("rb") as opened:
        start = opened.read(8)
    for signature, kind in SIGNATURES.items():
        if start.startswith(signature):
            return f"; it is {kind}"
    whole, rest = divmod(found, item_size(dtype))
    hint = "" if rest else f"; it holds {whole} {dtype} numbers, the shape {count}"
    fitting = [other for other in DTYPES if item_size(other) * count == found]
    alike = [other for other in fitting if (other in FLOATS) == (dtype in FLOATS)]
    if fitting:
        return f"{hint}; the shape would fit as {' or '.join(alike or fitting)}"
    excess = found - count * item_size(dtype)
    if count and 0 < excess <= MAX_HEADER_BYTES:
        return (
            f"{hint}; it is {excess} bytes too long: if these are a header, "
            f"offset={offset + excess} passes over it"
        )
    return hint

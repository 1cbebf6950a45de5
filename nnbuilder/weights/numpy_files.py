"""numpy's own files: `.npy` holds one array, `.npz` a zip of them."""

import os
from typing import Any

import numpy as np

from nnbuilder.weights.memory import frozen
from nnbuilder.weights.opening import MAP_BYTES, checked_file, reading
from wnnx.errors import WeightError
from wnnx.graph import Constant

ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")  # the second begins a zip of nothing


def from_npy(path: str | os.PathLike[str], name: str = "") -> Constant:
    """Read the array that `numpy.save` wrote; of either byte order, in C or Fortran order.

    A file of 1 MiB or more is mapped, not read: it must stay as it is for as long as the
    constant is used.

    Args:
        path: The file.
        name: Its name in the network; without it, the layer that takes it gives it one.

    Returns:
        The constant, which belongs to no network yet.

    Raises:
        FileMissingError: if there is no such file.
        WeightError: if the file is no whole `.npy` file, or holds Python objects.
        DTypeError: if the format has no such element type.
    """
    file = checked_file(path)
    with reading(file, "a .npy file"), file.open("rb") as opened:
        start = opened.read(6)
        if start.startswith(ZIP_SIGNATURES):
            raise WeightError("it is an .npz archive; use nn.from_npz")
        if start != b"\x93NUMPY":
            raise WeightError("it is no .npy file; use nn.from_numpy_bin for raw numbers")
        opened.seek(0)
        mapped = file.stat().st_size >= MAP_BYTES
        array = np.load(
            file if mapped else opened, "r" if mapped else None, allow_pickle=False
        )
        return frozen(np.asarray(array), name)


def from_npz(path: str | os.PathLike[str]) -> dict[str, Constant]:
    """Read the arrays that `numpy.savez` or `numpy.savez_compressed` wrote.

    Args:
        path: The file.

    Returns:
        The constants by their names in the archive, which are their own names too.

    Raises:
        FileMissingError: if there is no such file.
        WeightError: if the file is no whole `.npz` file, or an array holds Python objects.
        DTypeError: if the format has no element type that an array has.
    """
    file = checked_file(path)
    with reading(file, "an .npz file"), file.open("rb") as opened:
        start = opened.read(6)
        if start == b"\x93NUMPY":
            raise WeightError("it is a .npy file of one array; use nn.from_npy")
        if not start.startswith(ZIP_SIGNATURES):
            raise WeightError("it is no .npz file, which is a zip")
        opened.seek(0)
        with np.load(opened, allow_pickle=False) as archive:
            return {key: _member(archive[key], key) for key in archive.files}


def _member(member: Any, key: str) -> Constant:
    """Return one member of an archive.

    Raises:
        WeightError: if it is no array: numpy returns the bytes of a member it does not know.
    """
    if isinstance(member, bytes):
        raise WeightError(f'its member "{key}" is no array')
    return frozen(member, key)

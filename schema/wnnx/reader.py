"""Load: the bytes of a file become a graph, everything verified before anything is used."""

import gc
import os
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import numpy as np

from wnnx import foreign, header, source
from wnnx.decode import decode
from wnnx.errors import ChecksumError, FileError, FormatError, WnnxError
from wnnx.graph import Graph
from wnnx.header import Header
from wnnx.records import DTYPES, ModelRecord, TensorRecord
from wnnx.restore import restore
from wnnx.rules import check_model
from wnnx.source import Source
from wnnx.tensor_rules import check_layout
from wnnx.types import Array, numpy_dtype

_BOOL = DTYPES.index("bool")


def load(
    path: str | os.PathLike[str],
    *,
    checksums: bool = True,
    mapped: bool = True,
    sha256: str | None = None,
) -> Graph:
    """Open a `.wnnx` file.

    Args:
        path: The file.
        checksums: Whether to check every weight's CRC-32, which reads them all; the header and
            the graph are always checked.
        mapped: Whether weights are read from the disk when they are first used. The file must
            not shrink meanwhile: the system would end the program. False copies the whole file
            into memory, which is safe whatever happens to it.
        sha256: What the SHA-256 of the whole file must be, as `sha256sum` prints it.

    Returns:
        The network. Its constants are read-only arrays over the file.

    Raises:
        FileMissingError: if there is no such file.
        FileError: if it cannot be opened or read, or is no regular file.
        ChecksumError: if bytes changed after they were written.
        LimitError: if the file asks for more than is allowed.
        FormatError: if it is no valid `.wnnx` file.
        GraphError: if the graph in it is not whole.
        WnnxError: if a known operator's inputs or attributes do not fit it.
    """
    name = os.fspath(path)
    try:
        data = source.read(name, mapped=mapped)
        if sha256 is not None:
            _check_sha256(data, sha256)
        return _parse(data, checksums=checksums)
    except FileError:
        raise
    except WnnxError as error:
        raise type(error)(f"{name}: {error}") from None


def from_bytes(data: bytes | bytearray | memoryview) -> Graph:
    """Open what `to_bytes` returned, or the bytes of a `.wnnx` file.

    Constants are read-only arrays over `data`, which is copied first unless it is `bytes`.

    Raises:
        ChecksumError: if bytes changed after they were written.
        LimitError: if the file asks for more than is allowed.
        FormatError: if it is no valid `.wnnx` file.
        GraphError: if the graph in it is not whole.
        WnnxError: if a known operator's inputs or attributes do not fit it.
    """
    return _parse(bytes(data), checksums=True)


@contextmanager
def _no_collections() -> Generator[None]:
    """Let Python's cyclic collector rest: loading makes many objects and no garbage."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@_no_collections()
def _parse(data: Source, *, checksums: bool) -> Graph:
    start = bytes(data[: header.SIZE])
    _check_kind(start)
    head = header.unpack(start, len(data))
    # A copy: what is checked is what is decoded, even where the file changes meanwhile.
    metadata = bytes(data[: head.metadata_end])
    if zlib.crc32(memoryview(metadata)[header.SIZE :]) != head.metadata_crc:
        raise ChecksumError(
            "the metadata changed after it was written: its checksum is not "
            f"{head.metadata_crc:#010x}"
        )
    if any(data[head.metadata_end : head.data_start]):
        raise FormatError(f"the padding from byte {head.metadata_end} on is not zero")
    model = decode(metadata, head.root)
    check_model(model)
    check_layout(model.tensors, head.file_size - head.data_start)
    if checksums:
        _check_weights(data, head, model)
    return restore(model, _arrays(data, head, model))


def _check_kind(start: bytes) -> None:
    if start[4:8] != header.MAGIC:
        kind = foreign.describe(start)
        raise FormatError(
            f"not a .wnnx file: it begins with {start[:8]!r}{f' ({kind})' if kind else ''}"
        )
    if len(start) < header.SIZE:
        raise FormatError(
            f"the file is truncated: found {len(start)} bytes, the header has {header.SIZE}"
        )


def _check_sha256(data: Source, expected: str) -> None:
    import hashlib

    found = hashlib.sha256(data).hexdigest()
    if found != expected.lower():
        raise ChecksumError(f"its SHA-256 is {found}; expected {expected}")


def _check_weights(data: Source, head: Header, model: ModelRecord) -> None:
    """Read every weight, and the zeros between them."""
    view = memoryview(data)
    end = head.data_start
    for index, tensor in enumerate(model.tensors):
        begin = head.data_start + tensor.offset
        if begin > end and bytes(view[end:begin]).strip(b"\0"):
            raise FormatError(f"the padding from byte {end} on is not zero")
        end = begin + tensor.size
        if zlib.crc32(view[begin:end]) != tensor.crc32:
            name = model.constant_names[index]
            raise ChecksumError(
                f"constant {name!r} (tensors[{index}]) changed after it was written: its "
                f"checksum is not {tensor.crc32:#010x}"
            )


def _arrays(data: Source, head: Header, model: ModelRecord) -> list[Array]:
    numbers = {tensor.dtype for tensor in model.tensors}
    dtypes = {n: numpy_dtype(DTYPES[n]).newbyteorder("<") for n in numbers}
    arrays: list[Array] = []
    for index, tensor in enumerate(model.tensors):
        array = _array(data, head.data_start + tensor.offset, tensor, dtypes[tensor.dtype])
        if tensor.dtype == _BOOL and array.size and array.view(np.uint8).max() > 1:
            name = model.constant_names[index]
            raise FormatError(
                f"constant {name!r} (tensors[{index}]) is bool, but not all 0 and 1"
            )
        arrays.append(array)
    return arrays


def _array(data: Source, begin: int, tensor: TensorRecord, dtype: np.dtype[Any]) -> Array:
    if tensor.size:
        return np.ndarray(tensor.shape, dtype, data, begin)
    array = np.empty(tensor.shape, dtype)
    array.flags.writeable = False
    return array

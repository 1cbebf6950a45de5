"""Save: a graph becomes the bytes of a file, tensor by tensor, without copying all weights."""

import io
import os
import zlib
from collections.abc import Iterator

import numpy as np

from wnnx import atomic, flat, header
from wnnx.errors import LimitError, WeightError
from wnnx.flatten import flatten
from wnnx.graph import Graph
from wnnx.limits import MAX_METADATA_BYTES
from wnnx.records import ModelRecord
from wnnx.rules import check_model
from wnnx.types import Array

CHUNK_BYTES = 1 << 20


def save(graph: Graph, path: str | os.PathLike[str]) -> None:
    """Write a network to a file, whole or not at all.

    The file that was there, if any, is replaced in one step when the new one is on the disk; a
    link is replaced, not what it leads to. The same network always gives the same bytes.

    Args:
        graph: The network; it may have been loaded from that very file.
        path: Where to write it.

    Raises:
        GraphError: if the graph is not whole; nothing is written.
        WeightError: if a constant changes while it is saved; nothing is written.
        FileError: if the file cannot be written; the file that was there is kept.
        FileMissingError: if the folder is not there.
        WnnxError: if an attribute or dimension does not fit; nothing is written.
    """
    pieces = _pieces(graph)
    first = next(pieces)
    with atomic.replacing(os.fspath(path)) as write:
        write(first)
        for piece in pieces:
            write(piece)


def to_bytes(graph: Graph) -> bytes:
    """Return what `save` would write.

    Raises:
        GraphError: if the graph is not whole.
        WeightError: if a constant changes meanwhile.
        WnnxError: if an attribute or dimension does not fit.
    """
    buffer = io.BytesIO()
    for piece in _pieces(graph):
        buffer.write(piece)
    return buffer.getvalue()


def _pieces(graph: Graph) -> Iterator[bytes]:
    """Yield the file from front to back, the header and all metadata first."""
    model, arrays = flatten(graph)
    check_model(model)
    model = model._replace(
        tensors=tuple(
            tensor._replace(crc32=_crc(array))
            for tensor, array in zip(model.tensors, arrays, strict=True)
        )
    )
    last = model.tensors[-1] if model.tensors else None
    yield front(model, last.offset + last.size if last else 0)
    end = 0
    for name, tensor, array in zip(model.constant_names, model.tensors, arrays, strict=True):
        yield bytes(tensor.offset - end)
        crc = 0
        for chunk in _chunks(array):
            crc = zlib.crc32(chunk, crc)
            yield chunk
        if crc != tensor.crc32:
            raise WeightError(f"constant {name!r} changed while it was being saved")
        end = tensor.offset + tensor.size


def front(model: ModelRecord, data_size: int) -> bytes:
    """Return the header, the metadata and the zeros before `data_size` bytes of data.

    Raises:
        GraphError: if a text cannot be written.
        LimitError: if there is more metadata than is allowed.
    """
    flatbuffer = flat.encode(model)
    # The header's own 56 bytes go between the FlatBuffer's first 8 and the rest.
    shift = header.SIZE - 8
    body = flatbuffer[8:]
    if len(body) > MAX_METADATA_BYTES:
        raise LimitError(
            f"the metadata takes {len(body)} bytes; at most {MAX_METADATA_BYTES} are allowed"
        )
    end = header.SIZE + len(body)
    start = header.aligned(end)
    root = int.from_bytes(flatbuffer[:4], "little") + shift
    head = header.Header(root, end, start, start + data_size, zlib.crc32(body))
    return header.pack(head) + body + bytes(start - end)


def _crc(array: Array) -> int:
    crc = 0
    for chunk in _chunks(array):
        crc = zlib.crc32(chunk, crc)
    return crc


def _chunks(array: Array) -> Iterator[bytes]:
    """Yield the array's elements row by row, little-endian.

    Each chunk is a copy: what is checked is what is written, even where another thread changes
    the array.

    Raises:
        WeightError: if a bool is neither 0 nor 1.
    """
    little = array.astype(array.dtype.newbyteorder("<"), copy=False)
    data = np.ascontiguousarray(little).reshape(-1).view(np.uint8)
    if array.dtype == np.bool_ and data.size and data.max() > 1:
        raise WeightError("a bool array holds bytes other than 0 and 1; make it with `x != 0`")
    for start in range(0, data.size, CHUNK_BYTES):
        yield data[start : start + CHUNK_BYTES].tobytes()

"""Making files that are wrong in one way only: checksums are made right again afterwards."""

import struct
import zlib
from collections.abc import Callable
from typing import Any, NamedTuple

from wnnx import header, writer
from wnnx.decode import decode, fields_of
from wnnx.graph import Graph
from wnnx.header import Header
from wnnx.records import GraphRecord, ModelRecord


def front_of(data: bytes) -> Header:
    """Return the header of a valid file."""
    return header.unpack(data[: header.SIZE], len(data))


def sealed(data: bytes | bytearray, **fields: int) -> bytes:
    """Return a file with the header's `fields` changed and both checksums right."""
    places = {
        "root": ("<I", 0),
        "incompatible": ("<H", 12),
        "metadata_end": ("<Q", 16),
        "data_start": ("<Q", 24),
        "file_size": ("<Q", 32),
    }
    out = bytearray(data)
    for name, value in fields.items():
        struct.pack_into(places[name][0], out, places[name][1], value)
    end = min(struct.unpack_from("<Q", out, 16)[0], len(out))
    struct.pack_into("<I", out, 48, zlib.crc32(out[header.SIZE : end]))
    struct.pack_into("<I", out, 60, zlib.crc32(out[:60]))
    return bytes(out)


def data_of(data: bytes) -> bytes:
    """Return the tensors' bytes of a valid file."""
    return data[front_of(data).data_start :]


def model_of(graph: Graph) -> ModelRecord:
    """Return the records of a network, checksums and all."""
    data = writer.to_bytes(graph)
    head = front_of(data)
    return decode(data[: head.metadata_end], head.root)


def file_of(model: ModelRecord, data: bytes) -> bytes:
    """Return a file with these records, right or wrong, and these tensors' bytes."""
    return writer.front(model, len(data)) + data


def changed(graph: Graph, change: Callable[[ModelRecord], ModelRecord]) -> bytes:
    """Return the file of a network with its records changed."""
    return file_of(change(model_of(graph)), data_of(writer.to_bytes(graph)))


def changed_graph(graph: Graph, change: Callable[[GraphRecord], GraphRecord]) -> bytes:
    """Return the file of a network with the record of its outermost graph changed."""
    return changed(graph, lambda m: m._replace(graphs=(change(m.graphs[0]), *m.graphs[1:])))


def replaced(items: tuple[Any, ...], index: int, **fields: Any) -> tuple[Any, ...]:
    """Return a tuple of records with fields of one of them changed."""
    return (*items[:index], items[index]._replace(**fields), *items[index + 1 :])


class Table(NamedTuple):
    """Where a table and its vtable are in a file, to be damaged by hand."""

    data: bytes
    record: Any
    at: int

    @property
    def vtable(self) -> int:
        """Where its vtable is."""
        return self.at - int(struct.unpack_from("<i", self.data, self.at)[0])

    def slot(self, name: str) -> int:
        """Return where the vtable says where the field is."""
        return self.vtable + 4 + 2 * [f.name for f in fields_of(self.record)].index(name)

    def field(self, name: str) -> int:
        """Return where the field itself is."""
        return self.at + int(struct.unpack_from("<H", self.data, self.slot(name))[0])

    def target(self, name: str) -> int:
        """Return what the field's offset leads to."""
        at = self.field(name)
        return at + int(struct.unpack_from("<I", self.data, at)[0])

    def item(self, name: str, index: int) -> "Table":
        """Return a table in the vector that the field leads to."""
        at = self.target(name) + 4 + 4 * index
        record = {f.name: f.type for f in fields_of(self.record)}[name]
        return Table(self.data, record, at + int(struct.unpack_from("<I", self.data, at)[0]))


def root(data: bytes) -> Table:
    """Return the root table of a valid file."""
    return Table(data, ModelRecord, front_of(data).root)


def poked(data: bytes, code: str, at: int, value: float) -> bytes:
    """Return a file with one number in its metadata changed."""
    out = bytearray(data)
    struct.pack_into(code, out, at, value)
    return sealed(out)

"""FlatBuffer bytes to records: verifies as it decodes, from the records' own annotations.

Tables of one kind are decoded together, field by field, as columns of numpy arrays. Nothing in
the bytes is believed: positions are checked before they are read, and everything that is read
is counted against the size of the metadata, so that tables or strings that many offsets share
cannot cost more time or memory than an honest file of that size. Only vtables may be shared.
It is never laxer than the C++ verifier.
"""

from collections.abc import Callable
from functools import cache, partial
from itertools import pairwise
from typing import Any, NamedTuple, TypeAlias, cast, get_type_hints

import numpy as np
from numpy.typing import NDArray

from wnnx.errors import FormatError, LimitError
from wnnx.header import SIZE as HEADER_SIZE
from wnnx.limits import MAX_TABLES, MAX_VTABLES
from wnnx.records import ModelRecord
from wnnx.types import Array

Positions: TypeAlias = NDArray[np.int64]

_SCALARS = {"ubyte": "<u1", "int": "<i4", "uint": "<u4", "ulong": "<u8"}
_VECTORS = {"[int]": "<i4", "[long]": "<i8", "[double]": "<f8"}
_OFFSET = "<u4"
_FALSE = b"\0"
_SHIFTS = {"1": 0, "2": 1, "4": 2, "8": 3}  # a size in bytes to its logarithm
_new = cast("Any", tuple).__new__  # what a NamedTuple's _make does, without its own call


class _Broken(Exception):  # noqa: N818 - it never leaves this module
    """What is wrong, at which byte, and in which row of what is decoded together.

    The path to it is filled in, and the row made that of the outer tables, on the way up.
    """

    def __init__(
        self, row: int, at: int, message: str, error: type[FormatError] = FormatError
    ) -> None:
        super().__init__(message)
        self.row = row
        self.at = at
        self.error = error
        self.path: list[str] = []


class Field(NamedTuple):
    """One slot: its type as wnnx.fbs writes it, or the record in its vector of tables.

    A table itself holds `dtype`, `size` bytes: a number, or an offset.
    """

    name: str
    type: str | type
    required: bool
    default: Any
    dtype: str
    size: int


@cache
def fields_of(record: Any) -> tuple[Field, ...]:
    """Return the slots of a record's table, in order."""
    hints = get_type_hints(record, include_extras=True)
    defaults = record._field_defaults
    fields: list[Field] = []
    for name in record._fields:
        type = hints[name].__metadata__[0]
        dtype = _SCALARS.get(type, _OFFSET)
        fields.append(
            Field(name, type, name not in defaults, defaults.get(name), dtype, int(dtype[2]))
        )
    return tuple(fields)


def decode(metadata: bytes, root: int) -> ModelRecord:
    """Return the root table and all that it leads to.

    Args:
        metadata: The file from its first byte to the end of metadata.
        root: Where the root table is, in bytes.

    Raises:
        FormatError: if the bytes are no FlatBuffer of `wnnx.fbs`; it says where.
        LimitError: if something is shared, or there are too many tables.
    """
    if root < HEADER_SIZE or root & 3 or root > len(metadata) - 4:
        raise FormatError(f"the root table cannot be at byte {root}")
    try:
        (model,) = _Decoder(metadata).tables(ModelRecord, np.array([root]))
    except _Broken as broken:
        where = "".join(reversed(broken.path)).lstrip(".") or "the root table"
        raise broken.error(f"{where}: byte {broken.at}: {broken}") from None
    return cast("ModelRecord", model)


class _Decoder:
    def __init__(self, metadata: bytes) -> None:
        padded = metadata + bytes(-len(metadata) % 8)
        dtypes = {*_SCALARS.values(), *_VECTORS.values(), "<u2"}
        self.views: dict[str, Array] = {d: np.frombuffer(padded, d) for d in dtypes}
        self.data = metadata
        self.end = len(metadata)
        self.bytes_left = self.end - HEADER_SIZE
        self.tables_left = MAX_TABLES
        self.slots: dict[tuple[type, int], tuple[list[int], int]] = {}

    def tables(self, record: type, at: Positions) -> list[Any]:
        """Decode the tables at these positions, which `follow` found or `decode` checked."""
        if not at.size:
            return []
        self.tables_left -= at.size
        if self.tables_left < 0:
            raise _Broken(0, int(at[0]), f"more than {MAX_TABLES} tables", LimitError)
        vtables = at - self.read("<i4", at)
        if _all(vtables == vtables[0]):
            return self.alike(record, int(vtables[0]), at)
        distinct, kinds = np.unique(vtables, return_inverse=True)
        rows: list[Any] = [None] * len(at)
        ends = np.cumsum(np.bincount(kinds))
        groups = np.split(np.argsort(kinds, kind="stable"), ends[:-1])
        for vtable, group in zip(distinct.tolist(), groups, strict=True):
            try:
                found = self.alike(record, vtable, at[group])
            except _Broken as broken:
                broken.row = int(group[broken.row])
                raise
            for row, table in zip(group.tolist(), found, strict=True):
                rows[row] = table
        return rows

    def alike(self, record: type, vtable: int, at: Positions) -> list[Any]:
        """Decode the tables at these positions, which all have one vtable."""
        offsets, size = self.vtable(record, vtable, int(at[0]))
        self.require(at + size <= self.end, at, f"a table of {size} bytes is beyond the end")
        self.spend(len(at) * size, at)
        columns: list[list[Any]] = []
        for field, offset in zip(fields_of(record), offsets, strict=True):
            try:
                found = (
                    self.column(field, at + offset) if offset else [field.default] * len(at)
                )
            except _Broken as broken:
                broken.path.append(f".{field.name}")
                raise
            columns.append(found)
        return list(map(partial(_new, record), zip(*columns, strict=True)))

    def vtable(self, record: type, vtable: int, at: int) -> tuple[list[int], int]:
        """Return each field's offset in a table, 0 where it is absent, and the table's size.

        `at` is where the first table is that has this vtable.

        Raises:
            _Broken: if the bytes are no vtable of such a table.
        """
        if (record, vtable) in self.slots:
            return self.slots[record, vtable]
        if len(self.slots) == MAX_VTABLES:
            raise _Broken(0, at, f"more than {MAX_VTABLES} vtables", LimitError)
        if vtable < HEADER_SIZE or vtable & 1 or vtable + 4 > self.end:
            raise _Broken(0, at, f"its vtable cannot be at byte {vtable}")
        halves = self.views["<u2"][vtable // 2 :]
        length, size = halves[:2].tolist()
        if length < 4 or length & 1 or vtable + length > self.end or size < 4:
            raise _Broken(
                0, at, f"byte {vtable} is no vtable: {length} bytes for a table of {size}"
            )
        fields = fields_of(record)
        # Slots beyond those known here belong to a later version of the schema.
        offsets = halves[2 : length // 2].tolist()[: len(fields)]
        offsets += [0] * (len(fields) - len(offsets))
        self.slots[record, vtable] = offsets, size
        taken = sorted((o, f.size, f) for f, o in zip(fields, offsets, strict=True) if o)
        end = 4
        for offset, width, field in taken:
            if offset < end or offset + width > size or offset % min(width, 4):
                raise _Broken(
                    0, at, f"field {field.name!r} is at {offset} of a table of {size} bytes: "
                    "outside of it, misaligned or over another field",
                )  # fmt: skip
            end = offset + width
        for field, offset in zip(fields, offsets, strict=True):
            if field.required and not offset:
                raise _Broken(0, at, f"the required field {field.name!r} is missing")
        return offsets, size

    def column(self, field: Field, at: Positions) -> list[Any]:
        """Decode one field of many tables; `at` is where the field is in each of them."""
        if field.type in _SCALARS:
            if field.size == 8:
                self.require(at & 7 == 0, at, "an 8-byte field is misaligned")
            return cast("list[Any]", self.read(field.dtype, at).tolist())
        return self.reader(field.type)(self.follow(at))

    def reader(self, kind: str | type) -> Callable[[Positions], list[Any]]:
        """Return what decodes the things that a field's offsets lead to."""
        if isinstance(kind, type):
            return partial(self.vectors, partial(self.tables, kind))
        if kind in _VECTORS:
            return partial(self.numbers, _VECTORS[kind])
        return partial(self.vectors, self.strings) if kind == "[string]" else self.strings

    def vectors(self, read: Callable[[Positions], list[Any]], at: Positions) -> list[Any]:
        """Decode the vectors at these positions, of offsets to what `read` decodes."""
        elements, ends = self.elements(at, 4)
        try:
            return _cut(read(self.follow(elements)), ends)
        except _Broken as broken:
            owner = int(np.searchsorted(ends, broken.row, side="right"))
            broken.path.append(f"[{broken.row - (int(ends[owner - 1]) if owner else 0)}]")
            broken.row = owner
            raise

    def numbers(self, dtype: str, at: Positions) -> list[Any]:
        """Decode the vectors of numbers at these positions."""
        elements, ends = self.elements(at, int(dtype[2]))
        return _cut(self.read(dtype, elements).tolist(), ends)

    def strings(self, at: Positions) -> list[Any]:
        """Decode the strings at these positions: a length in bytes, UTF-8, a zero byte."""
        starts, counts = self.lengths(at, 1)
        stops = starts + counts
        self.require(stops < self.end, at, "a string does not end before the metadata does")
        self.require(
            self.read("<u1", stops) == 0, at, "a string does not end with a zero byte"
        )
        self.spend(int(counts.sum()) + 5 * len(at), at)
        spans = zip(starts.tolist(), stops.tolist(), strict=True)
        data = self.data
        texts = [data[start:stop] for start, stop in spans]
        try:
            return list(map(bytes.decode, texts))
        except UnicodeDecodeError as error:
            row, message = texts.index(error.object), f"a string is not UTF-8: {error.reason}"
            raise _Broken(row, int(at[row]), message) from None

    def elements(self, at: Positions, size: int) -> tuple[Positions, Positions]:
        """Return where the vectors' elements are, and their number up to each one's end."""
        starts, counts = self.lengths(at, size)
        self.require(starts % size == 0, at, "a vector is misaligned")
        ends = counts.cumsum()
        total = int(ends[-1]) if ends.size else 0
        self.spend(total * size + 4 * len(at), at)
        firsts = (starts - (ends - counts) * size).repeat(counts)
        return firsts + np.arange(total) * size, ends

    def lengths(self, at: Positions, size: int) -> tuple[Positions, Positions]:
        """Return where the vectors' first elements are, and how many elements each has."""
        starts, counts = at + 4, self.read(_OFFSET, at).astype(np.int64)
        self.require(starts + counts * size <= self.end, at, "a vector is beyond the end")
        return starts, counts

    def follow(self, at: Positions) -> Positions:
        """Return where the offsets at these positions lead to, all multiples of 4."""
        offsets = self.read(_OFFSET, at)
        targets: Positions = at + offsets
        good = (offsets != 0) & (targets & 3 == 0) & (targets <= self.end - 4)
        self.require(good, at, "an offset is 0 or leads to where nothing can be")
        return targets

    def read(self, dtype: str, at: Positions) -> Array:
        """Return the numbers at these positions, which are multiples of their size."""
        numbers: Array = self.views[dtype][at >> _SHIFTS[dtype[2]]]
        return numbers

    def require(self, good: NDArray[np.bool_], at: Positions, message: str) -> None:
        """Check that everything is good, or say where the first thing is that is not."""
        if not _all(good):
            row = int(np.argmin(good))
            raise _Broken(row, int(at[row]), f"{message} (metadata ends at {self.end})")

    def spend(self, size: int, at: Positions) -> None:
        """Count `size` bytes as read; an honest file has each of its bytes read once."""
        self.bytes_left -= size
        if self.bytes_left < 0:
            message = "tables, vectors or strings are shared or overlap"
            raise _Broken(0, int(at[0]), message, LimitError)


def _all(good: NDArray[np.bool_]) -> bool:
    """Tell whether everything is true; for few, several times as fast as numpy's own."""
    return _FALSE not in good.tobytes()


def _cut(elements: list[Any], ends: Positions) -> list[tuple[Any, ...]]:
    """Return a tuple for each vector of elements that were decoded together."""
    count = int(ends[0]) if ends.size else 0
    if count and _all(ends == np.arange(count, count * (len(ends) + 1), count)):
        return list(zip(*[iter(elements)] * count, strict=True))
    return [tuple(elements[start:end]) for start, end in pairwise([0, *ends.tolist()])]

"""Faults 12 to 23: the metadata's bytes, with every checksum made right again."""

import struct
import tracemalloc
import zlib
from collections.abc import Callable
from functools import partial

import pytest

import wnnx
from tests.schema.damage import Table, file_of, front_of, model_of, poked, root, sealed
from tests.schema.networks import everything, linear
from wnnx import decode as decode_module
from wnnx import header, limits, writer
from wnnx.decode import decode
from wnnx.errors import FormatError, GraphError, LimitError
from wnnx.records import OpRecord

VALID = wnnx.to_bytes(everything())
ROOT = root(VALID)
GRAPH = ROOT.item("graphs", 0)
NODE = GRAPH.item("nodes", 2)
END = front_of(VALID).metadata_end


def refuses(data: bytes, message: str, error: type[FormatError] = FormatError) -> None:
    with pytest.raises(error, match=message):
        wnnx.from_bytes(data)


@pytest.mark.parametrize("at", [0, 4, 60, 63, END - 3, END, END + 4, 2**31, 2**32 - 4])
def test_12_root_offset_out_of_range(at: int) -> None:
    refuses(sealed(VALID, root=at), "the root table")


@pytest.mark.parametrize("vtable", [-(2**31) + 100, -4, 0, 62, END - 2, END, END + 4])
def test_13_vtable_out_of_range(vtable: int) -> None:
    distance = NODE.at - vtable
    data = poked(VALID, "<i", NODE.at, max(min(distance, 2**31 - 1), -(2**31)))
    refuses(data, r"graphs\[0\]\.nodes\[2\]: byte .* vtable")


def test_14_odd_vtable() -> None:
    refuses(poked(VALID, "<i", NODE.at, NODE.at - NODE.vtable - 1), "its vtable cannot be at")
    for length in (0, 1, 2, 3, 5, 7, 0xFFFE, 0xFFFF):
        refuses(poked(VALID, "<H", NODE.vtable, length), "is no vtable")


def test_15_slot_beyond_its_table() -> None:
    for offset in (1, 2, 3, 200, 0xFFFC):
        refuses(poked(VALID, "<H", NODE.slot("inputs"), offset), "field 'inputs' is at")
    refuses(poked(VALID, "<H", NODE.vtable + 2, 0xFFFF), "table of 65535 bytes")


def test_15_two_slots_over_each_other() -> None:
    place = NODE.field("outputs") - NODE.at
    refuses(poked(VALID, "<H", NODE.slot("inputs"), place), "over another field")


@pytest.mark.parametrize("name", ["name", "inputs", "attrs"])
def test_16_offset_zero(name: str) -> None:
    where = rf"graphs\[0\]\.nodes\[2\]\.{name}: byte \d+: an offset is 0"
    refuses(poked(VALID, "<I", NODE.field(name), 0), where)


def test_16_offset_zero_in_a_vector() -> None:
    at = GRAPH.target("nodes") + 4 + 8
    refuses(poked(VALID, "<I", at, 0), r"graphs\[0\]\.nodes\[2\]: byte \d+: an offset is 0")


@pytest.mark.parametrize("change", [1, 2, 3])
@pytest.mark.parametrize("name", ["name", "inputs", "attrs"])
def test_17_misaligned(name: str, change: int) -> None:
    at = NODE.field(name)
    offset = struct.unpack_from("<I", VALID, at)[0]
    refuses(poked(VALID, "<I", at, offset + change), "leads to where nothing can be")


def test_17_misaligned_eight_byte_field() -> None:
    tensor = ROOT.item("tensors", 1)
    place = tensor.field("offset") - tensor.at
    data = poked(VALID, "<H", tensor.slot("offset"), place + 4)
    refuses(data, r"tensors\[\d+\]")
    vector = ROOT.item("tensors", 0).field("shape")
    offset = struct.unpack_from("<I", VALID, vector)[0]
    refuses(poked(VALID, "<I", vector, offset + 4), r"tensors\[0\]\.shape")


@pytest.mark.parametrize("count", [2**32 - 1, 2**31, 2**30, 2**29, END])
@pytest.mark.parametrize("name", ["name", "inputs", "attrs"])
def test_18_vector_length(name: str, count: int) -> None:
    refuses(poked(VALID, "<I", NODE.target(name), count), r"nodes\[2\]\." + name)


def test_19_string_unterminated() -> None:
    at = NODE.target("name")
    refuses(poked(VALID, "<I", at, 2), "a string does not end with a zero byte")
    refuses(poked(VALID, "<B", at + 4 + len("odd"), 1), "does not end with a zero byte")


def test_19_string_not_utf8() -> None:
    where = r"graphs\[0\]\.nodes\[2\]\.name: byte \d+: a string is not UTF-8"
    for byte in (0xFF, 0xC0, 0x80, 0xED):
        refuses(poked(VALID, "<B", NODE.target("name") + 4, byte), where)


class Metadata:
    """A FlatBuffer written from front to back by hand, to say what no writer would."""

    def __init__(self) -> None:
        self.data = bytearray(header.SIZE)

    def put(self, code: str, *numbers: int) -> int:
        """Append numbers and return where they are."""
        at = len(self.data)
        self.data += struct.pack(f"<{code}", *numbers)
        return at

    def vtable(self, slots: list[int], size: int) -> int:
        """Append a vtable and padding to a multiple of 4."""
        at = self.put(f"{2 + len(slots)}H", 4 + 2 * len(slots), size, *slots)
        self.data += bytes(-len(self.data) % 4)
        return at

    def table(self, vtable: int, fields: int) -> int:
        """Append a table with `fields` offsets, still 0."""
        at = len(self.data)
        return self.put(f"i{fields}I", at - vtable, *[0] * fields)

    def point(self, at: int, target: int) -> None:
        """Let the offset at `at` lead to `target`."""
        struct.pack_into("<I", self.data, at, target - at)

    def text(self, text: bytes) -> int:
        """Append a string and padding to a multiple of 4."""
        at = self.put("I", len(text))
        self.data += text + b"\0"
        self.data += bytes(-len(self.data) % 4)
        return at

    def file(self, table: int) -> bytes:
        """Return a whole file with this root table and no tensors."""
        data, end = self.data, len(self.data)
        start = header.aligned(end)
        head = header.Header(table, end, start, start, zlib.crc32(data[header.SIZE :]))
        return header.pack(head) + bytes(data[header.SIZE :]) + bytes(start - end)


def shared_tables(count: int) -> bytes:
    """Return a file whose `count` graphs all are one table of `count` nodes, all one table."""
    m = Metadata()
    model = m.table(m.vtable([0, 0, 0, 0, 4], 8), 1)
    graphs = m.put(f"I{count}I", count, *[0] * count)
    graph = m.table(m.vtable([4, 0, 0, 0, 8], 12), 2)
    nodes = m.put(f"I{count}I", count, *[0] * count)
    node = m.table(m.vtable([4], 8), 1)
    name = m.text(b"abc")
    m.point(model + 4, graphs)
    m.point(graph + 4, name)
    m.point(graph + 8, nodes)
    m.point(node + 4, name)
    for index in range(count):
        m.point(graphs + 4 + 4 * index, graph)
        m.point(nodes + 4 + 4 * index, node)
    return m.file(model)


def shared_strings(count: int) -> bytes:
    """Return a file whose operators all have the one name, as long as they are many."""
    m = Metadata()
    model = m.table(m.vtable([0, 0, 4], 8), 1)
    ops = m.put(f"I{count}I", count, *[0] * count)
    vtable = m.vtable([4, 8], 12)
    tables = [m.table(vtable, 2) for _ in range(count)]
    name = m.text(b"a" * 16 * count)
    m.point(model + 4, ops)
    for index, table in enumerate(tables):
        m.point(ops + 4 + 4 * index, table)
        m.point(table + 4, name)
        m.point(table + 8, name)
    return m.file(model)


def counted(action: Callable[[], None]) -> int:
    """Return the most memory an action had at once, in bytes."""
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_20_shared_table_bomb() -> None:
    for count in (10, 2000):
        data = shared_tables(count)
        peak = counted(partial(refuses, data, "are shared", LimitError))
        assert peak < 50 * len(data) + 2_000_000


def test_21_shared_string_bomb() -> None:
    data = shared_strings(20_000)  # 20 000 times 320 000 bytes, were each of them read
    assert counted(lambda: refuses(data, "are shared", LimitError)) < 50 * len(data)


def test_20_many_vtables_are_refused() -> None:
    m = Metadata()
    count = limits.MAX_VTABLES + 1
    model = m.table(m.vtable([0, 0, 0, 4], 8), 1)
    tensors = m.put(f"I{count}I", count, *[0] * count)
    m.point(model + 4, tensors)
    for index in range(count):
        m.point(tensors + 4 + 4 * index, m.table(m.vtable([], 4), 0))
    refuses(m.file(model), "more than 1024 vtables", LimitError)


def test_20_more_tables_than_are_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode_module, "MAX_TABLES", 20)
    refuses(VALID, "more than 20 tables", LimitError)


@pytest.mark.parametrize(
    ("table", "name"),
    [
        (GRAPH, "name"),
        (NODE, "name"),
        (GRAPH.item("values", 0), "name"),
        (ROOT.item("ops", 0), "name"),
        (NODE.item("attrs", 0), "key"),
        (ROOT.item("metadata", 0), "value"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.record.__name__,
)
def test_22_required_field_missing(table: Table, name: str) -> None:
    # A vtable may be that of several kinds of table: the first of them is reported.
    data = poked(VALID, "<H", table.slot(name), 0)
    refuses(data, r"the required field '\w+' is missing")


def test_22_no_graph() -> None:
    model = model_of(linear())._replace(graphs=(), tensors=())
    with pytest.raises(GraphError, match="graphs: there is no graph"):
        wnnx.from_bytes(file_of(model, b""))


def test_23_metadata_over_256_megabytes() -> None:
    large = header.SIZE + limits.MAX_METADATA_BYTES + 1
    start = header.aligned(large)
    packed = header.pack(header.Header(64, large, start, start, 0))
    with pytest.raises(LimitError, match="at most 268435456"):
        header.unpack(packed, start)


def test_23_metadata_over_the_limit_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "MAX_METADATA_BYTES", 100)
    with pytest.raises(LimitError, match="at most 100"):
        wnnx.to_bytes(linear())


def test_a_later_versions_fields_are_ignored() -> None:
    """A table may have more slots than are known here: tables grow at the end."""
    m = Metadata()
    model = m.table(m.vtable([0, 0, 4, 0, 0, 0, 8, 12], 16), 3)
    ops = m.put("II", 1, 0)
    op = m.table(m.vtable([4, 8], 12), 2)
    m.point(model + 4, ops)
    m.point(ops + 4, op)
    for slot, text in ((4, b""), (8, b"crop")):
        m.point(op + slot, m.text(text))
    m.data[model + 8 : model + 16] = b"\xff" * 8
    assert decode(bytes(m.data), model).ops == (OpRecord("", "crop", 1),)

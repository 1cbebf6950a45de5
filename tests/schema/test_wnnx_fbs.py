"""The schema is said twice, in wnnx.fbs and in the records: here the two are held together."""

import re
import subprocess
from pathlib import Path

import pytest

from wnnx import records
from wnnx._generated import wnnx_generated
from wnnx.decode import fields_of
from wnnx.types import DTYPES

SCHEMA = Path(__file__).parents[2] / "schema"
TEXT = re.sub(r"//.*", "", (SCHEMA / "wnnx.fbs").read_text())
ENUMS = ("DType", "Precision", "AttrKind")
RECORDS = {
    "OpDecl": records.OpRecord,
    "Tensor": records.TensorRecord,
    "Value": records.ValueRecord,
    "Attr": records.AttrRecord,
    "Node": records.NodeRecord,
    "Graph": records.GraphRecord,
    "Entry": records.EntryRecord,
    "Model": records.ModelRecord,
}
NAMES = {record: f"[{name}]" for name, record in RECORDS.items()}


def block(kind: str, name: str) -> str:
    """Return what wnnx.fbs has between the braces of a table or an enum."""
    found = re.search(rf"{kind} {name}\b[^{{]*{{(.*?)}}", TEXT, re.DOTALL)
    assert found is not None
    return found[1]


def test_every_table_has_a_record() -> None:
    assert re.findall(r"table (\w+)", TEXT) == list(RECORDS)


@pytest.mark.parametrize("name", RECORDS)
def test_slots_are_the_same(name: str) -> None:
    wanted = re.findall(
        r"(\w+): ([^ ;]+)(?: = (-?\d+))?( \(required\))?;", block("table", name)
    )
    assert len(wanted) == block("table", name).count(";")
    fields = fields_of(RECORDS[name])
    assert [field.name for field in fields] == [slot for slot, *_ in wanted]
    for field, (_, type, default, required) in zip(fields, wanted, strict=True):
        ours = NAMES[field.type] if not isinstance(field.type, str) else field.type
        assert ours == ("ubyte" if type in ENUMS else type)
        assert field.required == bool(required)
        if isinstance(field.default, int):
            assert field.default == int(default or 0)
        elif not required:
            assert not field.default


@pytest.mark.parametrize(
    ("enum", "names"),
    [
        ("DType", records.DTYPES),
        ("Precision", ("unspecified", *records.PRECISIONS[1:])),
        ("AttrKind", records.ATTRIBUTE_KINDS),
    ],
)
def test_enums_are_the_same(enum: str, names: tuple[str, ...]) -> None:
    numbered = re.findall(r"(\w+) = (\d+)", block("enum", enum))
    assert numbered == [(name, str(number)) for number, name in enumerate(names)]
    generated = getattr(wnnx_generated, enum)
    assert [getattr(generated, name) for name in names] == list(range(len(names)))


def test_every_dtype_of_the_graph_can_be_stored() -> None:
    assert records.DTYPES[1:] == DTYPES


@pytest.mark.flatc
def test_regenerating_gives_the_same_bytes(tmp_path: Path) -> None:
    subprocess.run([SCHEMA / "regenerate.sh", tmp_path], check=True)
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (SCHEMA / "wnnx/_generated" / path.name).read_bytes()

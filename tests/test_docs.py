"""The code that README and the pages show does what they say."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nnbuilder as nn
from wnnx.ops.registry import schemas
from wnnx.types import shape_text
from wnnxruntime import Session

ROOT = Path(__file__).parents[1]


def blocks(page: str) -> list[str]:
    """Return the Python blocks of a page, in order."""
    return re.findall(r"```python\n(.*?)```", (ROOT / page).read_text(), re.DOTALL)


def test_readme_builds_and_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    weight, bias = rng.normal(size=(12, 4)).astype("<f4"), rng.normal(size=12).astype("<f4")
    weight.tofile("a.bin")
    bias.tofile("b.bin")
    build, run = blocks("README.md")
    x = rng.normal(size=(3, 4)).astype(np.float32)
    exec(build, {})
    names: dict[str, Any] = {"x": x}
    exec(run, names)
    expected = np.maximum(x @ weight.astype(np.float16).astype(np.float32).T + bias, 0)
    np.testing.assert_allclose(names["y"], expected, rtol=1e-5)


def test_the_custom_operator_of_the_page_runs_from_a_file(tmp_path: Path) -> None:
    define, call = blocks("docs/operators.md")
    b = nn.Builder("custom")
    # A module's name of its own, as a user's file has: annotations are looked up there.
    names: dict[str, Any] = {"b": b, "x": b.input("x", ("N", 3)), "__name__": "page"}
    exec(define + call, names)
    b.output(names["y"], name="y")
    b.serialize_to_file(tmp_path / "custom.wnnx")
    x = np.array([[-1, 2, 3]], np.float32)
    found = Session(tmp_path / "custom.wnnx").run({"x": x})["y"]
    np.testing.assert_array_equal(found, [[0, 2, 4.5]])


def test_the_page_lists_every_operator() -> None:
    rows = re.findall(
        r"^\| [^|]+ \| (`.*`) \|$", (ROOT / "docs/operators.md").read_text(), re.M
    )
    listed = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert listed == {s.name for s in schemas() if "::" not in s.name}


def test_shapes_are_written_as_the_page_says() -> None:
    b = nn.Builder()
    x = b.input("image", ("N", 3, "H", "W"))
    weight = nn.constant(np.zeros((64, 3, 3, 3), np.float32))
    y = b.flatten(b.conv(x, weight, stride=2, padding=1), start_dim=1)
    page = (ROOT / "docs/building.md").read_text()
    assert "(N, 64, (H - 1)//2 + 1, (W - 1)//2 + 1)" in page
    assert shape_text(b.graph.nodes[0].output.shape) in page
    assert str(y.shape[0]) == "N"


@pytest.mark.parametrize(
    "page", ["README.md", *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))]
)
def test_links_lead_somewhere(page: str) -> None:
    for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", (ROOT / page).read_text()):
        if "://" not in target:
            assert ((ROOT / page).parent / target).exists(), target

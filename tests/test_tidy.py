"""Keeps the tree readable, the text free of any machine, and imports light."""

import subprocess
import sys
from pathlib import Path

import pytest

from wnnx.ops.registry import schemas

ROOT = Path(__file__).parents[1]
FOLDERS = ("nnbuilder", "schema", "runtime", "viz", "tests", "examples", "benchmarks")
SOURCES = sorted(
    path
    for folder in FOLDERS
    for path in (ROOT / folder).rglob("*.py")
    if "_generated" not in path.parts
)
HEAVY = ("torch", "onnx", "netron", "safetensors", "graphviz", "rich", "typer", "dukpy")


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_file_is_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400


@pytest.mark.parametrize("module", ["nnbuilder", "wnnxruntime", "wnnx", "nnviz"])
def test_import_is_light(module: str) -> None:
    script = f"import sys, {module}; print(*[m for m in {HEAVY!r} if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert result.stdout.split() == []


def test_files_of_a_family_mirror_each_other() -> None:
    """A signature, its reference kernel and its samples live in files of one name."""
    families = {s.rule.__module__ for s in schemas() if s.rule.__module__.startswith("wnnx.")}
    assert families
    for family in families:
        name = f"{family.rsplit('.', 1)[1]}.py"
        assert (ROOT / "runtime/wnnxruntime/reference" / name).is_file()
        assert (ROOT / "tests/samples" / name).is_file()

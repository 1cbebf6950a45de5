"""The command `nnviz`."""

import subprocess
import sys
from pathlib import Path

import pytest

import wnnx
from tests.viz.networks import fully_connected


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    wnnx.save(fully_connected(), tmp_path / "fc.wnnx")
    return tmp_path


def nnviz(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    script = "from nnviz.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=folder, capture_output=True, text=True, check=False, encoding="utf-8",
        env={"PYTHONUTF8": "1", "COLUMNS": "100", "PATH": ""},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "start", "held"),
    [
        ("x.svg", "<svg ", "12\u00d74"),
        ("x.dot", "digraph {", "12\u00d74"),
        ("x.html", "<!DOCTYPE html>", 'id="tensor/0"'),
    ],
)
def test_it_writes_what_the_ending_says(
    folder: Path, name: str, start: str, held: str
) -> None:
    result = nnviz(folder, "fc.wnnx", "-o", name)
    assert result.returncode == 0, result.stderr
    text = (folder / name).read_text(encoding="utf-8")
    assert text.startswith(start)
    assert held in text
    assert result.stdout == f"wrote {name} ({(folder / name).stat().st_size:,} bytes)\n"


def test_it_prints_a_table(folder: Path) -> None:
    result = nnviz(folder, "fc.wnnx", "--summary")
    assert result.returncode == 0, result.stderr
    assert "fc1" in result.stdout
    assert "float32 240, float16 72" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("none.wnnx", "-o", "x.svg"), 1, "none.wnnx"),
        (("none.wnnx",), 1, "none.wnnx"),
        (("other.wnnx", "--summary"), 1, "other.wnnx"),
        (("fc.wnnx", "-o", "none/x.dot"), 1, "none/x.dot"),
        (("fc.wnnx", "-o", "x.bmp"), 2, "x.bmp ends in none of .html, .svg"),
        ((), 2, "Missing argument"),
        (("fc.wnnx", "--port", "99999", "--no-browser"), 1, "--port"),
    ],
)
def test_a_mistake_is_one_clear_line(
    folder: Path, arguments: tuple[str, ...], status: int, said: str
) -> None:
    (folder / "other.wnnx").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    result = nnviz(folder, *arguments)
    assert result.returncode == status
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    if status == 1:
        assert result.stderr.count("\n") == 1
        assert result.stderr.startswith("nnviz: ")


def test_a_hostile_file_name_is_text_in_the_terminal(tmp_path: Path) -> None:
    result = nnviz(tmp_path, "[bold]a\x1b[31m\nb.wnnx", "--summary")
    assert result.returncode == 1
    assert "[bold]a\\x1b[31m\\nb.wnnx" in result.stderr

"""The tutorial, typed along: every block of Python runs and prints what the page says."""

import contextlib
import io
import re
from pathlib import Path

import pytest

from tests.examples.running import EXAMPLES
from wnnx.errors import WnnxError

TUTORIAL = EXAMPLES.parent / "docs" / "tutorial.md"
BLOCK = re.compile(r"```python\n(.*?)```(?:\n+```text\n(.*?)```)?", re.DOTALL)


def typed(code: str, names: dict[str, object]) -> str:
    """Run a block and return what it prints; the last line may be an error's."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        try:
            exec(code, names)
        except WnnxError as error:
            print(f"{type(error).__module__}.{type(error).__name__}: {error}")  # noqa: T201
    return printed.getvalue()


def test_tutorial_prints_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "examples").symlink_to(EXAMPLES)
    monkeypatch.chdir(tmp_path)
    blocks = BLOCK.findall(TUTORIAL.read_text(encoding="utf-8"))
    assert len(blocks) >= 10
    names: dict[str, object] = {}
    for code, said in blocks:
        assert typed(code, names) == said


def test_tutorial_writes_the_network_of_the_example() -> None:
    """Each layer on the page is a line of `digits.py`."""
    example = (EXAMPLES / "02_digits" / "digits.py").read_text(encoding="utf-8")
    page = TUTORIAL.read_text(encoding="utf-8")
    layers = [
        line.strip()
        for line in example.splitlines()
        if "b.conv(" in line or "b.linear" in line
    ]
    assert len(layers) == 8
    assert [layer for layer in layers[1:] if layer not in page] == []

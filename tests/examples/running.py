"""Running an example as a user would, and reading what it printed and wrote."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import wnnx
from wnnx.types import Array

EXAMPLES = Path(__file__).parents[2] / "examples"


def run_example(script: str, folder: Path) -> str:
    """Run an example that writes to `folder`, and return what it printed."""
    command = [sys.executable, "-W", "error", str(EXAMPLES / script), str(folder)]
    environment = os.environ | {"PYTHONUTF8": "1", "COLUMNS": "120"}
    result = subprocess.run(
        command, capture_output=True, encoding="utf-8", env=environment, check=False
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def numbers(line: str) -> list[float]:
    """Return every number in a line of text."""
    return [float(text) for text in re.findall(r"-?\d+\.?\d*(?:e[+-]\d+)?", line)]


def line_with(text: str, output: str) -> str:
    """Return the first line of the output that has `text` in it."""
    return next(line for line in output.splitlines() if text in line)


def weights_of(path: Path) -> dict[str, Array]:
    """Return every constant of a file by name."""
    return {constant.name: constant.array for constant in wnnx.load(path).constants}


def imported(path: Path) -> Any:
    """Return a script as a module."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

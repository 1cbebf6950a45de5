"""The tests of onnx's backend suite that do not pass as they stand, each with its reason."""

from pathlib import Path


def known_failures() -> dict[str, str]:
    """Return the reason for each test that fails, by its name."""
    return _read("known_failures.txt")


def fixed_inputs() -> dict[str, list[str]]:
    """Return for each test that passes only once inputs are constants which they are.

    These are inputs of the model that an operator of ours takes as an attribute.
    """
    return {name: inputs.split() for name, inputs in _read("fixed_inputs.txt").items()}


def _read(name: str) -> dict[str, str]:
    lines = Path(__file__).with_name(name).read_text().splitlines()
    return dict(line.split(": ", 1) for line in lines)

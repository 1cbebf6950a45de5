"""What a new user does wrong, and the one clear line that says so."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import nnbuilder as nn
import wnnx
from wnnx.errors import (
    DTypeError,
    FileMissingError,
    FormatError,
    GraphError,
    RunError,
    ShapeError,
    WeightError,
    WnnxError,
)
from wnnxruntime import Session


def image_network() -> tuple[nn.Builder, wnnx.Value]:
    b = nn.Builder("net")
    return b, b.input("image", (1, 4, 32, 32))


def wrong_channels(folder: Path) -> None:
    b, image = image_network()
    with b.scope("stem"):
        b.conv(image, nn.constant(np.zeros((64, 3, 7, 7), np.float32)))


def missing_file(folder: Path) -> None:
    np.zeros(4, np.float32).tofile(folder / "fc0.weight.bin")
    nn.from_numpy_bin(folder / "fc0.wieght.bin", (4,))


def wrong_byte_count(folder: Path) -> None:
    np.zeros(50, np.float32).tofile(folder / "a.bin")
    nn.from_numpy_bin(folder / "a.bin", (12, 4))


def duplicate_name(folder: Path) -> None:
    b, image = image_network()
    b.relu(image, name="act")
    b.relu(image, name="act")


def no_output(folder: Path) -> None:
    b, image = image_network()
    b.relu(image)
    b.serialize_to_file(folder / "net.wnnx")


def saved(folder: Path) -> Path:
    b, image = image_network()
    b.output(b.relu(image), name="y")
    b.serialize_to_file(folder / "net.wnnx")
    return folder / "net.wnnx"


def unknown_input(folder: Path) -> None:
    Session(saved(folder)).run({"img": np.zeros((1, 4, 32, 32), np.float32)})


def wrong_run_dtype(folder: Path) -> None:
    Session(saved(folder)).run({"image": np.zeros((1, 4, 32, 32))})


def wrong_dtype(folder: Path) -> None:
    b, image = image_network()
    b.add(image, b.input("n", (1,), "int64"))


def truncated(folder: Path) -> None:
    path = saved(folder)
    path.write_bytes(path.read_bytes()[:-100])
    wnnx.load(path)


def another_kind(folder: Path) -> None:
    np.savez(folder / "weights.npz", a=np.zeros(3))
    wnnx.load(folder / "weights.npz")


MISTAKES: list[tuple[Callable[[Path], None], type[WnnxError], str]] = [
    (
        wrong_channels,
        ShapeError,
        'conv "stem/conv": "image" has 4 channels, but weight "stem.weight" (64, 3, 7, 7) '
        "with groups=1 takes 3",
    ),
    (missing_file, FileMissingError, "fc0.weight.bin"),
    (wrong_byte_count, WeightError, "200 bytes"),
    (
        duplicate_name,
        GraphError,
        'relu "act": a layer has that name already; names are unique',
    ),
    (no_output, GraphError, "the network has no output; mark one: b.output(value, name='y')"),
    (unknown_input, RunError, "unknown input 'img'; did you mean 'image'?"),
    (
        wrong_run_dtype,
        RunError,
        "input 'image' is float64; expected float32: pass image.astype('float32')",
    ),
    (
        wrong_dtype,
        DTypeError,
        'add "add": "image" is float32, but "n" is int64; cast one of them',
    ),
    (truncated, FormatError, "net.wnnx"),
    (another_kind, FormatError, "zip"),
]


@pytest.mark.parametrize(
    ("mistake", "error", "message"), MISTAKES, ids=[m[0].__name__ for m in MISTAKES]
)
def test_one_clear_line(
    mistake: Callable[[Path], None], error: type[WnnxError], message: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=re.escape(message)) as raised:
        mistake(tmp_path)
    assert len(str(raised.value).splitlines()) == 1
    assert not (tmp_path / "net.wnnx").exists() or mistake is not no_output

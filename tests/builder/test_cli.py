"""The command `nnbuilder`, called as a shell would."""

import json
from pathlib import Path

import numpy as np
import pytest

import nnbuilder as nn
from nnbuilder.cli import main
from wnnx.types import Array

WEIGHT = np.random.default_rng(0).normal(size=(3, 4)).astype(np.float32)


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """x (N, 4) -> relu(x @ W.T)."""
    b = nn.Builder("net")
    x = b.input("x", ("N", 4))
    b.output(b.relu(b.linear(x, nn.constant(WEIGHT), name="fc")), name="y")
    b.serialize_to_file(tmp_path / "net.wnnx")
    np.save(tmp_path / "x.npy", np.ones((2, 4), np.float32))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "net.wnnx"


def call(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str | Path
) -> tuple[int, str, str]:
    """Run the command and return its exit status, output and errors."""
    monkeypatch.setattr("sys.argv", ["nnbuilder", *map(str, words)])
    monkeypatch.setenv("COLUMNS", "200")
    with pytest.raises(SystemExit) as stop:
        main()
    captured = capsys.readouterr()
    return int(stop.value.code or 0), captured.out, captured.err


def test_info_shows_what_a_file_holds(
    model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = call(monkeypatch, capsys, "info", model)
    assert status == 0
    assert "x  float32 (N, 4)" in out
    assert "y  float32 (N, 3)" in out
    assert "float32  48 bytes" in out


def test_info_as_json(
    model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = call(monkeypatch, capsys, "info", model, "--json")
    facts = json.loads(out)
    assert facts["operators"] == {"linear": 1, "relu": 1}
    assert facts["parameters"] == "12"


def test_run_on_a_file_and_save(
    model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    x: Array = np.random.default_rng(1).normal(size=(5, 4)).astype(np.float32)
    np.save(model.with_name("x.npy"), x)
    saved = model.with_name("out.npz")
    arguments = ("run", model, "-i", f"x={model.with_name('x.npy')}", "-o", saved, "--profile")
    status, out, _ = call(monkeypatch, capsys, *arguments)
    assert status == 0
    assert "(5, 3)" in out
    assert "median of 10 runs" in out
    with np.load(saved) as archive:
        np.testing.assert_allclose(archive["y"], np.maximum(x @ WEIGHT.T, 0), rtol=1e-5)


def test_run_on_random_inputs_is_the_same_for_a_seed(
    model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("run", model, "--dim", "N=7", "--seed", "3", "--output", "fc")
    status, out, _ = call(monkeypatch, capsys, *words)
    assert status == 0
    x = np.random.default_rng(3).normal(size=(7, 4)).astype(np.float32)
    assert f"{(x @ WEIGHT.T).max():.4g}" in out
    assert call(monkeypatch, capsys, *words)[1] == out


def test_verify_says_what_it_checked(
    model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = call(monkeypatch, capsys, "verify", model, "--values")
    assert status == 0
    assert "valid; 2 layers, 48 bytes of weights" in out


def test_verify_finds_nan_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    b = nn.Builder()
    bad = np.full((3, 4), np.nan, np.float32)
    b.output(b.linear(b.input("x", (1, 4)), nn.constant(bad), name="fc"), name="y")
    b.serialize_to_file(tmp_path / "nan.wnnx")
    assert call(monkeypatch, capsys, "verify", tmp_path / "nan.wnnx")[0] == 0
    status, _, err = call(monkeypatch, capsys, "verify", tmp_path / "nan.wnnx", "--values")
    assert status == 1
    assert "NaN or Inf in 'fc.weight'" in err


def test_verify_finds_a_flipped_bit(
    model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = bytearray(model.read_bytes())
    data[-5] ^= 1
    model.write_bytes(data)
    status, _, err = call(monkeypatch, capsys, "verify", model)
    assert status == 1
    assert "fc.weight" in err
    assert len(err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (("info", "absent.wnnx"), 1, "absent.wnnx"),
        (("run", "MODEL", "-i", "z=x.npy"), 1, "unknown input 'z'"),
        (("run", "MODEL", "-i", "x=absent.npy"), 1, "no such file: absent.npy"),
        (("run", "MODEL", "-i", "x"), 2, "NAME=VALUE"),
        (("run", "MODEL", "--dim", "M=2"), 1, "no input has a symbol 'M'"),
        (("run", "MODEL", "--dim", "N=two"), 2, "a size is a whole number"),
        (("run", "MODEL", "--backend", "gpu"), 1, "expected 'fast' or 'reference'"),
        (("run", "MODEL", "--output", "z"), 1, "no value is named 'z'"),
    ],
)
def test_mistakes_are_one_line(
    words: tuple[str, ...],
    status: int,
    message: str,
    model: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    found, _, err = call(monkeypatch, capsys, *(model if w == "MODEL" else w for w in words))
    assert found == status
    assert message in err
    assert "Traceback" not in err

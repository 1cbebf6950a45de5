"""The main job: what it prints and writes, against the raw files and PyTorch."""

from pathlib import Path

import numpy as np
import pytest

from tests.examples.running import (
    EXAMPLES,
    imported,
    line_with,
    numbers,
    run_example,
    weights_of,
)
from wnnxruntime import Session

DIGITS = EXAMPLES / "02_digits"


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Run the main job once; return its folder and what it printed."""
    folder = tmp_path_factory.mktemp("digits") / "made" / "here"
    return folder, run_example("02_digits/digits.py", folder)


def test_digits_are_read(digits: tuple[Path, str]) -> None:
    folder, output = digits
    rows = [
        numbers(line_with(f"{name}.wnnx", output))[-3:] for name in ("digits", "digits_fp16")
    ]
    (full, full_bytes, _), (half, half_bytes, ratio) = rows
    assert full >= 96.0
    assert abs(full - half) <= 0.5
    assert full_bytes == (folder / "digits.wnnx").stat().st_size
    assert half_bytes == (folder / "digits_fp16.wnnx").stat().st_size
    assert half_bytes / full_bytes <= 0.55
    assert ratio == pytest.approx(half_bytes / full_bytes, abs=0.001)


def test_digits_file_holds_the_raw_weights_under_their_names(digits: tuple[Path, str]) -> None:
    stored = weights_of(digits[0] / "digits.wnnx")
    raw = {path.stem: np.fromfile(path, "<f4") for path in (DIGITS / "weights").glob("*.bin")}
    assert len(raw) == 34
    assert len(stored) == len(raw) + 1  # and the 16 that pixels are divided by
    for name, array in raw.items():
        np.testing.assert_array_equal(stored[name].ravel(), array)


def test_digits_fp16_halves_only_the_weights_of_layers(digits: tuple[Path, str]) -> None:
    full = weights_of(digits[0] / "digits.wnnx")
    half = weights_of(digits[0] / "digits_fp16.wnnx")
    assert full.keys() == half.keys()
    for name, array in full.items():
        expected = array.astype(np.float16) if array.ndim > 1 else array
        assert half[name].dtype == expected.dtype, name
        np.testing.assert_array_equal(half[name], expected)


def test_digits_shows_the_network(digits: tuple[Path, str]) -> None:
    folder, output = digits
    picture = Path(line_with("picture: ", output).removeprefix("picture: "))
    assert picture.parent == folder
    drawn = picture.read_text(encoding="utf-8")
    for layer in ("stem/conv", "block/add", "separable/depthwise", "fc2"):
        assert line_with(layer, output)
        assert layer in drawn


@pytest.mark.torch
def test_digits_agrees_with_the_network_that_was_trained(digits: tuple[Path, str]) -> None:
    import torch

    network = imported(DIGITS / "train.py").DigitsNetwork().eval()
    state = network.state_dict()
    for path in (DIGITS / "weights").glob("*.bin"):
        raw = torch.tensor(np.fromfile(path, "<f4"))
        state[path.stem] = raw.reshape(state[path.stem].shape)
    network.load_state_dict(state)
    images = np.load(DIGITS / "test_images.npy").astype(np.float32)
    labels = np.load(DIGITS / "test_labels.npy")
    with torch.no_grad():
        expected = network(torch.tensor(images)).numpy()
    scale = np.abs(expected).max()
    assert np.ptp(expected, axis=0).min() > 0.1 * scale  # images are told apart

    folder, output = digits
    found = Session(folder / "digits.wnnx").run({"image": images})["logits"]
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-4 * scale)
    half = Session(folder / "digits_fp16.wnnx").run({"image": images})["logits"]
    np.testing.assert_allclose(half, expected, rtol=0, atol=1e-2 * scale)
    accuracy = 100 * float((expected.argmax(1) == labels).mean())
    printed = numbers(line_with("digits.wnnx", output))[-3]
    assert printed == pytest.approx(accuracy, abs=0.006)


@pytest.mark.torch
def test_digits_test_images_were_held_out() -> None:
    pytest.importorskip("sklearn", reason="the digits come with scikit-learn")
    train_x, _, test_x, test_y = imported(DIGITS / "train.py").load_split()
    np.testing.assert_array_equal(np.load(DIGITS / "test_images.npy"), test_x.numpy())
    np.testing.assert_array_equal(np.load(DIGITS / "test_labels.npy"), test_y.numpy())
    seen = {image.tobytes() for image in train_x.numpy()}
    assert len(train_x) == 1437
    assert not any(image.tobytes() in seen for image in test_x.numpy())

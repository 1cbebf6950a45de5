"""Real pre-trained models, imported, saved, loaded and run, against ONNX Runtime's outputs."""

from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

import nnbuilder as nn
from wnnxruntime import Session

pytestmark = pytest.mark.onnx
MODELS = Path(__file__).parents[3] / "shared/models"


@pytest.mark.parametrize(
    "stem", ["mnist_cntk", "ultraface_rfb320", "yolox_nano", "silero_vad_16k_static"]
)
def test_model_gives_the_expected_outputs_through_the_file(stem: str, tmp_path: Path) -> None:
    if not MODELS.is_dir():
        pytest.skip("the pre-trained models are not beside the checkout")
    path = MODELS / f"{stem}.onnx"
    nn.from_onnx(path).serialize_to_file(tmp_path / "model.wnnx")
    session = Session(tmp_path / "model.wnnx")
    feeds = {
        info.name: np.load(MODELS / f"{stem}.in{i}.npy")
        for i, info in enumerate(session.inputs)
    }
    found = session.run(feeds)
    declared = [value.name for value in import_module("onnx").load(path).graph.output]
    assert list(found) == declared
    for i, name in enumerate(declared):
        expected = np.load(MODELS / f"{stem}.out{i}.npy")
        assert found[name].shape == expected.shape
        assert np.abs(found[name] - expected).max() <= 1e-4 * np.abs(expected).max()

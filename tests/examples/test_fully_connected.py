"""The smallest example."""

from pathlib import Path

import numpy as np
import pytest

from tests.examples.running import line_with, numbers, run_example, weights_of
from wnnxruntime import Session


def test_fully_connected_computes_what_numpy_does(tmp_path: Path) -> None:
    output = run_example("01_fully_connected.py", tmp_path)
    weight = np.fromfile(tmp_path / "a.bin", "<f4").reshape(12, 4)
    bias = np.fromfile(tmp_path / "b.bin", "<f4")
    x = np.array([[0.5, -1.0, 2.0, 0.25]], np.float32)
    rounded = np.maximum(x @ weight.astype(np.float16).astype(np.float32).T + bias, 0)

    path = tmp_path / "created_fc_fp16.wnnx"
    np.testing.assert_allclose(Session(path).run({"x": x})["y"], rounded, rtol=1e-6, atol=1e-6)
    stored = {name: array.dtype.name for name, array in weights_of(path).items()}
    assert stored == {"fc0.weight": "float16", "fc0.bias": "float32"}

    exact = np.maximum(x @ weight.T + bias, 0)
    (printed,) = numbers(line_with("largest", output))[:1]
    assert printed == pytest.approx(np.abs(rounded - exact).max(), rel=0.05)
    assert "float32 (1, 4)" in line_with("takes", output)
    assert "float32 (1, 12)" in line_with("gives", output)

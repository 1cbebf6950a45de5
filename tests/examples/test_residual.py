"""The residual network, against its own claims and PyTorch."""

from pathlib import Path

import numpy as np
import pytest

from tests.examples.running import line_with, numbers, run_example, weights_of
from wnnx.types import Array
from wnnxruntime import Session


def test_residual_runs_as_it_says(tmp_path: Path) -> None:
    output = run_example("03_residual.py", tmp_path)
    assert 'image" float32 (N, 3, 16, 16)' in output
    assert "(5, 5)" in line_with("five at once", output)
    alone = line_with("one by one", output)
    assert "(1, 5)" in alone
    assert numbers(alone)[-1] < 1e-5
    assert numbers(line_with("differ by up to", output))[-1] > 0.05
    assert "embedding (5, 24)" in line_with("one output", output)
    assert "scores" not in line_with("one output", output)
    assert "layer2/out (5, 32, 8, 8)" in line_with("inside", output)


@pytest.mark.torch
def test_residual_agrees_with_pytorch(tmp_path: Path) -> None:
    run_example("03_residual.py", tmp_path)
    path = tmp_path / "residual.wnnx"
    rng = np.random.default_rng(7)
    image = rng.normal(size=(3, 3, 16, 16)).astype(np.float32)
    features = rng.normal(size=(3, 6)).astype(np.float32)
    found = Session(path).run({"image": image, "features": features})
    scores, embedding = residual_in_pytorch(weights_of(path), image, features)
    np.testing.assert_allclose(found["embedding"], embedding, rtol=0, atol=1e-5)
    np.testing.assert_allclose(found["scores"], scores, rtol=0, atol=1e-5)
    assert np.ptp(scores, axis=0).max() > 0.05
    other = Session(path).run({"image": image, "features": features[::-1]})
    assert np.abs(other["embedding"] - embedding).max() > 0.01  # both inputs matter


def residual_in_pytorch(
    weights: dict[str, Array], image: Array, features: Array
) -> tuple[Array, Array]:
    """Compute the residual network's scores and embedding with PyTorch's own functions."""
    import torch
    from torch.nn import functional

    state = {name: torch.tensor(array) for name, array in weights.items()}

    def conv_bn(
        x: torch.Tensor, module: str, suffix: str = "", stride: int = 1
    ) -> torch.Tensor:
        weight = state[f"{module}.conv{suffix}.weight"]
        x = functional.conv2d(x, weight, stride=stride, padding=weight.shape[-1] // 2)
        names = ("running_mean", "running_var", "weight", "bias")
        mean, var, scale, shift = (state[f"{module}.bn{suffix}.{name}"] for name in names)
        return functional.batch_norm(x, mean, var, scale, shift)

    x = functional.relu(conv_bn(torch.tensor(image), "stem"))
    for layer, stride in (("layer1", 1), ("layer2", 2), ("layer3", 1)):
        shortcut = conv_bn(x, f"{layer}.downsample", stride=stride) if stride == 2 else x
        y = functional.relu(conv_bn(x, layer, "1", stride))
        x = functional.relu(conv_bn(y, layer, "2") + shortcut)
    known = torch.cat([x.mean((2, 3)), torch.tensor(features)], 1)
    embedding = functional.normalize(known @ state["head.embed.weight"].T, dim=1)
    scores = functional.softmax(8 * embedding @ state["head.classify.weight"].T, 1)
    return scores.numpy(), embedding.numpy()

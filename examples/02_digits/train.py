"""Train the digits network and write its weights as raw float32 files.

Its results are kept beside it, so nobody has to run it; it shows where they come from, and
runs again in about a minute:

    pip install "nnbuilder[torch]" scikit-learn
    python examples/02_digits/train.py

The data are scikit-learn's digits: 1797 images of 8 x 8 pixels from 0 to 16. A fixed fifth of
them is held out. Training never sees it, and nothing is chosen by it: the number of epochs is
fixed, and the held-out images are scored once, when training is over. The same people wrote
both parts, so a high score is no surprise.
"""

from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

HERE = Path(__file__).parent
SEED = 2024
HELD_OUT = 360
EPOCHS = 60
BATCH = 64


class ResidualBlock(nn.Module):
    """Two convolutions, and a shortcut around them."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, C, H, W) to the same shape."""
        y = functional.relu(self.bn1(self.conv1(x)))
        return functional.relu(self.bn2(self.conv2(y)) + x)


class SeparableBlock(nn.Module):
    """A filter for each channel, then a mix of the channels at each pixel."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.depthwise = nn.Conv2d(
            channels, channels, 3, padding=1, groups=channels, bias=False
        )
        self.bn1 = nn.BatchNorm2d(channels)
        self.pointwise = nn.Conv2d(channels, channels, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, C, H, W) to the same shape."""
        x = functional.relu(self.bn1(self.depthwise(x)))
        return functional.relu(self.bn2(self.pointwise(x)))


class DigitsNetwork(nn.Module):
    """The network that `digits.py` writes by hand, as PyTorch has it."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential()
        self.stem.conv = nn.Conv2d(1, 32, 3, padding=1, bias=False)
        self.stem.bn = nn.BatchNorm2d(32)
        self.block = ResidualBlock(32)
        self.widen = nn.Sequential()
        self.widen.conv = nn.Conv2d(32, 64, 3, padding=1, bias=False)
        self.widen.bn = nn.BatchNorm2d(64)
        self.separable = SeparableBlock(64)
        self.fc1 = nn.Linear(64 * 2 * 2, 128)
        self.fc2 = nn.Linear(128, 10)

    def forward(self, image: Tensor) -> Tensor:
        """Map pixels from 0 to 16, (N, 1, 8, 8), to a score for each digit, (N, 10)."""
        x = functional.relu(self.stem(image / 16))
        x = functional.max_pool2d(self.block(x), 2)
        x = functional.relu(self.widen(x))
        x = functional.max_pool2d(self.separable(x), 2)
        x = functional.relu(self.fc1(x.flatten(1)))
        return cast("Tensor", self.fc2(functional.dropout(x, 0.3, self.training)))


def load_split() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return training images and labels, then the held-out ones; images are (N, 1, 8, 8)."""
    from sklearn.datasets import load_digits  # type: ignore[import-untyped]

    digits = cast("Any", load_digits())
    images = torch.tensor(digits.images, dtype=torch.float32)[:, None]
    labels = torch.tensor(digits.target)
    order = np.random.default_rng(SEED).permutation(len(labels))
    held_out, rest = order[:HELD_OUT], order[HELD_OUT:]
    return images[rest], labels[rest], images[held_out], labels[held_out]


def shifted(images: Tensor) -> Tensor:
    """Return the images, (N, 1, 8, 8), each moved by at most a pixel each way."""
    padded = functional.pad(images, (1, 1, 1, 1))
    rows, columns = torch.randint(0, 3, (2, len(images), 1, 1))
    image = torch.arange(len(images))[:, None, None]
    y = rows + torch.arange(8)[:, None]
    x = columns + torch.arange(8)
    return padded[image, 0, y, x][:, None]


def train(images: Tensor, labels: Tensor) -> DigitsNetwork:
    """Return a network trained on the images, (N, 1, 8, 8), and labels, (N,)."""
    network = DigitsNetwork()
    steps = EPOCHS * (len(images) // BATCH)
    optimizer = torch.optim.AdamW(network.parameters(), weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.005, total_steps=steps)
    for epoch in range(EPOCHS):
        order = torch.randperm(len(images))
        losses: list[float] = []
        for start in range(0, len(order) - BATCH + 1, BATCH):
            batch = order[start : start + BATCH]
            loss = functional.cross_entropy(network(shifted(images[batch])), labels[batch])
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()  # pyright: ignore[reportUnknownMemberType]
            schedule.step()
            losses.append(loss.item())
        print(f"epoch {epoch + 1:2d} of {EPOCHS}: training loss {np.mean(losses):.4f}")
    return network.eval()


def write(network: DigitsNetwork, images: Tensor, labels: Tensor) -> None:
    """Write each weight as `weights/<its name>.bin`, and the held-out images and labels."""
    folder = HERE / "weights"
    folder.mkdir(exist_ok=True)
    for name, tensor in network.state_dict().items():
        if not name.endswith("num_batches_tracked"):  # only training needs it
            tensor.numpy().astype("<f4").tofile(folder / f"{name}.bin")
    np.save(HERE / "test_images.npy", images.numpy().astype(np.uint8))
    np.save(HERE / "test_labels.npy", labels.numpy())


def main() -> None:
    """Train, score the held-out images once, write."""
    torch.manual_seed(SEED)  # pyright: ignore[reportUnknownMemberType]
    train_x, train_y, test_x, test_y = load_split()
    network = train(train_x, train_y)
    with torch.no_grad():
        correct = (network(test_x).argmax(1) == test_y).float().mean().item()
    print(f"{correct:.2%} of {len(test_x)} held-out images are recognised")
    write(network, test_x, test_y)


if __name__ == "__main__":
    main()

"""A residual network with two inputs, two outputs and a batch of any size.

    python examples/03_residual.py [folder]

A block is a Python function, its place in the network a scope. The weights are random: this is
about the wiring. Writes the network to `folder`, "out" if none is given.
"""

import sys
from pathlib import Path

import numpy as np

import nnbuilder as nn
import wnnx
from wnnxruntime import Session

FEATURES = 6
CLASSES = 5


def random_weight(rng: np.random.Generator, *shape: int) -> wnnx.Constant:
    """Return an (out, in, ...) weight that neither blows its input up nor lets it fade."""
    scale = (2 / np.prod(shape[1:])) ** 0.5
    return nn.constant(rng.normal(0, scale, shape).astype(np.float32))


def random_vector(
    rng: np.random.Generator, size: int, low: float, high: float
) -> wnnx.Constant:
    """Return (size,) numbers between `low` and `high`."""
    return nn.constant(rng.uniform(low, high, size).astype(np.float32))


def conv_bn(
    b: nn.Builder,
    rng: np.random.Generator,
    x: wnnx.Value,
    channels: tuple[int, int],
    suffix: str = "",
    *,
    size: int = 3,
    stride: int = 1,
) -> wnnx.Value:
    """Add a convolution and a batch normalization: (N, in, H, W) to (N, out, H', W')."""
    inputs, outputs = channels
    weight = random_weight(rng, outputs, inputs, size, size)
    x = b.conv(x, weight, stride=stride, padding=size // 2, name=f"conv{suffix}")
    return b.batch_norm(
        x,
        random_vector(rng, outputs, -0.5, 0.5),  # running_mean
        random_vector(rng, outputs, 0.5, 1.5),  # running_var
        random_vector(rng, outputs, 0.5, 1.5),  # weight
        random_vector(rng, outputs, -0.5, 0.5),  # bias
        name=f"bn{suffix}",
    )


def residual_block(
    b: nn.Builder,
    rng: np.random.Generator,
    x: wnnx.Value,
    channels: tuple[int, int],
    *,
    stride: int = 1,
) -> wnnx.Value:
    """Add two convolutions, and a shortcut around them that fits what comes out."""
    inputs, outputs = channels
    shortcut = x
    if stride != 1 or inputs != outputs:
        with b.scope("downsample"):
            shortcut = conv_bn(b, rng, x, channels, size=1, stride=stride)
    y = b.relu(conv_bn(b, rng, x, channels, "1", stride=stride))
    y = conv_bn(b, rng, y, (outputs, outputs), "2")
    return b.relu(y + shortcut, name="out")


def build() -> nn.Builder:
    """Write the network: an image and what else is known of it, to scores and an embedding."""
    rng = np.random.default_rng(0)
    b = nn.Builder("residual")
    image = b.input("image", ("N", 3, 16, 16))
    features = b.input("features", ("N", FEATURES))

    with b.scope("stem"):
        x = b.relu(conv_bn(b, rng, image, (3, 16)))
    with b.scope("layer1"):
        x = residual_block(b, rng, x, (16, 16))
    with b.scope("layer2"):
        x = residual_block(b, rng, x, (16, 32), stride=2)
    with b.scope("layer3"):
        x = residual_block(b, rng, x, (32, 32))

    known = b.cat([b.mean(x, dim=(2, 3)), features], dim=1)
    with b.scope("head"):
        e = b.linear(known, random_weight(rng, 24, 32 + FEATURES), name="embed")
        e = e / b.sqrt(b.sum(e * e, dim=1, keepdim=True))  # of length 1
        scores = b.linear(e, random_weight(rng, CLASSES, 24), name="classify")

    b.output(b.softmax(8 * scores, dim=1), name="scores")
    b.output(e, name="embedding")
    return b


def main(folder: Path) -> None:
    """Write the network and run it in the ways a network can be run."""
    folder.mkdir(parents=True, exist_ok=True)
    build().serialize_to_file(folder / "residual.wnnx")
    session = Session(folder / "residual.wnnx")
    for info in (*session.inputs, *session.outputs):
        print(info)

    rng = np.random.default_rng(1)
    colours = rng.normal(size=(5, 3, 1, 1))
    feeds = {
        "image": (colours + rng.normal(size=(5, 3, 16, 16))).astype(np.float32),
        "features": rng.normal(size=(5, FEATURES)).astype(np.float32),
    }
    together = session.run(feeds)
    print(f"five at once: scores {together['scores'].shape}")

    alone = [session.run({k: v[i : i + 1] for k, v in feeds.items()}) for i in range(5)]
    difference = max(
        float(np.abs(one[name][0] - together[name][i]).max())
        for i, one in enumerate(alone)
        for name in one
    )
    shape = alone[0]["scores"].shape
    print(f"one by one: scores {shape}, largest difference {difference:.1e}")

    apart = float(np.ptp(together["scores"], axis=0).max())
    print(f"scores of different images differ by up to {apart:.2f}")

    only = session.run(feeds, outputs=["embedding"])
    print(f"asked for one output: {', '.join(only)} {only['embedding'].shape}")

    # Any value of the network has a name; this one needs no "features".
    inner = session.run({"image": feeds["image"]}, outputs=["layer2/out"])
    print(f"asked for a value inside: layer2/out {inner['layer2/out'].shape}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "out"))

"""A network that reads handwritten digits, written layer by layer from raw weight files.

    python examples/02_digits/digits.py [folder]

The weights beside this file were trained in PyTorch by `train.py`; here are only numpy and the
`.bin` files. Writes the network with float32 and with float16 weights to `folder` ("out" if
none is given), runs both on images that training never saw, and draws a picture.
"""

import sys
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

import nnbuilder as nn
import nnviz
import wnnx
from wnnxruntime import Session

HERE = Path(__file__).parent


def weight(name: str, *shape: int) -> wnnx.Constant:
    """Read one weight; `name` is what the trained network's `state_dict` called it."""
    return nn.from_numpy_bin(HERE / "weights" / f"{name}.bin", shape)


def batch_norm(b: nn.Builder, x: wnnx.Value, module: str, channels: int) -> wnnx.Value:
    """Normalise each channel of `x`, (N, C, H, W), with the statistics of `module`."""
    return b.batch_norm(
        x,
        weight(f"{module}.running_mean", channels),
        weight(f"{module}.running_var", channels),
        weight(f"{module}.weight", channels),
        weight(f"{module}.bias", channels),
        name=module.split(".")[-1],
    )


def build() -> nn.Builder:
    """Write the network: pixels from 0 to 16, (N, 1, 8, 8), to a score per digit, (N, 10)."""
    b = nn.Builder("digits")
    image = b.input("image", ("N", 1, 8, 8))
    x = image / 16

    with b.scope("stem"):
        x = b.conv(x, weight("stem.conv.weight", 32, 1, 3, 3), padding=1, name="conv")
        x = b.relu(batch_norm(b, x, "stem.bn", 32))

    with b.scope("block"):
        shortcut = x
        x = b.conv(x, weight("block.conv1.weight", 32, 32, 3, 3), padding=1, name="conv1")
        x = b.relu(batch_norm(b, x, "block.bn1", 32))
        x = b.conv(x, weight("block.conv2.weight", 32, 32, 3, 3), padding=1, name="conv2")
        x = b.relu(batch_norm(b, x, "block.bn2", 32) + shortcut)

    x = b.max_pool(x, kernel_size=2)  # 8 x 8 to 4 x 4

    with b.scope("widen"):
        x = b.conv(x, weight("widen.conv.weight", 64, 32, 3, 3), padding=1, name="conv")
        x = b.relu(batch_norm(b, x, "widen.bn", 64))

    with b.scope("separable"):
        depthwise = weight("separable.depthwise.weight", 64, 1, 3, 3)
        x = b.conv(x, depthwise, padding=1, groups=64, name="depthwise")
        x = b.relu(batch_norm(b, x, "separable.bn1", 64))
        x = b.conv(x, weight("separable.pointwise.weight", 64, 64, 1, 1), name="pointwise")
        x = b.relu(batch_norm(b, x, "separable.bn2", 64))

    x = b.max_pool(x, kernel_size=2)  # 4 x 4 to 2 x 2
    x = b.flatten(x, start_dim=1)
    x = b.linear(x, weight("fc1.weight", 128, 256), weight("fc1.bias", 128), name="fc1")
    x = b.relu(x)
    x = b.linear(x, weight("fc2.weight", 10, 128), weight("fc2.bias", 10), name="fc2")
    b.output(x, name="logits")
    return b


def accuracy(path: Path) -> float:
    """Return the part of the held-out images that the network in `path` recognises."""
    images = np.load(HERE / "test_images.npy").astype(np.float32)
    labels = np.load(HERE / "test_labels.npy")
    logits = Session(path).run({"image": images})["logits"]
    return float((logits.argmax(axis=1) == labels).mean())


def comparison(paths: list[Path]) -> Table:
    """Return accuracy and size of each file, and its size relative to the first."""
    count = len(np.load(HERE / "test_labels.npy"))
    table = Table(title=f"{count} images that training never saw")
    table.add_column("file")
    for heading in ("accuracy", "bytes", "ratio"):
        table.add_column(heading, justify="right")
    for path in paths:
        size = path.stat().st_size
        ratio = size / paths[0].stat().st_size
        table.add_row(path.name, f"{accuracy(path):.2%}", f"{size}", f"{ratio:.3f}")
    return table


def draw(graph: wnnx.Graph, folder: Path) -> Path:
    """Draw the network, as a page where the extra `svg` is missing; return the path."""
    try:
        path, text = folder / "digits.svg", nnviz.to_svg(graph)
    except nnviz.ViewError:
        path, text = folder / "digits.html", nnviz.to_html(graph)
    path.write_text(text, encoding="utf-8")
    return path


def main(folder: Path) -> None:
    """Write, run, show."""
    folder.mkdir(parents=True, exist_ok=True)
    full, half = folder / "digits.wnnx", folder / "digits_fp16.wnnx"

    b = build()
    b.serialize_to_file(full)
    b.set_fp16_enable()
    b.serialize_to_file(half)

    Console().print(comparison([full, half]))
    graph = wnnx.load(half)
    print(nnviz.summary(graph))
    print(f"picture: {draw(graph, folder)}")
    print(f"to look around in it: nnviz {half}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "out"))

"""The smallest network: one fully connected layer, from two raw weight files to numbers.

    python examples/01_fully_connected.py [folder]

Writes everything to `folder`, "out" if none is given.
"""

import sys
from pathlib import Path

import numpy as np

import nnbuilder as nn
from wnnxruntime import Session

folder = Path(sys.argv[1] if len(sys.argv) > 1 else "out")
folder.mkdir(parents=True, exist_ok=True)

# Weights as any program can leave them: the numbers as little-endian float32, nothing else.
rng = np.random.default_rng(0)
weight = rng.standard_normal((12, 4)).astype("<f4")
bias = rng.standard_normal(12).astype("<f4")
weight.tofile(folder / "a.bin")
bias.tofile(folder / "b.bin")

# The network. A raw file does not say its shape, so the reader is told, and checks it.
b = nn.Builder("fc")
x = b.input("x", (1, 4))
w0 = nn.from_numpy_bin(folder / "a.bin", (12, 4))
b0 = nn.from_numpy_bin(folder / "b.bin", (12,))
y = b.relu(b.linear(x, w0, b0, name="fc0"))
b.output(y, name="y")

# The switch: the weight is stored in half the bytes; what goes in and out stays float32.
b.set_fp16_enable()
b.serialize_to_file(folder / "created_fc_fp16.wnnx")

# Anyone with the file can run it.
session = Session(folder / "created_fc_fp16.wnnx")
image = np.array([[0.5, -1.0, 2.0, 0.25]], np.float32)
found = session.run({"x": image})["y"]

expected = np.maximum(image @ weight.T + bias, 0)
np.set_printoptions(precision=4, suppress=True, linewidth=72)
print(f"takes   {session.inputs[0]}")
print(f"gives   {session.outputs[0]}")
print(f"found   {found[0]}")
print(f"numpy   {expected[0]}")
difference = np.abs(found - expected).max()
print(f"largest difference {difference:.1e}: the weight was rounded to float16")

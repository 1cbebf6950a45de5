"""Activations."""

from tests.samples.sample import Sample, normal
from wnnx import ops

SAMPLES = [
    Sample(ops.relu, (normal(3, 4),), lambda torch, x: torch.relu(x)),
]

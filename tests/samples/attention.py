"""Attention, and rotary positions beside their formula."""

from typing import Any

import numpy as np

from tests.samples.sample import Sample, integers, namesake, normal
from wnnx import ops
from wnnx.types import Array

QUERY, KEY, VALUE = (
    normal(2, 4, 3, 6),
    normal(2, 4, 5, 6, seed=1),
    normal(2, 4, 5, 7, seed=2),
)
# The second query sees no key at all.
SEEN = np.array([[1, 0, 1, 1, 0], [0, 0, 0, 0, 0], [1, 1, 1, 1, 1]], bool)


def attention(label: str, *inputs: Array, **attributes: Any) -> Sample:
    """Return a call beside PyTorch's."""
    return namesake(ops.scaled_dot_product_attention, *inputs, label=label, **attributes)


def rotated(torch: Any, x: Any, cos: Any, sin: Any, positions: Any = None) -> Any:
    """Return `(a + ib) * (cos + i sin)` for the pairs of halves."""
    if positions is not None:
        cos, sin = cos[positions], sin[positions]
    a, b = x.chunk(2, dim=-1)
    turned = torch.complex(a, b) * torch.complex(cos, sin).unsqueeze(-3)
    return torch.cat((turned.real, turned.imag), dim=-1)


def rotated_neighbours(torch: Any, x: Any, cos: Any, sin: Any, positions: Any) -> Any:
    """Return the same for neighbours among the first elements of heads side by side."""
    heads = x.unflatten(-1, (2, -1)).transpose(1, 2)
    turned, kept = heads[..., : 2 * cos.shape[-1]], heads[..., 2 * cos.shape[-1] :]
    pairs = torch.view_as_complex(turned.unflatten(-1, (-1, 2)).contiguous())
    angles = torch.complex(cos[positions], sin[positions]).unsqueeze(1)
    turned = torch.view_as_real(pairs * angles).flatten(-2)
    return torch.cat((turned, kept), dim=-1).transpose(1, 2).flatten(-2)


ANGLES = normal(9, 3, seed=1)
COS, SIN = np.cos(ANGLES), np.sin(ANGLES)

SAMPLES = [
    attention("plain", QUERY, KEY, VALUE),
    attention("causal", QUERY, KEY, VALUE, is_causal=True),
    attention("scale", QUERY, KEY, VALUE, scale=-0.3),
    attention("hidden", QUERY, KEY, VALUE, SEEN),
    attention("added", QUERY, KEY, VALUE, normal(2, 1, 3, 5, seed=3)),
    attention("no-axis-of-heads", QUERY[:, 0], KEY[:, 0], VALUE[:, 0], SEEN[np.newaxis]),
    attention("no-batch", QUERY[0, 0], KEY[0, 0], VALUE[0, 0]),
    attention("grouped", QUERY, KEY[:, :2], VALUE[:, :2], enable_gqa=True),
    attention("one-head-for-all", QUERY, KEY[:, :1], VALUE[:, :1], enable_gqa=True),
    attention("large", QUERY * 100, KEY, VALUE),
    attention("no-queries", QUERY[:, :, :0], KEY, VALUE),
    attention("no-keys", QUERY, KEY[:, :, :0], VALUE[:, :, :0]),
    Sample(ops.rope, (normal(2, 4, 5, 6), COS[:5], SIN[:5]), rotated),
    Sample(
        ops.rope,
        (normal(2, 4, 5, 6), COS, SIN, integers(2, 5, low=0)),
        rotated,
        label="positions",
    ),
    Sample(
        ops.rope,
        (normal(2, 5, 16), COS, SIN, integers(2, 5, low=0)),
        rotated_neighbours,
        {"interleaved": True, "num_heads": 2, "rotary_embedding_dim": 6},
        "neighbours",
    ),
]

"""Attention, and the rotation by position that goes before it."""

import math
from collections.abc import Sequence

from nnbuilder.importers.onnx.converters import Call, converts
from nnbuilder.importers.onnx.operators.scores import key_count, present, products
from wnnx.dims import Dim
from wnnx.graph import Value


@converts("Attention")
def attention(call: Call) -> Sequence[Value]:
    """Convert Attention: the layer itself, and layers for the outputs beside it."""
    b = call.builder
    query, key, value = (call.input(i) for i in range(3))
    heads = (call.integer("q_num_heads", 0), call.integer("kv_num_heads", 0))
    apart = query.rank == 3
    counts: tuple[Dim, Dim] = heads if apart else (query.shape[1], key.shape[1])
    with b.scope(call.name):
        mask = _mask(call)
        y = b.scaled_dot_product_attention(
            query,
            key,
            value,
            mask,
            call.optional(4),
            call.optional(5),
            call.optional(6),
            is_causal=bool(call.integer("is_causal", 0)),
            scale=call.attributes.get("scale"),
            enable_gqa=counts[0] != counts[1],
            softcap=call.number("softcap", 0.0) or None,
            q_num_heads=heads[0] if apart else None,
            kv_num_heads=heads[1] if apart else None,
        )
        wanted = (*call.wanted, False, False, False)[:4]
        results = [y]
        for i, new in ((1, key), (2, value)):
            results.append(present(call, new, 3 + i) if wanted[i] else y)
        results.append(products(call, mask) if wanted[3] else y)
    return results[: len(call.wanted)]


@converts("RotaryEmbedding")
def rotary_embedding(call: Call) -> Value:
    """Convert RotaryEmbedding."""
    x = call.input(0)
    return call.builder.rope(
        x,
        call.input(1),
        call.input(2),
        call.optional(3),
        interleaved=bool(call.integer("interleaved", 0)),
        num_heads=call.integer("num_heads", 0) or None if x.rank == 3 else None,
        rotary_embedding_dim=call.integer("rotary_embedding_dim", 0) or None,
        name=call.name,
    )


def _mask(call: Call) -> Value | None:
    """Return the mask; the keys beyond a short one are hidden."""
    mask = call.optional(3)
    if mask is None:
        return None
    missing = key_count(call) - mask.shape[-1]
    if not isinstance(missing, int) or missing <= 0:
        return mask
    hidden = 0.0 if mask.dtype == "bool" else -math.inf
    return call.builder.pad(mask, pad=(0, missing), value=hidden)

"""Attention and rotary positions, in numpy."""

import math

import numpy as np

from wnnx import ops
from wnnx.errors import KernelError
from wnnx.types import Array
from wnnxruntime.registry import kernel


@kernel(ops.scaled_dot_product_attention)
def scaled_dot_product_attention(
    query: Array,
    key: Array,
    value: Array,
    attn_mask: Array | None,
    past_key: Array | None,
    past_value: Array | None,
    lengths: Array | None,
    *,
    is_causal: bool,
    scale: float | None,
    enable_gqa: bool,
    softcap: float | None,
    q_num_heads: int | None,
    kv_num_heads: int | None,
) -> Array:
    """softmax(query @ key.T * scale + mask) @ value."""
    query = _split(query, q_num_heads)
    key, value = _split(key, kv_num_heads), _split(value, kv_num_heads)
    past = 0 if past_key is None else past_key.shape[-2]
    if past_key is not None and past_value is not None:
        key = np.concatenate((past_key, key), axis=-2)
        value = np.concatenate((past_value, value), axis=-2)
    if enable_gqa:
        key = np.repeat(key, query.shape[-3] // key.shape[-3], axis=-3)
        value = np.repeat(value, query.shape[-3] // value.shape[-3], axis=-3)
    scale = 1 / math.sqrt(max(query.shape[-1], 1)) if scale is None else scale
    scores = (query * scale) @ key.swapaxes(-1, -2)
    if softcap is not None:
        scores = softcap * np.tanh(scores / softcap)
    if attn_mask is not None and attn_mask.dtype != bool:
        scores = scores + attn_mask
    elif attn_mask is not None:
        scores = np.where(attn_mask, scores, -np.inf)
    if is_causal:
        causal = np.tri(scores.shape[-2], scores.shape[-1], past, dtype=bool)
        scores = np.where(causal, scores, -np.inf)
    if lengths is not None:
        scores = np.where(_within(lengths, scores), scores, -np.inf)
    y = _softmax(scores) @ value
    return np.asarray(y if q_num_heads is None else _joined(y))


@kernel(ops.rope)
def rope(
    x: Array,
    cos_cache: Array,
    sin_cache: Array,
    position_ids: Array | None,
    *,
    interleaved: bool,
    num_heads: int | None,
    rotary_embedding_dim: int | None,
) -> Array:
    """(a * cos - b * sin, a * sin + b * cos) for every pair (a, b)."""
    heads = _split(x, num_heads)
    turned = heads.shape[-1] if rotary_embedding_dim is None else rotary_embedding_dim
    if position_ids is not None:
        wrong = position_ids[(position_ids < 0) | (position_ids >= len(cos_cache))]
        if wrong.size:
            raise KernelError(
                f"position {wrong[0]} is out of range; the caches have {len(cos_cache)} rows"
            )
        cos_cache, sin_cache = cos_cache[position_ids], sin_cache[position_ids]
    angles = (heads.shape[0], 1, heads.shape[2], turned // 2)
    cos, sin = (
        np.broadcast_to(cache, (angles[0], *angles[2:])).reshape(angles)
        for cache in (cos_cache, sin_cache)
    )
    first, second = slice(0, turned // 2), slice(turned // 2, turned)
    if interleaved:
        first, second = slice(0, turned, 2), slice(1, turned, 2)
    a, b = heads[..., first], heads[..., second]
    y = heads.copy()
    y[..., first] = a * cos - b * sin
    y[..., second] = a * sin + b * cos
    return y if num_heads is None else _joined(y)


def _split(x: Array, heads: int | None) -> Array:
    """(N, steps, heads * size) to (N, heads, steps, size), where heads share an axis."""
    if heads is None:
        return x
    batch, steps, width = x.shape
    return x.reshape(batch, steps, heads, width // heads).swapaxes(1, 2)


def _joined(x: Array) -> Array:
    """(N, heads, steps, size) to (N, steps, heads * size)."""
    batch, heads, steps, size = x.shape
    return x.swapaxes(1, 2).reshape(batch, steps, heads * size)


def _within(lengths: Array, scores: Array) -> Array:
    """Tell for each score whether its key is one of those that the sequence has."""
    keys: int = scores.shape[-1]
    wrong = lengths[(lengths < 0) | (lengths > keys)]
    if wrong.size:
        raise KernelError(f"a sequence of {wrong[0]} keys; expected from 0 to {keys}")
    return np.asarray(np.arange(keys) < lengths.reshape(-1, *[1] * (scores.ndim - 1)))


def _softmax(scores: Array) -> Array:
    """Softmax over the last axis, 0 where every score is -inf."""
    largest = np.max(scores, axis=-1, keepdims=True, initial=-np.inf)
    powers = np.exp(scores - np.where(largest == -np.inf, 0, largest))
    total = np.sum(powers, axis=-1, keepdims=True)
    return np.asarray(powers / np.where(total == 0, 1, total))

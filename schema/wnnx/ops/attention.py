"""Attention, and the rotation by position that goes before it."""

from typing import Unpack

from wnnx.dims import Dim
from wnnx.errors import ArgumentError, ShapeError
from wnnx.graph import Value
from wnnx.ops.attributes import NodeOptions
from wnnx.ops.checks import broadcast, differ, require_dtype, require_rank, require_same_dtype
from wnnx.ops.heads import (
    behind,
    repeated,
    require_going,
    require_matching,
    require_shape,
    require_within,
    shaped,
    with_heads,
)
from wnnx.ops.registry import op
from wnnx.types import FLOATS, INTEGERS, Shape, TensorType, shape_text


@op
def scaled_dot_product_attention(
    query: Value,
    key: Value,
    value: Value,
    attn_mask: Value | None = None,
    past_key: Value | None = None,
    past_value: Value | None = None,
    lengths: Value | None = None,
    *,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
    softcap: float | None = None,
    q_num_heads: int | None = None,
    kv_num_heads: int | None = None,
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Return the mean of the values, weighted by how well their keys match each query.

    `softmax(query @ key.T * scale + mask) @ value`, where the mask is 0 or -inf unless
    `attn_mask` is floating point. A query that may see no key at all gives 0. With `softcap`
    the products become `softcap * tanh(products / softcap)` before the mask.

    Semantics: torch.nn.functional.scaled_dot_product_attention, and what ONNX Attention has
    beyond it: softcap, heads side by side in one axis, keys and values of earlier calls, and
    how many of them count. ONNX's present_key is `cat` of `past_key` and `key`. (Up to onnx
    1.21 its text had the softcap behind the mask, which lets hidden keys be seen.)

    Args:
        query: (..., heads, L, size), floating point; any axes in front broadcast. With
            `q_num_heads`, (N, L, heads * size).
        key: (..., heads, S, size), or (N, S, heads * size) with `kv_num_heads`.
        value: (..., heads, S, value_size), or (N, S, heads * value_size) likewise.
        attn_mask: Broadcasts to (..., heads, L, P + S): bool, True for what may be seen, or
            floating point, which is added. None hides nothing.
        past_key: (..., heads, P, size), keys in front of `key`; with `past_value` or not at
            all.
        past_value: (..., heads, P, value_size).
        lengths: (N,), integers: how many of the P + S keys each sequence of the batch has.
            The others are hidden. None for all.
        is_causal: Whether query i sees only keys up to P + i; the mask holds besides.
        scale: What the products are multiplied by; None for `1 / sqrt(size)`.
        enable_gqa: Whether keys and values may have fewer heads than the queries; each of
            them serves as many queries' heads in turn.
        softcap: The bound of the products; None for none.
        q_num_heads: Heads in the last axis of `query`; None where they have their own axis.
        kv_num_heads: Heads in the last axis of `key` and `value`; with `q_num_heads`.
        **node: The layer's name and precision.

    Returns:
        (..., heads, L, value_size), or (N, L, heads * value_size) with `q_num_heads`, of the
        element type of `query`.

    Raises:
        ShapeError: if the shapes do not go together.
        ArgumentError: if a number of heads is below 1 or stands alone, `softcap` is not above
            0, or only one of `past_key` and `past_value` is given.
        DTypeError: if an element type is not floating point, or they do not go together.
    """
    if (q_num_heads is None) != (kv_num_heads is None):
        raise ArgumentError("q_num_heads and kv_num_heads go together; one of them is missing")
    if (past_key is None) != (past_value is None):
        raise ArgumentError("past_key and past_value go together; one of them is missing")
    if softcap is not None and not softcap > 0:  # so that NaN is refused too
        raise ArgumentError(f"softcap={softcap}; expected more than 0, or None for none")
    require_dtype(query, FLOATS)
    require_same_dtype(query, key)
    require_same_dtype(query, value)
    queries = with_heads(query, q_num_heads)
    keys = with_heads(key, kv_num_heads)
    values = with_heads(value, kv_num_heads)
    if past_key is not None and past_value is not None:
        keys, values = behind(past_key, keys), behind(past_value, values)
    require_matching(queries, keys, values)
    if enable_gqa:
        keys, values = repeated(keys, queries), repeated(values, queries)
    batch = broadcast(queries, keys, without=2)
    batch = broadcast(shaped(query, (*batch, 1, 1)), values, without=2)
    scores = (*batch, queries.shape[-2], keys.shape[-2])
    _require_mask(attn_mask, query, scores)
    _require_lengths(lengths, query, batch)
    if q_num_heads is None:
        return TensorType(query.dtype, (*scores[:-1], values.shape[-1]))
    return TensorType(query.dtype, (batch[0], queries.shape[-2], batch[1] * values.shape[-1]))


@op
def rope(
    x: Value,
    cos_cache: Value,
    sin_cache: Value,
    position_ids: Value | None = None,
    *,
    interleaved: bool = False,
    num_heads: int | None = None,
    rotary_embedding_dim: int | None = None,
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Rotate pairs of elements of each head by angles that say where in a sequence it is.

    Of the first `rotary_embedding_dim` elements of a head, element k of the first half and
    element k of the second half make a pair; with `interleaved`, elements 2k and 2k + 1 do.
    `(a, b)` becomes `(a * cos - b * sin, a * sin + b * cos)`. What is behind stays as it is.

    Semantics: ONNX RotaryEmbedding.

    Args:
        x: (N, heads, L, size), floating point; with `num_heads`, (N, L, heads * size).
        cos_cache: (positions, rotary_embedding_dim / 2), the cosines of the angles, of the
            element type of `x`, or float32 next to half precision. Without `position_ids`,
            what broadcasts to (N, L, rotary_embedding_dim / 2).
        sin_cache: Likewise, the sines.
        position_ids: (N, L), integers: for each step the row of the caches. None where the
            caches are in the order of the steps already.
        interleaved: Whether the elements of a pair are neighbours.
        num_heads: Heads in the last axis of `x`; None where they have an axis of their own.
        rotary_embedding_dim: Elements of each head that turn, an even number; None for all.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.

    Raises:
        ShapeError: if the shapes do not go together.
        ArgumentError: if `num_heads` or `rotary_embedding_dim` is out of range.
        DTypeError: if an element type is not floating point, or they do not go together.
    """
    require_dtype(x, FLOATS)
    if num_heads is None:
        require_rank(x, 4, layout="(N, heads, L, size)")
    batch, _, steps, size = with_heads(x, num_heads).shape
    turned = size if rotary_embedding_dim is None else rotary_embedding_dim
    _require_even(turned, size)
    if position_ids is not None:
        require_dtype(position_ids, INTEGERS)
        require_shape("position_ids", position_ids, (batch, steps), x)
        require_rank(cos_cache, 2, layout="(positions, rotary_embedding_dim / 2)")
    for label, cache in (("cos_cache", cos_cache), ("sin_cache", sin_cache)):
        require_going(label, cache, x)
        if position_ids is None:
            require_within(label, cache, x, (batch, steps, turned // 2))
        else:
            require_shape(label, cache, (cos_cache.shape[0], turned // 2), x)
    return TensorType(x.dtype, x.shape)


def _require_mask(mask: Value | None, query: Value, scores: Shape) -> None:
    """Check that a mask, where there is one, is bool or can be added to the scores.

    Raises:
        ShapeError: if it does not broadcast to the shape of the scores.
        DTypeError: if it is neither bool nor goes with `query`.
    """
    if mask is None:
        return
    if mask.dtype != "bool":
        require_going("attn_mask", mask, query)
    require_within("attn_mask", mask, query, scores)


def _require_lengths(lengths: Value | None, query: Value, batch: Shape) -> None:
    """Check that `lengths`, where there are some, are one integer for each of the batch.

    Raises:
        ShapeError: if they are not as many, or there is no batch.
        DTypeError: if they are no integers.
    """
    if lengths is None:
        return
    require_dtype(lengths, INTEGERS)
    if not batch:
        raise ShapeError(
            f'"{query.name}" {shape_text(query.shape)} has no batch; lengths need one'
        )
    require_shape("lengths", lengths, batch[:1], query)


def _require_even(turned: Dim, size: Dim) -> None:
    """Check that as many elements of a head can turn in pairs.

    Raises:
        ArgumentError: if they are odd, none though there are some, or more than there are.
    """
    beyond = (
        isinstance(turned, int)
        and isinstance(size, int)
        and not min(2, size) <= turned <= size
    )
    if beyond or differ(turned % 2, 0):
        raise ArgumentError(
            f"{turned} elements of each head cannot turn in pairs; expected an even "
            f"rotary_embedding_dim from 2 to the size of a head, which is {size}"
        )

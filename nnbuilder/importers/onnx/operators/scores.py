"""What attention gives beside its result: keys and values with their heads, and the scores."""

import math
from typing import cast

from nnbuilder.builder import Builder
from nnbuilder.importers.onnx.converters import Call, CannotConvertError
from wnnx.dims import Dim
from wnnx.graph import Value

# What qk_matmul_output_mode may be.
MASKED = 1
CAPPED = 2
SOFTMAX = 3


def key_count(call: Call) -> Dim:
    """Return how many keys there are, those of earlier calls included.

    Raises:
        CannotConvertError: if there is no key.
    """
    past = call.optional(4)
    return call.input(1).shape[-2] + (0 if past is None else past.shape[-2])


def present(call: Call, new: Value, past: int) -> Value:
    """Return keys or values with their heads, behind those of earlier calls.

    Args:
        call: The call of Attention.
        new: The key or the value.
        past: Which input those of earlier calls are.
    """
    b = call.builder
    found, before = _with_heads(b, new, call.integer("kv_num_heads", 0)), call.optional(past)
    if before is not None:
        return b.cat(before, found, dim=-2)
    return found if found is not new else b.identity(new)


def products(call: Call, mask: Value | None) -> Value:
    """Return the scores of queries and keys, as far as qk_matmul_output_mode says.

    Raises:
        CannotConvertError: if that depends on whether the softcap goes before the mask, on
            which versions of ONNX differ.
    """
    b, mode = call.builder, call.integer("qk_matmul_output_mode", 0)
    scores, softcap = _scores(call), call.number("softcap", 0.0)
    hidden = _hidden(call, mask, scores)
    if softcap and hidden and mode in {MASKED, CAPPED}:
        raise CannotConvertError(
            f"qk_matmul_output_mode={mode} with both softcap and a mask: versions of ONNX "
            "differ on which of them goes first"
        )
    if softcap and mode in {CAPPED, SOFTMAX}:
        scores = b.mul(b.tanh(b.div(scores, softcap)), softcap)
    for bias in hidden if mode else ():
        scores = b.add(scores, bias)
    return b.softmax(scores, dim=-1) if mode == SOFTMAX else scores


def _scores(call: Call) -> Value:
    """Return the products of queries and keys, scaled."""
    b = call.builder
    query = _with_heads(b, call.input(0), call.integer("q_num_heads", 0))
    key = present(call, call.input(1), 4)
    if query.shape[1] != key.shape[1]:
        key = _repeated(b, key, query.shape[1])
    found = b.matmul(query, b.permute(key, dims=(0, 1, 3, 2)))
    scale, size = call.attributes.get("scale"), query.shape[-1]
    if scale is None and not isinstance(size, int):
        length = b.cast(b.full(shape=(), value=size, dtype="int64"), dtype=query.dtype)
        return b.div(found, b.sqrt(length))
    return b.mul(found, 1 / math.sqrt(cast("int", size)) if scale is None else scale)


def _hidden(call: Call, mask: Value | None, scores: Value) -> list[Value]:
    """Return what is added to the scores: the mask, and -inf for the keys that are hidden."""
    b, found = call.builder, list[Value]()
    steps, keys = scores.shape[-2:]
    if mask is not None:
        wide = (
            _minus_infinity(b, b.logical_not(mask), scores) if mask.dtype == "bool" else mask
        )
        found.append(wide if wide.dtype == scores.dtype else b.cast(wide, dtype=scores.dtype))
    if call.integer("is_causal", 0):
        every = b.full(shape=(steps, keys), value=-math.inf, dtype=scores.dtype)
        first = keys - call.input(1).shape[-2] + 1
        found.append(b.triu(every, b.full(shape=(), value=first, dtype="int64")))
    lengths = call.optional(6)
    if lengths is not None:
        places = b.arange(stop=keys, dtype=lengths.dtype)
        behind = b.ge(places, b.unsqueeze(lengths, dim=(1, 2, 3)))
        found.append(_minus_infinity(b, behind, scores))
    return found


def _minus_infinity(b: Builder, where: Value, scores: Value) -> Value:
    """Return -inf where `where` is true, else 0."""
    hidden = b.full(shape=(), value=-math.inf, dtype=scores.dtype)
    return b.where(where, hidden, b.full(shape=(), value=0.0, dtype=scores.dtype))


def _with_heads(b: Builder, x: Value, heads: int) -> Value:
    """Return (N, heads, steps, size)."""
    if x.rank == 4:
        return x
    batch, steps, width = x.shape
    apart = b.reshape(x, shape=(batch, steps, heads, width // heads))
    return b.permute(apart, dims=(0, 2, 1, 3))


def _repeated(b: Builder, key: Value, heads: Dim) -> Value:
    """Return keys with as many heads as the queries have, each next to its copies."""
    batch, own, steps, size = key.shape
    apart = b.unsqueeze(key, dim=2)
    copies = b.expand(apart, shape=(batch, own, heads // own, steps, size))
    return b.reshape(copies, shape=(batch, heads, steps, size))

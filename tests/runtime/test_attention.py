"""Attention: random calls against PyTorch and ONNX Runtime, and everything refused."""

from importlib import import_module
from typing import Any, TypeAlias

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.runtime.agreement import assert_agree, doubles, infer, pytorch
from tests.runtime.onnx_node import onnx_node
from tests.runtime.test_recurrent import run as run_all
from tests.samples.sample import normal
from wnnx import ops
from wnnx.errors import ArgumentError, DTypeError, KernelError, ShapeError
from wnnx.types import Array, shape_text

Call: TypeAlias = tuple[list[Array], dict[str, Any]]
ATTENTION = ops.scaled_dot_product_attention


def run(*inputs: Array | None, **attributes: Any) -> Array:
    """Run attention's reference kernel."""
    return run_all(ATTENTION, *inputs, **attributes)[0]


@st.composite
def calls(draw: st.DrawFn) -> Call:
    """Draw queries, keys, values, perhaps a mask, and attributes."""
    batch, heads, groups, queries, keys, size = (draw(st.integers(1, 4)) for _ in range(6))
    grouped = draw(st.booleans())
    shared = heads if grouped else heads * groups
    inputs = [
        doubles(batch, heads * groups, queries, size),
        doubles(batch, shared, keys, size, seed=1),
        doubles(batch, shared, keys, draw(st.integers(1, 4)), seed=2),
    ]
    # Not 0: one of PyTorch's backends multiplies its causal -inf by the scale.
    scale = draw(st.sampled_from([None, 0.7, 3.0]))
    attributes: dict[str, Any] = {"scale": scale, "enable_gqa": grouped}
    kind = draw(st.sampled_from(["none", "causal", "bool", "float"]))
    if kind == "causal":
        attributes["is_causal"] = True
    elif kind != "none":
        axes = (batch, heads * groups, queries, keys)
        shape = [axis if draw(st.booleans()) else 1 for axis in axes]
        mask = doubles(*shape, seed=3)
        inputs.append(mask if kind == "float" else mask > 0)
    return inputs, attributes


@pytest.mark.torch
@settings(max_examples=30, deadline=None)
@given(calls())
def test_attention_is_pytorchs(call: Call) -> None:
    inputs, attributes = call
    expected = pytorch("scaled_dot_product_attention", *inputs, **attributes)
    assert_agree(ATTENTION, inputs, expected, **attributes)


@st.composite
def onnx_calls(draw: st.DrawFn) -> tuple[dict[str, Array | None], dict[str, Any]]:
    """Draw inputs by ONNX's names, in its order, and attributes that are ours too."""
    batch, heads, groups, queries, keys, size = (draw(st.integers(1, 3)) for _ in range(6))
    q_heads, value_size = heads * groups, draw(st.integers(1, 3))
    past = draw(st.integers(0, 2))
    attributes: dict[str, Any] = {"is_causal": draw(st.booleans())}
    if past and queries == 1:
        keys = 1  # behind a past, ONNX Runtime lets a lone query see every key
    softcap = draw(st.sampled_from([None, 0.8]))
    if softcap:
        attributes["softcap"] = softcap
    shapes = [(q_heads, queries, size), (heads, keys, size), (heads, keys, value_size)]
    q, k, v = (normal(batch, *shape, seed=i) for i, shape in enumerate(shapes))
    if draw(st.booleans()):
        attributes |= {"q_num_heads": q_heads, "kv_num_heads": heads}
        q, k, v = (x.swapaxes(1, 2).reshape(batch, x.shape[2], -1) for x in (q, k, v))
    mask = normal(draw(st.sampled_from([1, batch])), q_heads, queries, past + keys, seed=3)
    kind = draw(st.sampled_from(["none", "bool", "float"]))
    inputs: dict[str, Array | None] = {
        "Q": q,
        "K": k,
        "V": v,
        "attn_mask": {"none": None, "bool": mask > 0, "float": mask}[kind],
        "past_key": normal(batch, heads, past, size, seed=4) if past else None,
        "past_value": normal(batch, heads, past, value_size, seed=5) if past else None,
    }
    return inputs, attributes


@pytest.mark.onnx
@settings(max_examples=30, deadline=None)
@given(onnx_calls())
def test_what_pytorch_lacks_is_onnx_runtimes(
    call: tuple[dict[str, Array | None], dict[str, Any]],
) -> None:
    inputs, attributes = call
    wanted = ["Y"] if inputs["past_key"] is None else ["Y", "present_key", "present_value"]
    theirs = {name: int(v) if isinstance(v, bool) else v for name, v in attributes.items()}
    expected = onnx_node("Attention", inputs, wanted, **theirs)[0]
    found = run(*inputs.values(), enable_gqa=True, **attributes)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


def test_a_query_sees_the_past_and_the_keys_up_to_its_own_place() -> None:
    q, k, v = doubles(2, 4, 5), doubles(2, 3, 5, seed=1), doubles(2, 3, 6, seed=2)
    past_key, past_value = doubles(2, 2, 5, seed=3), doubles(2, 2, 6, seed=4)
    found = run(q, k, v, None, past_key, past_value, is_causal=True)
    keys, values = np.concatenate((past_key, k), 1), np.concatenate((past_value, v), 1)
    for i in range(4):
        seen = slice(0, 2 + i + 1)
        alone = run(q[:, i : i + 1], keys[:, seen], values[:, seen])
        np.testing.assert_allclose(found[:, i : i + 1], alone, rtol=1e-12)


def test_lengths_hide_the_keys_behind_them() -> None:
    q, k, v = doubles(3, 2, 4, 5), doubles(3, 2, 6, 5, seed=1), doubles(3, 2, 6, 7, seed=2)
    lengths = np.array([6, 2, 0], np.int32)
    found = run(q, k, v, None, None, None, lengths)
    for i in range(2):
        alone = run(q[i], k[i, :, : lengths[i]], v[i, :, : lengths[i]])
        np.testing.assert_allclose(found[i], alone, rtol=1e-12)
    np.testing.assert_array_equal(found[2], 0)
    with pytest.raises(KernelError) as error:
        run(q, k, v, None, None, None, lengths + 1)
    assert str(error.value) == "a sequence of 7 keys; expected from 0 to 6"


def test_masks_hold_together() -> None:
    q, k, v = doubles(1, 4, 5), doubles(1, 4, 5, seed=1), doubles(1, 4, 5, seed=2)
    mask = doubles(4, 4) > 0
    found = run(q, k, v, mask, is_causal=True)
    np.testing.assert_allclose(found, run(q, k, v, mask & np.tri(4, dtype=bool)), rtol=1e-12)


def test_what_a_mask_hides_never_counts_nor_does_the_softcap_let_it() -> None:
    q, k, v = doubles(2, 5), doubles(3, 5, seed=1), doubles(3, 5, seed=2)
    k[2] = np.nan
    seen = np.array([True, True, False])
    for softcap in (None, 0.5):
        found = run(q, k, v, seen, softcap=softcap)
        np.testing.assert_allclose(found, run(q, k[:2], v[:2], softcap=softcap), rtol=1e-12)


def test_a_float32_mask_may_stand_beside_half_precision() -> None:
    q, k, v = (normal(2, 3, 4, seed=i).astype(np.float16) for i in range(3))
    mask = normal(3, 3, seed=3)
    found = run(q, k, v, mask)
    assert found.dtype == np.float16
    wide = run(*(x.astype(np.float32) for x in (q, k, v)), mask)
    np.testing.assert_array_equal(found, wide.astype(np.float16))


def test_symbolic_shapes_read_as_one_would_write_them() -> None:
    q, kv = ("N", 8, "L", 64), ("N", 2, "S", 64)
    found = infer(ATTENTION, [q, kv, ("N", 2, "S", 32)], enable_gqa=True)
    assert shape_text(found) == "(N, 8, L, 32)"
    past = ("N", 2, "P", 64)
    shapes = [q, kv, kv, ("L", "P + S"), past, past]
    assert shape_text(infer(ATTENTION, shapes, enable_gqa=True)) == "(N, 8, L, 64)"
    joined = [("N", "L", 512), ("N", "S", 128), ("N", "S", 64)]
    heads = {"q_num_heads": 8, "kv_num_heads": 2, "enable_gqa": True}
    assert shape_text(infer(ATTENTION, joined, **heads)) == "(N, L, 256)"


Q, K, V = (2, 4, 3, 6), (2, 4, 5, 6), (2, 4, 5, 7)


@pytest.mark.parametrize(
    ("shapes", "attributes", "message"),
    [
        (
            [(6,), K, V],
            {},
            '"input0" (6,) has 1 axes; expected 2 or more, (..., heads, steps, size)',
        ),
        (
            [Q, (2, 4, 5, 7), V],
            {},
            '"input0" (2, 4, 3, 6) has queries of 6 elements, but "input1" (2, 4, 5, 7) keys '
            "of 7",
        ),
        (
            [Q, K, (2, 4, 6, 7)],
            {},
            '"input1" (2, 4, 5, 6) has 5 keys, but "input2" (2, 4, 6, 7) has 6 values',
        ),
        (
            [Q, (2, 2, 5, 6), (2, 2, 5, 7)],
            {},
            '"input0" (2, 4, 3, 6) does not broadcast with "input1" (2, 2, 5, 6): 4 against 2',
        ),
        (
            [Q, (2, 3, 5, 6), (2, 3, 5, 7)],
            {"enable_gqa": True},
            'the 3 heads of "input1" (2, 3, 5, 6) cannot serve the 4 of "input0" (2, 4, 3, 6) '
            "equally",
        ),
        (
            [Q, (2, 0, 5, 6), (2, 0, 5, 7)],
            {"enable_gqa": True},
            'the 0 heads of "input1" (2, 0, 5, 6) cannot serve the 4 of "input0" (2, 4, 3, 6) '
            "equally",
        ),
        (
            [Q[2:], K[2:], V[2:]],
            {"enable_gqa": True},
            '"input0" (3, 6) or "input1" (5, 6) has no axis of heads; enable_gqa needs '
            "(..., heads, steps, size)",
        ),
        (
            [Q, K, V, (5, 3)],
            {},
            'attn_mask "input3" (5, 3) does not fit "input0" (2, 4, 3, 6); expected '
            "(2, 4, 3, 5), or what broadcasts to it",
        ),
        (
            [Q[1:], K[1:], V[1:], (2, 4, 3, 5)],
            {},
            'attn_mask "input3" (2, 4, 3, 5) does not fit "input0" (4, 3, 6); expected '
            "(4, 3, 5), or what broadcasts to it",
        ),
        (
            [Q, K, V, None, (2, 4, 9, 7), (2, 4, 9, 7)],
            {},
            'past "input4" (2, 4, 9, 7) does not fit "input1" (2, 4, 5, 6); expected '
            "(2, 4, 9, 6)",
        ),
        (
            [(2, 3, 25), (2, 5, 24), (2, 5, 24)],
            {"q_num_heads": 4, "kv_num_heads": 4},
            '"input0" (2, 3, 25) does not come apart into 4 heads; expected a last axis of 4 '
            "times their size",
        ),
        (
            [Q, K, V],
            {"q_num_heads": 4, "kv_num_heads": 4},
            '"input0" (2, 4, 3, 6) has 4 axes; expected 3, (N, steps, heads * size)',
        ),
    ],
)
def test_shapes_that_do_not_fit(shapes: Any, attributes: dict[str, Any], message: str) -> None:
    with pytest.raises(ShapeError) as error:
        infer(ATTENTION, shapes, **attributes)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("shapes", "attributes", "message"),
    [
        (
            [Q, K, V],
            {"q_num_heads": 4},
            "q_num_heads and kv_num_heads go together; one of them is missing",
        ),
        (
            [Q, K, V, None, K],
            {},
            "past_key and past_value go together; one of them is missing",
        ),
        (
            [(2, 3, 24), (2, 5, 24), (2, 5, 24)],
            {"q_num_heads": 0, "kv_num_heads": 1},
            "heads=(0,): every number must be 1 or more",
        ),
        (
            [Q, K, V],
            {"softcap": 0.0},
            "softcap=0.0; expected more than 0, or None for none",
        ),
    ],
)
def test_attributes_out_of_range(
    shapes: Any, attributes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ArgumentError) as error:
        infer(ATTENTION, shapes, **attributes)
    assert str(error.value) == message


def test_element_types_must_go_together() -> None:
    q, k, v = normal(*Q), normal(*K), normal(*V)
    with pytest.raises(DTypeError, match=r'^"input0" is int64; expected one of bfloat16'):
        run(q.astype(np.int64), k, v)
    with pytest.raises(DTypeError) as error:
        run(q, k, v.astype(float))
    assert str(error.value) == (
        '"input0" is float32, but "input2" is float64; cast one of them'
    )
    with pytest.raises(DTypeError) as error:
        run(q, k, v, np.ones((3, 5), np.int64))
    assert str(error.value) == (
        'attn_mask "input3" is int64, but "input0" is float32; cast one of them'
    )
    with pytest.raises(DTypeError, match=r'^"input6" is float32; expected one of int16'):
        run(q, k, v, None, None, None, normal(2))
    with pytest.raises(ShapeError, match=r'^lengths "input6" \(3,\) does not fit "input0"'):
        run(q, k, v, None, None, None, np.array([1, 2, 3]))
    with pytest.raises(ShapeError, match=r'^"input0" \(3, 6\) has no batch; lengths need one'):
        run(q[0, 0], k[0, 0], v[0, 0], None, None, None, np.array([1]))


@pytest.mark.torch
def test_keys_that_all_are_hidden_give_0_as_in_pytorch() -> None:
    torch: Any = import_module("torch")
    q, k, v = doubles(2, 3), doubles(4, 3, seed=1), doubles(4, 3, seed=2)
    for mask in (np.zeros((2, 4), bool), np.full((2, 4), -np.inf)):
        expected = torch.nn.functional.scaled_dot_product_attention(
            *map(torch.from_numpy, (q, k, v)), torch.from_numpy(mask)
        )
        np.testing.assert_array_equal(run(q, k, v, mask), expected.numpy())
        np.testing.assert_array_equal(expected.numpy(), 0)

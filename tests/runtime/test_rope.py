"""Rotary positions: random calls against ONNX Runtime, and everything refused."""

from typing import Any, TypeAlias

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.runtime.agreement import doubles, infer, run
from tests.runtime.onnx_node import onnx_node
from tests.samples.sample import normal
from wnnx import ops
from wnnx.errors import ArgumentError, DTypeError, KernelError, ShapeError
from wnnx.types import Array, shape_text

Call: TypeAlias = tuple[dict[str, Array], dict[str, Any]]


@st.composite
def calls(draw: st.DrawFn) -> Call:
    """Draw inputs by ONNX's names, in its order, and attributes."""
    batch, heads, steps, half = (draw(st.integers(1, 4)) for _ in range(4))
    turned = draw(st.integers(1, half))
    x = normal(batch, heads, steps, 2 * half)
    attributes: dict[str, Any] = {
        "interleaved": draw(st.booleans()),
        "rotary_embedding_dim": 2 * turned,
        "num_heads": heads,
    }
    if draw(st.booleans()):
        x = x.swapaxes(1, 2).reshape(batch, steps, -1)
    else:
        attributes.pop("num_heads")
    angles = normal(batch, steps, turned, seed=1)
    if draw(st.booleans()):
        positions = np.random.default_rng(2).integers(0, 6, size=(batch, steps))
        angles = normal(6, turned, seed=1)
        found = {"X": x, "cos": np.cos(angles), "sin": np.sin(angles), "ids": positions}
    else:
        found = {"X": x, "cos": np.cos(angles), "sin": np.sin(angles)}
    return found, attributes


@pytest.mark.onnx
@settings(max_examples=30, deadline=None)
@given(calls())
def test_rope_is_onnx_runtimes(call: Call) -> None:
    inputs, attributes = call
    theirs = {name: int(number) for name, number in attributes.items()}
    expected = onnx_node("RotaryEmbedding", inputs, ["Y"], **theirs)[0]
    found = run(ops.rope, *inputs.values(), **attributes)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


def test_products_depend_on_distances_alone() -> None:
    angles = np.arange(8)[:, np.newaxis] * np.array([1.0, 0.1, 0.01])
    q, k = doubles(1, 1, 1, 6), doubles(1, 1, 1, 6, seed=1)
    products = [
        np.sum(
            run(ops.rope, q, np.cos(angles), np.sin(angles), np.array([[i + 3]]))
            * run(ops.rope, k, np.cos(angles), np.sin(angles), np.array([[i]]))
        )
        for i in range(4)
    ]
    np.testing.assert_allclose(products, products[0], rtol=1e-12)
    assert abs(products[0] - np.sum(q * k)) > 0.01


def test_half_precision_may_keep_float32_caches() -> None:
    x, angles = normal(2, 3, 4, 6).astype(np.float16), normal(4, 3, seed=1)
    found = run(ops.rope, x, np.cos(angles), np.sin(angles))
    assert found.dtype == np.float16
    wide = run(ops.rope, x.astype(np.float32), np.cos(angles), np.sin(angles))
    np.testing.assert_array_equal(found, wide.astype(np.float16))


def test_symbolic_shapes_pass_through() -> None:
    cache = ("L", 32)
    found = infer(ops.rope, [("N", 8, "L", 64), cache, cache])
    assert shape_text(found) == "(N, 8, L, 64)"
    found = infer(ops.rope, [("N", "L", 512), cache, cache], num_heads=8)
    assert shape_text(found) == "(N, L, 512)"


X = (2, 4, 5, 6)


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        (
            [(2, 5, 6), (5, 3), (5, 3)],
            '"input0" (2, 5, 6) has 3 axes; expected 4, (N, heads, L, size)',
        ),
        (
            [X, (4, 3), (4, 3)],
            'cos_cache "input1" (4, 3) does not fit "input0" (2, 4, 5, 6); expected '
            "(2, 5, 3), or what broadcasts to it",
        ),
        (
            [X, (9, 2), (9, 3), (2, 5)],
            'cos_cache "input1" (9, 2) does not fit "input0" (2, 4, 5, 6); expected (9, 3)',
        ),
        (
            [X, (9, 3), (8, 3), (2, 5)],
            'sin_cache "input2" (8, 3) does not fit "input0" (2, 4, 5, 6); expected (9, 3)',
        ),
    ],
)
def test_shapes_that_do_not_fit(shapes: Any, message: str) -> None:
    with pytest.raises(ShapeError) as error:
        call(shapes)
    assert str(error.value) == message


def call(shapes: list[tuple[int, ...]], **attributes: Any) -> Array:
    """Run on ones; the fourth input holds positions."""
    dtypes = (np.float32, np.float32, np.float32, np.int64)
    arrays = [np.ones(shape, dtype) for shape, dtype in zip(shapes, dtypes, strict=False)]
    return run(ops.rope, *arrays, **attributes)


@pytest.mark.parametrize("turned", [-2, 0, 3, 8])
def test_elements_turn_in_pairs(turned: int) -> None:
    with pytest.raises(ArgumentError) as error:
        call([X, (5, 3), (5, 3)], rotary_embedding_dim=turned)
    assert str(error.value) == (
        f"{turned} elements of each head cannot turn in pairs; expected an even "
        "rotary_embedding_dim from 2 to the size of a head, which is 6"
    )


def test_positions_must_be_rows_of_the_caches() -> None:
    x, cache = normal(1, 2, 3, 4), normal(5, 2)
    for wrong in (-1, 5):
        with pytest.raises(KernelError) as error:
            run(ops.rope, x, cache, cache, np.array([[0, wrong, 4]]))
        assert str(error.value) == (
            f"position {wrong} is out of range; the caches have 5 rows"
        )
    with pytest.raises(ShapeError, match=r'^position_ids "input3" \(3,\) does not fit'):
        run(ops.rope, x, cache, cache, np.array([0, 1, 2]))
    with pytest.raises(DTypeError, match=r'^"input3" is float32; expected one of int16'):
        run(ops.rope, x, cache, cache, normal(1, 3))
    with pytest.raises(DTypeError, match=r'^sin_cache "input2" is float64, but "input0" is'):
        run(ops.rope, x, cache, cache.astype(float), np.array([[0, 1, 2]]))

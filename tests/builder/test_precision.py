"""The fp16 switch: what it halves, what it leaves alone, and what it says about that."""

from pathlib import Path
from typing import Unpack

import numpy as np
import pytest

import nnbuilder as nn
from nnbuilder.precision import half
from wnnx import Constant, NodeOptions, TensorType, Value, op
from wnnx.errors import PrecisionWarning
from wnnx.graph import Graph
from wnnx.ops.checks import require_same_dtype, weighted_dtype
from wnnx.types import Array
from wnnxruntime import Session


@op(domain="test", half_weights=("weight", "gate"))
def gated(
    x: Value, weight: Value, gate: Value, shift: Value, **node: Unpack[NodeOptions]
) -> TensorType:
    """Return `x * weight * gate + shift`; both weights have one element type."""
    require_same_dtype(weight, gate)
    return TensorType(weighted_dtype(x, weight), x.shape)


@op(domain="test", half_weights=("x", "y"))
def product(x: Value, y: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return `x * y`, either of which may be a weight."""
    return TensorType(weighted_dtype(x, y), x.shape)


def random(*shape: int, seed: int = 0) -> Array:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def weight(*shape: int, seed: int = 0) -> Constant:
    return nn.constant(random(*shape, seed=seed))


def dtypes(graph: Graph) -> dict[str, str]:
    return {c.name: c.dtype for c in graph.constants}


def kept(graph: Graph, *, enabled: bool = True) -> list[str]:
    """Return the warnings of a network that stays as it is."""
    with pytest.warns(PrecisionWarning) as caught:
        assert half(graph, enabled=enabled) is graph
    return [str(w.message) for w in caught]


def one_layer(array: Array) -> Graph:
    b = nn.Builder()
    x = b.input("x", (1, array.shape[1]))
    b.output(b.linear(x, nn.constant(array), name="fc"))
    return b.graph


def test_weights_are_halved_and_nothing_else() -> None:
    b = nn.Builder("net")
    x = b.input("x", ("N", 4))
    x = b.relu(b.linear(x, weight(12, 4), weight(12), name="fc0"))
    x = b.call(gated, x, weight(12), weight(12), weight(12), name="gate")
    b.output(x, name="y")
    graph = b.graph
    before = [(v.name, v.type) for v in graph.values]
    result = half(graph, enabled=True)
    assert result is not graph
    assert dtypes(result) == {
        "fc0.weight": "float16", "fc0.bias": "float32",
        "gate.weight": "float16", "gate.gate": "float16", "gate.shift": "float32",
    }  # fmt: skip
    for old, new in zip(graph.constants, result.constants, strict=True):
        np.testing.assert_array_equal(new.array, old.array.astype(new.dtype))
        assert new.array.dtype.name == new.dtype
        assert not new.array.flags.writeable
    assert [(v.name, v.type) for v in graph.values] == before
    halved = set(dtypes(result)) - {"fc0.bias", "gate.shift"}
    assert [(v.name, v.type) for v in result.values if v.name not in halved] == [
        (name, type) for name, type in before if name not in halved
    ]
    assert half(result, enabled=True) is result


def test_a_layer_with_float16_weights_computes_in_float32() -> None:
    w, bias, x = random(12, 40), random(12, seed=1), random(5, 40, seed=2)
    b = nn.Builder()
    b.output(b.linear(b.input("x", (5, 40)), nn.constant(w), nn.constant(bias)), name="y")
    found = Session(half(b.graph, enabled=True), backend="reference").run({"x": x})["y"]
    w16 = w.astype(np.float16)
    np.testing.assert_array_equal(found, x @ w16.astype(np.float32).T + bias)
    exact = x @ w.T + bias
    assert found.dtype == np.float32
    assert not np.array_equal(found, exact)
    np.testing.assert_allclose(found, exact, rtol=1e-3, atol=1e-3 * np.abs(exact).max())


def test_switch_and_precision_of_layers() -> None:
    b = nn.Builder()
    x = b.input("x", (1, 4))
    x = b.linear(x, weight(4, 4), name="follows")
    x = b.linear(x, weight(4, 4), name="full", precision="fp32")
    b.output(b.linear(x, weight(4, 4), name="half", precision="fp16"))
    on, off = dtypes(half(b.graph, enabled=True)), dtypes(half(b.graph, enabled=False))
    assert list(on.values()) == ["float16", "float32", "float16"]
    assert list(off.values()) == ["float32", "float32", "float16"]


def test_every_layer_with_weights_follows_the_switch() -> None:
    b = nn.Builder()
    x = b.input("x", (1, 3, 8, 8))
    x = b.conv(x, weight(4, 3, 3, 3), weight(4), name="conv")
    x = b.conv_transpose(x, weight(4, 2, 3, 3), weight(2), name="up")
    x = b.matmul(x, weight(8, 5), name="right")
    x = b.matmul(weight(5, 8), x, name="left")
    b.output(x, name="y")
    full, halved = b.graph, half(b.graph, enabled=True)
    assert dtypes(halved) == {
        "conv.weight": "float16", "conv.bias": "float32",
        "up.weight": "float16", "up.bias": "float32",
        "right.y": "float16", "left.x": "float16",
    }  # fmt: skip
    image = {"x": random(1, 3, 8, 8, seed=3)}
    exact, found = (Session(g, backend="reference").run(image)["y"] for g in (full, halved))
    assert found.dtype == np.float32
    assert not np.array_equal(found, exact)
    np.testing.assert_allclose(found, exact, rtol=0, atol=2e-3 * np.abs(exact).max())


def test_saving_halves_the_weights_and_saving_again_gives_the_same_bytes(
    tmp_path: Path,
) -> None:
    b = nn.Builder("net")
    x = b.input("x", ("N", 256))
    x = b.linear(x, weight(256, 256), name="follows")
    b.output(b.linear(x, weight(8, 256), name="full", precision="fp32"), name="y")
    full = b.serialize()
    b.set_fp16_enable()
    content = b.serialize()
    assert len(full) - len(content) == 2 * 256 * 256
    assert b.serialize() == content
    (tmp_path / "net.wnnx").write_bytes(content)
    again = nn.Builder.load(tmp_path / "net.wnnx")
    assert again.serialize() == content
    again.set_fp16_enable()
    assert again.serialize() == content
    b.set_fp16_enable(enable=False)
    assert b.serialize() == full


def test_the_warning_points_at_the_caller_of_the_builder() -> None:
    b = nn.Builder()
    b.output(b.linear(b.input("x", (1, 1)), nn.constant([[1e6]]), name="fc"))
    b.set_fp16_enable()
    with pytest.warns(PrecisionWarning, match='"fc.weight" holds 1e') as caught:
        b.serialize()
    assert caught[0].filename == __file__


def test_nothing_to_do_returns_the_network_itself() -> None:
    graph = one_layer(random(3, 4))
    assert half(graph, enabled=False) is graph
    b = nn.Builder()
    x = b.input("x", (1, 4), "float64")
    b.output(b.linear(x, nn.constant(np.ones((3, 4)))))
    assert half(b.graph, enabled=True) is b.graph


@pytest.mark.parametrize(
    ("extreme", "fits"),
    [(65519.0, True), (65520.0, False), (-7e4, False), (3e38, False), (np.inf, True)],
)
def test_overflow_keeps_the_layer_in_float32(extreme: float, fits: bool) -> None:  # noqa: FBT001
    array = random(3, 4)
    array[1, 2] = extreme
    graph = one_layer(array)
    if fits:
        found = next(half(graph, enabled=True).constants).array
        assert found[1, 2] == np.float32(65504 if extreme < np.inf else np.inf)
        return
    assert kept(graph) == [
        f'linear "fc" keeps its weights in float32: "fc.weight" holds {extreme:g}, '
        "which is beyond the range of float16"
    ]


def test_inf_and_nan_stay_as_they_are() -> None:
    array = np.array([[np.inf, -np.inf, np.nan, 1e-10]], np.float32)
    found = next(half(one_layer(array), enabled=True).constants).array
    np.testing.assert_array_equal(found, np.array([[np.inf, -np.inf, np.nan, 0]], np.float16))


def test_losing_everything_keeps_the_layer_in_float32() -> None:
    assert kept(one_layer(np.array([[1e-8, -2e-8], [0, 1e-9]], np.float32))) == [
        'linear "fc" keeps its weights in float32: "fc.weight" holds nothing larger than '
        "-2e-08, which float16 rounds to zero"
    ]
    some = half(one_layer(np.array([[1e-8, 1]], np.float32)), enabled=True)
    np.testing.assert_array_equal(next(some.constants).array, np.array([[0, 1]], np.float16))
    for nothing in (np.zeros((2, 2), np.float32), np.zeros((0, 2), np.float32)):
        assert list(dtypes(half(one_layer(nothing), enabled=True)).values()) == ["float16"]


def test_a_harmed_weight_keeps_the_whole_layer_but_no_other() -> None:
    b = nn.Builder()
    x = b.linear(b.input("x", (1, 3)), weight(3, 3), name="fc")
    large = nn.constant(np.full(3, 1e6, np.float32))
    b.output(b.call(gated, x, weight(3), large, weight(3), name="gate"))
    with pytest.warns(PrecisionWarning, match=r'gated "gate".*"gate\.gate" holds 1e\+06'):
        result = half(b.graph, enabled=True)
    assert dtypes(result) == {
        "fc.weight": "float16",
        "gate.weight": "float32", "gate.gate": "float32", "gate.shift": "float32",
    }  # fmt: skip


def test_a_shared_weight_is_halved_where_every_reader_allows_it() -> None:
    b = nn.Builder()
    x, shared = b.input("x", (1, 4)), weight(4, 4)
    x = b.linear(x, shared, name="fc0")
    b.output(b.linear(x, shared, name="fc1"))
    assert dtypes(half(b.graph, enabled=True)) == {"fc0.weight": "float16"}


def test_a_weight_shared_with_a_layer_in_float32_stays() -> None:
    b = nn.Builder()
    x, shared = b.input("x", (1, 4)), weight(4, 4)
    x = b.linear(x, shared, name="fc0")
    b.output(b.linear(x, shared, name="fc1", precision="fp32"))
    assert kept(b.graph) == [
        'linear "fc0" keeps its weights in float32: "fc0.weight" is read by linear "fc1" in '
        "float32 too"
    ]


def test_a_weight_that_is_read_as_something_else_stays() -> None:
    b = nn.Builder()
    x, shared = b.input("x", (1, 4)), b.constant(random(4, 4), name="w")
    y = b.linear(x, shared, name="fc")
    b.output(b.relu(shared, name="act"))
    b.output(b.call(gated, y, weight(4), weight(4), weight(4), name="gate"))
    with pytest.warns(PrecisionWarning) as caught:
        result = half(b.graph, enabled=True)
    assert [str(w.message) for w in caught] == [
        'linear "fc" keeps its weights in float32: "w" is read by relu "act" in float32 too'
    ]
    assert dtypes(result)["w"] == "float32"
    assert dtypes(result)["gate.weight"] == "float16"


def test_a_weight_that_is_an_output_stays() -> None:
    b = nn.Builder()
    w = b.constant(random(4, 4), name="w")
    b.output(b.linear(b.input("x", (1, 4)), w, name="fc"))
    b.graph.mark_output(w)
    assert kept(b.graph) == [
        'linear "fc" keeps its weights in float32: "w" is an output of the network too'
    ]


def test_what_one_layer_keeps_goes_on_to_those_that_share_with_it() -> None:
    """`a` cannot change; `b` shares a weight with it, and `c` another one with `b`."""
    b = nn.Builder()
    x = b.input("x", (4,))
    large = nn.constant(np.full(4, 1e6, np.float32))
    first, second, shift = weight(4), weight(4, seed=1), weight(4)
    x = b.call(gated, x, second, weight(4), shift, name="c")
    x = b.call(gated, x, first, second, shift, name="b")
    b.output(b.call(gated, x, first, large, shift, name="a"))
    messages = kept(b.graph)
    assert [m.partition(" keeps")[0] for m in messages] == [
        'test::gated "a"', 'test::gated "b"', 'test::gated "c"',
    ]  # fmt: skip
    assert '"b.weight" is read by test::gated "a"' in messages[1]
    assert '"c.weight" is read by test::gated "b"' in messages[2]


def test_one_constant_side_of_a_product_is_halved() -> None:
    b = nn.Builder()
    x = b.input("x", (4,))
    b.output(b.call(product, b.call(product, x, weight(4), name="p"), weight(4), name="q"))
    assert set(dtypes(half(b.graph, enabled=True)).values()) == {"float16"}


def test_a_layer_of_constants_alone_is_left() -> None:
    b = nn.Builder()
    b.output(b.call(product, weight(4), weight(4), name="p"))
    assert half(b.graph, enabled=True) is b.graph


def test_a_layer_whose_result_would_change_is_left_with_a_warning() -> None:
    b = nn.Builder()
    b.output(b.linear(b.input("x", (1, 4), "float16"), weight(4, 4), name="fc"))
    assert kept(b.graph) == [
        'linear "fc" keeps its weights in float32: its result would change its type with '
        'float16 "fc.weight"'
    ]


def test_an_operator_that_nobody_registered_is_left() -> None:
    graph = one_layer(random(3, 4))
    graph.node("fc").op = "nobody::knows"
    assert half(graph, enabled=True) is graph

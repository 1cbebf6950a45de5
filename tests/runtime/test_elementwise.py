"""Arithmetic: broadcasting, symbols, known values, numbers as operands, integer edges."""

import math
import operator
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import BroadcastableShapes, mutually_broadcastable_shapes

import nnbuilder as nn
from tests.runtime.agreement import infer, run
from tests.samples.sample import integers, normal, positive
from wnnx import ops
from wnnx.dim_text import as_dim
from wnnx.dims import Dim, evaluate, symbol
from wnnx.errors import ArgumentError, DTypeError, ShapeError
from wnnx.graph import Constant, Value
from wnnx.ops.registry import schema_of
from wnnx.types import TensorType, shape_text
from wnnxruntime import Session

Shape = tuple[int, ...]

PYTHON: dict[str, Callable[[Any, Any], Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": lambda x, y: x / y,
    "pow": lambda x, y: x**y,
    "minimum": min,
    "maximum": max,
}
SHAPES = mutually_broadcastable_shapes(num_shapes=2, min_side=0, max_side=4, max_dims=4)


@settings(max_examples=50, deadline=None)
@given(SHAPES, st.sampled_from(sorted(PYTHON)))
def test_binaries_broadcast_as_python_would_loop(
    shapes: BroadcastableShapes, name: str
) -> None:
    x, y = (positive(*shape, seed=i) for i, shape in enumerate(shapes.input_shapes))
    x, y = x.astype(np.float64), y.astype(np.float64)
    found = run(getattr(ops, name), x, y)
    assert found.shape == shapes.result_shape
    expected = [PYTHON[name](float(a), float(b)) for a, b in np.broadcast(x, y)]
    np.testing.assert_allclose(found.ravel(), expected, rtol=1e-14)


@settings(max_examples=50, deadline=None)
@given(SHAPES, st.data())
def test_symbolic_shapes_broadcast_to_what_the_numbers_give(
    shapes: BroadcastableShapes, data: st.DataObject
) -> None:
    """An extent other than 1 may be a symbol, on either side or on both."""
    rank = len(shapes.result_shape)
    bindings = {f"S{axis}": extent for axis, extent in enumerate(shapes.result_shape)}

    def named(shape: Shape) -> tuple[Dim, ...]:
        first = rank - len(shape)
        return tuple(
            symbol(f"S{first + i}") if extent != 1 and data.draw(st.booleans()) else extent
            for i, extent in enumerate(shape)
        )

    found = infer(ops.add, [named(shape) for shape in shapes.input_shapes])
    assert tuple(evaluate(dim, bindings) for dim in found) == shapes.result_shape


@pytest.mark.parametrize(
    ("x", "y", "result"),
    [
        (("N", 3), (3,), "(N, 3)"),
        (("N", 1), ("W",), "(N, W)"),
        (("N", 4), ("N", 1), "(N, 4)"),
        (("N", 4), ("N", "W"), "(N, 4)"),
        (("2*N", "N + 1"), ("N + 1",), "(2*N, N + 1)"),
        ((), ("N",), "(N,)"),
    ],
)
def test_symbols_broadcast(x: Sequence[str], y: Sequence[str], result: str) -> None:
    shapes = [tuple(map(as_dim, shape)) for shape in (x, y)]
    assert shape_text(infer(ops.mul, shapes)) == result


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ((2, 3), (4,), '"input0" (2, 3) does not broadcast with "input1" (4,): 3 against 4'),
        ((0,), (2,), '"input0" (0,) does not broadcast with "input1" (2,): 0 against 2'),
        (("N", 4), ("M", 4),
         '"input0" (N, 4) does not broadcast with "input1" (M, 4): N against M; give equal '
         "extents one symbol"),
        (("N",), ("N + 1",),
         '"input0" (N,) does not broadcast with "input1" (N + 1,): N against N + 1; give '
         "equal extents one symbol"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", sorted(PYTHON))
def test_shapes_that_do_not_broadcast_are_refused(
    name: str, x: Sequence[Any], y: Sequence[Any], message: str
) -> None:
    with pytest.raises(ShapeError) as error:
        infer(getattr(ops, name), [tuple(map(as_dim, shape)) for shape in (x, y)])
    assert str(error.value) == message


@pytest.mark.parametrize("name", sorted(PYTHON))
def test_nothing_is_promoted_silently(name: str) -> None:
    with pytest.raises(DTypeError) as error:
        run(getattr(ops, name), integers(3), normal(3))
    message = '"input0" is int64, but "input1" is float32; cast one of them'
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("name", "attributes", "inputs"),
    [
        ("sub", {}, 2),
        ("pow", {}, 2),
        ("div", {"rounding_mode": "floor"}, 2),
        ("div", {"rounding_mode": "trunc"}, 2),
        ("neg", {}, 1),
        ("abs", {}, 1),
        ("sign", {}, 1),
    ],
)
def test_bools_are_no_numbers(name: str, attributes: Any, inputs: int) -> None:
    flags = np.array([True, False])
    with pytest.raises(DTypeError, match=r'^"input0" is bool; expected one of bfloat16, '):
        run(getattr(ops, name), *[flags] * inputs, **attributes)


def test_div_knows_its_rounding_modes() -> None:
    with pytest.raises(ArgumentError) as error:
        run(ops.div, normal(2), normal(2), rounding_mode="ceil")
    assert str(error.value) == "rounding_mode='ceil' is not one of 'trunc', 'floor'"


def test_a_number_needs_a_builder() -> None:
    with pytest.raises(ArgumentError, match=r"^2 is a number; outside a builder, wrap it"):
        ops.mul(Value("x", TensorType("float32", (3,))), 2)


@pytest.mark.parametrize("mode", ["floor", "trunc"])
@pytest.mark.parametrize("dtype", ["int8", "uint8", "int32", "int64"])
def test_an_integer_divided_by_zero_is_zero(mode: str, dtype: str) -> None:
    x = np.array([100, 1, 0], dtype)
    found = run(ops.div, x, np.zeros_like(x), rounding_mode=mode)
    assert found.dtype == x.dtype
    np.testing.assert_array_equal(found, [0, 0, 0])


def test_integers_divided_as_floats_by_zero() -> None:
    found = run(ops.div, np.array([3, -3, 0]), np.array([0, 0, 0]))
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, [np.inf, -np.inf, np.nan])


def test_the_least_integer_wraps_around() -> None:
    least = np.array([-128], np.int8)
    minus_one = np.array([-1], np.int8)
    for mode in ("floor", "trunc"):
        np.testing.assert_array_equal(
            run(ops.div, least, minus_one, rounding_mode=mode), [-128]
        )
    np.testing.assert_array_equal(run(ops.neg, least), [-128])
    np.testing.assert_array_equal(run(ops.abs, least), [-128])
    np.testing.assert_array_equal(run(ops.mul, least, minus_one), [-128])


@settings(max_examples=50, deadline=None)
@given(st.integers(-128, 127), st.integers(-128, 127).filter(bool))
def test_integer_quotients_are_rounded_from_the_exact_ones(a: int, b: int) -> None:
    x, y = np.array([a], np.int64), np.array([b], np.int64)
    for mode, rounded in (("floor", math.floor), ("trunc", math.trunc)):
        assert run(ops.div, x, y, rounding_mode=mode).tolist() == [rounded(Fraction(a, b))]


def test_integer_powers() -> None:
    base = np.array([2, -3, 0, 1, -1, -1, 2, 0], np.int32)
    exponent = np.array([10, 3, 0, -5, -5, -4, -1, -1], np.int32)
    found = run(ops.pow, base, exponent)
    assert found.dtype == np.int32
    np.testing.assert_array_equal(found, [1024, -27, 1, 1, -1, 1, 0, 0])


def test_the_error_function_keeps_its_digits() -> None:
    x = np.array([-30.0, -2, -1e-3, 0, 1e-12, 0.5, 6])
    expected = [math.erf(v) for v in x]
    np.testing.assert_allclose(run(ops.erf, x), expected, rtol=1e-14, atol=0)
    np.testing.assert_allclose(run(ops.erf, x.astype(np.float32)), expected, rtol=1e-6, atol=0)


def test_the_sign_of_nan_is_zero() -> None:
    x = np.array([-np.inf, -0.0, np.nan, 1e-30, np.inf])
    np.testing.assert_array_equal(run(ops.sign, x), [-1, 0, 0, 1, 1])


KNOWN: list[tuple[str, dict[str, str]]] = [
    ("add", {}),
    ("sub", {}),
    ("mul", {}),
    ("div", {"rounding_mode": "floor"}),
    ("div", {"rounding_mode": "trunc"}),
    ("minimum", {}),
    ("maximum", {}),
]


def held(name: str, *inputs: Value, **attributes: Any) -> tuple[Dim, ...] | None:
    """Return what the rule says the result of a call holds."""
    schema = schema_of(getattr(ops, name))
    return schema.infer(inputs, schema.normalize(inputs, attributes))[0].value


def of_dims(name: str, *dims: str, dtype: str = "int64") -> Value:
    """Return a tensor that is known to hold these extents."""
    value = tuple(map(as_dim, dims))
    return Value(name, TensorType(dtype, (len(dims),), value))


@pytest.mark.parametrize(("name", "attributes"), KNOWN)
@settings(max_examples=50, deadline=None)
@given(
    st.sampled_from(["int8", "uint8", "int32", "int64"]),
    st.lists(st.integers(0, 255), min_size=3, max_size=3),
    st.lists(st.integers(0, 255), min_size=2, max_size=2),
)
def test_known_values_are_what_the_kernel_returns(
    name: str, attributes: Any, dtype: str, left: list[int], right: list[int]
) -> None:
    x = (np.array(left) - 128 * (dtype != "uint8")).astype(dtype)
    y = (np.array(right) - 128 * (dtype != "uint8")).astype(dtype).reshape(2, 1)
    value = held(name, Constant("x", x), Constant("y", y), **attributes)
    found = run(getattr(ops, name), x, y, **attributes)
    if value is None:
        assert dtype in {"int8", "uint8"}, "only small types may wrap around"
    else:
        assert value == tuple(found.ravel().tolist())


def test_a_value_that_wraps_around_is_not_known() -> None:
    x = Constant("x", np.array([100], np.int8))
    assert held("add", x, x) is None
    assert held("sub", x, x) == (0,)
    least = Constant("x", np.array([np.iinfo(np.int64).min]))
    assert held("neg", least) is None
    assert held("neg", Constant("x", np.array([3, -4]))) == (-3, 4)


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(KNOWN), st.integers(1, 9), st.integers(1, 9))
def test_known_symbols_are_what_the_kernel_returns(
    call: tuple[str, dict[str, str]], s: int, t: int
) -> None:
    name, attributes = call
    left, right = ("S", "2*S + 1", "3", "S*T"), ("T", "4", "S", "2*S")
    value = held(name, of_dims("x", *left), of_dims("y", *right), **attributes)
    assert value is not None
    numbers = {"S": s, "T": t}
    x, y = (np.array([evaluate(as_dim(d), numbers) for d in side]) for side in (left, right))
    found = run(getattr(ops, name), x, y, **attributes)
    assert [evaluate(dim, numbers) for dim in value] == found.tolist()


def test_shape_arithmetic_dissolves() -> None:
    x, y = of_dims("x", "N", "4*N", "H"), of_dims("y", "N", "4", "H + 1")
    assert held("sub", x, y) == (0, as_dim("4*N - 4"), -1)
    assert held("div", x, y, rounding_mode="floor") == (1, as_dim("N"), as_dim("H//(H + 1)"))
    assert held("neg", x) == tuple(map(as_dim, ("-N", "-4*N", "-H")))
    assert held("maximum", x, y) == tuple(map(as_dim, ("N", "max(4, 4*N)", "H + 1")))


def test_a_symbol_that_may_be_negative_is_not_rounded_towards_zero() -> None:
    x, y = of_dims("x", "N - 3"), of_dims("y", "2")
    assert held("div", x, y, rounding_mode="trunc") is None
    assert held("div", x, y, rounding_mode="floor") == (as_dim("(N - 3)//2"),)
    assert held("div", of_dims("x", "N"), y, rounding_mode="trunc") == (as_dim("N//2"),)


def test_symbols_are_not_known_in_types_too_small_for_extents() -> None:
    x = of_dims("x", "N", dtype="uint8")
    assert held("add", x, x) is None


def test_numbers_on_either_side_of_pythons_operators() -> None:
    b = nn.Builder("numbers")
    x = b.input("x", ("N", 2))
    results = {
        "scaled": x * 2,
        "rest": 1 - x,
        "power": 2**x,
        "square": x**2,
        "inverse": 1 / x,
        "half": x / 2,
        "shifted": 0.5 + x,
        "size": abs(-x),
    }
    for name, value in results.items():
        b.output(value, name=name)
    assert {str(v.type) for v in b.graph.outputs} == {"float32 (N, 2)"}
    x_value = np.array([[1, -2], [0.25, 4], [-0.5, 8]], np.float32)
    found = Session(b.graph).run({"x": x_value})
    expected: dict[str, list[list[float]]] = {
        "scaled": [[2, -4], [0.5, 8], [-1, 16]],
        "rest": [[0, 3], [0.75, -3], [1.5, -7]],
        "power": [[2, 0.25], [2**0.25, 16], [2**-0.5, 256]],
        "square": [[1, 4], [0.0625, 16], [0.25, 64]],
        "inverse": [[1, -0.5], [4, 0.25], [-2, 0.125]],
        "half": [[0.5, -1], [0.125, 2], [-0.25, 4]],
        "shifted": [[1.5, -1.5], [0.75, 4.5], [0, 8.5]],
        "size": [[1, 2], [0.25, 4], [0.5, 8]],
    }
    assert found.keys() == expected.keys()
    for name, y in found.items():
        np.testing.assert_allclose(y, expected[name], rtol=1e-6, err_msg=name)


def test_numbers_take_the_type_of_an_integer_value() -> None:
    b = nn.Builder("integers")
    n = b.input("n", (3,), "int32")
    b.output(2**n, name="power")
    b.output(n / 2, name="half")
    b.output(b.div(n, 2, rounding_mode="floor"), name="floor")
    assert [v.dtype for v in b.graph.outputs] == ["int32", "float32", "int32"]
    found = Session(b.graph).run({"n": np.array([3, 0, 5], np.int32)})
    np.testing.assert_array_equal(found["power"], [8, 1, 32])
    np.testing.assert_array_equal(found["half"], [1.5, 0, 2.5])
    np.testing.assert_array_equal(found["floor"], [1, 0, 2])
    with pytest.raises(ArgumentError, match=r'^mul "mul": y=0\.5 is no whole number, but "n"'):
        _ = n * 0.5


def test_the_builder_names_the_layer_that_does_not_broadcast() -> None:
    b = nn.Builder("wrong")
    x, y = b.input("x", ("N", 3)), b.input("y", ("M", 3))
    with pytest.raises(ShapeError) as error:
        b.add(x, y, name="join")
    assert str(error.value) == (
        'add "join": "x" (N, 3) does not broadcast with "y" (M, 3): N against M; give equal '
        "extents one symbol"
    )

"""Rounding and remainders: the identity with div, division by zero, known values, refusals."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.runtime.agreement import infer, run
from tests.samples.sample import integers, normal
from wnnx import ops
from wnnx.dim_text import as_dim
from wnnx.dims import Dim, evaluate
from wnnx.errors import DTypeError, ShapeError
from wnnx.graph import Constant, Value
from wnnx.ops.registry import schema_of
from wnnx.types import TensorType, numpy_dtype

ROUNDINGS: dict[str, Callable[[float], int]] = {
    "floor": math.floor,
    "ceil": math.ceil,
    "round": round,
    "trunc": math.trunc,
}
MODES = {"remainder": "floor", "fmod": "trunc"}
INTEGERS = ["int8", "uint8", "int32", "int64"]


def held(name: str, *inputs: Value) -> tuple[Dim, ...] | None:
    """Return what the rule says the result of a call holds."""
    return schema_of(getattr(ops, name)).infer(inputs, {})[0].value


def of_dims(*dims: str) -> Value:
    """Return a tensor that is known to hold these extents."""
    value = tuple(map(as_dim, dims))
    return Value("x", TensorType("int64", (len(dims),), value))


@pytest.mark.parametrize("name", sorted(ROUNDINGS))
@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-1e15, 1e15), min_size=1, max_size=4))
def test_rounded_as_python_does(name: str, numbers: list[float]) -> None:
    found = run(getattr(ops, name), np.array(numbers))
    assert found.tolist() == [ROUNDINGS[name](number) for number in numbers]


def test_halves_go_to_the_even_number() -> None:
    x = np.array([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5], np.float16)
    np.testing.assert_array_equal(
        run(ops.round, x), np.array([-2, -2, 0, 0, 2, 2], np.float16)
    )


@pytest.mark.parametrize("name", sorted(ROUNDINGS))
@pytest.mark.parametrize("dtype", INTEGERS)
def test_integers_are_whole_already(name: str, dtype: str) -> None:
    x = np.array([0, 3, np.iinfo(dtype).max, np.iinfo(dtype).min], dtype)
    found = run(getattr(ops, name), x)
    assert found.dtype == x.dtype
    np.testing.assert_array_equal(found, x)
    assert held(name, of_dims("N", "3")) == (as_dim("N"), 3)


@pytest.mark.parametrize("name", sorted(MODES))
@pytest.mark.parametrize("dtype", INTEGERS)
def test_a_rest_is_what_the_quotient_leaves(name: str, dtype: str) -> None:
    """Zero and the least integer included: `x == div(x, y) * y + rest`, wrapping around."""
    limits = np.iinfo(dtype)
    x = np.array([0, 1, 7, 100, limits.max, limits.min, limits.max - 6], dtype)
    y = np.concatenate((x, -x))[:, None]
    rest = run(getattr(ops, name), x, y)
    assert rest.dtype == x.dtype
    quotient = run(ops.div, x, y, rounding_mode=MODES[name])
    np.testing.assert_array_equal(quotient * y + rest, np.broadcast_to(x, rest.shape))
    sign = np.sign(y if name == "remainder" else x)
    assert np.all((rest == 0) | (np.sign(rest) == sign) | (y == 0))


@pytest.mark.parametrize("name", sorted(MODES))
def test_the_rest_of_a_division_by_zero(name: str) -> None:
    zeros = np.zeros(3, np.int64)
    assert run(getattr(ops, name), np.array([7, -7, 0]), zeros).tolist() == [7, -7, 0]
    found = run(getattr(ops, name), np.array([7.0, -7, 0]), np.zeros(3))
    np.testing.assert_array_equal(found, [np.nan] * 3)


@pytest.mark.parametrize(
    ("name", "rests"), [("remainder", [1, -2, 2, -1]), ("fmod", [1, 1, -1, -1])]
)
@pytest.mark.parametrize("dtype", ["int32", "float16", "bfloat16", "float64"])
def test_signs(name: str, rests: list[int], dtype: str) -> None:
    x, y = (
        np.array(v).astype(numpy_dtype(dtype)) for v in ([10, 10, -10, -10], [3, -3, 3, -3])
    )
    assert run(getattr(ops, name), x, y).tolist() == rests


@pytest.mark.parametrize("name", sorted(MODES))
@settings(max_examples=50, deadline=None)
@given(
    st.sampled_from(INTEGERS),
    st.lists(st.integers(0, 255), min_size=3, max_size=3),
    st.lists(st.integers(0, 255), min_size=2, max_size=2),
)
def test_known_rests_are_what_the_kernel_returns(
    name: str, dtype: str, left: list[int], right: list[int]
) -> None:
    x = (np.array(left) - 128 * (dtype != "uint8")).astype(dtype)
    y = (np.array(right) - 128 * (dtype != "uint8")).astype(dtype).reshape(2, 1)
    value = held(name, Constant("x", x), Constant("y", y))
    assert value == tuple(run(getattr(ops, name), x, y).ravel().tolist())


@settings(max_examples=50, deadline=None)
@given(
    st.sampled_from(["S", "2*S + 1", "S - 7", "-S", "S*T + 3", "5"]),
    st.sampled_from(["S", "T", "3", "-3", "2*S"]),
    st.integers(1, 9),
    st.integers(1, 9),
)
def test_known_symbols_leave_what_the_kernel_returns(
    left: str, right: str, s: int, t: int
) -> None:
    value = held("remainder", of_dims(left), of_dims(right))
    assert value is not None
    numbers = {"S": s, "T": t}
    x, y = (np.array(evaluate(as_dim(text), numbers)) for text in (left, right))
    assert evaluate(value[0], numbers) == run(ops.remainder, x, y)


def test_shape_arithmetic_dissolves() -> None:
    assert held("remainder", of_dims("4*N", "4*N + 3", "N"), of_dims("4", "4", "0")) == (
        0,
        3,
        as_dim("N"),
    )
    assert held("fmod", of_dims("N"), of_dims("4")) is None


@pytest.mark.parametrize("name", [*ROUNDINGS, *MODES])
def test_bools_are_no_numbers(name: str) -> None:
    flags: list[Any] = [np.array([True, False])] * (1 + (name in MODES))
    with pytest.raises(DTypeError, match=r'^"input0" is bool; expected one of bfloat16, '):
        run(getattr(ops, name), *flags)


@pytest.mark.parametrize("name", sorted(MODES))
def test_refused(name: str) -> None:
    rule = getattr(ops, name)
    with pytest.raises(DTypeError, match=r'^"input0" is int64, but "input1" is float32; cast'):
        run(rule, integers(3), normal(3))
    with pytest.raises(ShapeError, match=r"^.* does not broadcast with .*: 3 against 4$"):
        infer(rule, [(2, 3), (4,)])

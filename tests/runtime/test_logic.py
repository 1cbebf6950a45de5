"""Comparisons and logic: known answers, numbers as operands, Python's operators, refusals."""

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnbuilder as nn
from tests.runtime.agreement import infer, run
from tests.samples.sample import integers, normal
from wnnx import ops
from wnnx.dim_text import as_dim
from wnnx.dims import Dim, evaluate
from wnnx.errors import ArgumentError, DTypeError, ShapeError
from wnnx.graph import Constant, Value
from wnnx.ops.registry import schema_of
from wnnx.types import TensorType, numpy_dtype, shape_text
from wnnxruntime import Session

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}
LOGICAL: dict[str, Callable[[Any, Any], bool]] = {
    "logical_and": lambda a, b: bool(a and b),
    "logical_or": lambda a, b: bool(a or b),
    "logical_xor": lambda a, b: bool(a) != bool(b),
}
BINARY = {**COMPARISONS, **LOGICAL}


def held(name: str, *inputs: Value) -> tuple[Dim, ...] | None:
    """Return what the rule says the result of a call holds."""
    return schema_of(getattr(ops, name)).infer(inputs, {})[0].value


def of_dims(name: str, *dims: str, dtype: str = "int64") -> Value:
    """Return a tensor that is known to hold these extents."""
    value = tuple(map(as_dim, dims))
    return Value(name, TensorType(dtype, (len(dims),), value))


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "int8", "uint64", "bool"])
@pytest.mark.parametrize("name", sorted(BINARY))
def test_answers_are_those_of_python(name: str, dtype: str) -> None:
    numbers = [0, 1] if dtype == "bool" else [0, 1, 2, 100]
    x = np.array(numbers, numpy_dtype(dtype))
    found = run(getattr(ops, name), x, x[:, None])
    assert found.dtype == bool
    assert found.tolist() == [[BINARY[name](a, b) for a in numbers] for b in numbers]


@pytest.mark.parametrize("name", sorted(BINARY))
@settings(max_examples=50, deadline=None)
@given(
    st.sampled_from(["int8", "uint8", "int64", "bool"]),
    st.lists(st.integers(0, 4), min_size=3, max_size=3),
    st.lists(st.integers(0, 4), min_size=2, max_size=2),
)
def test_known_answers_are_what_the_kernel_returns(
    name: str, dtype: str, left: list[int], right: list[int]
) -> None:
    x, y = (np.array(side).astype(dtype) for side in (left, right))
    y = y.reshape(2, 1)
    value = held(name, Constant("x", x), Constant("y", y))
    assert value == tuple(run(getattr(ops, name), x, y).ravel().tolist())


@pytest.mark.parametrize("name", sorted(BINARY))
@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(["S", "2*S", "S + T", "S - 1", "-S - 1", "0", "3", "-1"]),
    st.sampled_from(["S", "2*S + 1", "T", "S + 2", "0", "-1"]),
    st.integers(0, 4),
    st.integers(0, 4),
)
def test_answers_of_symbols_hold_for_every_number(
    name: str, left: str, right: str, s: int, t: int
) -> None:
    value = held(name, of_dims("x", left), of_dims("y", right))
    if value is not None:
        a, b = (evaluate(as_dim(text), {"S": s, "T": t}) for text in (left, right))
        assert value == (BINARY[name](a, b),)


@pytest.mark.parametrize(
    ("name", "x", "y", "answer"),
    [
        ("eq", "N", "N", 1),
        ("eq", "N", "-1", 0),  # how exporters ask for the extents that expand keeps
        ("eq", "N", "1", None),
        ("ne", "N + 1", "N", 1),
        ("ne", "N", "4", None),
        ("lt", "N", "N + 1", 1),
        ("lt", "N", "0", 0),
        ("lt", "N", "3", None),
        ("le", "N", "N + M", 1),
        ("gt", "N + 1", "0", 1),
        ("gt", "N", "0", None),
        ("ge", "N", "0", 1),
        ("ge", "N", "N + 1", 0),
        ("logical_and", "N + 1", "2", 1),
        ("logical_and", "N", "2", None),
        ("logical_or", "N + 1", "0", 1),
        ("logical_xor", "N + 1", "M + 1", 0),
    ],
)
def test_what_is_known_of_symbols(name: str, x: str, y: str, answer: int | None) -> None:
    found = held(name, of_dims("x", x), of_dims("y", y))
    assert found == (None if answer is None else (answer,))


def test_logical_not_of_what_is_known() -> None:
    assert held("logical_not", of_dims("x", "N + 1", "0", "-3")) == (0, 1, 0)
    assert held("logical_not", of_dims("x", "N")) is None
    assert held("logical_not", Constant("x", np.array([True, False]))) == (0, 1)


def test_the_choice_by_a_known_condition_is_known() -> None:
    x, y = of_dims("x", "N", "4*N", "H"), of_dims("y", "M", "2", "3")
    condition = Constant("c", np.array([True, False, True]))
    assert held("where", condition, x, y) == (as_dim("N"), 2, as_dim("H"))
    rows = Constant("c", np.array([[True], [False]]))
    assert held("where", rows, x, Constant("y", np.array(7))) == (
        *map(as_dim, ("N", "4*N", "H")), 7, 7, 7
    )  # fmt: skip
    unknown = Value("c", TensorType("bool", (3,)))
    assert held("where", unknown, x, y) is None
    assert held("where", condition, x, Value("y", TensorType("int64", (3,)))) is None


def test_the_shape_arithmetic_of_an_exported_expand_dissolves() -> None:
    """Where the wanted shape says -1, the extent 1 is taken, which keeps the axis as it is."""
    b = nn.Builder("expand")
    x = b.input("x", ("N", 1, 4))
    wanted = b.cat([b.slice(b.shape(x), starts=0, stops=1, dims=0), nn.constant([3, -1])])
    keeps = b.eq(wanted, -1)
    shape = b.where(keeps, 1, wanted)
    assert keeps.type.value == (0, 0, 1)
    assert shape.type.value == (as_dim("N"), 3, 1)
    assert str(shape.type) == "int64 (3,)"
    b.output(shape, name="found")
    found = Session(b.graph).run({"x": np.zeros((2, 1, 4), np.float32)})["found"]
    np.testing.assert_array_equal(found, [2, 3, 1])


def test_known_bools_go_through_a_cast() -> None:
    b = nn.Builder("cast")
    flags = b.gt(b.shape(b.input("x", ("N", 3))), nn.constant([-1, 3]))
    assert b.cast(flags, dtype="int64").type.value == (1, 0)
    assert b.cast(b.cast(flags, dtype="int32"), dtype="bool").type.value == (1, 0)
    # `and`, `or` of bools; 1 + 1 is no bool, and what it means is left to the kernel.
    assert (flags * flags).type.value == (1, 0)
    assert (flags + flags).type.value is None


@pytest.mark.parametrize(
    ("condition", "x", "y", "result"),
    [
        (("N", 1), ("W",), (), "(N, W)"),
        (("N",), ("M", 1), ("N",), "(M, N)"),
        ((), ("N", 3), ("N", 1), "(N, 3)"),
    ],
)
def test_symbols_broadcast_in_where(condition: Any, x: Any, y: Any, result: str) -> None:
    operands = [
        Value(name, TensorType(dtype, tuple(map(as_dim, shape))))
        for name, dtype, shape in (
            ("c", "bool", condition), ("x", "float32", x), ("y", "float32", y)
        )
    ]  # fmt: skip
    assert shape_text(schema_of(ops.where).infer(operands, {})[0].shape) == result


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "uint64", "int8", "bool"])
def test_where_moves_every_type_as_it_is(dtype: str) -> None:
    x, y = (np.array(v).astype(numpy_dtype(dtype)) for v in ([1, 0, 3], [5, 6, 0]))
    found = run(ops.where, np.array([True, False, True]), x, y)
    assert found.dtype == x.dtype
    np.testing.assert_array_equal(found, np.array([1, 6, 3]).astype(x.dtype))


def test_where_passes_nan_only_where_it_is_chosen() -> None:
    nan = np.full(2, np.nan, np.float32)
    found = run(ops.where, np.array([False, True]), nan, np.ones(2, np.float32))
    np.testing.assert_array_equal(found, np.array([1, np.nan], np.float32))


def test_infinities_of_half_precision() -> None:
    x = np.array([-np.inf, 65504, np.inf, np.nan], np.float16)
    assert run(ops.isinf, x).tolist() == [True, False, True, False]
    assert run(ops.isinf, x, detect_negative=False).tolist() == [False, False, True, False]
    assert run(ops.isinf, x, detect_positive=False).tolist() == [True, False, False, False]
    assert run(ops.isnan, x).tolist() == [False, False, False, True]


def test_numbers_take_the_type_of_the_other_choice() -> None:
    b = nn.Builder("choices")
    x = b.input("x", ("N",))
    mask = b.input("mask", ("N",), "bool")
    b.output(b.where(mask, x, 0.5), name="else")
    b.output(b.where(mask, -np.inf, x), name="then")
    assert {str(v.type) for v in b.graph.outputs} == {"float32 (N,)"}
    feeds = {"x": np.array([1, 2, 3], np.float32), "mask": np.array([True, False, True])}
    found = Session(b.graph).run(feeds)
    np.testing.assert_array_equal(found["else"], [1, 0.5, 3])
    np.testing.assert_array_equal(found["then"], [-np.inf, 2, -np.inf])
    with pytest.raises(ArgumentError, match="every operand is a number; at least one must be"):
        b.where(mask, 1, 0)


def test_pythons_operators() -> None:
    b = nn.Builder("operators")
    x = b.input("x", ("N",))
    y = b.input("y", ("N",))
    results = {
        "lt": x < y, "le": x <= 2, "gt": x > y, "ge": x >= 2, "reflected": 2 > y,  # noqa: SIM300
        "mod": x % y, "rest": 5 % y, "floor": x // y, "whole": 5 // y, "half": x % 0.5,
    }  # fmt: skip
    for name, value in results.items():
        b.output(value, name=name)
    a, c = np.array([1, 2, -3.25], np.float32), np.array([2, -1.5, 1], np.float32)
    found = Session(b.graph).run({"x": a, "y": c})
    expected: dict[str, list[Any]] = {
        "lt": [True, False, True],
        "le": [True, True, True],
        "gt": [False, True, False],
        "ge": [False, True, False],
        "reflected": [False, True, True],
        "mod": [1, -1, 0.75],
        "rest": [1, -1, 0],
        "floor": [0, -2, -4],
        "whole": [2, -4, 5],
        "half": [0, 0, 0.25],
    }
    assert found.keys() == expected.keys()
    for name, result in found.items():
        assert result.tolist() == expected[name], name
        is_answer = isinstance(expected[name][0], bool)
        assert result.dtype == (np.bool_ if is_answer else np.float32)


def test_equality_of_values_is_identity() -> None:
    b = nn.Builder("same")
    x, y = b.input("x", (3,)), b.input("y", (3,))
    assert (x == x, x == y, x != y) == (True, False, True)
    assert {x: 1, y: 2}[x] == 1
    assert not b.graph.nodes


def test_a_value_has_no_truth_before_the_run() -> None:
    b = nn.Builder("truth")
    x = b.input("x", (3,))
    for use in (lambda: bool(x < 1), lambda: 0 < x < 1, lambda: max(x, 0)):
        with pytest.raises(ArgumentError, match="true or false only when the network runs"):
            use()


@pytest.mark.parametrize("name", sorted(BINARY))
def test_refused(name: str) -> None:
    rule = getattr(ops, name)
    with pytest.raises(DTypeError) as dtypes:
        run(rule, integers(3), normal(3))
    message = '"input0" is int64, but "input1" is float32; cast one of them'
    assert str(dtypes.value) == message
    with pytest.raises(ShapeError) as shapes:
        infer(rule, [(2, 3), (4,)])
    message = '"input0" (2, 3) does not broadcast with "input1" (4,): 3 against 4'
    assert str(shapes.value) == message


def test_where_refuses() -> None:
    flags = np.array([True, False])
    with pytest.raises(DTypeError) as error:
        run(ops.where, integers(2), normal(2), normal(2))
    assert str(error.value) == '"input0" is int64; expected one of bool'
    with pytest.raises(DTypeError, match=r'^"input1" is float32, but "input2" is int64; cast'):
        run(ops.where, flags, normal(2), integers(2))
    with pytest.raises(ShapeError, match=r'^"input1" \(2,\) does not broadcast with "input2"'):
        run(ops.where, flags, normal(2), normal(3))
    with pytest.raises(ShapeError) as shapes:
        run(ops.where, flags, normal(3), normal(2, 1))
    assert str(shapes.value) == (
        '"input0" (2,) does not broadcast with "input1 and input2" (2, 3): 2 against 3'
    )

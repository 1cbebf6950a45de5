"""Full, arange, eye and one_hot: known values, symbols, and runs without any input."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nnbuilder as nn
from tests.runtime.agreement import run
from wnnx import ops
from wnnx.dims import evaluate, symbol
from wnnx.errors import ArgumentError, DimError, DTypeError, ShapeError, WnnxError
from wnnx.graph import Value
from wnnx.ops.registry import Rule, schema_of
from wnnx.types import DTYPES, TensorType, numpy_dtype, shape_text
from wnnxruntime import Session

N = symbol("N")


def made(rule: Rule, **attributes: Any) -> TensorType:
    """Return the type that a rule without inputs gives."""
    schema = schema_of(rule)
    return schema.infer([], schema.normalize([], attributes))[0]


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_element_type_is_made(dtype: str) -> None:
    wanted = numpy_dtype(dtype)
    ones = run(ops.full, shape=(2, 2), value=1, dtype=dtype)
    eye = run(ops.eye, n=2, dtype=dtype)
    hot = run(ops.one_hot, np.array([1, 0]), depth=2, dtype=dtype)
    assert (ones.dtype, eye.dtype, hot.dtype) == (wanted,) * 3
    assert ones.astype(np.int64).tolist() == [[1, 1], [1, 1]]
    assert eye.astype(np.int64).tolist() == [[1, 0], [0, 1]]
    assert hot.astype(np.int64).tolist() == [[0, 1], [1, 0]]
    if dtype != "bool":
        numbers = run(ops.arange, start=4, stop=0, step=-2, dtype=dtype)
        assert numbers.dtype == wanted
        assert numbers.astype(np.int64).tolist() == [4, 2]


@given(st.integers(-30, 30), st.integers(-30, 30), st.integers(-5, 5).filter(bool))
def test_whole_ranges_are_pythons(start: int, stop: int, step: int) -> None:
    expected = list(range(start, stop, step))
    attributes = {"start": start, "stop": stop, "step": step}
    found = made(ops.arange, **attributes)
    assert (found.dtype, found.shape, found.value) == (
        "int64",
        (len(expected),),
        tuple(expected),
    )
    assert run(ops.arange, **attributes).tolist() == expected
    symbolic = made(ops.arange, start="A", stop="A + B", step=step).shape[0]
    if start >= 0 and stop >= 0:
        length = len(range(start, start + stop, step))
        assert evaluate(symbolic, {"A": start, "B": stop}) == length


@given(
    start=st.floats(-30, 30),
    stop=st.floats(-30, 30),
    size=st.floats(0.1, 5),
    down=st.booleans(),
)
def test_fractional_ranges_have_as_many_numbers_as_fit(
    start: float, stop: float, size: float, *, down: bool
) -> None:
    step = -size if down else size
    found = run(ops.arange, start=start, stop=stop, step=step, dtype="float64")
    count = max(int(np.ceil((stop - start) / step)), 0)
    np.testing.assert_allclose(found, [start + i * step for i in range(count)], rtol=1e-15)


def test_the_ends_of_the_types_are_reached() -> None:
    top = 2**64 - 1
    found = run(ops.arange, start=top - 1, stop=top, dtype="uint64")
    assert found.tolist() == [top - 1]
    low = run(ops.arange, start=-(2**63), stop=-(2**63) + 2, dtype="int64")
    assert low.tolist() == [-(2**63), -(2**63) + 1]
    assert run(ops.full, shape=1, value=top, dtype="uint64").tolist() == [top]


def test_small_whole_numbers_are_known() -> None:
    assert made(ops.full, shape=(2, 2), value=7, dtype="int64").value == (7,) * 4
    assert made(ops.full, shape=2, value="N", dtype="int64").value == (N, N)
    assert made(ops.full, shape=(), value=1, dtype="bool").value == (1,)
    assert made(ops.full, shape="N", value=7, dtype="int64").value is None
    assert made(ops.full, shape=65, value=7, dtype="int64").value is None
    assert made(ops.full, shape=2, value=7).value is None
    assert made(ops.arange, start="N", stop="N + 3").value == (N, N + 1, N + 2)
    assert made(ops.arange, stop="N").value is None


def test_symbols_stand_in_shapes() -> None:
    assert shape_text(made(ops.full, shape=("N", "2*N + 1")).shape) == "(N, 2*N + 1)"
    assert shape_text(made(ops.arange, stop="N").shape) == "(N,)"
    assert shape_text(made(ops.arange, stop="N", step=2, dtype="float32").shape) == (
        "((N - 1)//2 + 1,)"
    )
    assert shape_text(made(ops.eye, n="N", m=3).shape) == "(N, 3)"
    indices = Value("i", TensorType("int32", (N, 4)))
    for dim, text in ((-1, "(N, 4, D)"), (0, "(D, N, 4)"), (-2, "(N, D, 4)")):
        assert shape_text(ops.one_hot(indices, depth="D", dim=dim).shape) == text


@pytest.mark.parametrize(
    ("rule", "attributes", "error", "message"),
    [
        (ops.full, {"shape": (-1,)}, ArgumentError, "every number must be 0 or more"),
        (ops.full, {"shape": (2**16, 2**16)}, ShapeError, "at most 2147483647 are allowed"),
        (ops.full, {"shape": 1, "dtype": "float"}, DTypeError, "unknown dtype"),
        (
            ops.full,
            {"shape": 1, "dtype": "uint8", "value": 300},
            ArgumentError,
            "does not fit",
        ),
        (ops.full, {"shape": 1, "dtype": "int8", "value": 1.5}, ArgumentError, "fractional"),
        (
            ops.full,
            {"shape": 1, "dtype": "bool", "value": 2},
            ArgumentError,
            "not fit into bool",
        ),
        (ops.full, {"shape": 1, "value": "1 +"}, DimError, "is not a dimension"),
        (
            ops.full,
            {"shape": 1, "value": (1, 2)},
            ArgumentError,
            "expected one number, found 2",
        ),
        (ops.full, {"shape": 1, "value": 2**64}, ArgumentError, "does not fit into 64 bits"),
        (ops.arange, {"stop": 3, "step": 0}, ArgumentError, "other than 0"),
        (ops.arange, {"stop": 3, "step": "N"}, ArgumentError, "other than 0"),
        (ops.arange, {"stop": 3.5, "dtype": "int64"}, ArgumentError, "stop=3.5 is fractional"),
        (ops.arange, {"stop": "N", "step": 0.5}, ArgumentError, "no known number of elements"),
        (ops.arange, {"stop": float("inf")}, ArgumentError, "no known number of elements"),
        (ops.arange, {"stop": float("nan")}, ArgumentError, "no known number of elements"),
        (ops.arange, {"stop": 1e308, "step": 1e-308}, ArgumentError, "no known number"),
        (ops.arange, {"stop": 300, "dtype": "uint8"}, ArgumentError, "299 does not fit"),
        (ops.arange, {"stop": 3, "dtype": "bool"}, DTypeError, "dtype is bool"),
        (ops.arange, {"stop": 2**31}, ShapeError, "at most 2147483647 are allowed"),
        (ops.arange, {"stop": 1e12}, ShapeError, "at most 2147483647 are allowed"),
        (ops.eye, {"n": -1}, ArgumentError, "every number must be 0 or more"),
        (ops.eye, {"n": 1.0}, ArgumentError, "expected a whole number or a symbol"),
        (ops.eye, {"n": 2**16}, ShapeError, "at most 2147483647 are allowed"),
    ],
)
def test_what_cannot_be_is_refused(
    rule: Rule, attributes: dict[str, Any], error: type[WnnxError], message: str
) -> None:
    with pytest.raises(error, match=message):
        made(rule, **attributes)


def test_one_hot_refuses_what_has_no_meaning() -> None:
    with pytest.raises(ShapeError, match="dim=2 is out of range"):
        run(ops.one_hot, np.array([1]), depth=2, dim=2)
    with pytest.raises(ArgumentError, match=r"depth=\(-1,\): every number must be 0 or more"):
        run(ops.one_hot, np.array([1]), depth=-1)
    with pytest.raises(DTypeError, match="is float64"):
        run(ops.one_hot, np.array([1.0]), depth=2)
    with pytest.raises(ArgumentError, match=r"on_value=0\.5 is fractional"):
        run(ops.one_hot, np.array([1]), depth=2, on_value=0.5)


def test_indices_beyond_the_axis_are_nowhere() -> None:
    indices = np.array([2**64 - 1, 2**63, 1], np.uint64)
    assert run(ops.one_hot, indices, depth=2).tolist() == [[0, 0], [0, 0], [0, 1]]


def test_a_network_may_begin_with_them() -> None:
    b = nn.Builder()
    b.output(b.full(shape=(2, 3), value=0.5) + b.eye(n=2, m=3), name="y")
    b.output(b.arange(stop=4), name="z")
    results = Session(b.graph).run({})
    np.testing.assert_array_equal(results["y"], np.eye(2, 3, dtype=np.float32) + 0.5)
    np.testing.assert_array_equal(results["z"], np.arange(4))


def test_their_symbols_are_those_of_the_inputs() -> None:
    b = nn.Builder()
    x = b.input("x", ("N", 3))
    positions = b.reshape(b.arange(stop="N", dtype="float32"), shape=("N", 1))
    b.output(x + positions, name="y")
    b.output(b.full(shape=("N", 2), value="N", dtype="int64"), name="z")
    results = Session(b.graph).run({"x": np.zeros((4, 3), np.float32)})
    np.testing.assert_array_equal(results["y"], np.arange(4)[:, None] + np.zeros(3))
    np.testing.assert_array_equal(results["z"], np.full((4, 2), 4))
    # which must be fed where only their symbols are needed
    with pytest.raises(DimError, match="no number is bound to N"):
        Session(b.graph).run({}, outputs=["z"])

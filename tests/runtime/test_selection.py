"""Split, slice and gather: random calls against numpy, what is refused, symbols."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nnbuilder as nn
from tests.runtime.agreement import infer, run
from tests.samples.sample import normal
from wnnx import ops
from wnnx.dims import evaluate, symbol
from wnnx.errors import ArgumentError, DTypeError, KernelError, RunError, ShapeError, WnnxError
from wnnx.graph import Constant, Value
from wnnx.ops.registry import schema_of
from wnnx.ops.selection import END, slice_extent
from wnnx.types import TensorType, shape_text
from wnnxruntime import Session
from wnnxruntime.compute import compute

bounds = st.integers(-9, 9) | st.sampled_from([END, -END, -(2**63), 2**31])
steps = st.integers(-4, 4).filter(bool)


@given(st.integers(0, 7), bounds, bounds, steps)
def test_a_slice_is_pythons(extent: int, start: int, stop: int, step: int) -> None:
    x = normal(extent, 2)
    expected = x[start:stop:step]
    found = run(ops.slice, x, starts=start, stops=stop, dims=0, steps=step)
    np.testing.assert_array_equal(found, expected)
    symbolic = slice_extent(symbol("N"), start, stop, step)
    assert evaluate(symbolic, {"N": extent}) == len(expected)


@given(st.integers(0, 7), st.integers(0, 9), st.integers(-9, 9), steps)
def test_a_symbolic_start_is_taken_as_it_is(a: int, extent: int, stop: int, step: int) -> None:
    symbolic = slice_extent(symbol("N"), symbol("A"), stop, step)
    assert evaluate(symbolic, {"N": extent, "A": a}) == len(range(extent)[a:stop:step])


@pytest.mark.parametrize(
    ("start", "stop", "step", "text"),
    [
        (0, END, 1, "N"),
        (END, -END, -1, "N"),
        (0, "N", 1, "N"),
        (1, "N", 1, "max(N - 1, 0)"),
        (0, "M", 1, "min(M, N)"),
        ("A", "A + 3", 1, "max(min(-A + N, 3), 0)"),
        (-4, -1, 1, "max(min(N - 1, 3), 0)"),
        (2, 5, 1, "max(min(N - 2, 3), 0)"),
        (1, END, 3, "(N - 2)//3 + 1"),
        ("N", END, 1, "0"),
    ],
)
def test_texts_of_symbolic_slices(start: Any, stop: Any, step: int, text: str) -> None:
    shape = infer(ops.slice, [("N",)], starts=start, stops=stop, dims=0, steps=step)
    assert str(shape[0]) == text


@pytest.mark.parametrize(
    ("attributes", "error", "message"),
    [
        (
            {"starts": 0, "stops": 1, "dims": 2},
            ShapeError,
            'dims=2 is out of range for "input0" (N, 4): -2 to 1',
        ),
        (
            {"starts": (0, 0), "stops": (1, 1), "dims": (0, -2)},
            ShapeError,
            'dims=(0, -2) names an axis of "input0" twice',
        ),
        (
            {"starts": 0, "stops": (1, 1), "dims": (0, 1)},
            ArgumentError,
            "starts=(0,) has 1 entries for 2 axes",
        ),
        (
            {"starts": (0, 0), "stops": (1, 1), "dims": (0, 1), "steps": (1, 1, 1)},
            ArgumentError,
            "steps=(1, 1, 1) has 3 entries for 2 axes",
        ),
        (
            {"starts": 0, "stops": 1, "dims": 0, "steps": 0},
            ArgumentError,
            "a slice's step cannot be 0",
        ),
        (
            {"starts": "N - 2", "stops": "N", "dims": 0},
            ShapeError,
            "the start N - 2 may be negative, and would then count from the end; "
            "use one that is "
            "not, such as max(N - 2, 0)",
        ),
    ],
)
def test_a_slice_that_cannot_be_is_refused(
    attributes: dict[str, Any], error: type[WnnxError], message: str
) -> None:
    with pytest.raises(error) as raised:
        infer(ops.slice, [("N", 4)], **attributes)
    assert str(raised.value) == message


def pieces(shape: tuple[Any, ...], **attributes: Any) -> list[str]:
    """Return the shapes that split gives."""
    x = Value("x", TensorType("float32", shape))
    schema = schema_of(ops.split)
    return [shape_text(t.shape) for t in schema.infer([x], schema.normalize([x], attributes))]


N = symbol("N")


@pytest.mark.parametrize(
    ("shape", "attributes", "expected"),
    [
        ((6, 2), {"sizes": 3}, ["(3, 2)", "(3, 2)"]),
        ((7, 2), {"sizes": 3}, ["(3, 2)", "(3, 2)", "(1, 2)"]),
        ((7, 2), {"sizes": 9}, ["(7, 2)"]),
        ((0, 2), {"sizes": 9}, ["(0, 2)"]),
        ((N, 6), {"sizes": 3, "dim": 1}, ["(N, 3)", "(N, 3)"]),
        ((N, 6), {"sizes": (1, 2), "dim": 0}, ["(1, 6)", "(2, 6)"]),
    ],
)
def test_pieces(
    shape: tuple[Any, ...], attributes: dict[str, Any], expected: list[str]
) -> None:
    assert pieces(shape, **attributes) == expected


@pytest.mark.parametrize(
    ("shape", "attributes", "error", "message"),
    [
        (
            (6, 2),
            {"sizes": (1, 2)},
            ShapeError,
            'sizes=(1, 2) add up to 3; "x" (6, 2) along axis 0 has 6',
        ),
        ((6, 2), {"sizes": 0}, ArgumentError, "sizes=(0,): every number must be 1 or more"),
        (
            (6, 2),
            {"sizes": (7, -1)},
            ArgumentError,
            "sizes=(7, -1): every number must be 0 or more",
        ),
        ((6, 2), {"sizes": 2, "dim": 2}, ShapeError, "dim=2 is out of range"),
        ((), {"sizes": 1}, ShapeError, '"x" () is a scalar; it has no axis to cut'),
        (
            (N, 2),
            {"sizes": 2},
            ShapeError,
            '"x" (N, 2) along axis 0: pieces of 2 from N elements are not known '
            "to be how many; "
            "give the extent of every piece",
        ),
        (
            (2**30, 2),
            {"sizes": 1},
            ArgumentError,
            '"x" (1073741824, 2) along axis 0: 1073741824 pieces of 1; at most '
            "4096 are allowed",
        ),
    ],
)
def test_a_split_that_cannot_be_is_refused(
    shape: tuple[Any, ...], attributes: dict[str, Any], error: type[WnnxError], message: str
) -> None:
    with pytest.raises(error) as raised:
        pieces(shape, **attributes)
    assert str(raised.value).startswith(message)


@given(st.lists(st.integers(-4, 3), max_size=6), st.integers(-3, 2))
def test_gather_is_numpys_take(index: list[int], dim: int) -> None:
    x = normal(4, 4, 4)
    positions = np.array(index, np.int64)
    found = run(ops.gather, x, positions, dim=dim)
    np.testing.assert_array_equal(found, np.take(x, positions, dim))


@pytest.mark.parametrize("wrong", [4, -5, 2**40, -(2**63)])
def test_an_index_out_of_range_at_run_names_index_and_extent(wrong: int) -> None:
    index = np.array([[0, 1], [wrong, 2]])
    with pytest.raises(KernelError) as raised:
        run(ops.gather, normal(3, 4), index, dim=1)
    assert str(raised.value) == f"index {wrong} is out of range for axis 1 with 4 elements"
    assert isinstance(raised.value, RunError)


def test_nothing_can_be_taken_from_an_empty_axis() -> None:
    with pytest.raises(
        KernelError, match="index 0 is out of range for axis 0 with 0 elements"
    ):
        run(ops.gather, normal(0, 4), np.array([0]))


@pytest.mark.parametrize("dtype", ["uint8", "uint64", "int8", "int32"])
def test_an_index_is_of_any_integer_type(dtype: str) -> None:
    x = normal(4, 2)
    found = run(ops.gather, x, np.array([3, 0], dtype))
    np.testing.assert_array_equal(found, x[[3, 0]])


def taken(shape: tuple[Any, ...], index: Value, **attributes: Any) -> TensorType:
    x = Value("x", TensorType("int64", shape))
    schema = schema_of(ops.gather)
    return schema.infer([x, index], schema.normalize([x, index], attributes))[0]


def test_an_index_that_is_known_is_checked_as_it_is_written() -> None:
    index = Constant("i", np.array([0, 4]))
    with pytest.raises(ShapeError) as raised:
        taken((3, 4), index, dim=-1)
    assert str(raised.value) == (
        'index 4 is out of range for axis 1 of "x" (3, 4), which has 4 elements'
    )
    assert taken((3, "N"), index, dim=-1).shape == (3, 2)


def test_gather_refuses_what_has_no_meaning() -> None:
    with pytest.raises(ShapeError, match=r'dim=2 is out of range for "x" \(3, 4\)'):
        taken((3, 4), Constant("i", np.array([0])), dim=2)
    with pytest.raises(ShapeError, match='"x" is a scalar; it has no axis to take from'):
        taken((), Constant("i", np.array([0])))
    with pytest.raises(DTypeError, match='"i" is float32; expected one of int16, int32'):
        taken((3,), Constant("i", np.zeros(1, np.float32)))
    with pytest.raises(ShapeError, match="9 axes"):
        taken((1,) * 5, Constant("i", np.zeros((1,) * 5, np.int64)))
    with pytest.raises(ShapeError, match="at most 2147483647 are allowed"):
        taken((2, 2**20), Value("i", TensorType("int64", (2**12,))))


def test_select_takes_one_element_and_drops_the_axis() -> None:
    x = Value("x", TensorType("int64", (2, 3), (N, 1, 2, 3, 4, 5)))
    assert ops.select(x, dim=0, index=-1) == TensorType("int64", (3,))
    assert ops.select(x, dim=0, index=-1).value == (3, 4, 5)
    assert ops.select(x, dim=-1, index=0).value == (N, 3)
    row = Value("x", TensorType("int64", (2,), (N, 5)))
    assert ops.select(row, dim=0, index=0).value == (N,)


@pytest.mark.parametrize(
    ("shape", "dim", "index", "message"),
    [
        (
            (3, 4),
            1,
            4,
            'index 4 is out of range for axis 1 of "x" (3, 4), which has 4 elements',
        ),
        (
            (0, 4),
            0,
            0,
            'index 0 is out of range for axis 0 of "x" (0, 4), which has 0 elements',
        ),
        (
            (N,),
            0,
            -(2**40),
            f'index {-(2**40)} is out of range for axis 0 of "x" (N,), which has',
        ),
        ((3, 4), 2, 0, 'dim=2 is out of range for "x" (3, 4): -2 to 1'),
        ((), 0, 0, '"x" is a scalar; it has no axis to take from'),
    ],
)
def test_an_element_that_is_not_there_cannot_be_selected(
    shape: tuple[Any, ...], dim: int, index: int, message: str
) -> None:
    with pytest.raises(ShapeError) as raised:
        ops.select(Value("x", TensorType("float32", shape)), dim=dim, index=index)
    assert str(raised.value).startswith(message)


def test_a_selected_symbol_that_is_too_small_fails_when_the_network_runs() -> None:
    b = nn.Builder()
    b.output(b.select(b.input("x", ("N", 2)), dim=0, index=3, name="fourth"), name="y")
    session = Session(b.graph)
    x = normal(4, 2)
    np.testing.assert_array_equal(session.run({"x": x})["y"], x[3])
    with pytest.raises(ShapeError, match='select "fourth": index 3 is out of range'):
        session.run({"x": x[:3]})


def test_known_values_are_taken_only_where_the_index_is_known() -> None:
    x = Value("x", TensorType("int64", (3,), (N, 5, 7)))
    for index, value in (
        (Constant("i", np.array([2, -3])), (7, N)),
        (Constant("i", np.array(1)), (5,)),
        (Value("i", TensorType("int64", (2,))), None),
        (Value("i", TensorType("int64", (1,), (N,))), None),
    ):
        assert ops.gather(x, index).value == value


def test_known_values_are_sliced() -> None:
    x = Value("x", TensorType("int64", (4,), (N, 2, 3, 4)))
    assert ops.slice(x, starts=(1,), stops=(END,), dims=(0,), steps=(2,)).value == (2, 4)
    assert ops.slice(x, starts=(END,), stops=(-END,), dims=(0,), steps=(-1,)).value == (
        4,
        3,
        2,
        N,
    )
    assert ops.slice(x, starts=(N,), stops=(N,), dims=(0,), steps=(1,)) == TensorType(
        "int64", (0,)
    )


def test_split_gives_every_piece_its_known_values() -> None:
    x = Value("x", TensorType("int64", (2, 3), (N, 1, 2, 3, 4, 5)))
    left, right = ops.split(x, sizes=(1, 2), dim=-1)
    assert left.value == (N, 3)
    assert right.value == (1, 2, 4, 5)


def test_split_runs_as_several_outputs() -> None:
    schema = schema_of(ops.split)
    x = normal(3, 5)
    operands = [Constant("x", x)]
    stored = schema.normalize(operands, {"sizes": 2, "dim": 1})
    parts = compute(schema, [x], stored, schema.infer(operands, stored))
    np.testing.assert_array_equal(np.concatenate(parts, 1), x)
    assert [part.shape for part in parts] == [(3, 2), (3, 2), (3, 1)]

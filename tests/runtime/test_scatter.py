"""Gather and scatter by places: random calls against plain loops, what is refused, symbols."""

import operator
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.runtime.agreement import run
from tests.samples.sample import normal
from wnnx import ops
from wnnx.dim_text import as_dim
from wnnx.dims import symbol
from wnnx.errors import ArgumentError, DTypeError, KernelError, ShapeError, WnnxError
from wnnx.graph import Constant, Value
from wnnx.ops.registry import Rule, schema_of
from wnnx.types import Array, TensorType, shape_text

N = symbol("N")


def replace(old: float, new: float) -> float:
    return new


COMBINE: dict[str, Any] = {
    "none": replace,
    "add": operator.add,
    "mul": operator.mul,
    "max": max,
    "min": min,
}
reductions = st.sampled_from(list(COMBINE))
seeds = st.integers(0, 2**32 - 1)


def places(seed: int, shape: tuple[int, ...], extent: int) -> Array:
    """Return random indices of an axis, from the front and from the end."""
    return np.random.default_rng(seed).integers(-extent, extent, shape)


@given(st.integers(0, 2), st.tuples(*[st.integers(0, 4)] * 3), seeds)
def test_gather_elements_takes_one_element_each(
    dim: int, extents: tuple[int, ...], seed: int
) -> None:
    x = normal(4, 4, 4, seed=seed)
    index = places(seed, extents, 4)
    expected = np.empty(extents, np.float32)
    for at in np.ndindex(extents):
        source = list(at)
        source[dim] = index[at]
        expected[at] = x[tuple(source)]
    np.testing.assert_array_equal(run(ops.gather_elements, x, index, dim=dim), expected)


@given(st.integers(-3, 2), st.tuples(*[st.integers(0, 3)] * 3), reductions, seeds)
def test_scatter_elements_puts_one_after_the_other(
    dim: int, extents: tuple[int, ...], reduction: str, seed: int
) -> None:
    x = normal(3, 4, 5, seed=seed).astype(np.float64)
    index = places(seed, extents, x.shape[dim])
    updates = normal(3, 3, 3, seed=seed + 1).astype(np.float64)
    expected = x.copy()
    for at in np.ndindex(extents):
        target: list[Any] = list(at)
        target[dim] = index[at]
        expected[tuple(target)] = COMBINE[reduction](expected[tuple(target)], updates[at])
    found = run(ops.scatter_elements, x, index, updates, dim=dim, reduction=reduction)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@given(st.integers(0, 2), st.integers(1, 3), st.lists(st.integers(0, 3), max_size=2), seeds)
def test_gather_nd_takes_a_part_for_each_row(
    batch_dims: int, count: int, between: list[int], seed: int
) -> None:
    x = normal(2, 3, 3, 3, seed=seed)
    count = min(count, 4 - batch_dims)
    batch = x.shape[:batch_dims]
    index = places(seed, (*batch, *between, count), 2)
    expected = np.empty((*index.shape[:-1], *x.shape[batch_dims + count :]), np.float32)
    for at in np.ndindex(index.shape[:-1]):
        expected[at] = x[(*at[:batch_dims], *index[at])]
    found = run(ops.gather_nd, x, index, batch_dims=batch_dims)
    np.testing.assert_array_equal(found, expected)


@given(st.integers(1, 3), st.lists(st.integers(0, 4), max_size=2), reductions, seeds)
def test_scatter_nd_puts_a_part_for_each_row(
    count: int, between: list[int], reduction: str, seed: int
) -> None:
    x = normal(3, 2, 4, seed=seed).astype(np.float64)
    index = places(seed, (*between, count), 2)
    updates = normal(*between, *x.shape[count:], seed=seed + 1).astype(np.float64)
    expected = x.copy()
    combine = np.vectorize(COMBINE[reduction], otypes=[np.float64])
    for at in np.ndindex(tuple(between)):
        target = tuple(index[at])
        expected[target] = combine(expected[target], updates[at]) if updates[at].size else 0
    found = run(ops.scatter_nd, x, index, updates, reduction=reduction)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@given(st.integers(-7, 7), st.integers(-7, 7), st.integers(-3, 3).filter(bool))
def test_slice_scatter_undoes_slice(start: int, stop: int, step: int) -> None:
    x, other = normal(5, 3), normal(5, 3, seed=1)
    cut: dict[str, Any] = {"starts": start, "stops": stop, "dims": 0, "steps": step}
    found = run(ops.slice_scatter, x, run(ops.slice, other, **cut), **cut)
    taken = np.isin(np.arange(5), np.arange(5)[start:stop:step])
    np.testing.assert_array_equal(found, np.where(taken[:, None], other, x))


@pytest.mark.parametrize("reduction", ["add", "mul", "max", "min"])
def test_nan_stays_nan(reduction: str) -> None:
    x, updates = np.array([np.nan, 1, 2]), np.array([5, np.nan])
    index = np.array([0, 1])
    along = run(ops.scatter_elements, x, index, updates, dim=0, reduction=reduction)
    rows = run(ops.scatter_nd, x, index[:, None], updates, reduction=reduction)
    for found in (along, rows):
        np.testing.assert_array_equal(found, [np.nan, np.nan, 2])


def test_many_halves_add_up_in_single_precision() -> None:
    """One by one in float16, the sum would stop at 2048."""
    x, index = np.zeros(1, np.float16), np.zeros(4096, np.int64)
    ones = np.ones(4096, np.float16)
    along = run(ops.scatter_elements, x, index, ones, dim=0, reduction="add")
    rows = run(ops.scatter_nd, x, index[:, None], ones, reduction="add")
    assert along.tolist() == rows.tolist() == [4096]
    assert along.dtype == rows.dtype == np.float16


@pytest.mark.parametrize("reduction", ["none", "add", "mul", "max", "min"])
@pytest.mark.parametrize("dtype", ["uint8", "int64", "bool"])
def test_integers_wrap_and_bools_are_joined(reduction: str, dtype: str) -> None:
    for old, new in product((0, 1, 200), (0, 1, 100)):
        x, updates = np.array([old]).astype(dtype), np.array([new]).astype(dtype)
        with np.errstate(over="ignore"):
            expected = {
                "none": updates,
                "add": x + updates,
                "mul": x * updates,
                "max": np.maximum(x, updates),
                "min": np.minimum(x, updates),
            }[reduction]
        found = run(ops.scatter_nd, x, np.array([[0]]), updates, reduction=reduction)
        np.testing.assert_array_equal(found, expected)


def test_inputs_are_not_written_to() -> None:
    x = normal(3, 3)
    kept = x.copy()
    run(ops.scatter_elements, x, np.array([[0]]), normal(1, 1, seed=1), dim=0)
    run(ops.scatter_nd, x, np.array([[0]]), normal(1, 3, seed=1))
    run(ops.slice_scatter, x, normal(1, 3, seed=1), starts=0, stops=1, dims=0)
    np.testing.assert_array_equal(x, kept)


@pytest.mark.parametrize("wrong", [4, -5, 2**40, -(2**63)])
@pytest.mark.parametrize(
    ("rule", "attributes", "column"),
    [
        (ops.gather_elements, {"dim": 1}, None),
        (ops.scatter_elements, {"dim": 1}, None),
        (ops.gather_nd, {}, 1),
        (ops.scatter_nd, {}, 1),
    ],
)
def test_an_index_out_of_range_at_run_names_index_and_extent(
    rule: Rule, attributes: dict[str, Any], column: int | None, wrong: int
) -> None:
    index = np.array([[0, wrong]])
    inputs = [normal(3, 4), index]
    if "scatter" in rule.__name__:
        inputs.append(normal(1, 2) if column is None else normal(1))
    with pytest.raises(KernelError) as raised:
        run(rule, *inputs, **attributes)
    assert str(raised.value) == f"index {wrong} is out of range for axis 1 with 4 elements"


def test_the_first_column_names_the_first_axis_behind_the_batch() -> None:
    with pytest.raises(
        KernelError, match="index 3 is out of range for axis 1 with 3 elements"
    ):
        run(ops.gather_nd, normal(2, 3, 4), np.array([[0], [3]]), batch_dims=1)


def inferred(rule: Rule, *inputs: Value, **attributes: Any) -> TensorType:
    schema = schema_of(rule)
    return schema.infer(inputs, schema.normalize(inputs, attributes))[0]


def value(name: str, *shape: Any, dtype: str = "float32") -> Value:
    return Value(name, TensorType(dtype, tuple(as_dim(dim) for dim in shape)))


def index(*shape: Any) -> Value:
    return value("i", *shape, dtype="int64")


@pytest.mark.parametrize(
    ("rule", "inputs", "attributes", "error", "message"),
    [
        (
            ops.gather_elements,
            [value("x", 3, 4), index(3)],
            {"dim": 0},
            ShapeError,
            '"x" (3, 4) and "i" (3,) have 2 and 1 axes',
        ),
        (
            ops.gather_elements,
            [value("x", "N", 4), index("N + 1", 9)],
            {"dim": 1},
            ShapeError,
            '"x" (N, 4) and "i" (N + 1, 9) do not go together: axis 0 of the index has N + 1 '
            "elements, more than N",
        ),
        (
            ops.gather_elements,
            [value("x", 3, 4), index(3, 4)],
            {"dim": 2},
            ShapeError,
            'dim=2 is out of range for "x" (3, 4): -2 to 1',
        ),
        (
            ops.gather_elements,
            [value("x", 3, 4), value("i", 3, 4)],
            {"dim": 0},
            DTypeError,
            '"i" is float32; expected one of int16, int32, int64, int8, uint16, uint32, '
            "uint64, uint8",
        ),
        (
            ops.gather_elements,
            [value("x", 3, 4), Constant("i", np.array([[0, 4]]))],
            {"dim": -1},
            ShapeError,
            'index 4 is out of range for axis 1 of "x" (3, 4), which has 4 elements',
        ),
        (
            ops.gather_elements,
            [value("x", "N"), Constant("i", np.array([2**63], np.uint64))],
            {"dim": 0},
            ShapeError,
            f'index {2**63} is out of range for axis 0 of "x" (N,), which has N elements',
        ),
        (
            ops.scatter_elements,
            [value("x", 3, 4), index(3, 4), value("u", 3, 3)],
            {"dim": 0},
            ShapeError,
            '"u" (3, 3) and "i" (3, 4) do not go together: axis 1 of the index has 4 '
            "elements, more than 3",
        ),
        (
            ops.scatter_elements,
            [value("x", 3, 4), index(3, 4), value("u", 3, 4, dtype="float64")],
            {"dim": 0},
            DTypeError,
            '"x" is float32, but "u" is float64; cast one of them',
        ),
        (
            ops.scatter_elements,
            [value("x", 3, 4), index(3, 4), value("u", 3, 4)],
            {"dim": 0, "reduction": "mean"},
            ArgumentError,
            "reduction='mean' is not one of 'none', 'add', 'mul', 'max', 'min'",
        ),
        (
            ops.scatter_elements,
            [value("x", 3), Constant("i", np.array([-4])), value("u", 1)],
            {"dim": 0},
            ShapeError,
            'index -4 is out of range for axis 0 of "x" (3,), which has 3 elements',
        ),
        (
            ops.gather_nd,
            [value("x", 3, 4), index(5, 3)],
            {},
            ShapeError,
            'the rows of "i" (5, 3) name no place in "x" (3, 4); expected 1 to 2 numbers in '
            "each",
        ),
        (
            ops.gather_nd,
            [value("x", 3, 4), index(5, "N")],
            {},
            ShapeError,
            'the rows of "i" (5, N) name no place in "x" (3, 4); expected 1 to 2 numbers in '
            "each",
        ),
        (
            ops.gather_nd,
            [value("x", 3, 4), index(3, 2)],
            {"batch_dims": 1},
            ShapeError,
            'the rows of "i" (3, 2) name no place in "x" (3, 4); expected 1 to 1 numbers in '
            "each behind a batch of 1 axes",
        ),
        (
            ops.gather_nd,
            [value("x", 3, 4), index(3)],
            {"batch_dims": 1},
            ShapeError,
            'the rows of "i" (3,) name no place in "x" (3, 4); expected 1 to 1 numbers in '
            "each behind a batch of 1 axes",
        ),
        (
            ops.gather_nd,
            [value("x", 3, 4), index(2, 1)],
            {"batch_dims": 1},
            ShapeError,
            '"x" (3, 4) and "i" (2, 1) differ in their first 1 axes',
        ),
        (
            ops.gather_nd,
            [value("x", 3, 4), index(2, 1)],
            {"batch_dims": -1},
            ArgumentError,
            "batch_dims=-1; expected 0 or more",
        ),
        (
            ops.gather_nd,
            [value("x", 3, 4), Constant("i", np.array([[0, 4]]))],
            {},
            ShapeError,
            'index 4 is out of range for axis 1 of "x" (3, 4), which has 4 elements',
        ),
        (
            ops.gather_nd,
            [value("x", 3, 2**20), index(2**20, 1)],
            {},
            ShapeError,
            f"shape ({2**20}, {2**20}) has {2**40} elements; at most 2147483647 are allowed",
        ),
        (
            ops.scatter_nd,
            [value("x", "N", 4), index(5, 1), value("u", 5, 3)],
            {},
            ShapeError,
            'updates "u" (5, 3) do not fit; expected (5, 4)',
        ),
        (
            ops.scatter_nd,
            [value("x", 3, 4), index(5, 1), value("u", 5)],
            {},
            ShapeError,
            'updates "u" (5,) do not fit; expected (5, 4)',
        ),
        (
            ops.slice_scatter,
            [value("x", "N", 4), value("u", "N", 4)],
            {"starts": 1, "stops": 3, "dims": 1},
            ShapeError,
            'updates "u" (N, 4) do not fit; expected (N, 2)',
        ),
    ],
)
def test_what_does_not_fit_is_refused(
    rule: Rule,
    inputs: list[Value],
    attributes: dict[str, Any],
    error: type[WnnxError],
    message: str,
) -> None:
    with pytest.raises(error) as raised:
        inferred(rule, *inputs, **attributes)
    assert str(raised.value) == message


def test_symbolic_shapes() -> None:
    x = value("x", "N", "M", 4)
    taken = inferred(ops.gather_elements, x, index("N", "K", 2), dim=1)
    assert shape_text(taken.shape) == "(N, K, 2)"
    rows = inferred(ops.gather_nd, x, index("N", "K", 1), batch_dims=1)
    assert shape_text(rows.shape) == "(N, K, 4)"
    parts = inferred(ops.gather_nd, x, index("K", 2))
    assert shape_text(parts.shape) == "(K, 4)"
    assert inferred(ops.scatter_nd, x, index("K", 2), value("u", "K", 4)).shape == x.shape
    updates = value("u", "N", "max(M - 1, 0)", 4)
    cut = {"starts": 1, "stops": "M", "dims": 1}
    assert inferred(ops.slice_scatter, x, updates, **cut).shape == x.shape


def test_known_values_are_taken() -> None:
    x = Value("x", TensorType("int64", (2, 3), (N, 1, 2, 3, 4, 5)))
    for numbers, held in (
        (np.array([[0, -1], [2, 2]]), (N, 2, 5, 5)),
        (np.array([[1]], np.int32), (1,)),
    ):
        assert inferred(ops.gather_elements, x, Constant("i", numbers), dim=1).value == held
    assert inferred(ops.gather_elements, x, index(2, 3), dim=1).value is None
    symbolic = Value("i", TensorType("int64", (1, 1), (N,)))
    assert inferred(ops.gather_elements, x, symbolic, dim=1).value is None
    scalar = Value("x", TensorType("int64", (), (N,)))
    zero = Constant("i", np.array(0))
    assert inferred(ops.gather_elements, scalar, zero, dim=0).value == (N,)

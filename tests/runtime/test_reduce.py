"""Reductions: random axes against a loop, empty axes, known values, everything refused."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

import nnbuilder as nn
from tests.runtime.agreement import doubles, infer, run
from tests.samples.sample import integers, normal
from wnnx import ops
from wnnx.dim_text import as_dim
from wnnx.dims import evaluate, symbol
from wnnx.errors import ArgumentError, DTypeError, ShapeError, WnnxError
from wnnx.graph import Constant, Value
from wnnx.ops.registry import Rule, schema_of
from wnnx.types import Array, TensorType, shape_text
from wnnxruntime import Session

PYTHON: dict[str, Callable[[list[float]], float]] = {
    "sum": math.fsum,
    "mean": lambda numbers: math.fsum(numbers) / len(numbers) if numbers else math.nan,
    "prod": math.prod,
    "amax": max,
    "amin": min,
    "norm": lambda numbers: math.hypot(*numbers),
    "logsumexp": lambda numbers: (
        np.log(math.fsum(map(math.exp, numbers))) if numbers else -math.inf
    ),
}


def looped(
    x: Array, axes: set[int], function: Callable[[list[float]], float], *, keepdim: bool
) -> Array:
    """Reduce by collecting the elements of each group in a list."""
    kept = tuple(1 if axis in axes else extent for axis, extent in enumerate(x.shape))
    groups: dict[tuple[int, ...], list[float]] = {index: [] for index in np.ndindex(kept)}
    for index in np.ndindex(x.shape):
        group = tuple(0 if axis in axes else i for axis, i in enumerate(index))
        groups[group].append(float(x[index]))
    shape = tuple(e for axis, e in enumerate(kept) if keepdim or axis not in axes)
    return np.array([function(group) for group in groups.values()]).reshape(shape)


@settings(max_examples=50, deadline=None)
@given(
    st.sampled_from(sorted(PYTHON)),
    array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=3),
    st.data(),
)
def test_random_axes_are_reduced_as_python_would_loop(
    name: str, shape: tuple[int, ...], data: st.DataObject
) -> None:
    rank, keepdim = len(shape), data.draw(st.booleans())
    axes = data.draw(st.sets(st.integers(0, rank - 1), min_size=1))
    dim = [axis - rank * data.draw(st.booleans()) for axis in axes]
    x, rule = doubles(*shape), getattr(ops, name)
    if name in {"amax", "amin"} and any(shape[axis] == 0 for axis in axes):
        with pytest.raises(ShapeError, match="has no elements along dim"):
            run(rule, x, dim=dim, keepdim=keepdim)
        return
    found = run(rule, x, dim=dim, keepdim=keepdim)
    expected = looped(x, axes, PYTHON[name], keepdim=keepdim)
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-14)
    named = tuple(symbol(f"S{axis}") for axis in range(rank))
    bindings = {f"S{axis}": extent for axis, extent in enumerate(shape)}
    symbolic = infer(rule, [named], dim=dim, keepdim=keepdim)
    assert tuple(evaluate(d, bindings) for d in symbolic) == found.shape


@settings(max_examples=50, deadline=None)
@given(array_shapes(min_dims=1, max_dims=3, max_side=4), st.data())
def test_argmax_finds_the_first_of_the_largest(
    shape: tuple[int, ...], data: st.DataObject
) -> None:
    axis, keepdim = data.draw(st.integers(0, len(shape) - 1)), data.draw(st.booleans())
    x = integers(*shape, low=0, high=3)
    found = run(ops.argmax, x, dim=axis - len(shape), keepdim=keepdim)
    expected = looped(x, {axis}, lambda group: group.index(max(group)), keepdim=keepdim)
    np.testing.assert_array_equal(found, expected)


@settings(max_examples=50, deadline=None)
@given(
    array_shapes(min_dims=1, max_dims=3, max_side=4),
    st.sampled_from([(ops.argmax, max), (ops.argmin, min)]),
    st.data(),
)
def test_the_last_of_equals_is_found(
    shape: tuple[int, ...], extreme: tuple[Rule, Callable[..., float]], data: st.DataObject
) -> None:
    (rule, best), axis = extreme, data.draw(st.integers(0, len(shape) - 1))
    x = integers(*shape, low=0, high=3)
    found = run(rule, x, dim=axis, select_last_index=True)

    def last(group: list[float]) -> float:
        return max(i for i, number in enumerate(group) if number == best(group))

    np.testing.assert_array_equal(found, looped(x, {axis}, last, keepdim=False))
    first = looped(x, {axis}, lambda group: group.index(best(group)), keepdim=False)
    np.testing.assert_array_equal(run(rule, x, dim=axis), first)


@settings(max_examples=50, deadline=None)
@given(
    array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=4),
    st.fixed_dictionaries({"exclusive": st.booleans(), "reverse": st.booleans()}),
    st.data(),
)
def test_running_sums_are_their_definition(
    shape: tuple[int, ...], flags: dict[str, bool], data: st.DataObject
) -> None:
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    x = integers(*shape)
    found = run(ops.cumsum, x, dim=axis, **flags)
    places = np.arange(shape[axis])
    counts = places[:, None] > places if flags["exclusive"] else places[:, None] >= places
    counts = counts.T if flags["reverse"] else counts
    expected = np.moveaxis(np.moveaxis(x, axis, -1) @ counts.T, -1, axis)
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("order", [0.5, 1, 2, 3, 7.5])
def test_norms_are_their_formula(order: float) -> None:
    x = doubles(3, 50)
    expected = [math.fsum(abs(v) ** order for v in row) ** (1 / order) for row in x.tolist()]
    np.testing.assert_allclose(run(ops.norm, x, ord=order, dim=1), expected, rtol=1e-13)


def test_half_precision_norms_do_not_overflow_on_the_way() -> None:
    x = np.full((100,), 1000.0, np.float16)  # whose squares are infinite
    assert run(ops.norm, x) == np.float16(10000)


def test_logsumexp_neither_overflows_nor_vanishes() -> None:
    x = np.array([[1e4, 1e4], [-1e4, -1e4]])
    exact = x[:, 0] + math.log(2)
    np.testing.assert_allclose(run(ops.logsumexp, x, dim=1), exact, rtol=1e-15)
    assert run(ops.logsumexp, x[:, :0], dim=1).tolist() == [-np.inf, -np.inf]


def test_symbolic_shapes() -> None:
    shape = (symbol("N"), 3, symbol("H"), symbol("W"))
    assert shape_text(infer(ops.mean, [shape], dim=(-2, -1))) == "(N, 3)"
    assert shape_text(infer(ops.amax, [shape], dim=(2, 3), keepdim=True)) == "(N, 3, 1, 1)"
    assert shape_text(infer(ops.argmax, [shape], dim=1)) == "(N, H, W)"
    assert shape_text(infer(ops.sum, [shape])) == "()"
    assert shape_text(infer(ops.sum, [shape], keepdim=True)) == "(1, 1, 1, 1)"


def test_integers_are_summed_in_int64() -> None:
    x = np.full((300,), 2**30, np.int32)
    found = run(ops.sum, x)
    assert found.dtype == np.int64
    assert found == 300 * 2**30
    assert run(ops.sum, np.array([2, 3], np.uint64)).dtype == np.int64


def test_half_precision_is_accumulated_in_float32() -> None:
    x = np.full((4096,), 1.0, np.float16)
    x[0] = 4096  # adding 1 to it in float16 changes nothing
    assert run(ops.sum, x) == np.float16(8191)
    assert run(ops.mean, np.full((4096,), 60000.0, np.float16)) == np.float16(60000)


def test_no_elements() -> None:
    x = normal(2, 0)
    np.testing.assert_array_equal(run(ops.sum, x, dim=1), [0, 0])
    np.testing.assert_array_equal(run(ops.mean, x, dim=1), [np.nan, np.nan])
    assert np.isnan(run(ops.mean, x))
    assert run(ops.sum, np.zeros((0,), np.int8)) == 0


def held(value: Value, rule: Rule = ops.sum, **attributes: Any) -> TensorType:
    """Return what the rule says of the sum of `value`."""
    schema = schema_of(rule)
    return schema.infer([value], schema.normalize([value], attributes))[0]


def test_sums_of_known_extents_stay_known() -> None:
    extents = (symbol("N"), 3, as_dim("2*N"), symbol("H"))
    x = Value("x", TensorType("int64", (4,), extents))
    assert held(x).value == (as_dim("3*N + H + 3"),)
    assert held(x, dim=0, keepdim=True).value == (as_dim("3*N + H + 3"),)
    matrix = Value("x", TensorType("int64", (2, 2), extents))
    assert held(matrix, dim=0).value == (as_dim("3*N"), as_dim("H + 3"))
    assert held(matrix, dim=-1).value == (as_dim("N + 3"), as_dim("2*N + H"))
    assert held(Constant("x", np.array(7, np.int8)), dim=0).value == (7,)
    assert held(Constant("x", np.array([100, 100], np.int8))).value == (200,)
    assert held(Constant("x", normal(3))).value is None


def test_products_of_known_extents_stay_known() -> None:
    x = Value("x", TensorType("int64", (3,), (symbol("N"), 3, as_dim("2*N"))))
    assert held(x, ops.prod).value == (as_dim("6*N*N"),)
    assert held(x, ops.prod, keepdim=True).shape == (1,)
    assert held(Constant("x", np.array([], np.int64)), ops.prod).value == (1,)
    assert held(Constant("x", np.array([2**40, 2**40])), ops.prod).value is None


def test_a_run_without_elements_is_told_at_the_layer() -> None:
    b = nn.Builder("pooled")
    b.output(b.amax(b.input("x", ("N", "T")), dim=-1, name="top"), name="y")
    session = Session(b.graph)
    np.testing.assert_array_equal(session.run({"x": normal(0, 3)})["y"], np.zeros(0))
    with pytest.raises(ShapeError) as error:
        session.run({"x": normal(2, 0)})
    assert str(error.value) == (
        'amax "top": "x" (2, 0) has no elements along dim 1; expected at least one to search'
    )


FLOATS_ONLY = "expected one of bfloat16, float16, float32, float64"
REFUSED: list[tuple[str, Array, dict[str, Any], type[WnnxError], str]] = [
    ("sum", normal(2, 3), {"dim": 2}, ShapeError,
     'dim=2 is out of range for "input0" (2, 3): -2 to 1'),
    ("mean", normal(2, 3), {"dim": (0, -3)}, ShapeError,
     'dim=-3 is out of range for "input0" (2, 3): -2 to 1'),
    ("argmax", normal(), {"dim": 1}, ShapeError,
     'dim=1 is out of range for "input0" (): -1 to 0'),
    ("amax", normal(2, 3), {"dim": (0, -2)}, ShapeError,
     'dim=(0, -2) names an axis of "input0" twice'),
    ("amax", normal(0), {}, ShapeError,
     '"input0" (0,) has no elements along dim 0; expected at least one to search'),
    ("argmax", normal(3, 0), {}, ShapeError,
     '"input0" (3, 0) has no elements along dim 1; expected at least one to search'),
    ("amin", normal(0), {}, ShapeError,
     '"input0" (0,) has no elements along dim 0; expected at least one to search'),
    ("argmin", normal(3, 0), {"dim": 1}, ShapeError,
     '"input0" (3, 0) has no elements along dim 1; expected at least one to search'),
    ("norm", normal(3, 0), {"ord": np.inf, "dim": 1}, ShapeError,
     '"input0" (3, 0) has no elements along dim 1; expected at least one to search'),
    ("norm", normal(3, 0), {"ord": -2}, ShapeError,
     '"input0" (3, 0) has no elements along dim 1; expected at least one to search'),
    ("norm", normal(3), {"ord": np.nan}, ArgumentError,
     "ord=nan; expected a number, such as 1, 2 or inf"),
    ("norm", integers(3), {}, DTypeError, f'"input0" is int64; {FLOATS_ONLY}'),
    ("prod", normal(2, 3), {"dim": 2}, ShapeError,
     'dim=2 is out of range for "input0" (2, 3): -2 to 1'),
    ("logsumexp", normal(2, 3), {"dim": (0, 0)}, ShapeError,
     'dim=(0, 0) names an axis of "input0" twice'),
    ("cumsum", normal(2, 3), {"dim": -3}, ShapeError,
     'dim=-3 is out of range for "input0" (2, 3): -2 to 1'),
    ("mean", integers(3), {}, DTypeError, f'"input0" is int64; {FLOATS_ONLY}'),
]  # fmt: skip


@pytest.mark.parametrize(("name", "x", "attributes", "error", "message"), REFUSED)
def test_refused(
    name: str, x: Array, attributes: Any, error: type[WnnxError], message: str
) -> None:
    with pytest.raises(error) as found:
        run(getattr(ops, name), x, **attributes)
    assert str(found.value) == message


def test_bools_have_no_largest_index() -> None:
    with pytest.raises(DTypeError, match=r'^"input0" is bool; expected one of bfloat16, '):
        run(ops.argmax, np.array([True]))
    with pytest.raises(DTypeError, match=r'^"input0" is bool; expected one of bfloat16, '):
        run(ops.argmin, np.array([True]))

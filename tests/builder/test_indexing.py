"""`x[...]` on values against numpy's indexing."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, basic_indices

import nnbuilder as nn
from wnnx.dims import Dim, evaluate, substitute
from wnnx.errors import ArgumentError, GraphError, ShapeError
from wnnx.graph import Constant, Graph, Value
from wnnx.ops.registry import schema_of_node
from wnnx.types import Array, Shape
from wnnxruntime.compute import compute


@st.composite
def indexed(draw: st.DrawFn) -> tuple[tuple[int, ...], Any]:
    """Return a shape and a basic index of it."""
    shape = draw(array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5))
    index = draw(basic_indices(shape, max_dims=8, allow_newaxis=True, allow_ellipsis=True))
    return shape, index


def numbered(shape: tuple[int, ...]) -> Array:
    """Return an array whose elements are all different."""
    return np.arange(np.prod(shape, dtype=np.int64), dtype=np.float32).reshape(shape)


def computed(graph: Graph, y: Value, x: Array, numbers: dict[str, int]) -> Array:
    """Run the nodes one after the other, with the numbers that symbols stand for."""
    arrays = {graph.inputs[0]: x}
    for node in graph.nodes:
        given = [arrays[value] for value in node.inputs if value is not None]
        operands = [Constant("", array) for array in given]
        stored: dict[str, Any] = {**node.attributes}
        attributes = {
            name: tuple(substitute(dim, numbers) for dim in value)
            for name, value in stored.items()
        }
        schema = schema_of_node(node)
        types = schema.infer(operands, attributes)
        arrays[node.output] = compute(schema, given, attributes, types)[0]
    return arrays[y]


@given(indexed())
def test_an_index_gives_what_numpy_gives(case: tuple[tuple[int, ...], Any]) -> None:
    shape, index = case
    b = nn.Builder()
    y = b.input("x", shape)[index]
    x = numbered(shape)
    expected = x[index]
    assert y.shape == expected.shape
    np.testing.assert_array_equal(computed(b.graph, y, x, {}), expected)
    assert [node.op for node in b.graph.nodes] == [
        op for op in ("slice", "squeeze", "unsqueeze") if b.graph.has_node(op)
    ]
    items: list[Any] = [*index] if index.__class__ is tuple else [index]
    forward = {getattr(item, "step", None) for item in items} <= {None, 1}
    if forward and expected.shape == shape and np.array_equal(expected, x) and x.size > 1:
        assert not any(node.op == "slice" for node in b.graph.nodes)


@given(indexed())
def test_symbolic_extents_stand_for_what_numpy_gives(
    case: tuple[tuple[int, ...], Any],
) -> None:
    shape, index = case
    b = nn.Builder()
    numbers = {f"S{axis}": extent for axis, extent in enumerate(shape)}
    y = b.input("x", list(numbers))[index]
    x = numbered(shape)
    expected = x[index]
    assert tuple(evaluate(dim, numbers) for dim in y.shape) == expected.shape
    np.testing.assert_array_equal(computed(b.graph, y, x, numbers), expected)


@given(
    st.integers(0, 6),
    st.integers(0, 8),
    st.integers(0, 8),
    st.sampled_from([1, 2, 3, -1, -2]),
)
def test_symbolic_starts_and_stops(n: int, first: int, last: int, step: int) -> None:
    numbers = {"N": n, "A": first, "B": last}
    b = nn.Builder()
    x = b.input("x", ("N",))
    a, z = (b.input(name, (name,)).shape[0] for name in "AB")
    y = x[a:z:step]
    expected = numbered((n,))[first:last:step]
    assert evaluate(y.shape[0], numbers) == expected.shape[0]
    np.testing.assert_array_equal(computed(b.graph, y, numbered((n,)), numbers), expected)


@pytest.mark.parametrize(
    "index",
    [..., slice(None), (), (slice(0, 3), ...), (slice(None), slice(0, None)), slice(0, 99)],
)
def test_all_of_it_is_the_value_itself(index: Any) -> None:
    b = nn.Builder()
    x = b.input("x", (3, 4))
    assert x[index] is x
    assert not b.graph.nodes


def test_a_full_slice_of_a_symbolic_axis_is_the_value_itself() -> None:
    b = nn.Builder()
    x = b.input("x", ("N", 4))
    n: Any = x.shape[0]
    assert x[:] is x
    assert x[0:n] is x
    assert x[0:9, :9].shape == (x[:9].shape[0], 4)


def shapes(index: Any) -> Shape:
    """Return the shape of `x[index]` for an `x` of (N, 8)."""
    return nn.Builder().input("x", ("N", 8))[index].shape


@pytest.mark.parametrize(
    ("index", "text"),
    [
        (slice(1, None), "max(N - 1, 0)"),
        (slice(None, -1), "max(N - 1, 0)"),
        (slice(1, -1), "max(N - 2, 0)"),
        (slice(-2, None), "min(N, 2)"),
        (slice(None, 5), "min(N, 5)"),
        (slice(None, None, 2), "(N - 1)//2 + 1"),
        (slice(1, None, 2), "N//2"),
        (slice(None, None, -1), "N"),
    ],
)
def test_extents_of_slices_of_a_symbolic_axis_are_short(index: slice, text: str) -> None:
    extents: tuple[Dim, ...] = shapes(index)
    assert tuple(map(str, extents)) == (text, "8")


def test_an_index_of_a_symbolic_axis_removes_it_and_the_run_checks_it() -> None:
    b = nn.Builder()
    y = b.input("x", ("N", 4))[2]
    assert y.shape == (4,)
    np.testing.assert_array_equal(
        computed(b.graph, y, numbered((3, 4)), {"N": 3}), numbered((3, 4))[2]
    )
    with pytest.raises(ShapeError, match="has extent 0; only an extent of 1 can be squeezed"):
        computed(b.graph, y, numbered((2, 4)), {"N": 2})


@pytest.mark.parametrize(
    ("index", "error", "message"),
    [
        (
            3,
            ShapeError,
            'index 3 is out of range for axis 0 of "x" (3, 4), which has 3 elements',
        ),
        ((0, -5), ShapeError, "index -5 is out of range for axis 1"),
        ((0, 0, 0), ShapeError, 'index of "x" (3, 4): 3 indices for 2 axes'),
        ((None,) * 7, ShapeError, "9 axes"),
        ((..., ...), ArgumentError, "at most one ... is allowed, found 2"),
        (
            [0, 1],
            ArgumentError,
            "a list is no int, slice, None or ...; to pick elements, use b.g",
        ),
        (np.array([0]), ArgumentError, "a ndarray is no int, slice, None or ...; to pick"),
        (True, ArgumentError, 'index of "x": a bool is no int, slice, None or ...'),
        (1.0, ArgumentError, "a float is no int"),
        ("N", ArgumentError, "a str is no int"),
        (slice(0.5, 2), ArgumentError, "a float is no int"),
        (slice(None, None, 0), ArgumentError, "step cannot be 0"),
    ],
)
def test_an_index_that_numpy_refuses_is_a_typed_error(
    index: Any, error: type[Exception], message: str
) -> None:
    b = nn.Builder()
    x = b.input("x", (3, 4))
    with pytest.raises(error) as raised:
        x[index]
    assert message in str(raised.value)
    assert not b.graph.nodes


def test_a_start_that_may_be_negative_is_refused() -> None:
    b = nn.Builder()
    x = b.input("x", ("N", 4))
    n: Any = x.shape[0]
    with pytest.raises(ShapeError, match=r"N - 1 may be negative.*max\(N - 1, 0\)"):
        x[n - 1 :]


def test_a_value_is_no_endless_sequence() -> None:
    with pytest.raises(TypeError, match="not iterable"):
        list(nn.Builder().input("x", (3,)))  # type: ignore[call-overload]


def test_a_value_of_no_builder_cannot_be_indexed() -> None:
    x = Constant("x", np.zeros((3, 4), np.float32))
    with pytest.raises(GraphError, match="work on values of a Builder"):
        x[0]

"""Order: random tensors against Python's sort, symbols, and everything refused."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

from tests.runtime.agreement import infer, run_all
from tests.samples.sample import integers, normal
from wnnx import ops
from wnnx.dims import symbol
from wnnx.errors import ArgumentError, DTypeError, ShapeError, WnnxError
from wnnx.ops.registry import Rule
from wnnx.types import Array, shape_text


@settings(max_examples=100, deadline=None)
@given(array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=5), st.data())
def test_order_is_pythons(shape: tuple[int, ...], data: st.DataObject) -> None:
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    descending = data.draw(st.booleans())
    k = data.draw(st.integers(0, shape[axis]))
    x = integers(*shape, low=0, high=3).astype(np.uint8)  # a type whose -x would mislead
    rows = np.moveaxis(x, axis, -1)
    expected = np.zeros(rows.shape, np.int64)
    for index in np.ndindex(rows.shape[:-1]):
        row = rows[index].tolist()
        expected[index] = sorted(range(len(row)), key=row.__getitem__, reverse=descending)
    places = np.moveaxis(expected, -1, axis)
    for rule, count, attributes in (
        (ops.sort, shape[axis], {"descending": descending}),
        (ops.topk, k, {"k": k, "largest": descending}),
    ):
        found, where = run_all(rule, x, dim=axis, **attributes)
        np.testing.assert_array_equal(where, places.take(range(count), axis))
        np.testing.assert_array_equal(found, np.take_along_axis(x, where, axis))


def test_symbolic_shapes() -> None:
    n = symbol("N")
    assert shape_text(infer(ops.topk, [("N", 10)], k=3)) == "(N, 3)"
    assert shape_text(infer(ops.topk, [(n + 5, 10)], k="N", dim=0)) == "(N, 10)"
    assert shape_text(infer(ops.topk, [("N", 10)], k=(7,), dim=0)) == "(7, 10)"
    assert shape_text(infer(ops.sort, [("N", 10)], dim=0)) == "(N, 10)"


REFUSED: list[tuple[Rule, Array, dict[str, Any], type[WnnxError], str]] = [
    (ops.topk, normal(3, 4), {"k": 5}, ShapeError,
     '"input0" (3, 4) has 4 elements along dim 1; k=5 is more'),
    (ops.topk, normal(), {"k": 2}, ShapeError,
     '"input0" () has 1 elements along dim 0; k=2 is more'),
    (ops.topk, normal(3), {"k": -1}, ArgumentError, "k=-1; expected 0 or more"),
    (ops.topk, normal(3), {"k": (1, 2)}, ArgumentError,
     "k=(1, 2) has 2 numbers; expected one"),
    (ops.topk, normal(3), {"k": 1, "dim": 1}, ShapeError,
     'dim=1 is out of range for "input0" (3,): -1 to 0'),
    (ops.sort, normal(3), {"dim": -2}, ShapeError,
     'dim=-2 is out of range for "input0" (3,): -1 to 0'),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "x", "attributes", "error", "message"), REFUSED)
def test_refused(
    rule: Rule, x: Array, attributes: Any, error: type[WnnxError], message: str
) -> None:
    with pytest.raises(error) as found:
        run_all(rule, x, **attributes)
    assert str(found.value) == message


def test_bools_have_no_largest() -> None:
    with pytest.raises(DTypeError, match=r'^"input0" is bool; expected one of bfloat16, '):
        run_all(ops.topk, np.array([True]), k=1)

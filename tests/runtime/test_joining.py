"""Cat and pad: random calls against numpy, what is refused, symbols."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.runtime.agreement import infer, run
from tests.samples.sample import normal
from wnnx import ops
from wnnx.errors import ArgumentError, DTypeError, ShapeError, WnnxError
from wnnx.graph import Value
from wnnx.ops.registry import schema_of
from wnnx.types import TensorType, shape_text

NUMPY_MODES = {
    "constant": "constant",
    "reflect": "reflect",
    "replicate": "edge",
    "circular": "wrap",
}


@given(
    st.lists(st.tuples(st.integers(1, 5), st.integers(0, 4), st.integers(0, 4)), max_size=4),
    st.sampled_from(list(NUMPY_MODES)),
)
def test_a_margin_is_numpys(axes: list[tuple[int, int, int]], mode: str) -> None:
    extents = [extent for extent, _, _ in axes]
    reach = {"reflect": [n - 1 for n in extents], "circular": extents}.get(
        mode, [9] * len(axes)
    )
    sides = [(min(b, most), min(e, most)) for (_, b, e), most in zip(axes, reach, strict=True)]
    x = normal(*extents)
    pad = [n for side in reversed(sides) for n in side]
    numpy_mode: Any = NUMPY_MODES[mode]
    expected = np.asarray(np.pad(x, sides, numpy_mode) if axes else x)
    np.testing.assert_array_equal(run(ops.pad, x, pad=pad, mode=mode), expected)


@given(st.integers(0, 6), st.integers(-3, 3), st.integers(-3, 3))
def test_a_negative_margin_crops(extent: int, begin: int, end: int) -> None:
    x = normal(extent)
    if extent + min(begin, 0) + min(end, 0) < 0:
        with pytest.raises(ShapeError, match="removes more than there are"):
            run(ops.pad, x, pad=(begin, end))
        return
    cropped = x[max(-begin, 0) : extent + min(end, 0)]
    expected = np.concatenate([np.full(max(begin, 0), 2), cropped, np.full(max(end, 0), 2)])
    np.testing.assert_array_equal(run(ops.pad, x, pad=(begin, end), value=2.0), expected)


@pytest.mark.parametrize(
    ("shape", "attributes", "error", "message"),
    [
        (
            (2, 3),
            {"pad": (1, 2, 3)},
            ArgumentError,
            "pad=(1, 2, 3): expected pairs, (begin, end) of the last axis first",
        ),
        (
            (3,),
            {"pad": (0, 0, 1, 1)},
            ShapeError,
            "pad=(0, 0, 1, 1) is for 2 axes; there are 1",
        ),
        (
            (2, 3),
            {"pad": (-2, -2)},
            ShapeError,
            '"input0" (2, 3): pad (-2, -2) of an axis with 3 elements removes more than there '
            "are",
        ),
        (
            (2, 3),
            {"pad": (3, 0), "mode": "reflect"},
            ShapeError,
            '"input0" (2, 3): pad (3, 0) of an axis with 3 elements: '
            'mode="reflect" can fill in '
            "at most 2",
        ),
        (
            (2, 3),
            {"pad": (0, 4), "mode": "circular"},
            ShapeError,
            '"input0" (2, 3): pad (0, 4) of an axis with 3 elements: '
            'mode="circular" can fill in '
            "at most 3",
        ),
        (
            (2, 0),
            {"pad": (0, 1), "mode": "replicate"},
            ShapeError,
            '"input0" (2, 0): pad (0, 1) of an axis with 0 elements: '
            'mode="replicate" can fill '
            "in at most 0",
        ),
        (
            (2, 3),
            {"pad": (0, 1), "mode": "replicate", "value": 1.0},
            ArgumentError,
            'value=1.0 has no meaning in mode="replicate"',
        ),
        (
            (2, 3),
            {"pad": (0, 1), "mode": "edge"},
            ArgumentError,
            "mode='edge' is not one of 'constant', 'reflect', 'replicate', 'circular'",
        ),
        (
            (1,),
            {"pad": (2**40, 0)},
            ShapeError,
            f"shape ({2**40 + 1},) has {2**40 + 1} elements; at most 2147483647 are allowed",
        ),
    ],
)
def test_a_margin_that_cannot_be_is_refused(
    shape: tuple[int, ...], attributes: dict[str, Any], error: type[WnnxError], message: str
) -> None:
    with pytest.raises(error) as raised:
        infer(ops.pad, [shape], **attributes)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("dtype", "value"), [("int8", 128.0), ("int64", 0.5), ("uint8", -1.0), ("bool", 2.0)]
)
def test_a_value_that_is_none_of_the_element_type_is_refused(dtype: str, value: float) -> None:
    x = np.zeros(3, dtype)
    with pytest.raises(ArgumentError, match=f'value={value} is no {dtype}, which "input0" is'):
        run(ops.pad, x, pad=(1, 1), value=value)


@pytest.mark.parametrize("value", [np.inf, np.nan, -0.0, 1e30])
def test_any_number_fills_a_floating_point_margin(value: float) -> None:
    found = run(ops.pad, normal(1), pad=(1, 0), value=value)
    np.testing.assert_array_equal(found, np.array([value, normal(1)[0]], np.float32))


def test_margins_of_symbolic_axes() -> None:
    shape = infer(ops.pad, [("N", "H", "W")], pad=(1, 2, -1, 0), mode="reflect")
    assert shape_text(shape) == "(N, H - 1, W + 3)"


@pytest.mark.parametrize(
    ("shapes", "dim", "expected"),
    [
        ([("N", 3), ("M", 3)], 0, "(M + N, 3)"),
        ([("N", 3), ("N", "C")], 1, "(N, C + 3)"),
        ([("N", 3), (4, 5)], -1, "(4, 8)"),
        ([("N",), ("N",), ("N",)], 0, "(3*N,)"),
    ],
)
def test_symbolic_extents_add_up(shapes: list[Any], dim: int, expected: str) -> None:
    assert shape_text(infer(ops.cat, shapes, dim=dim)) == expected


@pytest.mark.parametrize(
    ("shapes", "dim", "error", "message"),
    [
        ([], 0, ArgumentError, "there is nothing to join; give one tensor or more"),
        (
            [(2, 3), (2, 4)],
            0,
            ShapeError,
            '"input0" (2, 3) and "input1" (2, 4) do not join: axis 1 has 3 against 4',
        ),
        (
            [("N", 3), ("N + 1", 3)],
            1,
            ShapeError,
            '"input0" (N, 3) and "input1" (N + 1, 3) do not join: axis 0 has N against N + 1',
        ),
        (
            [(2, 3), (2,)],
            0,
            ShapeError,
            '"input0" (2, 3) and "input1" (2,) do not join: as many axes are '
            "needed, 1 or more",
        ),
        (
            [(), ()],
            0,
            ShapeError,
            '"input0" () and "input0" () do not join: as many axes are n',
        ),
        ([(2, 3)], 2, ShapeError, 'dim=2 is out of range for "input0" (2, 3): -2 to 1'),
        (
            [(2**30,), (2**30,)],
            0,
            ShapeError,
            "shape (2147483648,) has 2147483648 elements; at most 2147483647 are",
        ),
    ],
)
def test_tensors_that_do_not_join_are_refused(
    shapes: list[Any], dim: int, error: type[WnnxError], message: str
) -> None:
    with pytest.raises(error) as raised:
        infer(ops.cat, shapes, dim=dim)
    assert str(raised.value).startswith(message)


def test_tensors_of_two_types_do_not_join() -> None:
    with pytest.raises(DTypeError, match='"input0" is float32, but "input1" is int64; cast'):
        run(ops.cat, normal(2), np.arange(2))


def test_the_rule_takes_a_list_as_the_builder_does() -> None:
    xs = [Value(name, TensorType("float32", (2, 3))) for name in "ab"]
    assert ops.cat(xs, dim=1) == ops.cat(*xs, dim=1) == TensorType("float32", (2, 6))
    operands, _ = schema_of(ops.cat).bind([xs], {})
    assert operands == tuple(xs)

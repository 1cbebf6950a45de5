"""Tile, flip, roll, reverse_sequence, triangles: limits, known values, what is refused."""

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
from wnnx.graph import Value
from wnnx.ops.registry import Rule, schema_of
from wnnx.types import TensorType, shape_text

N = symbol("N")
extents = st.lists(st.integers(0, 3), max_size=3)


def inferred(rule: Rule, *inputs: Value, **attributes: Any) -> TensorType:
    schema = schema_of(rule)
    return schema.infer(inputs, schema.normalize(inputs, attributes))[0]


def value(name: str, *shape: Any, dtype: str = "float32") -> Value:
    return Value(name, TensorType(dtype, tuple(as_dim(dim) for dim in shape)))


@given(extents, st.lists(st.integers(0, 3), max_size=4))
def test_tile_is_numpys(shape: list[int], repeats: list[int]) -> None:
    x = normal(*shape)
    np.testing.assert_array_equal(run(ops.tile, x, repeats=repeats), np.tile(x, repeats))


@given(extents, st.lists(st.tuples(st.integers(0, 2), st.integers(-9, 9)), max_size=4))
def test_roll_is_numpys(shape: list[int], moves: list[tuple[int, int]]) -> None:
    x = normal(*shape)
    moves = [(dim, shift) for dim, shift in moves if dim < x.ndim]
    dims, shifts = [dim for dim, _ in moves], [shift for _, shift in moves]
    expected = np.roll(x, shifts, dims) if moves else x
    np.testing.assert_array_equal(run(ops.roll, x, shifts=shifts, dims=dims), expected)


@pytest.mark.parametrize("shift", [2**63 - 1, -(2**63), 2**80])
def test_a_shift_may_be_any_integer(shift: int) -> None:
    x = normal(5, 2)
    expected = np.roll(x, shift % 5, 0)
    np.testing.assert_array_equal(run(ops.roll, x, shifts=shift, dims=0), expected)
    flat = np.roll(x, shift % 10)
    np.testing.assert_array_equal(run(ops.roll, x, shifts=shift), flat)


@pytest.mark.parametrize("diagonal", [2**63 - 1, -(2**63), 2**80])
def test_a_diagonal_may_be_any_integer(diagonal: int) -> None:
    x = normal(3, 2)
    whole, nothing = (x, np.zeros_like(x)) if diagonal > 0 else (np.zeros_like(x), x)
    np.testing.assert_array_equal(run(ops.tril, x, diagonal=diagonal), whole)
    np.testing.assert_array_equal(run(ops.triu, x, diagonal=diagonal), nothing)


@pytest.mark.parametrize("dtype", ["uint8", "int64"])
def test_an_offset_moves_the_diagonal(dtype: str) -> None:
    x = normal(3, 4)
    for offset in (0, 1, 3):
        given_at_run = np.array(offset, dtype)
        np.testing.assert_array_equal(
            run(ops.tril, x, given_at_run, diagonal=-2), np.tril(x, offset - 2)
        )
        np.testing.assert_array_equal(
            run(ops.triu, x, given_at_run, diagonal=-2), np.triu(x, offset - 2)
        )


@given(st.integers(0, 5), st.lists(st.integers(0, 5), max_size=3))
def test_reversing_a_sequence_twice_gives_it_back(extent: int, lengths: list[int]) -> None:
    x = normal(len(lengths), 2, extent)
    given_lengths = np.array([min(n, extent) for n in lengths], np.int32)
    dims = {"batch_dim": 0, "time_dim": -1}
    once = run(ops.reverse_sequence, x, given_lengths, **dims)
    for sequence, reversed_one, length in zip(x, once, given_lengths, strict=True):
        np.testing.assert_array_equal(reversed_one[:, :length], sequence[:, :length][:, ::-1])
        np.testing.assert_array_equal(reversed_one[:, length:], sequence[:, length:])
    np.testing.assert_array_equal(run(ops.reverse_sequence, once, given_lengths, **dims), x)


@pytest.mark.parametrize("length", [5, -1, 2**40])
def test_a_length_out_of_range_at_run_is_named(length: int) -> None:
    with pytest.raises(KernelError) as raised:
        run(ops.reverse_sequence, normal(4, 2), np.array([1, length]))
    assert str(raised.value) == f"length {length} is out of range; axis 0 has 4 elements"


@pytest.mark.parametrize(
    ("rule", "inputs", "attributes", "error", "message"),
    [
        (
            ops.tile,
            [value("x", 2)],
            {"repeats": (2, -1)},
            ArgumentError,
            "repeats=(2, -1): every number must be 0 or more",
        ),
        (
            ops.tile,
            [value("x", 2)],
            {"repeats": 2**40},
            ShapeError,
            f"shape ({2**41},) has {2**41} elements; at most 2147483647 are allowed",
        ),
        (
            ops.tile,
            [value("x", 2)],
            {"repeats": (1,) * 9},
            ShapeError,
            "9 axes (1, 1, 1, 1, 1, 1, 1, 1, 2); at most 8 are allowed",
        ),
        (
            ops.flip,
            [value("x", 2, 3)],
            {"dims": (0, -2)},
            ShapeError,
            'dims=(0, -2) names an axis of "x" twice',
        ),
        (
            ops.flip,
            [value("x", 2, 3)],
            {"dims": 2},
            ShapeError,
            'dims=2 is out of range for "x" (2, 3): -2 to 1',
        ),
        (
            ops.roll,
            [value("x", 2, 3)],
            {"shifts": 1, "dims": -3},
            ShapeError,
            'dims=-3 is out of range for "x" (2, 3): -2 to 1',
        ),
        (
            ops.roll,
            [value("x", 2, 3)],
            {"shifts": 1, "dims": (0, 1)},
            ArgumentError,
            "shifts=(1,) has 1 numbers; expected 2, one for each of dims=(0, 1)",
        ),
        (
            ops.roll,
            [value("x", 2, 3)],
            {"shifts": (1, 2)},
            ArgumentError,
            "shifts=(1, 2) has 2 numbers; expected one, or dims",
        ),
        (
            ops.reverse_sequence,
            [value("x", 2, 3), value("n", 3, dtype="int64")],
            {"batch_dim": 1, "time_dim": -1},
            ShapeError,
            'batch_dim=1 and time_dim=-1 are one axis of "x" (2, 3)',
        ),
        (
            ops.reverse_sequence,
            [value("x", 2, 3), value("n", 2, dtype="int64")],
            {},
            ShapeError,
            'lengths "n" (2,) does not fit "x" (2, 3); expected (3,)',
        ),
        (
            ops.reverse_sequence,
            [value("x", 3), value("n", 3, dtype="int64")],
            {},
            ShapeError,
            'batch_dim=1 is out of range for "x" (3,): -1 to 0',
        ),
        (
            ops.reverse_sequence,
            [value("x", 2, 3), value("n", 3)],
            {},
            DTypeError,
            '"n" is float32; expected one of int16, int32, int64, int8, uint16, uint32, '
            "uint64, uint8",
        ),
        (
            ops.tril,
            [value("x", 2)],
            {},
            ShapeError,
            '"x" (2,) is no matrix; expected two axes or more',
        ),
        (
            ops.triu,
            [value("x", 2, 2), value("k", 2, dtype="int64")],
            {},
            ShapeError,
            'offset "k" (2,) is not one number; expected () or (1,)',
        ),
        (
            ops.triu,
            [value("x", 2, 2), value("k")],
            {},
            DTypeError,
            'offset "k" is float32; expected an integer; a number is written diagonal=1',
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


def test_a_result_without_elements_is_made_without_large_ones_on_the_way() -> None:
    x = np.zeros((4, 4), np.int64)
    assert run(ops.tile, x, repeats=(2**28, 0)).shape == (2**30, 0)
    held = Value("x", TensorType("int64", (2, 2), (1, 2, 3, 4)))
    assert inferred(ops.tile, held, repeats=(2**60, 0)).shape == (2**61, 0)


@pytest.mark.parametrize(
    ("shape", "repeats", "expected"),
    [
        (("N", 3), (2, 1), "(2*N, 3)"),
        (("N", 3), ("M", 2), "(M*N, 6)"),
        ((1, 3), ("M",), "(1, 3*M)"),
        ((3,), ("N", 1), "(N, 3)"),
        ((0,), ("N",), "(0,)"),
    ],
)
def test_symbolic_shapes_of_tile(
    shape: tuple[Any, ...], repeats: tuple[Any, ...], expected: str
) -> None:
    assert (
        shape_text(inferred(ops.tile, value("x", *shape), repeats=repeats).shape) == expected
    )


@pytest.mark.parametrize(
    ("rule", "attributes", "held"),
    [
        (ops.tile, {"repeats": (1, 2)}, (N, 2, N, 2, 3, 4, 3, 4)),
        (ops.tile, {"repeats": (2, 1, 1)}, (N, 2, 3, 4) * 2),
        (ops.tile, {"repeats": 33}, None),
        (ops.flip, {"dims": 0}, (3, 4, N, 2)),
        (ops.flip, {"dims": (0, 1)}, (4, 3, 2, N)),
        (ops.roll, {"shifts": 1, "dims": 1}, (2, N, 4, 3)),
        (ops.roll, {"shifts": 1}, (4, N, 2, 3)),
    ],
)
def test_known_values_move_along(
    rule: Rule, attributes: dict[str, Any], held: tuple[Any, ...] | None
) -> None:
    x = Value("x", TensorType("int64", (2, 2), (N, 2, 3, 4)))
    assert inferred(rule, x, **attributes).value == held

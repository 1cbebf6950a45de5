"""Cast, identity and shape: every pair of types, known values, what is refused."""

import numpy as np
import pytest

from tests.runtime.agreement import run
from wnnx import ops
from wnnx.dims import symbol
from wnnx.errors import DTypeError
from wnnx.graph import Value
from wnnx.types import DTYPES, INTEGERS, Shape, TensorType, numpy_dtype

N = symbol("N")


@pytest.mark.parametrize("to", DTYPES)
@pytest.mark.parametrize("source", DTYPES)
def test_small_whole_numbers_survive_every_cast(source: str, to: str) -> None:
    numbers = [0, 1, 1, 0] if "bool" in {source, to} else [0, 1, 7, 100]
    x = np.array(numbers).astype(numpy_dtype(source))
    y = run(ops.cast, x, dtype=to)
    assert y.dtype == numpy_dtype(to)
    assert y.astype(np.int64).tolist() == numbers


def test_fractions_are_dropped_and_what_is_not_0_is_true() -> None:
    x = np.array([-1.9, -0.5, 0.5, 1.9])
    assert run(ops.cast, x, dtype="int32").tolist() == [-1, 0, 0, 1]
    assert run(ops.cast, x, dtype="bool").tolist() == [True] * 4


def test_integers_wrap_around() -> None:
    assert run(ops.cast, np.array([300, -1]), dtype="uint8").tolist() == [44, 255]


def test_a_type_nobody_knows_is_refused() -> None:
    with pytest.raises(DTypeError, match="unknown dtype 'float'; known are float16"):
        run(ops.cast, np.zeros(1), dtype="float")


@pytest.mark.parametrize(
    ("value", "dtype", "kept"),
    [
        ((N, 4), "int32", True),
        ((N, 4), "int64", True),
        ((N, 4), "uint8", False),
        ((4, 255), "uint8", True),
        ((4, 256), "uint8", False),
        ((4, -1), "uint64", False),
        ((2**31,), "int32", False),
        ((4,), "float32", False),
        ((1, 0), "bool", True),
        ((N, 1), "bool", False),
        ((2,), "bool", False),
    ],
)
def test_known_values_are_kept_where_the_type_holds_them(
    value: Shape, dtype: str, *, kept: bool
) -> None:
    x = Value("x", TensorType("int64", (len(value),), value))
    assert ops.cast(x, dtype=dtype).value == (value if kept else None)


def test_shape_says_what_it_holds() -> None:
    x = Value("x", TensorType("float32", (N, 3, 2 * N)))
    found = ops.shape(x)
    assert found == TensorType("int64", (3,))
    assert found.value == (N, 3, 2 * N)
    assert ops.shape(Value("x", TensorType("bool", ()))).shape == (0,)


@pytest.mark.parametrize("dtype", sorted(INTEGERS))
def test_identity_keeps_type_and_values(dtype: str) -> None:
    type = TensorType(dtype, (2,), (1, 2))
    found = ops.identity(Value("x", type))
    assert found == type
    assert found.value == (1, 2)

"""Activations: accuracy far from zero, limits, and everything refused."""

import math
from typing import Any

import numpy as np
import pytest

import nnbuilder as nn
from tests.runtime.agreement import run
from tests.samples.sample import integers, normal
from wnnx import ops
from wnnx.errors import ArgumentError, DTypeError, ShapeError, WnnxError
from wnnx.types import Array, numpy_dtype
from wnnxruntime import Session
from wnnxruntime.registry import find_kernel

# x and x * P(X <= x), worked out with 50 digits.
GELU = [
    (-30.0, -1.472014178144456118e-196),
    (-10.0, -7.619853024160526066e-23),
    (-5.5, -1.044425935623824566e-7),
    (-3.0, -0.00404969409489028358),
    (-1.0, -0.1586552539314570514),
    (-0.1, -0.04601721627229710419),
    (-1e-9, -4.999999996010577507e-10),
    (1e-3, 0.000500398942213911073),
    (0.5, 0.3457312306370065518),
    (2.0, 1.954499736103641586),
    (6.0, 5.99999999408047413),
]
GELU_TANH = [
    (-5.0, -2.291796196629506046e-7),
    (-0.5, -0.154285990174856078),
    (1.0, 0.8411919906082767048),
    (6.0, 5.999999999915603533),
]


@pytest.mark.parametrize(("approximate", "table"), [("none", GELU), ("tanh", GELU_TANH)])
def test_gelu_keeps_its_digits_on_both_sides(
    approximate: str, table: list[tuple[float, float]]
) -> None:
    x, expected = np.array(table).T
    found = run(ops.gelu, x, approximate=approximate)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=0)


def test_sigmoid_keeps_its_digits_below_zero() -> None:
    x = np.array([-700.0, -40, -1e-3])
    expected = [9.859676543759770e-305, 4.248354255291589e-18, 0.4997500000208333]
    np.testing.assert_allclose(run(ops.sigmoid, x), expected, rtol=1e-12, atol=0)


@pytest.mark.parametrize(
    "name", ["sigmoid", "silu", "mish", "hardswish", "softplus", "softsign"]
)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_nothing_overflows_at_the_largest_numbers(name: str, dtype: str) -> None:
    largest = float(np.finfo(dtype).max)
    x = np.array([-largest, -1e4, 1e4, largest], dtype)
    nearly = 1e4 / (1 + 1e4)
    limits = {"sigmoid": [0, 0, 1, 1], "softsign": [-1, -nearly, nearly, 1]}
    # Without the threshold, which would hide an overflow.
    attributes = {"beta": 1.0, "threshold": np.inf} if name == "softplus" else {}
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        y = find_kernel(name, "reference").run(x, **attributes)
    np.testing.assert_array_equal(y, np.array(limits.get(name, [0, 0, 1e4, largest]), dtype))


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_softmax_of_the_largest_numbers(name: str) -> None:
    x = np.array([[3e38, 3e38, -3e38], [-3e38, -1e38, -2e38]], np.float32)
    y = run(getattr(ops, name), x, dim=1)
    expected = np.array([[0.5, 0.5, 0], [0, 1, 0]])
    np.testing.assert_allclose(np.exp(y) if name == "log_softmax" else y, expected, rtol=1e-6)


def test_softmax_of_logarithms_gives_back_the_shares() -> None:
    shares = np.array([[1.0, 2, 5], [3, 3, 2]])
    for dim in (0, 1, -1):
        expected = shares / shares.sum(axis=dim, keepdims=True)
        found = run(ops.softmax, np.log(shares), dim=dim)
        np.testing.assert_allclose(found, expected, rtol=1e-14)
        found = run(ops.log_softmax, np.log(shares), dim=dim)
        np.testing.assert_allclose(found, np.log(expected), rtol=1e-13)


def test_softplus_keeps_its_digits_below_zero_and_has_a_threshold() -> None:
    x = np.array([-300.0, -40, -1e-3, 0, 4, 4.5])
    exact = [math.log1p(math.exp(2 * v)) / 2 for v in x]
    found = run(ops.softplus, x, beta=2, threshold=8)
    np.testing.assert_allclose(found, [*exact[:-1], 4.5], rtol=1e-12, atol=0)
    found = run(ops.softplus, x, beta=2, threshold=np.inf)
    np.testing.assert_allclose(found, exact, rtol=1e-12, atol=0)


def test_clamp_propagates_nan_of_a_bound() -> None:
    found = run(ops.clamp, np.array([1.0, np.inf]), min=float("nan"), max=3)
    np.testing.assert_array_equal(found, [np.nan, np.nan])


@pytest.mark.parametrize("name", ["relu", "clamp", "gelu", "silu", "mish", "softmax"])
def test_bfloat16_is_the_float32_result_rounded(name: str) -> None:
    special: dict[str, dict[str, Any]] = {"clamp": {"max": 0.3}, "softmax": {"dim": -1}}
    attributes = special.get(name, {})
    x = normal(3, 5).astype(numpy_dtype("bfloat16"))
    exact = run(getattr(ops, name), x.astype(np.float32), **attributes)
    found = run(getattr(ops, name), x, **attributes)
    assert found.dtype == x.dtype
    np.testing.assert_array_equal(found, exact.astype(x.dtype))


def test_activations_in_a_network() -> None:
    b = nn.Builder("heads")
    x = b.input("x", ("N", 3))
    y = b.prelu(x, nn.constant(np.array([0.5, 1, 2], np.float32)), name="act")
    b.output(b.clamp(y, min=-1, max=1), name="clamped")
    b.output(b.softmax(y, dim=-1), name="shares")
    assert [str(v.type) for v in b.graph.outputs] == ["float32 (N, 3)"] * 2
    x_value = np.array([[-1, -2, -3], [0.5, 2, 3], [0, 0, 0]], np.float32)
    found = Session(b.graph).run({"x": x_value})
    np.testing.assert_array_equal(found["clamped"], [[-0.5, -1, -1], [0.5, 1, 1], [0, 0, 0]])
    powers = np.exp(np.array([[-0.5, -2, -6], [0.5, 2, 3], [0, 0, 0]]))
    shares = powers / powers.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found["shares"], shares, rtol=1e-6)


FLOATS_ONLY = "expected one of bfloat16, float16, float32, float64"
REFUSED: list[tuple[str, list[Array], dict[str, Any], type[WnnxError], str]] = [
    ("clamp", [normal(3)], {}, ArgumentError,
     "min and max are both None; expected at least one of them"),
    ("clamp", [integers(3)], {"min": 0.5}, ArgumentError, "min=0.5 does not fit into int64"),
    ("clamp", [integers(3)], {"max": float("inf")}, ArgumentError,
     "max=inf does not fit into int64"),
    ("clamp", [integers(3).astype(np.uint8)], {"min": -1, "max": 2}, ArgumentError,
     "min=-1.0 does not fit into uint8"),
    ("gelu", [normal(3)], {"approximate": "sigmoid"}, ArgumentError,
     "approximate='sigmoid' is not one of 'none', 'tanh'"),
    ("softplus", [normal(3)], {"beta": "1"}, ArgumentError,
     "beta='1': expected float, found str"),
    ("softplus", [normal(3)], {"beta": 0}, ArgumentError,
     "beta=0: expected another number, the result is divided by it"),
    ("softmax", [normal(2, 3)], {}, ArgumentError, "the attribute 'dim' is missing"),
    ("softmax", [normal(2, 3)], {"dim": 2}, ShapeError,
     'dim=2 is out of range for "input0" (2, 3): -2 to 1'),
    ("log_softmax", [normal()], {"dim": 1}, ShapeError,
     'dim=1 is out of range for "input0" (): -1 to 0'),
    ("softmax", [integers(3)], {"dim": 0}, DTypeError, f'"input0" is int64; {FLOATS_ONLY}'),
    *(
        (name, [integers(3)], {}, DTypeError, f'"input0" is int64; {FLOATS_ONLY}')
        for name in (
            "gelu", "hardsigmoid", "hardswish", "silu", "mish", "softplus", "softsign",
        )
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "inputs", "attributes", "error", "message"), REFUSED)
def test_refused(
    name: str, inputs: list[Array], attributes: Any, error: type[WnnxError], message: str
) -> None:
    with pytest.raises(error) as found:
        run(getattr(ops, name), *inputs, **attributes)
    assert str(found.value) == message


@pytest.mark.parametrize("name", ["relu", "relu6", "clamp"])
def test_bools_are_no_numbers(name: str) -> None:
    attributes = {"min": 0} if name == "clamp" else {}
    with pytest.raises(DTypeError, match=r'^"input0" is bool; expected one of bfloat16, '):
        run(getattr(ops, name), np.array([True]), **attributes)

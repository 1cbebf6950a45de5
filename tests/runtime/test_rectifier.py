"""Rectifiers: formulas far from zero, limits, edges, and everything refused."""

import math
from typing import Any

import numpy as np
import pytest

from tests.runtime.agreement import doubles, run
from tests.samples.sample import integers, normal
from wnnx import ops
from wnnx.errors import ArgumentError, DTypeError, ShapeError, WnnxError
from wnnx.types import Array
from wnnxruntime.registry import find_kernel


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    ("name", "attributes", "low", "slope"),
    [
        ("elu", {"alpha": 1.0}, -1, 1),
        ("celu", {"alpha": 2.0}, -2, 1),
        ("selu", {"alpha": 3.0, "gamma": 0.5}, -1.5, 0.5),
    ],
)
def test_nothing_overflows_at_the_largest_numbers(
    name: str, attributes: Any, low: float, slope: float, dtype: str
) -> None:
    largest = float(np.finfo(dtype).max)
    x = np.array([-largest, -1e4, 1e4, largest], dtype)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        y = find_kernel(name, "reference").run(x, **attributes)
    np.testing.assert_array_equal(y, np.array([low, low, slope * 1e4, slope * largest], dtype))


def test_small_numbers_keep_their_digits() -> None:
    x = np.array([-1e-12, -1e-3, -2, 1e-12])
    for alpha in (0.5, 2.0):
        expected = [alpha * math.expm1(v / alpha) if v < 0 else v for v in x]
        found = run(ops.celu, x, alpha=alpha)
        np.testing.assert_allclose(found, expected, rtol=1e-14, atol=0)
    scale, alpha = 1.0507009873554804934193349852946, 1.6732632423543772848170429916717
    expected = [scale * (alpha * math.expm1(v) if v < 0 else v) for v in x]
    np.testing.assert_allclose(run(ops.selu, x), expected, rtol=1e-14, atol=0)


def test_threshold_keeps_only_what_is_above() -> None:
    x = np.array([-1, 0.5, 0.75, np.nan, np.inf], np.float16)
    found = run(ops.threshold, x, threshold=0.5, value=-2)
    np.testing.assert_array_equal(found, np.array([-2, -2, 0.75, np.nan, np.inf], np.float16))


def test_shrink_moves_what_is_far_towards_zero() -> None:
    x = np.array([-3, -1, -0.5, 0, 1, 1.5, np.inf, np.nan])
    found = run(ops.shrink, x, lambd=1, bias=0.25)
    np.testing.assert_array_equal(found, [-2.75, 0, 0, 0, 0, 1.25, np.inf, np.nan])
    found = run(ops.shrink, x, lambd=np.inf)
    np.testing.assert_array_equal(found, [0, 0, 0, 0, 0, 0, 0, np.nan])


def test_prelu_takes_its_weights_along_the_second_axis() -> None:
    x = -np.ones((2, 3, 2))
    found = run(ops.prelu, x, np.array([1.0, 10, 100]))
    np.testing.assert_array_equal(found, x * np.array([1, 10, 100]).reshape(3, 1))


FLOATS_ONLY = "expected one of bfloat16, float16, float32, float64"
REFUSED: list[tuple[str, list[Array], dict[str, Any], type[WnnxError], str]] = [
    ("elu", [normal(3)], {"alpha": "1"}, ArgumentError,
     "alpha='1': expected float, found str"),
    ("celu", [normal(3)], {"alpha": 0}, ArgumentError,
     "alpha=0: expected another number, x is divided by it"),
    ("threshold", [normal(3)], {"value": 0}, ArgumentError,
     "the attribute 'threshold' is missing"),
    ("threshold", [integers(3)], {"threshold": 1, "value": 0}, DTypeError,
     f'"input0" is int64; {FLOATS_ONLY}'),
    ("prelu", [normal(2, 3), normal(2)], {}, ShapeError,
     'weight "input1" (2,) does not fit "input0" (2, 3); expected (1,) or (3,)'),
    ("prelu", [normal(2, 3), normal(1, 3)], {}, ShapeError,
     'weight "input1" (1, 3) does not fit "input0" (2, 3); expected (1,) or (3,)'),
    ("prelu", [normal(3), normal(3)], {}, ShapeError,
     'weight "input1" (3,) does not fit "input0" (3,); expected (1,)'),
    ("prelu", [normal(2, 3), doubles(3)], {}, DTypeError,
     '"input0" is float32, but "input1" is float64; cast one of them'),
    ("prelu", [integers(2, 3), integers(3)], {}, DTypeError,
     f'"input0" is int64; {FLOATS_ONLY}'),
    *(
        (name, [integers(3)], {}, DTypeError, f'"input0" is int64; {FLOATS_ONLY}')
        for name in ("leaky_relu", "elu", "celu", "selu", "shrink")
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "inputs", "attributes", "error", "message"), REFUSED)
def test_refused(
    name: str, inputs: list[Array], attributes: Any, error: type[WnnxError], message: str
) -> None:
    with pytest.raises(error) as found:
        run(getattr(ops, name), *inputs, **attributes)
    assert str(found.value) == message

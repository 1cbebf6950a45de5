"""Trigonometric and hyperbolic functions: digits, inverses, limits."""

import math

import numpy as np
import pytest

from tests.runtime.agreement import run
from wnnx import ops

POINTS = [-0.99, -0.5, -1e-6, 0, 1e-9, 0.25, 0.75]
NAMES = ["sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "asinh", "atanh"]


@pytest.mark.parametrize("name", NAMES)
def test_digits_are_those_of_the_c_library(name: str) -> None:
    expected = [getattr(math, name)(x) for x in POINTS]
    for dtype, limit in (("float64", 1e-14), ("float32", 1e-6)):
        x = np.array(POINTS, dtype)
        exact = expected if dtype == "float64" else [getattr(math, name)(float(v)) for v in x]
        np.testing.assert_allclose(run(getattr(ops, name), x), exact, rtol=limit, atol=0)


def test_acosh_from_one_on() -> None:
    points = [1, 1 + 1e-9, 1.5, 20, 1e30]
    expected = [math.acosh(x) for x in points]
    np.testing.assert_allclose(run(ops.acosh, np.array(points)), expected, rtol=1e-14, atol=0)


@pytest.mark.parametrize("name", ["asin", "acos", "acosh", "atanh"])
def test_outside_the_domain_is_nan(name: str) -> None:
    outside = [0.5, -2] if name == "acosh" else [1.5, -1.5]
    np.testing.assert_array_equal(run(getattr(ops, name), np.array(outside)), [np.nan] * 2)


def test_limits() -> None:
    ends = np.array([-np.inf, np.inf], np.float16)
    expected = {
        "atan": np.array([-math.pi / 2, math.pi / 2], np.float16),
        "asinh": ends,
        "sinh": ends,
        "cosh": np.abs(ends),
        "sin": ends * np.nan,
    }
    with np.errstate(invalid="ignore"):
        for name, limits in expected.items():
            np.testing.assert_array_equal(run(getattr(ops, name), ends), limits, err_msg=name)
    np.testing.assert_array_equal(run(ops.atanh, np.array([-1.0, 1])), [-np.inf, np.inf])


def test_of_integers_as_float32() -> None:
    found = run(ops.cosh, np.array([0, 1, -1], np.int16))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, [1, math.cosh(1), math.cosh(1)], rtol=1e-6)

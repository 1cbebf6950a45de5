"""Statistics of weights against numpy over the whole array."""

import numpy as np
import pytest

from nnviz.statistics import BINS, PIECE, statistics


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int8", "uint64", "bool"])
def test_statistics_agree_with_numpy(dtype: str) -> None:
    numbers = np.random.default_rng(0).normal(0, 3, size=(3, PIECE // 2 + 7))
    array = np.maximum(numbers, 0).astype(dtype)
    found = statistics(array)
    assert found is not None
    exact = array.astype(np.float64)
    assert (found.min, found.max) == (exact.min(), exact.max())
    assert found.mean == pytest.approx(exact.mean(), rel=1e-12)
    assert found.std == pytest.approx(exact.std(), rel=1e-12)
    assert found.sparsity == pytest.approx(1 - np.count_nonzero(array) / array.size)
    assert found.histogram == tuple(np.histogram(exact, BINS)[0])
    assert found.not_finite == 0


def test_statistics_are_of_the_finite_elements() -> None:
    found = statistics(np.array([np.nan, 1, np.inf, 3, 0, -np.inf], np.float32))
    assert found is not None
    assert (found.min, found.max, found.not_finite) == (0, 3, 3)
    assert found.mean == pytest.approx(4 / 3)
    assert found.sparsity == pytest.approx(1 / 6)


@pytest.mark.parametrize("array", [np.zeros((0, 3)), np.array(np.nan)])
def test_there_are_none_without_a_finite_element(array: np.ndarray) -> None:
    assert statistics(array) is None


def test_bars_show_the_histogram() -> None:
    found = statistics(np.repeat([0.0, 31.0, 16.0], [8, 4, 1]))
    assert found is not None
    assert found.bars == "\u2588" + "\u00b7" * 15 + "\u2581" + "\u00b7" * 14 + "\u2584"


def test_a_constant_tensor_has_statistics() -> None:
    found = statistics(np.full((5,), 7.0))
    assert found is not None
    assert (found.min, found.max, found.mean, found.std) == (7, 7, 7, 0)
    assert sum(found.histogram) == 5

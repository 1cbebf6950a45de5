"""What the tests of weights and of weight files share."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from wnnx.errors import WnnxError
from wnnx.graph import Constant
from wnnx.types import Array, numpy_dtype

LARGE = (600, 500)  # 1.2 MB of float32: mapped


def numbers(shape: tuple[int, ...], dtype: str) -> Array:
    """Return different numbers of any element type; negative ones where there are such."""
    array = np.arange(-2.0, math.prod(shape) - 2).reshape(shape)
    if dtype == "bool":
        array %= 2
    elif dtype.startswith("uint"):
        array = np.abs(array)
    return np.asarray(array).astype(numpy_dtype(dtype))


def is_mapped(array: Any) -> bool:
    while array is not None:
        if isinstance(array, np.memmap):
            return True
        array = getattr(array, "base", None)
    return False


def check(found: Constant, expected: Array, name: str = "") -> None:
    """Compare a constant, and what it says of itself, with an array."""
    said = (found.name, found.dtype, found.shape)
    assert said == (name, expected.dtype.name, expected.shape)
    np.testing.assert_array_equal(found.array, expected)
    flags = found.array.flags
    assert flags.c_contiguous
    assert flags.aligned
    assert not flags.writeable
    assert found.array.dtype.isnative
    assert found.graph is None


def fails(kind: type[WnnxError], read: Callable[[], object]) -> str:
    """Return the one line of an error."""
    with pytest.raises(kind) as caught:
        read()
    assert type(caught.value) is kind
    message = str(caught.value)
    assert "\n" not in message
    return message

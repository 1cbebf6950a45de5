"""What type checkers see: mypy and pyright check this file, and pytest runs it."""

from typing import assert_type

import numpy as np
import pytest

import nnbuilder as nn
from tests.builder.custom import halves, scale
from wnnx.errors import ArgumentError
from wnnx.graph import Value


def test_methods_keep_their_types() -> None:
    b = nn.Builder()
    x = assert_type(b.input("x", (1, 4, 8, 8)), Value)
    weight = nn.constant(np.zeros((4, 4, 1, 1), np.float32))
    y = assert_type(b.conv(x, weight, stride=2, name="conv", precision="fp32"), Value)
    assert_type(b.split(y, sizes=(1, 3), dim=1), tuple[Value, ...])
    assert_type(b.cat([y, y], dim=1), Value)
    assert_type(b.call(scale, y, factor=2.0, name="scale"), Value)
    assert_type(b.call(halves, y), tuple[Value, ...])
    assert_type(y + 1, Value)
    assert b.graph.node("conv").precision == "fp32"


def test_checkers_and_the_builder_refuse_the_same_calls() -> None:
    b = nn.Builder()
    x = b.input("x", (1, 4, 8, 8))
    with pytest.raises(ArgumentError):
        b.relu(x, size=3)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    with pytest.raises(ArgumentError):
        b.softmax(x)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    with pytest.raises(ArgumentError):
        b.relu(x, precision="int8")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

"""Pixel shuffles, unfold and fold: against their formulas, what is refused, symbols."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.runtime.agreement import infer, run
from tests.samples.sample import normal
from wnnx import ops
from wnnx.errors import ArgumentError, DTypeError, ShapeError, WnnxError
from wnnx.ops.registry import Rule
from wnnx.types import shape_text


@given(st.integers(1, 3), st.sampled_from(["CRD", "DCR"]))
def test_every_pixel_stands_where_its_channel_says(side: int, mode: str) -> None:
    x = normal(2, 2 * side**2, 3, 2)
    y = run(ops.pixel_shuffle, x, upscale_factor=side, mode=mode)
    for n, c, row, column in np.ndindex(y.shape):
        inner = row % side * side + column % side
        channel = c * side**2 + inner if mode == "CRD" else inner * 2 + c
        assert y[n, c, row, column] == x[n, channel, row // side, column // side]
    back = run(ops.pixel_unshuffle, y, downscale_factor=side, mode=mode)
    np.testing.assert_array_equal(back, x)


spatial = st.tuples(
    st.integers(1, 4),
    st.integers(1, 3),
    st.integers(1, 2),
    st.integers(0, 2),
    st.integers(1, 3),
)


@given(st.lists(spatial, min_size=1, max_size=3), st.integers(0, 2))
def test_a_column_holds_what_lies_under_a_window(axes: list[Any], end: int) -> None:
    extents, kernel, dilation, begins, stride = map(list, zip(*axes, strict=True))
    padding = [*begins, *[end] * len(axes)]
    x = normal(2, 2, *extents).astype(np.float64)
    padded = np.pad(x, [(0, 0), (0, 0), *((begin, end) for begin in begins)])
    counts = [
        (n + begin + end - (k - 1) * apart - 1) // step + 1
        for n, k, apart, begin, step in axes
    ]
    attributes = {
        "kernel_size": kernel, "dilation": dilation, "padding": padding, "stride": stride,
    }  # fmt: skip
    if min(counts) < 1:
        with pytest.raises(ShapeError, match="the result would have none"):
            run(ops.unfold, x, **attributes)
        return
    expected = np.empty((2, 2, *kernel, *counts))
    for tap in np.ndindex(*kernel):
        for place in np.ndindex(*counts):
            at = np.array(tap) * dilation + np.array(place) * stride
            expected[(..., *tap, *place)] = padded[(..., *at)]
    found = run(ops.unfold, x, **attributes)
    np.testing.assert_array_equal(found, expected.reshape(found.shape))

    # fold is its transpose: <unfold(x), y> = <x, fold(y)> for any y
    y = normal(*found.shape, seed=1).astype(np.float64)
    folded = run(ops.fold, y, output_size=extents, **attributes)
    np.testing.assert_allclose((found * y).sum(), (x * folded).sum(), rtol=1e-10, atol=1e-10)


def test_fold_sums_integers_too() -> None:
    x = np.arange(8).reshape(1, 4, 2)
    found = run(ops.fold, x, output_size=(2, 3), kernel_size=2)
    np.testing.assert_array_equal(found, [[[[0, 1 + 2, 3], [4, 5 + 6, 7]]]])


def test_halves_add_up_in_single_precision() -> None:
    """2048 + 1 is 2048 in float16, and so would be 2048 + 1 + 1."""
    x = np.array([[[2048, 1, 1]]], np.float16).repeat(3, 1)
    found = run(ops.fold, x, output_size=5, kernel_size=3)
    np.testing.assert_array_equal(found[0, 0], np.array([2048, 2049, 2050, 2, 1], np.float16))
    assert found[0, 0, 2] == 2050


@pytest.mark.parametrize(
    ("rule", "shape", "attributes", "error", "message"),
    [
        (
            ops.pixel_shuffle,
            (2, 6, 3, 3),
            {"upscale_factor": 2},
            ShapeError,
            '"input0" (2, 6, 3, 3) has 6 channels, no multiple of 4, the square of '
            "upscale_factor=2",
        ),
        (
            ops.pixel_shuffle,
            (4, 3),
            {"upscale_factor": 2},
            ShapeError,
            '"input0" (4, 3) has 2 axes; expected 3 or more, (..., channels, height, width)',
        ),
        (
            ops.pixel_shuffle,
            (0, 3, 3),
            {"upscale_factor": 2**40},
            ArgumentError,
            f"upscale_factor=({2**40},) is out of range; every number must be from 1 to "
            "1048576",
        ),
        (
            ops.pixel_shuffle,
            (4, 3, 3),
            {"upscale_factor": 2, "mode": "RDC"},
            ArgumentError,
            "mode='RDC' is not one of 'CRD', 'DCR'",
        ),
        (
            ops.pixel_unshuffle,
            (2, 4, 5),
            {"downscale_factor": 2},
            ShapeError,
            '"input0" (2, 4, 5) is 4 by 5; 5 is no multiple of downscale_factor=2',
        ),
        (
            ops.pixel_unshuffle,
            (2, 4, 5),
            {"downscale_factor": 0},
            ArgumentError,
            "downscale_factor=(0,) is out of range; every number must be from 1 to 1048576",
        ),
        (
            ops.unfold,
            (2, 3, 4, 4),
            {"kernel_size": 5},
            ShapeError,
            '"input0" (2, 3, 4, 4) has 4 elements along axis 2; with padding 0 and 0 and a '
            "kernel that spans 5 the result would have none",
        ),
        (
            ops.unfold,
            (1, 1, 1, 1),
            {"kernel_size": 2**20, "padding": 2**20},
            ShapeError,
            f"shape (1, {2**40}, {(2**20 + 2) ** 2}) has {2**40 * (2**20 + 2) ** 2} elements; "
            "at most 2147483647 are allowed",
        ),
        (
            ops.fold,
            (2, 12),
            {"output_size": 4, "kernel_size": 2},
            ShapeError,
            '"input0" (2, 12) has 2 axes; expected 3, (batch, channels * elements of the '
            "kernel, windows)",
        ),
        (
            ops.fold,
            (2, 10, 20),
            {"output_size": (5, 6), "kernel_size": 2},
            ShapeError,
            '"input0" (2, 10, 20) has 10 channels, no multiple of the 4 elements of '
            "kernel_size=(2, 2)",
        ),
        (
            ops.fold,
            (2, 12, 20),
            {"output_size": (5, 5), "kernel_size": 2},
            ShapeError,
            '"input0" (2, 12, 20) has 20 windows; output_size=(5, 5) takes 4 * 4',
        ),
        (
            ops.fold,
            (2, 12, 1),
            {"output_size": (1, 1), "kernel_size": (3, 4), "stride": 9, "dilation": 9},
            ShapeError,
            '"input0" (2, 12, 1) has 1 windows; output_size=(1, 1) takes -1 * -2',
        ),
        (
            ops.fold,
            (2, 12, 1),
            {"output_size": (2, -1), "kernel_size": 1},
            ShapeError,
            "shape (2, -1) has the negative extent -1",
        ),
        (
            ops.fold,
            (2, 12, 1),
            {"output_size": (1, 1, 1, 1), "kernel_size": 1},
            ArgumentError,
            "output_size=(1, 1, 1, 1) has 4 numbers; expected one for each of one to three "
            "spatial axes",
        ),
        (
            ops.fold,
            (2, 12, 1),
            {"output_size": (1, 1), "kernel_size": (1, 1, 1)},
            ArgumentError,
            "kernel_size=(1, 1, 1) has 3 numbers; expected one, or one for each of the 2 "
            "spatial axes",
        ),
    ],
)
def test_what_does_not_fit_is_refused(
    rule: Rule,
    shape: tuple[int, ...],
    attributes: dict[str, Any],
    error: type[WnnxError],
    message: str,
) -> None:
    with pytest.raises(error) as raised:
        infer(rule, [shape], **attributes)
    assert str(raised.value) == message


def test_bools_do_not_add_up() -> None:
    with pytest.raises(DTypeError, match='"input0" is bool; expected one of'):
        run(ops.fold, np.ones((1, 4, 1), bool), output_size=(2, 2), kernel_size=2)
    taken = run(ops.unfold, np.ones((1, 1, 1), bool), kernel_size=2, padding=1)
    np.testing.assert_array_equal(taken, [[[False, True], [True, False]]])


@pytest.mark.parametrize(
    ("rule", "shape", "attributes", "expected"),
    [
        (ops.pixel_shuffle, ("N", "C", "H", 3), {"upscale_factor": 2}, "(N, C//4, 2*H, 6)"),
        (ops.pixel_shuffle, ("4*C", "H", "W"), {"upscale_factor": 2}, "(C, 2*H, 2*W)"),
        (
            ops.pixel_unshuffle,
            ("N", "C", "H", 6),
            {"downscale_factor": 2},
            "(N, 4*C, H//2, 3)",
        ),
        (
            ops.unfold,
            ("N", "C", "H", "W"),
            {"kernel_size": 3, "padding": 1},
            "(N, 9*C, H*W)",
        ),
        (
            ops.fold,
            ("N", "4*C", "H*W - H - W + 1"),
            {"output_size": ("H", "W"), "kernel_size": 2},
            "(N, C, H, W)",
        ),
        (ops.fold, ("N", 12, "L"), {"output_size": ("H",), "kernel_size": 3}, "(N, 4, H)"),
    ],
)
def test_symbolic_shapes(
    rule: Rule, shape: tuple[Any, ...], attributes: dict[str, Any], expected: str
) -> None:
    assert shape_text(infer(rule, [shape], **attributes)) == expected

"""Pools: random calls against PyTorch, symbolic shapes, and everything refused."""

from importlib import import_module
from typing import Any, TypeAlias

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.runtime.agreement import assert_agree, doubles, infer, pytorch, run, run_all
from tests.runtime.onnx_node import onnx_node
from tests.samples.sample import normal
from wnnx import ops
from wnnx.errors import ArgumentError, DTypeError, ShapeError
from wnnx.ops.registry import Rule
from wnnx.types import shape_text

# An input's shape, and attributes by the names of `max_pool`.
Call: TypeAlias = tuple[tuple[int, ...], dict[str, tuple[int, ...]]]
FLAGS = st.fixed_dictionaries({"ceil_mode": st.booleans(), "count_include_pad": st.booleans()})


@st.composite
def calls(draw: st.DrawFn) -> Call:
    """Draw an input's shape, and attributes that PyTorch takes too."""
    axes = draw(st.integers(1, 3))

    def per_axis(low: int, *highs: int) -> tuple[int, ...]:
        return tuple(draw(st.integers(low, high)) for high in (highs * axes)[:axes])

    kernel = per_axis(1, 4)
    attributes = {
        "kernel_size": kernel,
        "stride": per_axis(1, 4),
        "padding": per_axis(0, *(size // 2 for size in kernel)),
        "dilation": per_axis(1, 3),
    }
    return (draw(st.integers(0, 2)), draw(st.integers(1, 2)), *per_axis(1, 8)), attributes


def fits(x: tuple[int, ...], call: dict[str, tuple[int, ...]], *, ceil_mode: bool) -> bool:
    """Tell whether there is a window along every axis."""
    return all(
        extent + 2 * padding + (stride - 1) * ceil_mode > (kernel - 1) * dilation
        for extent, kernel, stride, padding, dilation in zip(
            x[2:], *call.values(), strict=True
        )
    )


@pytest.mark.torch
@settings(max_examples=50, deadline=None)
@given(calls(), FLAGS)
def test_max_pool_is_pytorchs(call: Call, flags: dict[str, bool]) -> None:
    shape, attributes = call
    ceil_mode = flags["ceil_mode"]
    assume(fits(shape, attributes, ceil_mode=ceil_mode))
    x = doubles(*shape)
    expected = pytorch(f"max_pool{len(shape) - 2}d", x, **attributes, ceil_mode=ceil_mode)
    assert_agree(ops.max_pool, (x,), expected, **attributes, ceil_mode=ceil_mode)


@pytest.mark.torch
@settings(max_examples=50, deadline=None)
@given(calls(), FLAGS)
def test_avg_pool_is_pytorchs(call: Call, flags: dict[str, bool]) -> None:
    shape, drawn = call
    attributes = {name: numbers for name, numbers in drawn.items() if name != "dilation"}
    undilated = attributes | {"dilation": (1,) * (len(shape) - 2)}
    assume(fits(shape, undilated, ceil_mode=flags["ceil_mode"]))
    # PyTorch's avg_pool3d, and it alone, forgets the padding when it asks if a window fits.
    assume(len(shape) < 5 or all(map(int.__ge__, shape[2:], attributes["kernel_size"])))
    x = doubles(*shape)
    expected = pytorch(f"avg_pool{len(shape) - 2}d", x, **attributes, **flags)
    assert_agree(ops.avg_pool, (x,), expected, **attributes, **flags)


@pytest.mark.torch
@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=1, max_size=3))
def test_adaptive_pools_are_pytorchs(axes: list[tuple[int, int]]) -> None:
    extents, sizes = zip(*axes, strict=True)
    x = doubles(2, 3, *extents)
    expected = pytorch(f"adaptive_avg_pool{len(axes)}d", x, output_size=sizes)
    assert_agree(ops.adaptive_avg_pool, (x,), expected, output_size=sizes)
    greatest = pytorch(f"adaptive_max_pool{len(axes)}d", x, output_size=sizes)
    assert_agree(ops.adaptive_max_pool, (x,), greatest, output_size=sizes)


@settings(max_examples=50, deadline=None)
@given(
    st.integers(1, 6),
    st.integers(1, 4),
    st.integers(1, 4),
    st.integers(0, 3),
    st.integers(0, 3),
)
def test_asymmetric_padding_with_ceil_mode_is_its_definition(
    extent: int, kernel: int, stride: int, begin: int, end: int
) -> None:
    """PyTorch has no oracle for it: list the windows that begin before the end padding."""
    begin, end = min(begin, kernel - 1), min(end, kernel - 1)
    x = doubles(1, 1, extent)
    starts = [
        start
        for start in range(-begin, extent, stride)
        if start + kernel - stride < extent + end  # the one before did not reach the end
    ]
    assume(starts)
    held = [x[0, 0, max(start, 0) : start + kernel] for start in starts]
    counted = [min(start + kernel, extent + end) - start for start in starts]
    attributes = {
        "kernel_size": kernel, "stride": stride, "padding": (begin, end), "ceil_mode": True
    }  # fmt: skip
    greatest = run(ops.max_pool, x, **attributes)[0, 0]
    np.testing.assert_array_equal(greatest, [part.max() for part in held])
    means = run(ops.avg_pool, x, **attributes)[0, 0]
    sums = [part.sum() for part in held]
    np.testing.assert_allclose(means, np.divide(sums, counted), rtol=1e-12)
    without = run(ops.avg_pool, x, **attributes, count_include_pad=False)[0, 0]
    np.testing.assert_allclose(without, [part.mean() for part in held], rtol=1e-12)


@settings(max_examples=100, deadline=None)
@given(
    st.fixed_dictionaries({
        "kernel_size": st.integers(1, 4),
        "stride": st.integers(1, 4),
        "padding": st.tuples(st.integers(0, 6), st.integers(0, 6)),
        "dilation": st.integers(1, 3),
        "ceil_mode": st.booleans(),
    }),
    st.integers(1, 7),
)
def test_dilated_windows_are_their_definition(attributes: dict[str, Any], extent: int) -> None:
    """PyTorch has no dilated mean or norm: list the elements under each window."""
    kernel, stride, dilation = (attributes[k] for k in ("kernel_size", "stride", "dilation"))
    most = (kernel - 1) * dilation
    attributes["padding"] = begin, end = [min(side, most) for side in attributes["padding"]]
    reached = extent + end - most - 1 + (stride - 1) * attributes["ceil_mode"]
    last = min(reached, extent - 1) if attributes["ceil_mode"] else reached
    starts = range(-begin, last + 1, stride)
    assume(starts)
    x = doubles(1, 1, extent)
    taps = [range(start, start + most + 1, dilation) for start in starts]
    held = [x[0, 0, [tap for tap in group if 0 <= tap < extent]] for group in taps]
    counted = [sum(tap < extent + end for tap in group) for group in taps]
    sums = [part.sum() for part in held]
    means = run(ops.avg_pool, x, **attributes)[0, 0]
    np.testing.assert_allclose(means, np.divide(sums, counted), rtol=1e-12, atol=1e-14)
    without = run(ops.avg_pool, x, **attributes, count_include_pad=False)[0, 0]
    own = [part.sum() / part.size if part.size else np.nan for part in held]
    np.testing.assert_allclose(without, own, rtol=1e-12, atol=1e-14)
    norms = run(ops.lp_pool, x, norm_type=3.0, **attributes)[0, 0]
    cubes = [np.cbrt((np.abs(part) ** 3).sum()) for part in held]
    np.testing.assert_allclose(norms, cubes, rtol=1e-12)


@pytest.mark.torch
@settings(max_examples=50, deadline=None)
@given(calls(), FLAGS)
def test_indices_of_the_greatest_are_pytorchs(call: Call, flags: dict[str, bool]) -> None:
    (shape, attributes), ceil_mode = call, flags["ceil_mode"]
    assume(fits(shape, attributes, ceil_mode=ceil_mode) and shape[0])
    torch: Any = import_module("torch")
    x = np.round(doubles(*shape))  # so that there are equals
    x[np.random.default_rng(0).random(shape) < 0.1] = np.nan
    x[np.random.default_rng(1).random(shape) < 0.1] = -np.inf
    function = getattr(torch.nn.functional, f"max_pool{len(shape) - 2}d")
    given = {**attributes, "ceil_mode": ceil_mode}
    expected, places = function(torch.from_numpy(x), **given, return_indices=True)
    found, where = run_all(ops.max_pool_with_indices, x, **given)
    np.testing.assert_array_equal(found, expected.numpy())
    np.testing.assert_array_equal(found, run(ops.max_pool, x, **given))
    filled = where >= 0  # PyTorch's index of padding alone is one that no element has
    np.testing.assert_array_equal(where[filled], places.numpy()[filled])
    assert np.all(np.isneginf(found[~filled]))


@pytest.mark.onnx
@pytest.mark.parametrize("storage_order", [0, 1])
@pytest.mark.parametrize("axes", [1, 2, 3])
def test_indices_through_the_whole_tensor_are_onnxruntimes(
    storage_order: int, axes: int
) -> None:
    x, twos = normal(2, 3, *range(5, 5 + axes)), [2] * axes
    expected = onnx_node(
        "MaxPool",
        {"x": x},
        ["y", "where"],
        kernel_shape=twos,
        strides=twos,
        storage_order=storage_order,
    )
    order = ("row_major", "column_major")[storage_order]
    found = run_all(ops.max_pool_with_indices, x, kernel_size=2, indices=order)
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_a_window_of_padding_alone_has_no_index() -> None:
    found, where = run_all(
        ops.max_pool_with_indices, normal(1, 1, 1), kernel_size=2, padding=1, dilation=2
    )
    assert found.tolist() == [[[-np.inf]]]
    assert where.tolist() == [[[-1]]]


def test_lp_pool_takes_absolute_values_and_does_not_scale_what_is_cut_off() -> None:
    """What ONNX means, and PyTorch does otherwise."""
    x = np.array([[[-1.0, -2.0, -2.0]]])
    found = run(ops.lp_pool, x, norm_type=3.0, kernel_size=2, ceil_mode=True)
    np.testing.assert_allclose(found, [[[np.cbrt(9), 2]]], rtol=1e-12)


@pytest.mark.parametrize("order", [0.0, -1.0, np.inf, np.nan])
def test_norm_type_out_of_range_is_refused(order: float) -> None:
    with pytest.raises(ArgumentError) as error:
        infer(ops.lp_pool, [(1, 3, 8)], norm_type=order, kernel_size=2)
    assert str(error.value) == f"norm_type={order}; expected a number above 0, such as 2"


def test_symbolic_shapes_read_as_one_would_write_them() -> None:
    def text(rule: Rule, **attributes: Any) -> str:
        return shape_text(infer(rule, [("N", "C", "H", 8)], **attributes))

    stem = {"kernel_size": 3, "stride": 2, "padding": 1}
    assert text(ops.max_pool, kernel_size=2) == "(N, C, H//2, 4)"
    assert text(ops.max_pool, **stem) == "(N, C, (H - 1)//2 + 1, 4)"
    assert text(ops.max_pool, **stem, ceil_mode=True) == "(N, C, H//2 + 1, 5)"
    sparse = text(ops.avg_pool, kernel_size=1, stride=2, ceil_mode=True)
    assert sparse == "(N, C, (H - 1)//2 + 1, 4)"
    assert text(ops.adaptive_avg_pool, output_size=(-1, 2)) == "(N, C, H, 2)"


def test_padding_never_wins() -> None:
    least = np.iinfo(np.int8).min
    x = np.full((1, 1, 2), least, np.int8)
    found = run(ops.max_pool, x, kernel_size=2, stride=1, padding=1)
    np.testing.assert_array_equal(found, [[[least, least, least]]])
    below = np.full((1, 1, 2), -np.inf, np.float32)
    found = run(ops.max_pool, below, kernel_size=2, stride=1, padding=1)
    np.testing.assert_array_equal(found, [[[-np.inf, -np.inf, -np.inf]]])


WINDOWED: list[Rule] = [ops.max_pool, ops.max_pool_with_indices, ops.avg_pool]
ADAPTIVE: list[Rule] = [ops.adaptive_avg_pool, ops.adaptive_max_pool]


@pytest.mark.parametrize("rule", [*WINDOWED, *ADAPTIVE])
@pytest.mark.parametrize(
    ("shape", "message"),
    [
        (
            (3, 8),
            '"input0" (3, 8) has 2 axes; expected 3 or 4 or 5, '
            "(batch, channels, and 1 to 3 spatial axes)",
        ),
        ((1, 3, 8, 0), '"input0" (1, 3, 8, 0) has no elements along axis 3'),
    ],
)
def test_an_input_needs_batch_channels_and_spatial_axes(
    rule: Rule, shape: tuple[int, ...], message: str
) -> None:
    size = "output_size" if rule in ADAPTIVE else "kernel_size"
    with pytest.raises(ShapeError) as error:
        infer(rule, [shape], **{size: 2})
    assert str(error.value) == message


@pytest.mark.parametrize("rule", WINDOWED)
def test_a_result_without_elements_is_refused(rule: Rule) -> None:
    with pytest.raises(ShapeError) as error:
        infer(rule, [(1, 3, 8, 2)], kernel_size=(2, 5), padding=(0, 1))
    assert str(error.value) == (
        '"input0" (1, 3, 8, 2) has 2 elements along axis 3; with padding 1 and 1 and a kernel '
        "that spans 5 the result would have none"
    )


@pytest.mark.parametrize("rule", WINDOWED)
@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        (
            {"kernel_size": 0},
            "kernel_size=(0, 0) is out of range; every number must be from 1 to 1048576",
        ),
        (
            {"kernel_size": (2, 2**40)},
            f"kernel_size=(2, {2**40}) is out of range; every number must be from 1 to "
            "1048576",
        ),
        (
            {"kernel_size": 2, "stride": 0},
            "stride=(0, 0) is out of range; every number must be from 1 to 1048576",
        ),
        (
            {"kernel_size": 2, "padding": -1},
            "padding=(-1, -1, -1, -1) is out of range; every number must be from 0 to 1048576",
        ),
        (
            {"kernel_size": 2, "padding": 2**40},
            f"padding={(2**40,) * 4} is out of range; every number must be from 0 to 1048576",
        ),
        (
            {"kernel_size": (3, 2), "padding": (1, 1, 2, 2)},
            "padding=1 and 2 around an axis with kernel_size=2 and dilation=1: at most 1, or "
            "a window would hold only padding",
        ),
    ],
)
def test_attributes_out_of_range_are_refused(
    rule: Rule, attributes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ArgumentError) as error:
        infer(rule, [(1, 3, 8, 8)], **attributes)
    assert str(error.value) == message


def test_dilation_out_of_range_is_refused() -> None:
    for rule in WINDOWED:
        with pytest.raises(
            ArgumentError, match=r"^dilation=\(0, 0\) is out of range; every number"
        ):
            infer(rule, [(1, 3, 8, 8)], kernel_size=2, dilation=0)


@pytest.mark.parametrize("size", [0, -2, 2**40])
def test_output_size_out_of_range_is_refused(size: int) -> None:
    with pytest.raises(ArgumentError) as error:
        infer(ops.adaptive_avg_pool, [(1, 3, 8, 8)], output_size=(-1, size))
    assert str(error.value) == (
        f"output_size=(-1, {size}): every number must be from 1 to 1048576, or -1"
    )


def test_means_of_integers_are_refused_as_is_the_greatest_bool() -> None:
    x = normal(1, 3, 8, 8)
    with pytest.raises(
        DTypeError, match=r'^"input0" is int64; expected one of bfloat16, float'
    ):
        run(ops.avg_pool, x.astype(np.int64), kernel_size=2)
    with pytest.raises(
        DTypeError, match=r'^"input0" is int64; expected one of bfloat16, float'
    ):
        run(ops.adaptive_avg_pool, x.astype(np.int64), output_size=2)
    with pytest.raises(
        DTypeError, match=r'^"input0" is bool; expected one of bfloat16, float'
    ):
        run(ops.max_pool, x > 0, kernel_size=2)

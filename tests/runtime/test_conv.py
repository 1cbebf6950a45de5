"""Convolutions: random calls against PyTorch, symbolic shapes, and everything refused."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import nnbuilder as nn
from tests.runtime.agreement import assert_agree, doubles, infer, pytorch, run
from tests.samples.sample import normal
from wnnx import ops
from wnnx.errors import ArgumentError, DTypeError, ShapeError
from wnnx.ops.registry import Rule
from wnnx.types import Shape, shape_text


@st.composite
def calls(draw: st.DrawFn) -> dict[str, Any]:
    """Draw all of a convolution but its numbers; `sides` is (begin, end) per axis."""
    axes = draw(st.integers(1, 3))

    def per_axis(low: int, high: int) -> tuple[int, ...]:
        return tuple(draw(st.integers(low, high)) for _ in range(axes))

    groups = draw(st.integers(1, 3))
    return {
        "batch": draw(st.integers(0, 2)),
        "inputs": groups * draw(st.integers(1, 2)),
        "outputs": groups * draw(st.integers(1, 2)),
        "groups": groups,
        "extents": per_axis(1, 6),
        "kernel": per_axis(1, 3),
        "stride": per_axis(1, 3),
        "dilation": per_axis(1, 3),
        "sides": tuple(zip(per_axis(0, 3), per_axis(0, 3), strict=True)),
        "output_padding": per_axis(0, 2),
        "bias": draw(st.booleans()),
    }


def stored_padding(call: dict[str, Any]) -> tuple[int, ...]:
    """Return every begin, then every end."""
    begins, ends = zip(*call["sides"], strict=True)
    return (*begins, *ends)


@pytest.mark.torch
@settings(max_examples=50, deadline=None)
@given(calls())
def test_conv_is_pytorchs_after_explicit_padding(call: dict[str, Any]) -> None:
    assume(
        all(
            extent + begin + end > (kernel - 1) * dilation
            for extent, (begin, end), kernel, dilation in zip(
                call["extents"], call["sides"], call["kernel"], call["dilation"], strict=True
            )
        )
    )
    x = doubles(call["batch"], call["inputs"], *call["extents"])
    weight = doubles(
        call["outputs"], call["inputs"] // call["groups"], *call["kernel"], seed=1
    )
    bias = [doubles(call["outputs"], seed=2)] * call["bias"]
    kept = {name: call[name] for name in ("stride", "dilation", "groups")}
    padded = np.pad(x, [(0, 0), (0, 0), *call["sides"]])
    expected = pytorch(f"conv{len(call['kernel'])}d", padded, weight, *bias, **kept)
    padding = stored_padding(call)
    assert_agree(ops.conv, (x, weight, *bias), expected, padding=padding, **kept)


@pytest.mark.torch
@settings(max_examples=50, deadline=None)
@given(calls())
def test_conv_transpose_is_pytorchs_with_the_sides_cut(call: dict[str, Any]) -> None:
    axes = range(len(call["kernel"]))
    steps = [max(call["stride"][i], call["dilation"][i]) for i in axes]
    assume(all(call["output_padding"][i] < steps[i] for i in axes))
    x = doubles(call["batch"], call["inputs"], *call["extents"])
    weight = doubles(
        call["inputs"], call["outputs"] // call["groups"], *call["kernel"], seed=1
    )
    bias = [doubles(call["outputs"], seed=2)] * call["bias"]
    names = ("stride", "output_padding", "groups", "dilation")
    kept = {name: call[name] for name in names}
    whole = pytorch(f"conv_transpose{len(axes)}d", x, weight, *bias, **kept)
    assume(all(whole.shape[2 + i] > sum(call["sides"][i]) for i in axes))
    for axis, (begin, end) in enumerate(call["sides"], start=2):
        whole = whole.take(range(begin, whole.shape[axis] - end), axis=axis)
    padding = stored_padding(call)
    assert_agree(ops.conv_transpose, (x, weight, *bias), whole, padding=padding, **kept)


def test_symbolic_shapes_read_as_one_would_write_them() -> None:
    def text(rule: Rule, weight: Shape, **attributes: int) -> str:
        return shape_text(infer(rule, [("N", 3, "H", "W"), weight], **attributes))

    stem = text(ops.conv, (64, 3, 7, 7), stride=2, padding=3)
    assert stem == "(N, 64, (H - 1)//2 + 1, (W - 1)//2 + 1)"
    assert text(ops.conv, (8, 3, 3, 3), padding=1) == "(N, 8, H, W)"
    assert text(ops.conv, (8, 3, 2, 2), stride=2) == "(N, 8, H//2, W//2)"
    assert text(ops.conv_transpose, (3, 8, 2, 2), stride=2) == "(N, 8, 2*H, 2*W)"


@pytest.mark.parametrize("bias_dtype", ["float16", "float32"])
@pytest.mark.parametrize("rule", [ops.conv, ops.conv_transpose])
def test_a_float16_weight_is_widened_and_the_result_stays_float32(
    rule: Rule, bias_dtype: str
) -> None:
    x, bias = normal(2, 4, 6, 5), normal(4, seed=2).astype(bias_dtype)
    half = normal(4, 4, 3, 3, seed=1).astype(np.float16)
    found = run(rule, x, half, bias, padding=1)
    expected = run(rule, x, half.astype(np.float32), bias.astype(np.float32), padding=1)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, expected)


IMAGE = (1, 4, 8, 8)
SQUARE = (6, 4, 3, 3)


def test_the_builder_says_which_layer_has_the_wrong_channels() -> None:
    b = nn.Builder("net")
    image = b.input("image", (1, 4, 224, 224))
    with b.scope("stem"), pytest.raises(ShapeError) as error:
        b.conv(image, nn.constant(normal(64, 3, 7, 7)), stride=2, padding=3)
    assert str(error.value) == (
        'conv "stem/conv": "image" has 4 channels, but weight "stem.weight" (64, 3, 7, 7) '
        "with groups=1 takes 3"
    )
    assert not b.graph.nodes


@pytest.mark.parametrize(
    ("shapes", "attributes", "message"),
    [
        (
            [(4, 8), (6, 4, 3)], {},
            '"input0" (4, 8) has 2 axes; expected 3 or 4 or 5, '
            "(batch, channels, and 1 to 3 spatial axes)",
        ),
        (
            [(4, 8, 8), SQUARE], {},
            'weight "input1" (6, 4, 3, 3) has 4 axes, but "input0" (4, 8, 8) has 3; both need '
            'as many, so give "input0" a batch axis: (1, 4, 8, 8)',
        ),
        (
            [IMAGE, (6, 4, 3)], {},
            'weight "input1" (6, 4, 3) has 3 axes, but "input0" (1, 4, 8, 8) has 4; both need '
            "as many",
        ),
        ([(1, 4, 0, 8), SQUARE], {}, '"input0" (1, 4, 0, 8) has no elements along axis 2'),
        ([IMAGE, (6, 4, 0, 3)], {}, 'weight "input1" (6, 4, 0, 3) has an empty kernel'),
        (
            [IMAGE, (6, 2, 3, 3)], {"groups": 3},
            '"input0" has 4 channels, but weight "input1" (6, 2, 3, 3) with groups=3 takes 6',
        ),
        (
            [IMAGE, (6, 1, 3, 3)], {"groups": 4},
            'groups=4 does not divide the 6 output channels of weight "input1" (6, 1, 3, 3)',
        ),
        (
            [(1, 4, 8, 3), SQUARE], {"padding": (0, 0, 0, 1), "dilation": 2},
            '"input0" (1, 4, 8, 3) has 3 elements along axis 3; with padding 0 and 1 and a '
            "kernel that spans 5 the result would have none",
        ),
        (
            [IMAGE, SQUARE, (4,)], {},
            'bias "input2" (4,) does not fit weight "input1" (6, 4, 3, 3); expected (6,)',
        ),
    ],
)  # fmt: skip
def test_conv_refuses_shapes_that_do_not_fit(
    shapes: list[Shape], attributes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ShapeError) as error:
        infer(ops.conv, shapes, **attributes)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("shapes", "attributes", "message"),
    [
        (
            [IMAGE, SQUARE], {},
            '"input0" has 4 channels, but weight "input1" (6, 4, 3, 3) takes 6',
        ),
        (
            [IMAGE, (4, 2, 3, 3)], {"groups": 3},
            'groups=3 does not divide the 4 input channels of weight "input1" (4, 2, 3, 3)',
        ),
        (
            [(1, 4, 2, 8), (4, 6, 3, 3)], {"padding": 2},
            '"input0" (1, 4, 2, 8) has 2 elements along axis 2; with padding 2 and 2 and a '
            "kernel that spans 3 the result would have none",
        ),
        (
            [IMAGE, (4, 2, 3, 3), (4,)], {"groups": 4},
            'bias "input2" (4,) does not fit weight "input1" (4, 2, 3, 3); expected (8,)',
        ),
    ],
)  # fmt: skip
def test_conv_transpose_refuses_shapes_that_do_not_fit(
    shapes: list[Shape], attributes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ShapeError) as error:
        infer(ops.conv_transpose, shapes, **attributes)
    assert str(error.value) == message


@pytest.mark.parametrize("rule", [ops.conv, ops.conv_transpose])
@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        (
            {"stride": 0},
            "stride=(0, 0) is out of range; every number must be from 1 to 1048576",
        ),
        (
            {"stride": (1, -2)},
            "stride=(1, -2) is out of range; every number must be from 1 to",
        ),
        ({"stride": 2**40}, f"stride={(2**40, 2**40)} is out of range; every number must be"),
        ({"dilation": 0}, "dilation=(0, 0) is out of range; every number must be from 1 to"),
        ({"dilation": 2**40}, f"dilation={(2**40, 2**40)} is out of range; every number must"),
        (
            {"padding": -1},
            "padding=(-1, -1, -1, -1) is out of range; every number must be from 0",
        ),
        ({"padding": (0, 0, 0, 2**40)}, f"padding=(0, 0, 0, {2**40}) is out of range; every"),
        (
            {"padding": (1, 2, 3)},
            "padding=(1, 2, 3) has 3 numbers; expected one, one for each of",
        ),
        ({"groups": 0}, "groups=0; expected 1 or more"),
        ({"groups": -1}, "groups=-1; expected 1 or more"),
    ],
)
def test_attributes_out_of_range_are_refused(
    rule: Rule, attributes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ArgumentError) as error:
        infer(rule, [IMAGE, (4, 4, 3, 3)], **attributes)
    assert str(error.value).startswith(message)


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        (
            {"output_padding": 1},
            "output_padding=(1, 1): 1 is not less than the stride 1 or the dilation 1 of "
            "its axis",
        ),
        (
            {"output_padding": (0, 3), "stride": 2, "dilation": 3},
            "output_padding=(0, 3): 3 is not less than the stride 2 or the dilation 3 of "
            "its axis",
        ),
        (
            {"output_padding": -1},
            "output_padding=(-1, -1) is out of range; every number must be from 0 to 1048576",
        ),
    ],
)
def test_output_padding_only_chooses_among_the_sizes_that_a_stride_hides(
    attributes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ArgumentError) as error:
        infer(ops.conv_transpose, [IMAGE, (4, 4, 3, 3)], **attributes)
    assert str(error.value) == message


@pytest.mark.parametrize("rule", [ops.conv, ops.conv_transpose])
def test_element_types_must_go_together(rule: Rule) -> None:
    x, weight, bias = normal(1, 4, 5), normal(4, 4, 3), normal(4)
    with pytest.raises(DTypeError, match=r'^"input0" is int64; expected one of bfloat16, '):
        run(rule, x.astype(np.int64), weight)
    with pytest.raises(
        DTypeError, match=r'^"input0" is float32, but "input1" is float64; cast'
    ):
        run(rule, x, weight.astype(np.float64))
    with pytest.raises(
        DTypeError, match=r'^bias "input2" is float64, but the layer computes fl'
    ):
        run(rule, x, weight, bias.astype(np.float64))

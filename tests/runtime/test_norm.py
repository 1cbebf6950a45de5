"""Normalisation: mixed element types, formulas, and everything refused."""

from typing import Any

import numpy as np
import pytest

from tests.runtime.agreement import doubles, infer, run
from tests.samples.sample import normal, positive
from wnnx import ops
from wnnx.errors import ArgumentError, DTypeError, ShapeError, WnnxError
from wnnx.ops.registry import Rule
from wnnx.types import ShapeLike, shape_text


def test_layer_norm_makes_mean_0_and_variance_1() -> None:
    y = run(ops.layer_norm, doubles(2, 3, 4, 5) * 7 + 100, normalized_shape=(4, 5), eps=0.0)
    np.testing.assert_allclose(y.mean(axis=(2, 3)), 0, atol=1e-12)
    np.testing.assert_allclose(y.var(axis=(2, 3)), 1, rtol=1e-12)


@pytest.mark.parametrize(
    ("rule", "attributes"), [(ops.instance_norm, {}), (ops.group_norm, {"num_groups": 2})]
)
def test_each_group_gets_mean_0_and_variance_1(rule: Rule, attributes: Any) -> None:
    x = doubles(3, 4, 5, 6) * np.arange(1, 5)[:, None, None] + 100
    y = run(rule, x, eps=0.0, **attributes).reshape(3, attributes.get("num_groups", 4), -1)
    np.testing.assert_allclose(y.mean(axis=2), 0, atol=1e-12)
    np.testing.assert_allclose(y.var(axis=2), 1, rtol=1e-12)
    assert rule is ops.instance_norm or y[:, 0, 0].std() > 0


def test_one_group_per_channel_is_instance_norm() -> None:
    x, weight, bias = doubles(2, 6, 5), doubles(6, seed=1), doubles(6, seed=2)
    found = run(ops.group_norm, x, weight, bias, num_groups=6)
    np.testing.assert_allclose(found, run(ops.instance_norm, x, weight, bias), rtol=1e-12)


def test_one_spatial_element_leaves_the_bias() -> None:
    x, bias = normal(2, 3, 1), normal(3, seed=1)
    found = run(ops.instance_norm, x, normal(3, seed=2), bias)
    np.testing.assert_array_equal(found[:, :, 0], np.tile(bias, (2, 1)))


def test_rms_norm_leaves_a_mean_square_of_1() -> None:
    y = run(ops.rms_norm, doubles(2, 3, 4) * 7 + 9, normalized_shape=(3, 4), eps=0.0)
    np.testing.assert_allclose(np.square(y).mean(axis=(1, 2)), 1, rtol=1e-12)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7, 100])
def test_local_response_norm_is_its_definition(size: int) -> None:
    x = doubles(2, 5, 3)
    expected = np.empty_like(x)
    for channel in range(5):
        near = x[:, max(channel - size // 2, 0) : channel + (size - 1) // 2 + 1]
        total = np.square(near).sum(axis=1)
        expected[:, channel] = x[:, channel] / (2 + 0.7 / size * total) ** 0.4
    found = run(ops.local_response_norm, x, size=size, alpha=0.7, beta=0.4, k=2.0)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_a_window_wider_than_memory_costs_no_more_than_the_channels() -> None:
    x = doubles(1, 3, 2)
    found = run(ops.local_response_norm, x, size=2**20, alpha=2.0**20, beta=1.0, k=0.0)
    np.testing.assert_allclose(found, x / np.square(x).sum(axis=1, keepdims=True), rtol=1e-12)


def test_normalize_divides_by_the_length_but_never_by_0() -> None:
    x = np.array([[3.0, 4.0], [0.0, 0.0], [3e-7, 4e-7]])
    found = run(ops.normalize, x, eps=1e-6)
    np.testing.assert_allclose(found, [[0.6, 0.8], [0.0, 0.0], [0.3, 0.4]], rtol=1e-12)
    least = run(ops.normalize, x.astype(np.float32) * 1e-30, p=1.0, eps=1e-45)
    np.testing.assert_allclose(least, [[3 / 7, 4 / 7], [0.0, 0.0], [3 / 7, 4 / 7]], rtol=1e-2)


def test_half_precision_may_keep_float32_statistics() -> None:
    x = normal(2, 3, 5).astype(np.float16)
    mean, var = normal(3, seed=1), positive(3, seed=2)
    found = run(ops.batch_norm, x, mean, var)
    exact = (x.astype(np.float64) - mean[:, None]) / np.sqrt(var[:, None] + 1e-5)
    assert found.dtype == np.float16
    np.testing.assert_allclose(found, exact, rtol=2**-11, atol=2**-24)


def test_half_precision_may_keep_a_float32_weight() -> None:
    x, weight = normal(2, 6).astype(np.float16), normal(6, seed=1)
    found = run(ops.layer_norm, x, weight, normalized_shape=6)
    wide = x.astype(np.float64)
    variance = wide.var(axis=1, keepdims=True)
    exact = (wide - wide.mean(axis=1, keepdims=True)) / np.sqrt(variance + 1e-5) * weight
    assert found.dtype == np.float16
    np.testing.assert_allclose(found, exact, rtol=2**-10, atol=2**-24)


def test_symbolic_shapes_pass_through() -> None:
    image, words = ("N", 3, "H", "W"), ("N", "2*T", 8)
    assert shape_text(infer(ops.batch_norm, [image, (3,), (3,)])) == "(N, 3, H, W)"
    assert shape_text(infer(ops.layer_norm, [words], normalized_shape=8)) == "(N, 2*T, 8)"
    assert shape_text(infer(ops.rms_norm, [words, (8,)], normalized_shape=8)) == "(N, 2*T, 8)"
    assert shape_text(infer(ops.group_norm, [image], num_groups=3)) == "(N, 3, H, W)"
    grouped = infer(ops.group_norm, [("N", "4*C", 8)], num_groups=2)
    assert shape_text(grouped) == "(N, 4*C, 8)"
    assert shape_text(infer(ops.instance_norm, [image, (3,), (3,)])) == "(N, 3, H, W)"
    assert shape_text(infer(ops.local_response_norm, [image], size=5)) == "(N, 3, H, W)"
    assert shape_text(infer(ops.normalize, [image], dim=-1)) == "(N, 3, H, W)"


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        ([(3,), (3,), (3,)], '"input0" (3,) has 1 axes; expected 2 or more, (N, C, ...)'),
        (
            [(2, 3, 5), (4,), (3,)],
            'running_mean "input1" (4,) does not fit "input0" (2, 3, 5); expected (3,)',
        ),
        (
            [(2, 3, 5), (3,), (3, 1)],
            'running_var "input2" (3, 1) does not fit "input0" (2, 3, 5); expected (3,)',
        ),
        (
            [(2, 3, 5), (3,), (3,), (5,)],
            'weight "input3" (5,) does not fit "input0" (2, 3, 5); expected (3,)',
        ),
        (
            [(2, 3, 5), (3,), (3,), None, (5,)],
            'bias "input4" (5,) does not fit "input0" (2, 3, 5); expected (3,)',
        ),
    ],
)
def test_batch_norm_refuses_shapes_that_do_not_fit(shapes: Any, message: str) -> None:
    with pytest.raises(ShapeError) as error:
        infer(ops.batch_norm, shapes)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("shapes", "normalized_shape", "message"),
    [
        ([(2, 5, 6)], (5,), '"input0" (2, 5, 6) does not end in normalized_shape=(5,)'),
        ([(6,)], (2, 3, 6), '"input0" (6,) does not end in normalized_shape=(2, 3, 6)'),
        (
            [(2, 5, 6), (5,)], (5, 6),
            'weight "input1" (5,) does not fit "input0" (2, 5, 6); expected (5, 6)',
        ),
        (
            [(2, 5, 6), None, (5,)], (6,),
            'bias "input2" (5,) does not fit "input0" (2, 5, 6); expected (6,)',
        ),
    ],
)  # fmt: skip
def test_layer_norm_refuses_shapes_that_do_not_fit(
    shapes: Any, normalized_shape: tuple[int, ...], message: str
) -> None:
    with pytest.raises(ShapeError) as error:
        infer(ops.layer_norm, shapes, normalized_shape=normalized_shape)
    assert str(error.value) == message


REFUSED: list[tuple[Rule, list[ShapeLike], dict[str, Any], type[WnnxError], str]] = [
    (ops.group_norm, [(4,)], {"num_groups": 2}, ShapeError,
     '"input0" (4,) has 1 axes; expected 2 or more, (N, C, ...)'),
    (ops.group_norm, [(2, 4)], {"num_groups": 3}, ShapeError,
     '"input0" (2, 4) has 4 channels, which do not divide into num_groups=3'),
    (ops.group_norm, [(2, 4)], {"num_groups": 0}, ArgumentError,
     "num_groups=0; expected 1 or more"),
    (ops.group_norm, [(2, 4), (2,)], {"num_groups": 2}, ShapeError,
     'weight "input1" (2,) does not fit "input0" (2, 4); expected (4,)'),
    (ops.instance_norm, [(2, 4)], {}, ShapeError,
     '"input0" (2, 4) has 2 axes; expected 3 or more, (N, C, *spatial)'),
    (ops.instance_norm, [(2, 4, 5), (4,), (5,)], {}, ShapeError,
     'bias "input2" (5,) does not fit "input0" (2, 4, 5); expected (4,)'),
    (ops.rms_norm, [(2, 4)], {"normalized_shape": 3}, ShapeError,
     '"input0" (2, 4) does not end in normalized_shape=(3,)'),
    (ops.rms_norm, [(2, 4), (2,)], {"normalized_shape": 4}, ShapeError,
     'weight "input1" (2,) does not fit "input0" (2, 4); expected (4,)'),
    (ops.rms_norm, [(2, 4)], {"normalized_shape": 4, "eps": -1.0}, ArgumentError,
     "eps=-1.0; expected 0 or more"),
    (ops.local_response_norm, [(4,)], {"size": 3}, ShapeError,
     '"input0" (4,) has 1 axes; expected 2 or more, (N, C, ...)'),
    (ops.local_response_norm, [(2, 4)], {"size": 0}, ArgumentError,
     "size=(0,) is out of range; every number must be from 1 to 1048576"),
    (ops.normalize, [(2, 4)], {"dim": 2}, ShapeError,
     'dim=2 is out of range for "input0" (2, 4): -2 to 1'),
    (ops.normalize, [(2, 4)], {"p": float("nan")}, ArgumentError,
     "p=nan; expected a number, such as 1, 2 or inf"),
    (ops.normalize, [(2, 4)], {"eps": float("nan")}, ArgumentError,
     "eps=nan; expected 0 or more"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "shapes", "attributes", "error", "message"), REFUSED)
def test_refused(
    rule: Rule, shapes: Any, attributes: Any, error: type[WnnxError], message: str
) -> None:
    with pytest.raises(error) as found:
        infer(rule, shapes, **attributes)
    assert str(found.value) == message


@pytest.mark.parametrize("shape", [(), (0,), (2, -1)])
def test_normalized_shape_must_be_extents(shape: tuple[int, ...]) -> None:
    with pytest.raises(ArgumentError) as error:
        infer(ops.layer_norm, [(2, 0)], normalized_shape=shape)
    assert str(error.value) == (
        f"normalized_shape={shape}; expected the extents of the last axes, 1 or more each"
    )


@pytest.mark.parametrize("eps", [-1e-5, float("nan")])
def test_eps_must_not_be_negative(eps: float) -> None:
    with pytest.raises(ArgumentError, match=rf"^eps={eps}; expected 0 or more$"):
        infer(ops.layer_norm, [(2, 3)], normalized_shape=3, eps=eps)
    with pytest.raises(ArgumentError, match=rf"^eps={eps}; expected 0 or more$"):
        infer(ops.batch_norm, [(2, 3), (3,), (3,)], eps=eps)


def test_element_types_must_go_together() -> None:
    x, other = normal(2, 3), normal(3)
    with pytest.raises(DTypeError) as error:
        run(ops.batch_norm, x, other, other.astype(np.float64))
    assert str(error.value) == (
        'running_var "input2" is float64, but "input0" is float32; cast one of them'
    )
    with pytest.raises(
        DTypeError, match=r'^weight "input1" is float16, but "input0" is float32'
    ):
        run(ops.layer_norm, x, other.astype(np.float16), normalized_shape=3)
    with pytest.raises(
        DTypeError, match=r'^"input0" is int64; expected one of bfloat16, float16'
    ):
        run(ops.layer_norm, x.astype(np.int64), normalized_shape=3)

"""Normalisation: mixed element types, formulas, and everything refused."""

from typing import Any

import numpy as np
import pytest

from tests.runtime.agreement import doubles, infer, run
from tests.samples.sample import normal, positive
from wnnx import ops
from wnnx.errors import ArgumentError, DTypeError, ShapeError
from wnnx.types import shape_text


def test_layer_norm_makes_mean_0_and_variance_1() -> None:
    y = run(ops.layer_norm, doubles(2, 3, 4, 5) * 7 + 100, normalized_shape=(4, 5), eps=0.0)
    np.testing.assert_allclose(y.mean(axis=(2, 3)), 0, atol=1e-12)
    np.testing.assert_allclose(y.var(axis=(2, 3)), 1, rtol=1e-12)


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

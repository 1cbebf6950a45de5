"""Matrix products: random shapes against PyTorch, symbolic shapes, and everything refused."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.runtime.agreement import doubles, infer, pytorch, run
from tests.samples.sample import integers, normal
from wnnx import ops
from wnnx.errors import ArgumentError, DTypeError, ShapeError
from wnnx.ops.registry import Rule
from wnnx.types import Shape, ShapeLike, shape_text


@st.composite
def operands(draw: st.DrawFn) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Draw the shapes of two operands: vectors, matrices, batches that broadcast."""
    batch = draw(st.lists(st.integers(0, 3), max_size=2))
    rows, inner, columns = (draw(st.integers(0, 3)) for _ in range(3))

    def axes(matrix: tuple[int, int]) -> tuple[int, ...]:
        kept = draw(st.integers(0, len(batch)))
        own = [draw(st.sampled_from((1, extent))) for extent in batch[len(batch) - kept :]]
        return (inner,) if draw(st.booleans()) else (*own, *matrix)

    return axes((rows, inner)), axes((inner, columns))


@pytest.mark.torch
@settings(max_examples=100, deadline=None)
@given(operands())
def test_matmul_is_pytorchs(shapes: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    x, y = doubles(*shapes[0]), doubles(*shapes[1], seed=1)
    found = run(ops.matmul, x, y)
    expected = pytorch("matmul", x, y)
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(
    ("x", "y", "result"),
    [
        (("N", 3, "K"), ("K", 5), "(N, 3, 5)"),
        (("N", "H", "T", 8), ("N", "H", 8, "T"), "(N, H, T, T)"),
        (("T", 8), ("N", 8, 4), "(N, T, 4)"),
        (("K",), ("K",), "()"),
        (("N", "T", 8), (8,), "(N, T)"),
    ],
)
def test_symbolic_shapes(
    x: tuple[int | str, ...], y: tuple[int | str, ...], result: str
) -> None:
    assert shape_text(infer(ops.matmul, [x, y])) == result


@pytest.mark.torch
@settings(max_examples=100, deadline=None)
@given(
    st.tuples(*[st.integers(0, 4)] * 3),
    st.sampled_from(["none", "scalar", "vector", "column", "matrix"]),
    st.fixed_dictionaries(
        {"transpose_a": st.booleans(), "transpose_b": st.booleans()},
        optional={"alpha": st.sampled_from([0.5, -2.0]), "beta": st.sampled_from([0.0, 3.0])},
    ),
)
def test_gemm_is_pytorchs_addmm(
    extents: tuple[int, int, int], addend: str, attributes: dict[str, Any]
) -> None:
    rows, inner, columns = extents
    a, b = doubles(rows, inner), doubles(inner, columns, seed=1)
    shape = {"vector": (columns,), "column": (rows, 1), "matrix": (rows, columns)}
    c = np.asarray(doubles(*shape.get(addend, ()), seed=2) * (addend != "none"))
    given = [a.T.copy() if attributes["transpose_a"] else a]
    given += [b.T.copy() if attributes["transpose_b"] else b]
    found = run(ops.gemm, *given, *([] if addend == "none" else [c]), **attributes)
    factors = {name: attributes.get(name, 1.0) for name in ("alpha", "beta")}
    expected = pytorch("addmm", c, a, b, **factors)
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)


def test_gemm_with_symbols() -> None:
    def text(*shapes: ShapeLike, **attributes: bool) -> str:
        return shape_text(infer(ops.gemm, shapes, **attributes))

    assert text(("N", 8), (8, "K"), ("K",)) == "(N, K)"
    assert text((8, "N"), (5, "M"), transpose_a=True, transpose_b=True) == "(N, 5)"
    assert text(("N", "M"), ("M", 5), ("S", 5)) == "(N, 5)"


def test_gemm_widens_a_float16_matrix_next_to_a_float32_one() -> None:
    a, c = normal(3, 4), normal(5, seed=2).astype(np.float16)
    half = normal(4, 5, seed=1).astype(np.float16)
    found = run(ops.gemm, a, half, c)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, a @ half.astype(np.float32) + c.astype(np.float32))


def test_gemm_of_integers_stays_exact_and_wraps_around() -> None:
    a = np.array([[2**62, 3]])
    found = run(ops.gemm, a, np.array([[1], [1]]), np.array([5]), alpha=3.0, beta=-1.0)
    assert found.item() == (3 * (2**62 + 3) - 5 + 2**63) % 2**64 - 2**63
    for name in ("alpha", "beta"):
        for factor in (0.5, 1e30, np.inf):
            with pytest.raises(
                ArgumentError, match=f"^{name}=.* is no number of the type int"
            ):
                run(ops.gemm, a, a.T, **{name: factor})


@pytest.mark.parametrize("half", [0, 1])
def test_matmul_widens_a_float16_matrix_next_to_a_float32_one(half: int) -> None:
    inputs = [normal(3, 4), normal(4, 5, seed=1)]
    inputs[half] = inputs[half].astype(np.float16)
    found = run(ops.matmul, *inputs)
    assert found.dtype == np.float32
    expected = inputs[0].astype(np.float32) @ inputs[1].astype(np.float32)
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("bias_dtype", ["float16", "float32"])
def test_linear_widens_a_float16_weight_and_the_result_stays_float32(bias_dtype: str) -> None:
    x, bias = normal(3, 4), normal(5, seed=2).astype(bias_dtype)
    half = normal(5, 4, seed=1).astype(np.float16)
    found = run(ops.linear, x, half, bias)
    assert found.dtype == np.float32
    expected = run(ops.linear, x, half.astype(np.float32), bias.astype(np.float32))
    np.testing.assert_array_equal(found, expected)


def test_products_are_accumulated_in_float32() -> None:
    """4096 ones and a half: float16 cannot count beyond 2048 in ones."""
    x = np.ones((1, 4096), np.float32)
    weight = np.ones((1, 4096), np.float16)
    assert run(ops.linear, x, weight).item() == 4096
    assert run(ops.matmul, x.astype(np.float16), weight.T).item() == 4096


@pytest.mark.parametrize(
    ("rule", "shapes", "message"),
    [
        (ops.matmul, [(), (3,)], '"input0" is a scalar; expected a vector or matrices'),
        (ops.matmul, [(3,), ()], '"input1" is a scalar; expected a vector or matrices'),
        (
            ops.matmul, [(3, 4), (5, 6)],
            '"input0" (3, 4) has 4 columns, but "input1" (5, 6) has 5 rows',
        ),
        (
            ops.matmul, [(3, 4), (3,)],
            '"input0" (3, 4) has 4 columns, but "input1" (3,) has 3 rows',
        ),
        (
            ops.matmul, [(2, 3, 4), (5, 4, 6)],
            '"input0" (2, 3, 4) does not broadcast with "input1" (5, 4, 6): 2 against 5',
        ),
        (ops.gemm, [(3,), (3, 4)], '"input0" (3,) has 1 axes; expected a matrix'),
        (
            ops.gemm, [(3, 4), (2, 4, 5)],
            '"input1" (2, 4, 5) has 3 axes; expected a matrix',
        ),
        (
            ops.gemm, [(3, 4), (5, 6)],
            '"input0" (3, 4) has 4 columns, but "input1" (5, 6) has 5 rows '
            "(transpose_a=False, transpose_b=False)",
        ),
        (
            ops.gemm, [(3, 4), (4, 5), (3,)],
            '"input2" (3,) does not broadcast to the product (3, 5)',
        ),
        (
            ops.gemm, [(3, 4), (4, 5), (1, 1, 5)],
            '"input2" (1, 1, 5) does not broadcast to the product (3, 5)',
        ),
        (
            ops.gemm, [(1, 4), (4, 5), (3, 5)],
            '"input2" (3, 5) does not broadcast to the product (1, 5)',
        ),
        (
            ops.linear, [(3, 4), (5, 3)],
            '"input0" (3, 4) has 4 features, but weight "input1" (5, 3) takes 3',
        ),
        (
            ops.linear, [(), (5, 3)],
            '"input0" () has no features, but weight "input1" (5, 3) takes 3',
        ),
        (ops.linear, [(3,), (5,)], 'weight "input1" (5,) has 1 axes; expected 2, (out, in)'),
        (
            ops.linear, [(3,), (5, 3), (3,)],
            'bias "input2" (3,) does not fit weight "input1" (5, 3); expected (5,)',
        ),
    ],
)  # fmt: skip
def test_shapes_that_do_not_fit_are_refused(
    rule: Rule, shapes: list[Shape], message: str
) -> None:
    with pytest.raises(ShapeError) as error:
        infer(rule, shapes)
    assert str(error.value) == message


def test_element_types_must_go_together() -> None:
    x, whole = normal(3, 3), integers(3, 3)
    with pytest.raises(
        DTypeError, match=r'^"input0" is float32, but "input1" is int64; cast one'
    ):
        run(ops.matmul, x, whole)
    with pytest.raises(
        DTypeError, match=r'^"input0" is int64, but "input1" is float32; cast one'
    ):
        run(ops.matmul, whole, x)
    with pytest.raises(DTypeError, match=r'^"input0" is bool; expected one of '):
        run(ops.matmul, x > 0, x > 0)
    with pytest.raises(DTypeError, match=r'^"input0" is float32, but "input1" is int64; cast'):
        run(ops.gemm, x, whole)
    with pytest.raises(DTypeError, match=r'^"input2" is float64, but the product is float32;'):
        run(ops.gemm, x, x, x.astype(np.float64))
    with pytest.raises(DTypeError, match=r'^"input0" is int64; expected one of bfloat16, '):
        run(ops.linear, whole, whole)
    with pytest.raises(
        DTypeError, match=r'^bias "input2" is float64, but the layer computes fl'
    ):
        run(ops.linear, x, x, x[0].astype(np.float64))

"""Einstein's summation: random equations against PyTorch, symbols, and everything refused."""

from importlib import import_module
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.runtime.agreement import doubles, infer, run
from tests.samples.sample import integers, normal
from wnnx import ops
from wnnx.dims import evaluate, symbol
from wnnx.errors import ArgumentError, DTypeError, ShapeError, WnnxError
from wnnx.types import Shape, ShapeLike, shape_text

NAMES = "abcAB"


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, list[tuple[int, ...]]]:
    """Draw an equation and the shapes of its tensors, with diagonals and broadcasting."""
    extents = {name: draw(st.integers(0, 3)) for name in NAMES}
    dots = draw(st.lists(st.integers(1, 3), max_size=2))
    terms: list[str] = []
    shapes: list[tuple[int, ...]] = []
    for _ in range(draw(st.integers(1, 3))):
        term = draw(st.text(NAMES, max_size=3))
        narrow = draw(st.sets(st.sampled_from(NAMES)))  # a whole diagonal broadcasts or none
        shape = [1 if name in narrow else extents[name] for name in term]
        if draw(st.booleans()):
            place = draw(st.integers(0, len(term)))
            kept = dots[draw(st.integers(0, len(dots))) :]
            term = f"{term[:place]}...{term[place:]}"
            shape[place:place] = [draw(st.sampled_from((1, extent))) for extent in kept]
        terms.append(term)
        shapes.append(tuple(shape))
    equation = draw(st.sampled_from((",", " , "))).join(terms)
    if draw(st.booleans()):
        known = sorted(set("".join(terms)) - {"."})
        output = draw(st.lists(st.sampled_from(known), unique=True)) if known else []
        equation += f"->{draw(st.sampled_from(('', '...')))}{''.join(output)}"
    return equation, shapes


@pytest.mark.torch
@settings(max_examples=300, deadline=None)
@given(calls())
def test_einsum_is_pytorchs(call: tuple[str, list[tuple[int, ...]]]) -> None:
    equation, shapes = call
    torch: Any = import_module("torch")
    xs = [np.asarray(doubles(*shape, seed=seed)) for seed, shape in enumerate(shapes)]
    found = run(ops.einsum, *xs, equation=equation)
    expected = torch.einsum(equation, *map(torch.from_numpy, xs)).numpy()
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-12)
    symbols: list[Shape] = [
        tuple(symbol(f"S{extent}") if extent > 1 else extent for extent in shape)
        for shape in shapes
    ]
    symbolic = infer(ops.einsum, symbols, equation=equation)
    numbers = {"S2": 2, "S3": 3}
    assert tuple(evaluate(dim, numbers) for dim in symbolic) == found.shape


def test_what_only_one_tensor_has_is_summed_first() -> None:
    """Else this would take 2**80 products."""
    ones = [np.ones(2**16) for _ in range(5)]
    assert run(ops.einsum, *ones, equation="a,b,c,d,e->") == 2.0**80


def test_sums_do_not_lose_precision() -> None:
    x = np.full((2**20,), 0.1, np.float32)
    found = run(ops.einsum, x, equation="i->")
    np.testing.assert_allclose(found, 2**20 * float(np.float32(0.1)), rtol=1e-6)
    half = np.ones((4096, 1), np.float16)
    assert run(ops.einsum, half, half, equation="ij,ik->jk").item() == 4096


@pytest.mark.parametrize(
    ("equation", "shapes", "result"),
    [
        ("bij,bjk->bik", [("N", 3, "K"), ("N", "K", 5)], "(N, 3, 5)"),
        ("bij,bjk->bik", [("N", 3, "K"), (4, "L", 5)], "(4, 3, 5)"),
        ("bij,bjk->bik", [("N", 3, "K"), (1, "K", 5)], "(N, 3, 5)"),
        ("...d,de", [("N", "T", 8), (8, "E")], "(N, T, E)"),
        ("ii->i", [("N", 4)], "(4,)"),
        ("ab->", [("N", "M")], "()"),
    ],
)
def test_symbolic_shapes(equation: str, shapes: list[ShapeLike], result: str) -> None:
    assert shape_text(infer(ops.einsum, shapes, equation=equation)) == result


MANY = ",".join("a" for _ in range(31))
REFUSED: list[tuple[str, list[ShapeLike], type[WnnxError], str]] = [
    ("ij,jk", [(2, 3)], ArgumentError, "equation='ij,jk' has 2 terms for 1 tensors"),
    ("ij", [], ArgumentError, "equation='ij' has 1 terms for 0 tensors"),
    (MANY, [(2,)] * 31, ArgumentError,
     f"equation={MANY[:60]!r}... has 31 terms; at most 30 are allowed"),
    ("i;j", [(2, 3)], ArgumentError,
     "the term 'i;j' of equation='i;j' is malformed; expected letters, and at most one '...'"),
    ("i..j", [(2, 3)], ArgumentError,
     "the term 'i..j' of equation='i..j' is malformed; expected letters, and at most one "
     "'...'"),
    ("i...j...", [(2, 3)], ArgumentError,
     "the term 'i...j...' of equation='i...j...' is malformed; expected letters, and at most "
     "one '...'"),
    ("i->j->i", [(2,)], ArgumentError,
     "the term 'j->i' of equation='i->j->i' is malformed; expected letters, and at most one "
     "'...'"),
    ("ij->iji", [(2, 3)], ArgumentError, "the result of equation='ij->iji' names 'i' twice"),
    ("ij->ik", [(2, 3)], ArgumentError,
     "the result of equation='ij->ik' names 'k', which no tensor has"),
    ("ijk", [(2, 3)], ShapeError,
     "the term 'ijk' of equation='ijk' names 3 axes; its tensor (2, 3) has 2"),
    ("i", [(2, 3)], ShapeError,
     "the term 'i' of equation='i' names 1 axes; its tensor (2, 3) has 2"),
    ("i...jk", [(2, 3)], ShapeError,
     "the term 'i...jk' of equation='i...jk' names 3 axes; its tensor (2, 3) has 2"),
    ("ii", [(2, 3)], ShapeError,
     "the diagonal 'i' of equation='ii' needs equal extents; \"input0\" (2, 3) has 2 and 3"),
    ("ii", [(1, 3)], ShapeError,
     "the diagonal 'i' of equation='ii' needs equal extents; \"input0\" (1, 3) has 1 and 3"),
    ("ij,jk", [(2, 3), (4, 5)], ShapeError,
     "the axis 'j' in equation='ij,jk' is 3 in one tensor and 4 in another"),
    ("...,...", [(2,), (3,)], ShapeError,
     "an axis of '...' in equation='...,...' is 2 in one tensor and 3 in another"),
    ("i,i->i", [("N",), ("M",)], ShapeError,
     "the axis 'i' in equation='i,i->i' is N in one tensor and M in another; give equal "
     "extents one symbol"),
    ("abcdefgh,ijklmnop,qrstuvwx,yzABCDEF->", [(1,) * 8] * 4, ArgumentError,
     "equation='abcdefgh,ijklmnop,qrstuvwx,yzABCDEF->' names 32 axes; at most 30 are allowed"),
]  # fmt: skip


@pytest.mark.parametrize(("equation", "shapes", "error", "message"), REFUSED)
def test_refused(
    equation: str, shapes: list[ShapeLike], error: type[WnnxError], message: str
) -> None:
    with pytest.raises(error) as found:
        infer(ops.einsum, shapes, equation=equation)
    assert str(found.value) == message


def test_element_types_must_be_one() -> None:
    x = normal(3)
    with pytest.raises(DTypeError, match=r'^"input0" is float32, but "input1" is int64; cast'):
        run(ops.einsum, x, integers(3), equation="i,i")
    with pytest.raises(DTypeError, match=r'^"input0" is bool; expected one of bfloat16, '):
        run(ops.einsum, x > 0, equation="i")


def test_a_result_of_too_many_axes_is_refused() -> None:
    with pytest.raises(ShapeError, match=r"^10 axes .*; at most 8 are allowed$"):
        infer(ops.einsum, [(1,) * 5] * 2, equation="abcde,fghij->abcdefghij")

"""Symbolic dimensions against Python's own arithmetic."""

import operator
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from wnnx.dim_text import as_dim, parse
from wnnx.dims import (
    MAX_CHARACTERS,
    Dim,
    bounds,
    evaluate,
    maximum,
    minimum,
    product,
    substitute,
    symbol,
    symbols_of,
)
from wnnx.errors import DimError

# A number, a symbol's name, or an operation and what it is between.
Tree: TypeAlias = "int | str | tuple[str, Tree, Tree]"

SYMBOLIC: dict[str, Callable[[Any, Any], Dim]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "//": lambda left, right: left // right,
    "%": operator.mod,
    "min": minimum,
    "max": maximum,
}
PYTHON: dict[str, Callable[[Any, Any], int]] = {**SYMBOLIC, "min": min, "max": max}  # type: ignore[dict-item]
NAMES = ("N", "H", "W")

trees = st.recursive(
    st.integers(-6, 12) | st.sampled_from(NAMES),
    lambda inner: st.tuples(st.sampled_from(list(SYMBOLIC)), inner, inner),
    max_leaves=10,
)
polynomials = st.recursive(
    st.integers(-6, 12) | st.sampled_from(NAMES),
    lambda inner: st.tuples(st.sampled_from("+-*"), inner, inner),
    max_leaves=6,
)
bindings = st.fixed_dictionaries({name: st.integers(0, 40) for name in NAMES})


def folded(tree: Tree, operations: Mapping[str, Callable[[Any, Any], Any]], leaf: Any) -> Any:
    """Compute a tree bottom up; `leaf` turns a symbol's name into a number or dimension."""
    if isinstance(tree, tuple):
        operation, left, right = tree
        return operations[operation](
            folded(left, operations, leaf), folded(right, operations, leaf)
        )
    return leaf(tree) if isinstance(tree, str) else tree


def dim_of(tree: Tree) -> Dim:
    """Build a tree as a dimension; one that divides by 0 or is too large is no example."""
    try:
        result: Dim = folded(tree, SYMBOLIC, symbol)
    except (DimError, ZeroDivisionError):
        assume(condition=False)
        raise
    return result


def number_of(tree: Tree, numbers: Mapping[str, int]) -> int:
    """Compute a tree in Python; trees that divide by 0 are no examples."""
    try:
        result: int = folded(tree, PYTHON, numbers.__getitem__)
    except ZeroDivisionError:
        assume(condition=False)
        raise
    return result


@given(trees, bindings)
def test_evaluate_is_pythons_arithmetic(tree: Tree, numbers: dict[str, int]) -> None:
    number = number_of(tree, numbers)
    assert evaluate(dim_of(tree), numbers) == number


@given(trees)
def test_text_reads_back_as_an_equal_dimension(tree: Tree) -> None:
    dim = dim_of(tree)
    again = parse(str(dim))
    assert again == dim
    assert hash(again) == hash(dim)
    assert str(again) == str(dim)


@given(trees, bindings)
def test_text_is_a_python_expression(tree: Tree, numbers: dict[str, int]) -> None:
    dim = dim_of(tree)
    number = number_of(tree, numbers)
    try:
        found = eval(str(dim), {"min": min, "max": max}, dict(numbers))
    except ZeroDivisionError:
        assume(condition=False)
        raise
    assert found == number


@given(trees, bindings)
def test_bounds_enclose_every_value(tree: Tree, numbers: dict[str, int]) -> None:
    low, high = bounds(dim_of(tree))
    number = number_of(tree, numbers)
    assert low is None or low <= number
    assert high is None or number <= high


@given(trees, st.sampled_from([0, 1, 7, "W", ("+", "H", 1), ("*", 2, "W")]), bindings)
def test_substitute_puts_a_dimension_in_place_of_a_symbol(
    tree: Tree, other: Tree, numbers: dict[str, int]
) -> None:
    expected = number_of(tree, {**numbers, "N": number_of(other, numbers)})
    try:
        replaced = substitute(dim_of(tree), {"N": dim_of(other)})
    except DimError:
        assume(condition=False)
        raise
    assert evaluate(replaced, numbers) == expected
    assert "N" not in symbols_of(replaced)


@given(polynomials, polynomials, polynomials)
def test_forms_that_ring_laws_make_equal_are_one(a: Tree, b: Tree, c: Tree) -> None:
    x, y, z = dim_of(a), dim_of(b), dim_of(c)
    assert x + y == y + x
    assert x * y == y * x
    assert (x + y) + z == x + (y + z)
    assert (x * y) * z == x * (y * z)
    assert x * (y + z) == x * y + x * z
    assert x - y == -1 * (y - x)
    assert x - x == 0
    assert hash(x * (y + z)) == hash(x * y + x * z)
    assert minimum(x, y) == minimum(y, x)
    assert maximum(x, maximum(y, z)) == maximum(z, x, y)


@given(polynomials, st.integers(1, 9), st.integers(-50, 50))
def test_what_a_divisor_divides_comes_out(tree: Tree, k: int, rest: int) -> None:
    whole = dim_of(tree)
    assert (whole * k + rest) // k == whole + rest // k
    assert (whole * k + rest) % k == rest % k


N, H, W = symbol("N"), symbol("H"), symbol("W")


@pytest.mark.parametrize(
    ("dim", "text"),
    [
        (N, "N"),
        (4 * N, "4*N"),
        ((H - 1) // 2 + 1, "(H - 1)//2 + 1"),
        ((H + 2 * 3 - 7) // 2 + 1, "(H - 1)//2 + 1"),
        ((H + 1) // 2, "(H - 1)//2 + 1"),
        (((H - 1) // 2 + 1 - 1) // 2 + 1, "(H - 1)//4 + 1"),
        ((H - 16) // 16 + 1, "H//16"),
        ((4 * N + 8) // 4 - N, "2"),
        (N * H * W // W, "H*N"),
        (2 * N - H + 3, "-H + 2*N + 3"),
        (-N, "-N"),
        (-(N // 2), "-(N//2)"),
        (3 * (N // 2), "3*(N//2)"),
        (N * (H % 3), "N*(H%3)"),
        (minimum(N, 4), "min(N, 4)"),
        (minimum(4, N, 6), "min(N, 4)"),
        (maximum(N, -3), "N"),
        (maximum(maximum(N - 1, 0) - 1, 0), "max(N - 2, 0)"),
        (minimum(N, N + 1), "N"),
        (N // N, "1"),
        (N % N, "0"),
        (N * H % N, "0"),
        ((7 * N + 5) % 3, "(N + 2)%3"),
        (N % 4 % 4, "N%4"),
        ((12 * N + 4) // 8, "(3*N - 1)//2 + 1"),
        ((3 * N + 1) // 2, "(3*N - 1)//2 + 1"),
        (N % 4 // 4, "0"),
        (6 // N, "6//N"),
        (product((N, 3, H)), "3*H*N"),
        (product(()), "1"),
    ],
)
def test_texts(dim: Dim, text: str) -> None:
    assert str(dim) == text


@pytest.mark.parametrize(
    ("text", "dim"),
    [
        ("7", 7),
        (" 2 * N+1 ", 2 * N + 1),
        ("-N + -3", -N - 3),
        ("-N//2", (-N) // 2),
        ("N - H - W", N - H - W),
        ("7 - 3*2 % 4 // 1", 5),
        ("max(N - 1, min(H, 2), 0)", maximum(N - 1, minimum(H, 2), 0)),
        ("((N))", N),
        ("höhe", symbol("höhe")),
        ("lambda + 1", symbol("lambda") + 1),
    ],
)
def test_parse(text: str, dim: Dim) -> None:
    assert parse(text) == dim


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "__import__('os')",
        "N.x",
        "1.5",
        "2**70",
        "N/2",
        "N N",
        "N +",
        "(N",
        "N)",
        "min",
        "min(N)",
        "min N, 2",
        "max(N, )",
        "f(N)",
        "1or 2",
        "0x10",
        "1_000",
        "N²",
        "N;M",
        "N\0",
        "N if M else 1",
        "'N'",
        "+N",
        "N // 0",
        "3 // 0",
        "3 % (2 - 2)",
        "N % (H - H)",
        "(" * 250 + ")" * 250,
        "9" * 501,
        "N" * 100_000,
        "+".join("N" * 1000),
        "*".join(f"(a{i} + b{i})" for i in range(40)),
        "*".join(["(a + b)"] * 50),
        "+".join(f"a{i}" for i in range(65)),
        "min(" + ", ".join("abcdefghij") + ")",
        "//".join(["M"] * 30),
    ],
)
def test_text_that_is_no_dimension_is_a_typed_error(text: str) -> None:
    with pytest.raises(DimError):
        parse(text)


def test_nested_sums_under_a_modulus_stop_growing() -> None:
    """Each level would be four times the one inside it."""
    text = "a + b"
    for name in "cdefghijklmnop":
        text = f"(({text})%m + {name})*(x + y)"
    with pytest.raises(DimError, match=f"is over {MAX_CHARACTERS}: "):
        parse(text)


@given(st.text(alphabet="NHW019+-*/%(), minax.'[]", max_size=60))
def test_any_text_is_a_dimension_or_a_typed_error(text: str) -> None:
    try:
        dim = parse(text)
    except DimError:
        return
    assert parse(str(dim)) == dim


def test_no_operation_makes_a_dimension_whose_text_is_too_long_to_read() -> None:
    deep: Dim = N
    for _ in range(24):
        deep = (deep + 1) // H
    assert parse(str(deep)) == deep
    with pytest.raises(DimError, match="nests operations more than 24 deep"):
        _ = (deep + 1) // H
    long = sum((symbol(f"s{i}") for i in range(64)), start=0 * N)
    assert parse(str(long)) == long
    with pytest.raises(DimError, match="65 terms is more than the 64 allowed"):
        _ = long + N


def test_evaluate_names_the_symbols_without_a_number() -> None:
    with pytest.raises(
        DimError, match=r"the size of H\*N \+ W is not known: no number is bound"
    ):
        evaluate(N * H + W, {"W": 2})


@pytest.mark.parametrize("name", ["", "2N", "N-1", "min", "max", "a b", "N" * 501])
def test_a_symbol_has_a_readable_name(name: str) -> None:
    with pytest.raises(DimError, match="cannot name a dimension"):
        symbol(name)


def test_as_dim_takes_what_is_one_already() -> None:
    assert as_dim(3) == 3
    assert as_dim(N) is N
    assert as_dim("N") == N

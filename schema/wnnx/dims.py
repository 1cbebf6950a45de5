"""Symbolic dimensions: integers known only when the network runs.

A dimension is an `int` or a `SymbolicDim`, a polynomial with integer coefficients over named
symbols and over the four operations that a polynomial cannot say: `//`, `%`, `min`, `max`.
Every symbol stands for an extent of 0 or more, and no divisor is 0, so that `N//N` is 1. Equal
polynomials have one canonical form, so `==` and `hash` are structural, and arithmetic that
cancels gives back a plain `int`:

    n = symbol("N")
    (4 * n + 8) // 4 - n    # 2
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from math import gcd
from typing import Literal, TypeAlias, Union

from wnnx.dim_bounds import bounds as bounds
from wnnx.dim_terms import (
    Atom,
    Call,
    Monomial,
    Operation,
    Terms,
    atom_order,
    contains,
    depth_of,
    product_text,
    term_order,
    without,
)
from wnnx.errors import DimError

Dim: TypeAlias = Union[int, "SymbolicDim"]
DimLike: TypeAlias = Union[int, str, "SymbolicDim"]

# With these, arithmetic on hostile text is short, and every dimension's own text can be read.
MAX_TERMS = 64
MAX_CHARACTERS = 500
MAX_DEPTH = 24
MAX_OPERANDS = 8


class SymbolicDim:
    """An integer expression over symbols; immutable, hashable, printed as Python would."""

    __slots__ = ("__dict__", "_terms")

    def __init__(self, terms: tuple[tuple[Monomial, int], ...]) -> None:
        self._terms = terms

    @property
    def terms(self) -> Terms:
        """The polynomial: product of atoms to coefficient."""
        return dict(self._terms)

    @cached_property
    def symbols(self) -> frozenset[str]:
        """Names of the symbols it depends on."""
        none: frozenset[str] = frozenset()
        return none.union(
            *(symbols_of(atom) for monomial, _ in self._terms for atom in monomial)
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SymbolicDim) and self._terms == other._terms

    def __hash__(self) -> int:
        return hash(self._terms)

    def __add__(self, other: Dim) -> Dim:
        terms = self.terms
        for monomial, factor in _terms_of(other).items():
            terms[monomial] = terms.get(monomial, 0) + factor
        return _dim(terms)

    __radd__ = __add__

    def __neg__(self) -> Dim:
        return self * -1

    def __sub__(self, other: Dim) -> Dim:
        return self + other * -1

    def __rsub__(self, other: Dim) -> Dim:
        return self * -1 + other

    def __mul__(self, other: Dim) -> Dim:
        terms: Terms = {}
        for left, a in self._terms:
            for right, b in _terms_of(other).items():
                product = tuple(sorted(left + right, key=atom_order))
                terms[product] = terms.get(product, 0) + a * b
        return _dim(terms)

    __rmul__ = __mul__

    def __floordiv__(self, other: Dim) -> Dim:
        return _floor_divide(self, other)

    def __rfloordiv__(self, other: int) -> Dim:
        return _floor_divide(other, self)

    def __mod__(self, other: Dim) -> Dim:
        return _modulo(self, other)

    def __rmod__(self, other: int) -> Dim:
        return _modulo(other, self)

    @cached_property
    def depth(self) -> int:
        """How deep operations are nested in it; 0 for a plain polynomial."""
        atoms = (atom for monomial, _ in self._terms for atom in monomial)
        return max((atom.depth for atom in atoms if isinstance(atom, Call)), default=0)

    @cached_property
    def text(self) -> str:
        """How it is written: `4*N`, `(H - 1)//2 + 1`."""
        parts: list[str] = []
        for monomial, factor in self._terms:
            parts += ["-" if factor < 0 else "+", product_text(monomial, factor)]
        text = " ".join(parts[1:])
        return text if parts[0] == "+" else f"-{text}"

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__


def symbol(name: str) -> SymbolicDim:
    """Return the dimension called `name`.

    Raises:
        DimError: if `name` is not a Python identifier of at most 500 characters.
    """
    if not name.isidentifier() or name in {"min", "max"} or len(name) > MAX_CHARACTERS:
        raise DimError(
            f"{name[:60]!r} cannot name a dimension; write a name such as 'N' or 'height'"
        )
    return SymbolicDim((((name,), 1),))


def minimum(*dims: Dim) -> Dim:
    """Return the smallest of some dimensions, an `int` where that can be known."""
    return _extreme("min", dims)


def maximum(*dims: Dim) -> Dim:
    """Return the largest of some dimensions, an `int` where that can be known."""
    return _extreme("max", dims)


def substitute(dim: Dim, bindings: Mapping[str, Dim]) -> Dim:
    """Return `dim` with each symbol in `bindings` replaced.

    Raises:
        DimError: if a divisor becomes zero.
    """
    if isinstance(dim, int):
        return dim
    total: Dim = 0
    for monomial, factor in dim.terms.items():
        product: Dim = factor
        for atom in monomial:
            if isinstance(atom, str):
                product *= bindings.get(atom, symbol(atom))
            else:
                left, right = substitute(atom.left, bindings), substitute(atom.right, bindings)
                product *= _apply(atom.operation, left, right)
        total += product
    return total


def evaluate(dim: Dim, bindings: Mapping[str, int]) -> int:
    """Return the number `dim` stands for.

    Raises:
        DimError: if a symbol has no number.
    """
    result = substitute(dim, bindings)
    if isinstance(result, int):
        return result
    missing = ", ".join(sorted(result.symbols))
    raise DimError(f"the size of {dim} is not known: no number is bound to {missing}")


def symbols_of(item: Dim | Atom) -> frozenset[str]:
    """Return the names of the symbols that a dimension or one of its atoms depends on."""
    if isinstance(item, str):
        return frozenset((item,))
    if isinstance(item, Call):
        return symbols_of(item.left) | symbols_of(item.right)
    return item.symbols if isinstance(item, SymbolicDim) else frozenset()


def product(shape: Sequence[Dim]) -> Dim:
    """Return the number of elements of a tensor of this shape; exact, it never overflows."""
    total: Dim = 1
    for dim in shape:
        total *= dim
    return total


def _extreme(operation: Literal["min", "max"], dims: Sequence[Dim]) -> Dim:
    """Drop the operands that another one is known to beat; put the others in one order."""
    given = [operand for dim in dims for operand in _operands(operation, dim)]
    operands = sorted(set(given), key=lambda dim: (isinstance(dim, int), str(dim)))
    if len(operands) > MAX_OPERANDS:
        raise DimError(
            f"{operation} of {len(operands)} dimensions; {MAX_OPERANDS} are allowed"
        )
    kept = [
        dim
        for i, dim in enumerate(operands)
        if not any(
            _beats(operation, other, dim) and (j < i or not _beats(operation, dim, other))
            for j, other in enumerate(operands)
            if i != j
        )
    ]
    *others, result = kept or operands[:1]  # where all were dropped, all are equal
    for dim in reversed(others):
        result = _call(operation, dim, result)
    return result


def _operands(operation: Operation, dim: Dim) -> Iterator[Dim]:
    """Take apart min(min(a, b) + 1, c), which is min(a + 1, b + 1, c)."""
    terms = _terms_of(dim)
    shift = terms.pop((), 0)
    match list(terms.items()):
        case [((Call(operation=inner, left=left, right=right),), 1)] if inner == operation:
            yield from _operands(operation, left + shift)
            yield from _operands(operation, right + shift)
        case _:
            yield dim


def _beats(operation: Operation, dim: Dim, other: Dim) -> bool:
    """Tell whether min or max is known to prefer `dim`, whatever the symbols are."""
    low, high = bounds(dim - other)
    return (
        high is not None and high <= 0 if operation == "min" else low is not None and low >= 0
    )


def _floor_divide(left: Dim, right: Dim) -> Dim:
    """Split off what divides exactly: (k*A + r)//k is A + r//k."""
    _check_divisor(left, "//", right)
    if isinstance(left, int) and isinstance(right, int):
        return left // right
    if left == right:
        return 1
    whole, rest = _divided(left, right)
    if rest == 0:
        return whole
    if not isinstance(right, int) or right < 0:
        return whole + _quotient(rest, right)
    # One form for all: the constant left is from -right + 1 to 0, as in (H - 1)//2 + 1.
    carried = -(-_terms_of(rest).get((), 0) // right)
    return whole + carried + _quotient(rest - carried * right, right)


def _quotient(rest: Dim, right: Dim) -> Dim:
    """Return rest//right where no term of `rest` divides."""
    if not isinstance(right, int):
        return _call("//", rest, right)
    low, high = bounds(rest)
    if low is not None and high is not None and low // right == high // right:
        return low // right
    terms = _terms_of(rest)
    common = gcd(right, *terms.values()) if right > 0 else 1
    if common > 1:
        return _quotient(_dim({m: c // common for m, c in terms.items()}), right // common)
    constant = terms.pop((), 0)
    match list(terms.items()):
        case [((Call(operation="//", left=left, right=int(k)),), 1)] if k > 0 and right > 0:
            return _floor_divide(left + constant * k, k * right)  # (A//k + c)//right
        case _:
            return _call("//", rest, right)


def _modulo(left: Dim, right: Dim) -> Dim:
    _check_divisor(left, "%", right)
    if isinstance(left, int) and isinstance(right, int):
        return left % right
    rest = 0 if left == right else _divided(left, right)[1]
    if not isinstance(right, int):
        return 0 if rest == 0 else _call("%", rest, right)
    rest = _dim({m: c % right for m, c in _terms_of(rest).items()})
    low, high = bounds(rest)
    inside = low is not None and high is not None and low // right == high // right == 0
    return rest if inside else _call("%", rest, right)


def _divided(left: Dim, right: Dim) -> tuple[Dim, Dim]:
    """Return quotient and rest, the quotient made of the terms that divide exactly."""
    divisor = _terms_of(right)
    if len(divisor) > 1:
        return 0, left
    ((unit, factor),) = divisor.items()
    whole: Terms = {}
    rest: Terms = {}
    for monomial, number in _terms_of(left).items():
        if number % factor == 0 and contains(monomial, unit):
            whole[without(monomial, unit)] = number // factor
        else:
            rest[monomial] = number
    return _dim(whole), _dim(rest)


def _check_divisor(left: Dim, operation: Operation, right: Dim) -> None:
    if right == 0:
        raise DimError(f"{left} {operation} 0: a dimension is divided by zero")


def _apply(operation: Operation, left: Dim, right: Dim) -> Dim:
    match operation:
        case "//":
            return _floor_divide(left, right)
        case "%":
            return _modulo(left, right)
        case "min":
            return minimum(left, right)
        case "max":
            return maximum(left, right)


def _call(operation: Operation, left: Dim, right: Dim) -> Dim:
    return _dim({(Call(operation, left, right),): 1})


def _terms_of(dim: Dim) -> Terms:
    if isinstance(dim, SymbolicDim):
        return dim.terms
    return {(): dim} if dim else {}


def _dim(terms: Terms) -> Dim:
    kept = {m: c for m, c in terms.items() if c}
    if not kept.keys() - {()}:
        return kept.get((), 0)
    if len(kept) > MAX_TERMS:
        raise DimError(
            f"a dimension of {len(kept)} terms is more than the {MAX_TERMS} allowed"
        )
    # Highest degree first, the constant last, as one would write it.
    dim = SymbolicDim(tuple(sorted(kept.items(), key=term_order)))
    if depth_of(dim) > MAX_DEPTH:
        raise DimError(f"a dimension nests operations more than {MAX_DEPTH} deep")
    if len(dim.text) > MAX_CHARACTERS:
        raise DimError(
            f"a dimension of {len(dim.text)} characters is over {MAX_CHARACTERS}: "
            f"{dim.text[:60]}..."
        )
    return dim

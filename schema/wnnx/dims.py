"""Symbolic dimensions: integers known only when the network runs.

A dimension is an `int` or a `SymbolicDim`, a polynomial with integer coefficients over named
symbols and over the four operations that a polynomial cannot say: `//`, `%`, `min`, `max`.
Every symbol stands for an extent of 0 or more. Equal dimensions have one canonical form, so
`==` and `hash` are structural, and arithmetic that cancels gives back a plain `int`:

    n = symbol("N")
    (4 * n + 8) // 4 - n    # 2
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias, Union

from wnnx.errors import DimError

Dim: TypeAlias = Union[int, "SymbolicDim"]
DimLike: TypeAlias = Union[int, str, "SymbolicDim"]
Operation: TypeAlias = Literal["//", "%", "min", "max"]
MAX_TERMS = 64


@dataclass(frozen=True)
class Call:
    """An operation kept as it is because it does not simplify."""

    operation: Operation
    left: Dim
    right: Dim

    def __str__(self) -> str:
        if self.operation in {"min", "max"}:
            return f"{self.operation}({self.left}, {self.right})"
        return f"{_grouped(self.left)}{self.operation}{_grouped(self.right)}"


Atom: TypeAlias = str | Call
Monomial: TypeAlias = tuple[Atom, ...]
Terms: TypeAlias = dict[Monomial, int]


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
        return frozenset().union(
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
                product = tuple(sorted(left + right, key=str))
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

    def __str__(self) -> str:
        parts: list[str] = []
        for monomial, factor in self._terms:
            parts += ["-" if factor < 0 else "+", _product_text(monomial, factor)]
        text = " ".join(parts[1:])
        return text if parts[0] == "+" else f"-{text}"

    __repr__ = __str__


def symbol(name: str) -> SymbolicDim:
    """Return the dimension called `name`.

    Raises:
        DimError: if `name` is not a Python identifier.
    """
    if not name.isidentifier() or name in {"min", "max"}:
        raise DimError(f"{name!r} cannot name a dimension; write a name such as 'N' or 'height'")
    return SymbolicDim((((name,), 1),))


def minimum(left: Dim, right: Dim) -> Dim:
    """Return the smaller of two dimensions, an `int` where that can be known."""
    low, high = bounds(left - right)
    if high is not None and high <= 0:
        return left
    if low is not None and low >= 0:
        return right
    return _call("min", *sorted((left, right), key=str))


def maximum(left: Dim, right: Dim) -> Dim:
    """Return the larger of two dimensions, an `int` where that can be known."""
    low, high = bounds(left - right)
    if low is not None and low >= 0:
        return left
    if high is not None and high <= 0:
        return right
    return _call("max", *sorted((left, right), key=str))


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


def bounds(dim: Dim) -> tuple[int | None, int | None]:
    """Return the least and the greatest value `dim` can take; None where there is no limit."""
    if isinstance(dim, int):
        return dim, dim
    low: int | None = 0
    high: int | None = 0
    for monomial, factor in dim.terms.items():
        least, most = _monomial_bounds(monomial)
        if factor < 0:
            least, most = most, least
        low = None if low is None or least is None else low + factor * least
        high = None if high is None or most is None else high + factor * most
    return low, high


def _monomial_bounds(monomial: Monomial) -> tuple[int | None, int | None]:
    low: int = 1
    high: int | None = 1
    for atom in monomial:
        least, most = (0, None) if isinstance(atom, str) else _call_bounds(atom)
        if least is None or least < 0:
            return (None, None) if len(monomial) > 1 else (least, most)
        low *= least
        high = None if high is None or most is None else high * most
    return low, high


def _call_bounds(call: Call) -> tuple[int | None, int | None]:
    (a, b), (c, d) = bounds(call.left), bounds(call.right)
    match call.operation:
        case "min":
            low = None if a is None or c is None else min(a, c)
            return low, min((v for v in (b, d) if v is not None), default=None)
        case "max":
            high = None if b is None or d is None else max(b, d)
            return max((v for v in (a, c) if v is not None), default=None), high
        case "%":
            return (0, d - 1 if d is not None else None) if c is not None and c > 0 else (None, None)
        case "//":
            if not isinstance(call.right, int) or call.right < 0:
                return (0 if a is not None and a >= 0 and c is not None and c > 0 else None), None
            k = call.right
            return None if a is None else a // k, None if b is None else b // k


def _floor_divide(left: Dim, right: Dim) -> Dim:
    """Split off what divides exactly: (k*A + r)//k is A + r//k."""
    if right == 0:
        raise DimError(f"{left} // 0: a dimension is divided by zero")
    if isinstance(left, int) and isinstance(right, int):
        return left // right
    divisor = _terms_of(right)
    whole, rest = {}, _terms_of(left)
    if len(divisor) == 1:
        ((unit, factor),) = divisor.items()
        whole = {m: c for m, c in rest.items() if c % factor == 0 and _contains(m, unit)}
        rest = {m: c for m, c in rest.items() if m not in whole}
        whole = {_without(m, unit): c // factor for m, c in whole.items()}
    elif rest == divisor:
        return 1
    return _dim(whole) + _irreducible_quotient(_dim(rest), right)


def _irreducible_quotient(rest: Dim, right: Dim) -> Dim:
    if isinstance(rest, int) and isinstance(right, int):
        return rest // right
    if rest == 0:
        return 0
    nested = rest.terms if isinstance(rest, SymbolicDim) else {}
    if isinstance(right, int) and right > 0 and len(nested) == 1:
        ((monomial, factor),) = nested.items()
        if factor == 1 and len(monomial) == 1 and isinstance(monomial[0], Call):
            call = monomial[0]
            if call.operation == "//" and isinstance(call.right, int) and call.right > 0:
                return _floor_divide(call.left, call.right * right)
    low, high = bounds(rest)
    if isinstance(right, int) and low is not None and high is not None:
        if low // right == high // right:
            return low // right
    return _call("//", rest, right)


def _modulo(left: Dim, right: Dim) -> Dim:
    if right == 0:
        raise DimError(f"{left} % 0: a dimension is divided by zero")
    if isinstance(left, int) and isinstance(right, int):
        return left % right
    if isinstance(right, int):
        rest = _dim({m: c % right for m, c in _terms_of(left).items()})
        return rest % right if isinstance(rest, int) else _call("%", rest, right)
    return 0 if left == right else _call("%", left, right)


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
    return SymbolicDim((((Call(operation, left, right),), 1),))


def _terms_of(dim: Dim) -> Terms:
    return dim.terms if isinstance(dim, SymbolicDim) else {(): dim}


def _dim(terms: Terms) -> Dim:
    kept = {m: c for m, c in terms.items() if c}
    if not kept:
        return 0
    if kept.keys() == {()}:
        return kept[()]
    if len(kept) > MAX_TERMS:
        raise DimError(f"a dimension of {len(kept)} terms is more than the {MAX_TERMS} allowed")
    # Highest degree first, the constant last, as one would write it.
    return SymbolicDim(tuple(sorted(kept.items(), key=lambda t: (-len(t[0]), str(t[0])))))


def _contains(monomial: Monomial, unit: Monomial) -> bool:
    return all(monomial.count(atom) >= unit.count(atom) for atom in unit)


def _without(monomial: Monomial, unit: Monomial) -> Monomial:
    rest = list(monomial)
    for atom in unit:
        rest.remove(atom)
    return tuple(rest)


def _product_text(monomial: Monomial, factor: int) -> str:
    """Text of one term without its sign; `//` and `%` bind no tighter than `*`, so they are
    put in parentheses unless they stand alone."""
    if factor == 1 and len(monomial) == 1:
        return str(monomial[0])
    number = [str(abs(factor))] if abs(factor) != 1 or not monomial else []
    return "*".join(number + [_factor_text(atom) for atom in monomial])


def _factor_text(atom: Atom) -> str:
    return f"({atom})" if isinstance(atom, Call) and atom.operation in {"//", "%"} else str(atom)


def _grouped(dim: Dim) -> str:
    text = str(dim)
    return text if text.isidentifier() or text.isdigit() else f"({text})"

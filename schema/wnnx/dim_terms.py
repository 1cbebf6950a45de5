"""The terms of a symbolic dimension: products of symbols and operations, and their text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from wnnx.dims import Dim

Operation: TypeAlias = Literal["//", "%", "min", "max"]


@dataclass(frozen=True)
class Call:
    """An operation kept as it is because it does not simplify."""

    operation: Operation
    left: Dim
    right: Dim

    @cached_property
    def text(self) -> str:
        """How it is written: `(H - 1)//2`, `min(N, 4)`."""
        if self.operation in {"min", "max"}:
            return f"{self.operation}({self.left}, {self.right})"
        return f"{_grouped(self.left)}{self.operation}{_grouped(self.right)}"

    @cached_property
    def depth(self) -> int:
        """How deep operations are nested in it, itself included."""
        return 1 + max(depth_of(self.left), depth_of(self.right))

    def __str__(self) -> str:
        return self.text


Atom: TypeAlias = str | Call
Monomial: TypeAlias = tuple[Atom, ...]
Terms: TypeAlias = dict[Monomial, int]


def depth_of(dim: Dim) -> int:
    """Return how deep operations are nested in a dimension."""
    return 0 if isinstance(dim, int) else dim.depth


def atom_order(atom: Atom) -> tuple[bool, str]:
    """Sort symbols before operations, each in alphabetical order."""
    return isinstance(atom, Call), str(atom)


def term_order(term: tuple[Monomial, int]) -> tuple[int, list[tuple[bool, str]]]:
    """Sort by degree, the highest first and the constant last, as one would write it."""
    monomial, _ = term
    return -len(monomial), [atom_order(atom) for atom in monomial]


def contains(monomial: Monomial, unit: Monomial) -> bool:
    """Tell whether `unit` divides `monomial`."""
    return all(monomial.count(atom) >= unit.count(atom) for atom in unit)


def without(monomial: Monomial, unit: Monomial) -> Monomial:
    """Return `monomial` divided by `unit`."""
    rest = list(monomial)
    for atom in unit:
        rest.remove(atom)
    return tuple(rest)


def product_text(monomial: Monomial, factor: int) -> str:
    """Write one term without its sign.

    `//` and `%` bind no tighter than `*`, so they stand in parentheses unless they are alone.
    """
    if factor == 1 and len(monomial) == 1:
        return str(monomial[0])
    number = [str(abs(factor))] if abs(factor) != 1 or not monomial else []
    return "*".join(number + [_factor_text(atom) for atom in monomial])


def _factor_text(atom: Atom) -> str:
    bare = isinstance(atom, str) or atom.operation in {"min", "max"}
    return str(atom) if bare else f"({atom})"


def _grouped(dim: Dim) -> str:
    text = str(dim)
    return text if text.isidentifier() or text.isdigit() else f"({text})"

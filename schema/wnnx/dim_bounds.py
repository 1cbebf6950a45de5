"""What is known of the size of a symbolic dimension."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from wnnx.dim_terms import Call, Monomial

if TYPE_CHECKING:
    from wnnx.dims import Dim

Bounds: TypeAlias = tuple[int | None, int | None]


def bounds(dim: Dim) -> Bounds:
    """Return limits of what `dim` can be, least and greatest; None where none is known."""
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


def _monomial_bounds(monomial: Monomial) -> Bounds:
    low: int = 1
    high: int | None = 1
    for atom in monomial:
        least, most = (0, None) if isinstance(atom, str) else _call_bounds(atom)
        if least is None or least < 0:
            return (None, None) if len(monomial) > 1 else (least, most)
        low *= least
        high = None if high is None or most is None else high * most
    return low, high


def _call_bounds(call: Call) -> Bounds:
    (a, b), (c, d) = bounds(call.left), bounds(call.right)
    match call.operation:
        case "min":
            low = None if a is None or c is None else min(a, c)
            return low, min((v for v in (b, d) if v is not None), default=None)
        case "max":
            high = None if b is None or d is None else max(b, d)
            return max((v for v in (a, c) if v is not None), default=None), high
        case "%":
            # A divisor that cannot be negative is 1 or more wherever there is a result.
            return (None, None) if c is None or c < 0 else (0, None if d is None else d - 1)
        case "//":
            if isinstance(call.right, int) and call.right > 0:
                k = call.right
                return None if a is None else a // k, None if b is None else b // k
            positive = a is not None and a >= 0 and c is not None and c >= 0
            return (0, b) if positive else (None, None)

"""Dimensions as text: "N", "4*N", "(H - 1)//2 + 1", as users write and files hold them."""

import re
from typing import NoReturn

from wnnx.dims import MAX_CHARACTERS, Dim, DimLike, maximum, minimum, symbol
from wnnx.errors import DimError

_TOKEN = re.compile(r"(//|[-+*%(),]|[^-+*/%(),\s]+)\s*")


def as_dim(dim: DimLike) -> Dim:
    """Return `dim` as an `int` or a symbolic dimension; text such as "2*N + 1" is parsed.

    Raises:
        DimError: if the text is not an expression of integers, names, + - * // % min max.
    """
    return parse(dim) if isinstance(dim, str) else dim


def parse(text: str) -> Dim:
    """Read a dimension back from its text.

    Raises:
        DimError: if the text is not an expression of integers, names, + - * // % min max.
    """
    if len(text) > MAX_CHARACTERS:
        raise DimError(f"a dimension of {len(text)} characters is over {MAX_CHARACTERS}")
    reader = _Reader(text)
    try:
        dim = reader.sum()
    except RecursionError:
        raise DimError(f"{text[:60]!r}... has too many parentheses") from None
    except ZeroDivisionError:
        raise DimError(f"{text[:60]!r} divides by zero") from None
    return dim if not reader.next else reader.fail()


class _Reader:
    """Recursive descent, a method for each level of precedence; `next` is the token ahead."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.end = len(text) - len(text.lstrip())
        self.next = ""
        self.take()

    def take(self) -> str:
        """Return the token ahead and look at the one after it; "" is the end."""
        taken = self.next
        found = _TOKEN.match(self.text, self.end)
        if found is None and self.end < len(self.text):
            self.fail()
        self.next = found[1] if found else ""
        self.end = found.end() if found else self.end
        return taken

    def sum(self) -> Dim:
        total = self.product()
        while self.next in {"+", "-"}:
            sign = 1 if self.take() == "+" else -1
            total += self.product() * sign
        return total

    def product(self) -> Dim:
        total = self.factor()
        while self.next in {"*", "//", "%"}:
            operation, operand = self.take(), self.factor()
            if operation == "*":
                total *= operand
            else:
                total = total // operand if operation == "//" else total % operand
        return total

    def factor(self) -> Dim:
        token = self.take()
        if token == "-":
            return self.factor() * -1
        if token == "(":
            inside = self.sum()
            self.expect(")")
            return inside
        if token in {"min", "max"}:
            return self.extreme(token)
        if token.isdigit() and token.isascii():
            return int(token)
        return symbol(token) if token.isidentifier() else self.fail()

    def extreme(self, name: str) -> Dim:
        self.expect("(")
        operands = [self.sum()]
        self.expect(",")
        operands.append(self.sum())
        while self.next == ",":
            self.take()
            operands.append(self.sum())
        self.expect(")")
        return minimum(*operands) if name == "min" else maximum(*operands)

    def expect(self, token: str) -> None:
        if self.take() != token:
            self.fail()

    def fail(self) -> NoReturn:
        raise DimError(
            f"{self.text[:60]!r} is not a dimension; write an integer, a name such as 'N', or "
            "an expression such as '(H - 1)//2 + 1'"
        )

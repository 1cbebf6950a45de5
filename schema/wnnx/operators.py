"""Python's operators on values: `x + 1`, `x @ w`, `x < y`, `x[:, 1:3]`.

`==` and `!=` say whether two values are the same one, as dicts of values need; the builder's
`eq` and `ne` compare what they hold.

The format does not author graphs, so the operators ask the graph's author (a builder) to add
the node; the author is whoever set `Graph.author`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from wnnx.errors import ArgumentError, GraphError

if TYPE_CHECKING:
    from types import EllipsisType

    from wnnx.graph import Graph, Value

    Index = int | slice | None | EllipsisType


class Author(Protocol):
    """Adds nodes to a graph on behalf of Python's operators."""

    def call_named(self, op: str, *operands: Value | float, **attributes: Any) -> Value:
        """Add the operator called `op` and return its output."""
        ...

    def index(self, x: Value, index: Index | tuple[Index, ...]) -> Value:
        """Add what `x[index]` means and return its output."""
        ...


class Arithmetic:
    """The operators that compute a number."""

    __slots__ = ()

    graph: Graph | None

    def _author(self) -> Author:
        if self.graph is None or self.graph.author is None:
            raise GraphError(
                "Python's operators work on values of a Builder; open the graph with "
                "Builder.load(path), or call the operator by name: b.add(x, y)"
            )
        return self.graph.author

    def _call(self, op: str, *operands: Any, **attributes: Any) -> Value:
        return self._author().call_named(op, *operands, **attributes)

    def __add__(self, other: Value | float) -> Value:
        return self._call("add", self, other)

    def __radd__(self, other: float) -> Value:
        return self._call("add", other, self)

    def __sub__(self, other: Value | float) -> Value:
        return self._call("sub", self, other)

    def __rsub__(self, other: float) -> Value:
        return self._call("sub", other, self)

    def __mul__(self, other: Value | float) -> Value:
        return self._call("mul", self, other)

    def __rmul__(self, other: float) -> Value:
        return self._call("mul", other, self)

    def __truediv__(self, other: Value | float) -> Value:
        return self._call("div", self, other)

    def __rtruediv__(self, other: float) -> Value:
        return self._call("div", other, self)

    def __floordiv__(self, other: Value | float) -> Value:
        return self._call("div", self, other, rounding_mode="floor")

    def __rfloordiv__(self, other: float) -> Value:
        return self._call("div", other, self, rounding_mode="floor")

    def __mod__(self, other: Value | float) -> Value:
        return self._call("remainder", self, other)

    def __rmod__(self, other: float) -> Value:
        return self._call("remainder", other, self)

    def __pow__(self, other: Value | float) -> Value:
        return self._call("pow", self, other)

    def __rpow__(self, other: float) -> Value:
        return self._call("pow", other, self)

    def __matmul__(self, other: Value) -> Value:
        return self._call("matmul", self, other)

    def __neg__(self) -> Value:
        return self._call("neg", self)

    def __abs__(self) -> Value:
        return self._call("abs", self)


class Operators(Arithmetic):
    """What `Value` inherits its operators from: arithmetic, comparisons and indexing."""

    __slots__ = ()

    def __lt__(self, other: Value | float) -> Value:
        return self._call("lt", self, other)

    def __le__(self, other: Value | float) -> Value:
        return self._call("le", self, other)

    def __gt__(self, other: Value | float) -> Value:
        return self._call("gt", self, other)

    def __ge__(self, other: Value | float) -> Value:
        return self._call("ge", self, other)

    def __bool__(self) -> NoReturn:
        # Else `if x < y` would always hold, and `a < x < b` would forget a.
        raise ArgumentError(
            f"{self!r} is true or false only when the network runs; choose with "
            "b.where(condition, x, y), join conditions with b.logical_and(a < x, x < b)"
        )

    def __getitem__(self, index: Index | tuple[Index, ...]) -> Value:
        value: Any = self
        return self._author().index(value, index)

    # Without this, Python would take __getitem__ for an endless sequence.
    __iter__ = None

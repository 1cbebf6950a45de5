"""`@converts`: a short function says what an ONNX operator is here.

@converts("LeakyRelu")
def leaky_relu(call: Call) -> Value:
    return call.builder.leaky_relu(
        call.input(0), negative_slope=call.number("alpha", 0.01), name=call.name
    )
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from nnbuilder.builder import Builder
from wnnx.dims import Dim
from wnnx.errors import WnnxError
from wnnx.graph import Constant, Value
from wnnx.types import Array

Converter: TypeAlias = Callable[["Call"], Value | Sequence[Value]]

_CONVERTERS: dict[str, list[tuple[int, Converter]]] = {}


class CannotConvertError(WnnxError):
    """A node that has no counterpart here; the message is the reason, without names."""


@dataclass(frozen=True)
class Call:
    """One ONNX node, as its converter sees it.

    `attributes` holds Python's ints, floats and strings, lists of them, and numpy arrays for
    tensors; what the node does not say is not in it. `inputs` has None for one left out.
    `opset` is the version of the node's domain that the model imports. `wanted` tells for each
    output whether anything reads it.
    """

    builder: Builder
    op: str
    opset: int
    name: str
    inputs: tuple[Value | None, ...]
    attributes: dict[str, Any]
    wanted: tuple[bool, ...]

    def optional(self, position: int) -> Value | None:
        """Return an input, or None where it was left out."""
        return self.inputs[position] if position < len(self.inputs) else None

    def input(self, position: int) -> Value:
        """Return an input that must be there.

        Raises:
            CannotConvertError: if it was left out.
        """
        value = self.optional(position)
        if value is None:
            raise CannotConvertError(f"input {position} is missing")
        return value

    def array(self, position: int, what: str) -> Array | None:
        """Return what a constant input holds, or None where it was left out.

        Raises:
            CannotConvertError: if it is computed at run time; `what` names it in the message.
        """
        value = self.optional(position)
        if value is None or isinstance(value, Constant):
            return None if value is None else value.array
        raise CannotConvertError(f"{what} is computed at run time; it must be constant here")

    def dims(self, position: int, what: str) -> tuple[Dim, ...] | None:
        """Return the integers and symbols an input holds, or None where it was left out.

        Shape arithmetic that shape inference has followed needs no constant.

        Raises:
            CannotConvertError: if what it holds depends on the data.
        """
        value = self.optional(position)
        if value is None or value.type.value is not None:
            return None if value is None else value.type.value
        array = self.array(position, what)
        return None if array is None else tuple(int(n) for n in array.ravel())

    def ints(
        self, attribute: str, default: Sequence[int] | None = None
    ) -> tuple[int, ...] | None:
        """Return an attribute that is a list of integers."""
        found = self.attributes.get(attribute, default)
        return None if found is None else tuple(int(n) for n in found)

    def integer(self, attribute: str, default: int) -> int:
        """Return an attribute that is an integer."""
        return int(self.attributes.get(attribute, default))

    def number(self, attribute: str, default: float) -> float:
        """Return an attribute that is a number."""
        return float(self.attributes.get(attribute, default))

    def text(self, attribute: str, default: str) -> str:
        """Return an attribute that is a string."""
        return str(self.attributes.get(attribute, default))


def converts(*names: str, since: int = 1) -> Callable[[Converter], Converter]:
    """Register a function as what the ONNX operators called `names` are here.

    Args:
        *names: Operators of the domain ai.onnx, or "domain::name".
        since: The first opset whose meaning it has; of several functions the newest that a
            model's opset has reached is taken.

    Returns:
        A decorator that leaves the function as it is.
    """

    def register(converter: Converter) -> Converter:
        for name in names:
            _CONVERTERS.setdefault(name, []).append((since, converter))
        return converter

    return register


def find_converter(name: str, opset: int) -> Converter | None:
    """Return what converts an operator of a model with that opset, or None."""
    versions = [v for v in _CONVERTERS.get(name, []) if v[0] <= opset]
    return max(versions, key=lambda v: v[0])[1] if versions else None

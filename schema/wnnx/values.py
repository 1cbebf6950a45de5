"""What a graph is made of: values, constants, and the nodes between them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from wnnx.dims import Dim
from wnnx.operators import Operators
from wnnx.types import Array, Shape, TensorType, dtype_name

if TYPE_CHECKING:
    from wnnx.graph import Graph

Scalar: TypeAlias = bool | int | float | str
Attribute: TypeAlias = (
    "Scalar | tuple[Dim, ...] | tuple[float, ...] | tuple[str, ...] | Graph | None"
)

# Integer tensors up to this many elements carry what they hold through shape inference.
MAX_KNOWN_ELEMENTS = 64


class Use(NamedTuple):
    """One place where a value is read: the input of `node` at `position`."""

    node: Node
    position: int


class Value(Operators):
    """One tensor of the graph: an input, a constant, or what a node computes."""

    __slots__ = ("graph", "name", "producer", "type", "uses")

    def __init__(self, name: str, type: TensorType) -> None:
        self.name = name
        self.type = type
        self.graph: Graph | None = None
        self.producer: Node | None = None
        self.uses: dict[Use, None] = {}

    @property
    def dtype(self) -> str:
        """Element type, by numpy's name."""
        return self.type.dtype

    @property
    def shape(self) -> Shape:
        """Extent of each axis, in elements."""
        return self.type.shape

    @property
    def rank(self) -> int:
        """Number of axes."""
        return len(self.type.shape)

    @property
    def consumers(self) -> tuple[Node, ...]:
        """The nodes that read it, each once, in the order they began to."""
        return tuple(dict.fromkeys(use.node for use in self.uses))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r} {self.type}>"


class Constant(Value):
    """A value known when the network is written: a weight. Its array is read-only.

    A constant that belongs to no graph yet may have the name "": the builder then calls it
    after the layer that takes it.
    """

    __slots__ = ("array",)

    def __init__(self, name: str, array: Array) -> None:
        super().__init__(name, _type_of(array))
        self.array = array

    def replace(self, array: Array) -> None:
        """Hold another array from now on, read-only too.

        Types that nodes inferred from the old one stay: the caller knows that they still hold.

        Raises:
            DTypeError: if the format has no such element type.
        """
        self.type = _type_of(array)
        self.array = array


class Node:
    """One operator call.

    `op` is the operator's name, with its domain where that is not ours: "conv", "acme::crop".
    `precision` is "fp32", "fp16", or None where the layer follows the network's switch.
    """

    __slots__ = (
        "attributes",
        "graph",
        "inputs",
        "name",
        "op",
        "outputs",
        "precision",
        "version",
    )

    def __init__(
        self,
        name: str,
        op: str,
        inputs: Sequence[Value | None],
        outputs: Sequence[Value],
        attributes: dict[str, Attribute],
        *,
        version: int = 1,
        precision: str | None = None,
    ) -> None:
        self.name = name
        self.op = op
        self.version = version
        self.inputs = tuple(inputs)
        self.outputs = tuple(outputs)
        self.attributes = attributes
        self.precision = precision
        self.graph: Graph | None = None

    @property
    def output(self) -> Value:
        """The first output."""
        return self.outputs[0]

    def __repr__(self) -> str:
        return f"<Node {self.op} {self.name!r}>"


def _type_of(array: Array) -> TensorType:
    known = _known(array)
    if known is None:
        return _plain_type(array.dtype, array.shape)
    return TensorType(dtype_name(array.dtype), array.shape, known)


@lru_cache  # a network has many weights of few types
def _plain_type(dtype: np.dtype[Any], shape: Shape) -> TensorType:
    return TensorType(dtype_name(dtype), shape)


def _known(array: Array) -> Shape | None:
    if array.size > MAX_KNOWN_ELEMENTS or array.dtype.kind not in {"b", "i", "u"}:
        return None
    return tuple(map(int, array.ravel().tolist()))

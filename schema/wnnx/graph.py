"""The graph: nodes in order, and the primitive edits everything else is made of."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from wnnx.errors import GraphError
from wnnx.operators import Author
from wnnx.types import TensorType
from wnnx.values import MAX_KNOWN_ELEMENTS as MAX_KNOWN_ELEMENTS
from wnnx.values import Attribute as Attribute
from wnnx.values import Constant as Constant
from wnnx.values import Node as Node
from wnnx.values import Scalar as Scalar
from wnnx.values import Use as Use
from wnnx.values import Value as Value

Named = TypeVar("Named", Value, Node)


class Graph:
    """Nodes in execution order, the values between them, and what goes in and out.

    Values and nodes have unique names, each kind within itself.
    """

    def __init__(self, name: str = "") -> None:
        self.name = name
        self.inputs: list[Value] = []
        self.outputs: list[Value] = []
        self.nodes: list[Node] = []
        self.metadata: dict[str, str] = {}
        self.author: Author | None = None
        self._values: dict[str, Value] = {}
        self._nodes: dict[str, Node] = {}

    def __repr__(self) -> str:
        return f"<Graph {self.name!r}: {len(self.nodes)} nodes>"

    @property
    def values(self) -> Iterable[Value]:
        """Every value: inputs, constants and what nodes compute, in the order they came."""
        return self._values.values()

    @property
    def constants(self) -> Iterator[Constant]:
        """Every constant, in the order they came."""
        return (value for value in self._values.values() if isinstance(value, Constant))

    def has_value(self, name: str) -> bool:
        """Tell whether a value has that name."""
        return name in self._values

    def has_node(self, name: str) -> bool:
        """Tell whether a node has that name."""
        return name in self._nodes

    def value(self, name: str) -> Value:
        """Return the value called `name`.

        Raises:
            GraphError: if there is none.
        """
        if name not in self._values:
            raise GraphError(f"no value is named {name!r}{suggestion(name, self._values)}")
        return self._values[name]

    def node(self, name: str) -> Node:
        """Return the node called `name`.

        Raises:
            GraphError: if there is none.
        """
        if name not in self._nodes:
            raise GraphError(f"no node is named {name!r}{suggestion(name, self._nodes)}")
        return self._nodes[name]

    def add_input(self, name: str, type: TensorType) -> Value:
        """Add an input after those there are.

        Raises:
            GraphError: if a value has that name already.
        """
        value = self._own(Value(name, type))
        self.inputs.append(value)
        return value

    def add_constant(self, constant: Constant) -> Constant:
        """Add a constant that belongs to no graph; its array is shared and must not change.

        Raises:
            GraphError: if a value has its name already, or it belongs to a graph.
        """
        if constant.graph is not None:
            raise GraphError(f"{constant!r} belongs to a graph already")
        self._own(constant)
        return constant

    def add_node(self, node: Node, *, before: Node | None = None) -> Node:
        """Add a node and the values it computes, at the end or in front of `before`.

        Raises:
            GraphError: if the name of the node or of an output is taken, or an input
                belongs to another graph.
        """
        for value in node.inputs:
            if value is not None and value.graph is not self:
                raise GraphError(
                    f"{node.op} {node.name!r}: {value!r} belongs to another graph"
                )
        self._check_new("node", node.name, self._nodes)
        for value in node.outputs:
            self._check_new("value", value.name, self._values)
        for value in node.outputs:
            self._own(value).producer = node
        for index, value in enumerate(node.inputs):
            if value is not None:
                value.uses[Use(node, index)] = None
        node.graph = self
        self._nodes[node.name] = node
        self.nodes.insert(
            len(self.nodes) if before is None else self.nodes.index(before), node
        )
        return node

    def mark_output(self, value: Value) -> None:
        """Make `value` the next output of the network.

        Raises:
            GraphError: if it is one already, or belongs to another graph.
        """
        if value.graph is not self:
            raise GraphError(f"{value!r} belongs to another graph")
        if value in self.outputs:
            raise GraphError(f"{value.name!r} is an output already")
        self.outputs.append(value)

    def set_input(self, node: Node, index: int, value: Value | None) -> None:
        """Let input number `index` of `node` read `value`."""
        old = node.inputs[index]
        if old is not None:
            del old.uses[Use(node, index)]
        node.inputs = (*node.inputs[:index], value, *node.inputs[index + 1 :])
        if value is not None:
            value.uses[Use(node, index)] = None

    def replace_uses(self, old: Value, new: Value) -> None:
        """Let everything that reads `old`, the network's outputs too, read `new`."""
        for node, position in list(old.uses):
            self.set_input(node, position, new)
        self.outputs = [new if value is old else value for value in self.outputs]

    def remove_node(self, node: Node) -> None:
        """Remove a node whose outputs nobody reads.

        Raises:
            GraphError: if an output is still read.
        """
        for value in node.outputs:
            if value.uses or value in self.outputs:
                readers = ", ".join(repr(use.node.name) for use in value.uses) or "the network"
                raise GraphError(f"{node!r} cannot go: {value.name!r} is read by {readers}")
        for position, read in enumerate(node.inputs):
            if read is not None:
                del read.uses[Use(node, position)]
        for value in node.outputs:
            del self._values[value.name]
            value.graph = None
        del self._nodes[node.name]
        self.nodes.remove(node)
        node.graph = None

    def remove_constant(self, constant: Constant) -> None:
        """Remove a constant that nobody reads.

        Raises:
            GraphError: if it is still read.
        """
        if constant.uses or constant in self.outputs:
            raise GraphError(f"constant {constant.name!r} is still read")
        del self._values[constant.name]
        constant.graph = None

    def rename_value(self, value: Value, name: str) -> None:
        """Give a value another name.

        Raises:
            GraphError: if the name is empty or taken.
        """
        if name != value.name:
            self._check_new("value", name, self._values)
            # Rebuilt so that the order, and with it the saved bytes, has no history.
            items = ((name if v is value else key, v) for key, v in self._values.items())
            self._values = dict(items)
            value.name = name

    def rename_node(self, node: Node, name: str) -> None:
        """Give a node another name.

        Raises:
            GraphError: if the name is empty or taken.
        """
        if name != node.name:
            self._check_new("node", name, self._nodes)
            del self._nodes[node.name]
            self._nodes[name] = node
            node.name = name

    @classmethod
    def assemble(
        cls,
        name: str,
        values: Iterable[Value],
        nodes: Iterable[Node],
        inputs: Iterable[Value],
        outputs: Iterable[Value],
    ) -> Graph:
        """Return a graph of values and nodes that belong to none yet, each in the order given.

        Nothing but the names is checked: the nodes must be in execution order already.

        Raises:
            GraphError: if a name is empty, or there twice.
        """
        graph = cls(name)
        graph._values = _by_name("value", values)
        graph._nodes = _by_name("node", nodes)
        for value in graph._values.values():
            value.graph = graph
        for node in graph._nodes.values():
            node.graph = graph
            for position, read in enumerate(node.inputs):
                if read is not None:
                    read.uses[Use(node, position)] = None
            for output in node.outputs:
                output.producer = node
        graph.nodes = list(graph._nodes.values())
        graph.inputs = list(inputs)
        graph.outputs = list(outputs)
        return graph

    def copy(self) -> Graph:
        """Return a copy with nodes and values of its own; the weights' arrays are shared."""
        twins: dict[Value, Value] = {}
        for value in self._values.values():
            if isinstance(value, Constant):
                twins[value] = Constant(value.name, value.array)
            else:
                twins[value] = Value(value.name, value.type)
        nodes = [
            Node(
                node.name, node.op, [None if v is None else twins[v] for v in node.inputs],
                [twins[v] for v in node.outputs], dict(node.attributes),
                version=node.version, precision=node.precision,
            )
            for node in self.nodes
        ]  # fmt: skip
        inputs, outputs = [twins[v] for v in self.inputs], [twins[v] for v in self.outputs]
        twin = Graph.assemble(self.name, twins.values(), nodes, inputs, outputs)
        twin.metadata = dict(self.metadata)
        return twin

    def _own(self, value: Value) -> Value:
        self._check_new("value", value.name, self._values)
        self._values[value.name] = value
        value.graph = self
        return value

    def _check_new(self, kind: str, name: str, names: dict[str, Any]) -> None:
        if not name:
            raise GraphError(f"a {kind} needs a name")
        if name in names:
            raise GraphError(
                f"the name {name!r} is taken by {names[name]!r}; names are unique"
            )


def _by_name(kind: str, items: Iterable[Named]) -> dict[str, Named]:
    """Return items by their names, faster than one by one.

    Raises:
        GraphError: if a name is empty, or there twice.
    """
    found = list(items)
    names = {item.name: item for item in found}
    if "" in names:
        raise GraphError(f"a {kind} needs a name")
    if len(names) < len(found):
        twice = next(item for item in found if names[item.name] is not item)
        raise GraphError(f"the name {twice.name!r} is taken; names are unique")
    return names


def suggestion(name: str, names: Iterable[str]) -> str:
    """Return "; did you mean ...?" where one of `names` is close to `name`, else nothing."""
    folded = {known.casefold(): known for known in names}
    close = [folded[n] for n in difflib.get_close_matches(name.casefold(), folded, cutoff=0.5)]
    return f"; did you mean {' or '.join(map(repr, close))}?" if close else ""

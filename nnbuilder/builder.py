"""The builder: writes a network layer by layer, and saves it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, ParamSpec, Self, overload

import wnnx
from nnbuilder import indexing, weights
from nnbuilder.loading import Rename, WeightReport, load_weights
from nnbuilder.naming import Names
from nnbuilder.operands import checked_precision, operand_value
from nnbuilder.ops import Operators
from nnbuilder.precision import half
from wnnx.errors import GraphError, WnnxError
from wnnx.graph import Constant, Graph, Node, Value
from wnnx.ops.registry import OpSchema, schema, schema_of
from wnnx.types import Array, ShapeLike, TensorType, tensor_type

if TYPE_CHECKING:
    from wnnx.operators import Index

P = ParamSpec("P")


class Builder(Operators):
    """Writes a network: each call adds a layer, infers its shape and returns its output.

    The operators are methods with the names of PyTorch's functions; each also takes `name=`
    and `precision=`.

        b = Builder("fc")
        x = b.input("x", ("N", 4))
        y = b.relu(b.linear(x, nn.from_numpy_bin("a.bin", (12, 4)), name="fc0"))
        b.output(y, name="y")
        b.serialize_to_file("fc.wnnx")
    """

    def __init__(self, name: str = "") -> None:
        self.graph = Graph(name)
        self.graph.author = self
        self._names = Names()
        self._adopted: dict[Constant, Constant] = {}
        self._fp16 = False

    def input(self, name: str, shape: ShapeLike, dtype: str = "float32") -> Value:
        """Add an input of the network.

        Args:
            name: Its name, by which a run is given its array.
            shape: One int, symbol or expression per axis: `("N", 3, "H", "W")`.
            dtype: Element type, by numpy's name.

        Returns:
            The input's value.

        Raises:
            GraphError: if the name is taken.
            ShapeError: if the shape is none.
            DTypeError: if there is no such dtype.
            DimError: if a text is no dimension.
        """
        try:
            return self.graph.add_input(name, tensor_type(dtype, shape))
        except WnnxError as error:
            raise type(error)(f'input "{name}": {error}') from None

    def output(self, value: Value, name: str | None = None) -> Value:
        """Mark a value as the next output of the network.

        Args:
            value: What the network returns.
            name: Its name in the results; without it the value keeps its own. A value that
                is an input, a constant or an output already is passed on under the new name.

        Returns:
            The output's value.

        Raises:
            GraphError: if the name is taken, or the value is not of this network.
        """
        self._check_own(value)
        if name is not None and name != value.name:
            if value.producer is None or value in self.graph.outputs:
                value = self.add_op(schema("identity"), (value,), {"name": name})[0]
            else:
                self.graph.rename_value(value, name)
        self.graph.mark_output(value)
        return value

    def scope(self, name: str) -> AbstractContextManager[None]:
        """Name what is built inside `with b.scope("layer1.0"):` after it."""
        return self._names.scope(name)

    def constant(self, array: Any, name: str | None = None) -> Constant:
        """Add a constant to the network.

        Args:
            array: A numpy array, a number, a list, or a constant read by `nn.from_...`.
            name: Its name; without it the constant's own, or "constant".

        Returns:
            The constant's value, which any number of layers may take.

        Raises:
            GraphError: if the name is taken.
            DTypeError: if the format has no such element type.
        """
        given = array if isinstance(array, Constant) else weights.constant(array)
        known = self._known(given)
        if known is not None and name is None:
            return known
        base = self._names.scoped(name) if name else given.name or "constant"
        unused = base if name else self._names.fresh(base, self.graph.has_value)
        self._adopted[given] = self.graph.add_constant(Constant(unused, given.array))
        return self._adopted[given]

    def load_weights(
        self,
        mapping: Mapping[str, Constant | Array],
        rename: Rename | None = None,
        *,
        strict: bool = False,
    ) -> WeightReport:
        """Replace the network's weights by those of the same names.

        Shapes must be equal, element types too, but floats of another width are rounded.
        Everything is checked before anything is changed.

        Args:
            mapping: Array by name, as `nn.from_npz` or `nn.from_safetensors` return it.
            rename: From a name in `mapping` to the network's name for it, as a dict or a
                function; None skips a weight.
            strict: Raise, rather than warn, where anything is missing, unused or misfit.

        Returns:
            What was loaded, missing, unused and mismatched.

        Raises:
            WeightError: if `strict` and the report is not complete; nothing is changed then.
        """
        return load_weights(self.graph, mapping, rename, strict=strict)

    def set_fp16_enable(self, enable: bool = True) -> None:  # noqa: FBT001, FBT002
        """Store the weights of conv, linear, matmul and conv_transpose as float16.

        A switch, as TensorRT has it: it takes effect when the network is saved. Inputs and
        outputs stay float32 and sums are accumulated in float32. Layers built with
        `precision="fp32"` are left alone.
        """
        self._fp16 = enable

    def serialize(self) -> bytes:
        """Return the network as the bytes of a `.wnnx` file.

        Raises:
            GraphError: if no output is marked.
        """
        return wnnx.to_bytes(self._finished())

    def serialize_to_file(self, path: str | os.PathLike[str]) -> None:
        """Save the network; at every moment the old file is there whole, or the new one.

        Raises:
            GraphError: if no output is marked.
            OSError: if the file cannot be written; the old one is as it was.
        """
        wnnx.save(self._finished(), path)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Open a `.wnnx` file to go on writing it; its weights stay mapped.

        Raises:
            FormatError: if the file is not valid.
            FileMissingError: if there is none.
        """
        builder = cls()
        builder.graph = wnnx.load(path)
        builder.graph.author = builder
        return builder

    def _finished(self) -> Graph:
        if not self.graph.outputs:
            raise GraphError("the network has no output; mark one: b.output(value, name='y')")
        return half(self.graph, enabled=self._fp16)

    @overload
    def call(
        self, rule: Callable[P, TensorType], *args: P.args, **kwargs: P.kwargs
    ) -> Value: ...
    @overload
    def call(
        self, rule: Callable[P, tuple[TensorType, ...]], *args: P.args, **kwargs: P.kwargs
    ) -> tuple[Value, ...]: ...
    def call(self, rule: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Add a call of a custom operator: `b.call(my_op, x, size=3)`.

        Args:
            rule: A function decorated with `@wnnx.op`.
            *args: Its inputs.
            **kwargs: Its attributes, and the layer's `name` and `precision`.

        Returns:
            The output's value, or a tuple of them where the rule returns a tuple.

        Raises:
            WnnxError: what the operator's rule finds wrong.
        """
        found = schema_of(rule)
        outputs = self.add_op(found, args, kwargs)
        return outputs if found.returns_tuple else outputs[0]

    def call_named(self, op: str, *operands: Value | float, **attributes: Any) -> Value:
        """Add the operator called `op`; what Python's operators on values do."""
        return self.add_op(schema(op), operands, attributes)[0]

    def index(self, x: Value, index: Index | tuple[Index, ...]) -> Value:
        """Add what `x[index]` means, by numpy's rules for ints, slices, None and `...`.

        Raises:
            ShapeError: if an index is out of range, or there are too many.
            ArgumentError: if an index is of another kind.
        """
        return indexing.index(self, x, index)

    def add_op(
        self, schema: OpSchema, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> tuple[Value, ...]:
        """Add one call of an operator and return its outputs.

        Constants that are new to the network are named after the layer. Where anything is
        wrong the network stays as it was.

        Raises:
            WnnxError: of the type that fits, with the operator and the layer's name in front.
        """
        given = dict(kwargs)
        name, precision = given.pop("name", None), given.pop("precision", None)
        scoped = self._names.scoped(name or schema.rule.__name__)
        node_name = scoped if name else self._names.fresh(scoped, self.graph.has_node)
        module = self._names.module(node_name, explicit=name is not None)
        try:
            operands, attributes = schema.bind(args, given)
            new: dict[Constant, Constant] = {}
            inputs = self._inputs(schema, operands, module, new)
            stored = schema.normalize(inputs, attributes)
            outputs = self._outputs(node_name, schema.infer(inputs, stored))
            node = Node(
                node_name, schema.name, inputs, outputs, stored,
                version=schema.version, precision=checked_precision(precision),
            )  # fmt: skip
            self._commit(node, new)
        except WnnxError as error:
            raise type(error)(f'{schema.name} "{node_name}": {error}') from None
        return node.outputs

    def _inputs(
        self,
        schema: OpSchema,
        operands: Sequence[Any],
        module: str,
        new: dict[Constant, Constant],
    ) -> list[Value | None]:
        """Turn what was given into values; `new` takes the constants the graph lacks yet."""
        # A number beside where's condition takes the type of the other choice.
        beside = [x for x, spec in zip(operands, schema.inputs, strict=False) if spec.number]
        partner = next((x for x in beside or operands if isinstance(x, Value)), None)
        inputs: list[Value | None] = []
        for index, operand in enumerate(operands):
            label = schema.input_name(index)
            value = operand_value(operand, label, partner)
            if isinstance(value, Constant) and value.graph is None:
                value = self._twin(value, value.name or f"{module}.{label}", new)
            elif value is not None:
                self._check_own(value)
            inputs.append(value)
        return inputs

    def _known(self, constant: Constant) -> Constant | None:
        """Return what stands for a free constant in this network, if it was used before."""
        twin = self._adopted.get(constant)
        return twin if twin is not None and twin.graph is self.graph else None

    def _twin(self, constant: Constant, name: str, new: dict[Constant, Constant]) -> Constant:
        for known in (self._known(constant), new.get(constant)):
            if known is not None:
                return known
        names = {c.name for c in new.values()}
        name = self._names.fresh(name, lambda n: n in names or self.graph.has_value(n))
        new[constant] = Constant(name, constant.array)
        return new[constant]

    def _outputs(self, node: str, types: Sequence[TensorType]) -> list[Value]:
        if len(types) == 1:
            return [Value(self._names.fresh(node, self.graph.has_value), types[0])]
        return [
            Value(self._names.fresh(f"{node}.{i}", self.graph.has_value), type)
            for i, type in enumerate(types)
        ]

    def _commit(self, node: Node, new: Mapping[Constant, Constant]) -> None:
        if self.graph.has_node(node.name):
            raise GraphError("a layer has that name already; names are unique")
        for given, constant in new.items():
            self._adopted[given] = constant
            self.graph.add_constant(constant)
        self.graph.add_node(node)

    def _check_own(self, value: Value) -> None:
        if value.graph is not self.graph:
            raise GraphError(f"{value!r} belongs to another network than {self.graph.name!r}")

"""The fp16 switch: which weights a file holds as float16."""

import warnings
from collections.abc import Mapping
from typing import TypeAlias

from nnbuilder.rounding import rounded
from wnnx.errors import PrecisionWarning, WnnxError
from wnnx.graph import Constant, Graph, Node, Value
from wnnx.ops.registry import OpSchema, find_schema
from wnnx.types import Array, TensorType

# The layers to be stored as float16: for each, its float32 weights by input position.
Layers: TypeAlias = dict[Node, dict[int, Constant]]


def half(graph: Graph, *, enabled: bool) -> Graph:
    """Return the network with the weights of its layers stored as float16.

    What is stored so are the inputs that an operator declares as `half_weights`, where they
    are float32 constants. A layer follows its own `precision`, and `enabled` where it has
    none. Nothing else changes: such a layer returns float32 and accumulates in float32.

    A layer keeps all its weights in float32, and a `PrecisionWarning` says so, where a weight
    holds a finite number beyond float16's range, where all of a weight would round to zero,
    where something that needs float32 reads a weight too, or where the layer's result would
    not be float32 any more. Layers that read nothing but constants are left alone.

    Args:
        graph: The network, which is not changed.
        enabled: The network's switch.

    Returns:
        A copy that shares the other weights' arrays; `graph` itself where nothing changes.
    """
    notes: list[str] = []
    layers = _layers(graph, notes, enabled=enabled)
    halves = _halves(layers, notes)
    _keep_shared(graph, layers, notes)
    for note in notes:
        # The caller of Builder.serialize, which asks Builder for the finished network.
        warnings.warn(note, PrecisionWarning, stacklevel=4)
    if not layers:
        return graph
    chosen = {weight.name for weights in layers.values() for weight in weights.values()}
    twin = graph.copy()
    for constant in twin.constants:
        if constant.name in chosen:
            constant.replace(halves[constant.name])
    return twin


def _layers(graph: Graph, notes: list[str], *, enabled: bool) -> Layers:
    """Return the layers that ask for float16 and whose result stays what it is."""
    layers: Layers = {}
    for node in graph.nodes:
        schema = find_schema(node.op, node.version)
        wanted = node.precision == "fp16" or (enabled and node.precision is None)
        if schema is None or not schema.half_weights or not wanted:
            continue
        weights = _weights(schema, node)
        if not weights or all(x is None or isinstance(x, Constant) for x in node.inputs):
            continue
        if _keeps_result(schema, node, weights):
            layers[node] = weights
        else:
            names = " and ".join(f'"{weight.name}"' for weight in weights.values())
            notes.append(_note(node, f"its result would change its type with float16 {names}"))
    return layers


def _weights(schema: OpSchema, node: Node) -> dict[int, Constant]:
    return {
        position: value
        for position, value in enumerate(node.inputs)
        if isinstance(value, Constant)
        and value.dtype == "float32"
        and schema.input_name(position) in schema.half_weights
    }


def _keeps_result(schema: OpSchema, node: Node, weights: Mapping[int, Constant]) -> bool:
    inputs = list(node.inputs)
    for position, weight in weights.items():
        inputs[position] = Value(weight.name, TensorType("float16", weight.shape))
    try:
        types = schema.infer(inputs, node.attributes)
    except WnnxError:
        return False
    return [type.dtype for type in types] == [output.dtype for output in node.outputs]


def _halves(layers: Layers, notes: list[str]) -> dict[str, Array]:
    """Round every weight, and drop the layers that rounding would harm."""
    halves: dict[str, Array] = {}
    harms: dict[str, str] = {}
    for node, weights in list(layers.items()):
        for weight in weights.values():
            if weight.name not in halves:
                halves[weight.name], harms[weight.name] = rounded(weight.array, "float16")
            if harms[weight.name]:
                notes.append(_note(node, f'"{weight.name}" {harms[weight.name]}'))
                layers.pop(node, None)
    return halves


def _keep_shared(graph: Graph, layers: Layers, notes: list[str]) -> None:
    """Drop the layers that share a weight with something that needs float32."""
    dropped = True
    while dropped:  # a layer that is dropped may share another weight with a further one
        dropped = False
        for node, weights in list(layers.items()):
            for weight in weights.values():
                obstacle = _obstacle(graph, layers, weight)
                if obstacle:
                    notes.append(_note(node, f'"{weight.name}" is {obstacle} too'))
                    del layers[node]
                    dropped = True
                    break


def _obstacle(graph: Graph, layers: Layers, weight: Constant) -> str:
    """Say what needs a weight in float32, or nothing."""
    if weight in graph.outputs:
        return "an output of the network"
    for node, position in weight.uses:
        if position not in layers.get(node, {}):
            return f'read by {node.op} "{node.name}" in float32'
    return ""


def _note(node: Node, reason: str) -> str:
    return f'{node.op} "{node.name}" keeps its weights in float32: {reason}'

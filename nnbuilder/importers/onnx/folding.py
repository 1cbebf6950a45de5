"""Nodes of constants alone, run while importing."""

from collections.abc import Sequence
from dataclasses import replace
from math import prod

import numpy as np

from nnbuilder.builder import Builder
from nnbuilder.importers.onnx.converters import Call, Converter
from nnbuilder.weights.memory import frozen
from wnnx.errors import WnnxError
from wnnx.graph import Constant, Value
from wnnx.types import Array, TensorType, item_size, numpy_dtype

# A constant that is computed may be this large, or as large as what it is computed from.
MAX_FOLDED_BYTES = 1 << 20


def folded(
    converter: Converter, call: Call, names: Sequence[str]
) -> tuple[Constant | None, ...] | None:
    """Return the outputs of a node whose inputs are all constant, or None where it stays.

    Args:
        converter: What converts the node.
        call: The node.
        names: The names of its outputs.

    Returns:
        A constant per output, None for one that nothing reads; or None altogether if an input
        is not constant, a result would be large, or the conversion fails: it is then tried,
        and its error told, in the network itself.
    """
    if not all(value is None or isinstance(value, Constant) for value in call.inputs):
        return None
    inputs = [_free(value) for value in call.inputs if isinstance(value, Constant)]
    limit = max(MAX_FOLDED_BYTES, sum(constant.array.nbytes for constant in inputs))
    given = iter(inputs)
    alone = tuple(None if value is None else next(given) for value in call.inputs)
    scratch = Builder()
    try:
        found = converter(replace(call, builder=scratch, inputs=alone))
        outputs = [found] if isinstance(found, Value) else list(found)
        read = [value for value, wanted in zip(outputs, call.wanted, strict=False) if wanted]
        if len(read) < sum(call.wanted) or sum(_bytes(v.type) for v in read) > limit:
            return None
        arrays = _run(scratch, [v for v in read if not isinstance(v, Constant)])
    except WnnxError:
        return None
    return tuple(
        None if not wanted else _named(value, arrays, name)
        for value, wanted, name in zip(outputs, call.wanted, names, strict=False)
    )


def known_constant(value: Value, name: str) -> Constant | None:
    """Return a value that shape inference knows to hold numbers as a constant, or None."""
    known, shape = value.type.value, value.type.shape
    if (
        isinstance(value, Constant)
        or known is None
        or not all(isinstance(n, int) for n in (*known, *shape))
    ):
        return None
    array = np.array(known, numpy_dtype(value.dtype))
    return frozen(array.reshape([n for n in shape if isinstance(n, int)]), name)


def _run(scratch: Builder, values: Sequence[Value]) -> dict[str, Array]:
    if not values:
        return {}
    from wnnxruntime import Session  # writing a network by hand does without the engine

    names = list(dict.fromkeys(value.name for value in values))
    scratch.graph.outputs = [scratch.graph.value(name) for name in names]
    return Session(scratch.graph, backend="reference").run({})


def _named(value: Value, arrays: dict[str, Array], name: str) -> Constant:
    if isinstance(value, Constant):
        return Constant(value.name or name, value.array)
    return frozen(arrays[value.name], name)


def _free(constant: Constant) -> Constant:
    """Return a constant that another network may take; the array is shared."""
    return constant if constant.graph is None else Constant(constant.name, constant.array)


def _bytes(type: TensorType) -> int:
    """Return the size of a result; one that only the data decides is no larger than that."""
    return prod(n for n in type.shape if isinstance(n, int)) * item_size(type.dtype)

"""One call of an operator by three witnesses: its shape rule, its kernel and PyTorch."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np

from tests.samples.sample import normal
from wnnx.dim_text import as_dim
from wnnx.dims import DimLike, evaluate
from wnnx.graph import Value
from wnnx.ops.registry import Rule, schema_of
from wnnx.types import Array, Shape, TensorType
from wnnxruntime.compute import compute


def infer(rule: Rule, shapes: Sequence[Sequence[DimLike] | None], **attributes: Any) -> Shape:
    """Return the shape that the rule gives a call with float32 inputs of these shapes."""
    operands = [
        None
        if shape is None
        else Value(f"input{i}", TensorType("float32", tuple(as_dim(dim) for dim in shape)))
        for i, shape in enumerate(shapes)
    ]
    schema = schema_of(rule)
    return schema.infer(operands, schema.normalize(operands, attributes))[0].shape


def run(rule: Rule, *inputs: Array, **attributes: Any) -> Array:
    """Run the reference kernel and return the first output."""
    return run_all(rule, *inputs, **attributes)[0]


def run_all(rule: Rule, *inputs: Array, **attributes: Any) -> list[Array]:
    """Run the reference kernel; `compute` fails where the rule says another type or shape."""
    operands = [
        Value(f"input{i}", TensorType(x.dtype.name, x.shape)) for i, x in enumerate(inputs)
    ]
    schema = schema_of(rule)
    stored = schema.normalize(operands, attributes)
    return compute(schema, inputs, stored, schema.infer(operands, stored))


def pytorch(function: str, *inputs: Array, **attributes: Any) -> Array:
    """Call a function of torch.nn.functional, or of torch."""
    torch: Any = import_module("torch")
    called = getattr(torch.nn.functional, function, None) or getattr(torch, function)
    result: Array = called(*map(torch.from_numpy, inputs), **attributes).numpy()
    return result


def assert_agree(
    rule: Rule, inputs: Sequence[Array], expected: Array, **attributes: Any
) -> None:
    """Check the kernel against `expected`, and the rule with symbols against the kernel."""
    found = run(rule, *inputs, **attributes)
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)
    first, *rest = (x.shape for x in inputs)
    numbers = {f"S{axis}": extent for axis, extent in enumerate(first)}
    named = [extent if axis == 1 else f"S{axis}" for axis, extent in enumerate(first)]
    symbolic = infer(rule, [named, *rest], **attributes)
    assert tuple(evaluate(dim, numbers) for dim in symbolic) == found.shape


def doubles(*shape: int, seed: int = 0) -> Array:
    """Return float64 numbers around 0."""
    return normal(*shape, seed=seed).astype(np.float64)

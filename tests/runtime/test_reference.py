"""Every reference kernel against PyTorch, and against what shape inference says of it."""

from importlib import import_module
from typing import Any

import numpy as np
import pytest

from tests.samples import SAMPLES, Sample
from tests.samples.sample import values
from wnnx.dims import substitute, symbol
from wnnx.errors import WnnxError
from wnnx.graph import Value
from wnnx.ops.registry import schemas
from wnnx.types import Array, TensorType
from wnnxruntime.compute import compute

TOLERANCE = {"float32": 1e-5, "float64": 1e-12}


def run(sample: Sample, inputs: tuple[Any, ...]) -> tuple[list[Array], tuple[TensorType, ...]]:
    """Run the reference kernel as a session would; `compute` checks it against the rule."""
    operands = values(inputs)
    schema = sample.schema
    attributes = schema.normalize(operands, sample.schema.bind(inputs, sample.attributes)[1])
    types = schema.infer(operands, attributes)
    return compute(schema, inputs, attributes, types), types


def as_dtype(inputs: tuple[Any, ...], dtype: str) -> tuple[Any, ...]:
    """Return inputs with every float32 array in `dtype`."""
    return tuple(
        x.astype(dtype) if x is not None and x.dtype == np.float32 else x for x in inputs
    )


@pytest.mark.torch
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: s.id)
def test_kernel_agrees_with_pytorch(sample: Sample, dtype: str) -> None:
    torch: Any = import_module("torch")
    inputs = as_dtype(sample.inputs, dtype)
    found, _ = run(sample, inputs)
    tensors = [None if x is None else torch.from_numpy(np.array(x)) for x in inputs]
    result: Any = sample.oracle(torch, *tensors)
    expected: list[Any] = list(result) if sample.schema.returns_tuple else [result]
    assert len(found) == len(expected)
    for ours, theirs in zip(found, expected, strict=True):
        theirs = theirs.numpy()
        assert ours.shape == theirs.shape
        assert ours.dtype == theirs.dtype
        if theirs.dtype.name in TOLERANCE:
            scale = np.max(np.abs(theirs[np.isfinite(theirs)]), initial=1e-30)
            limit = TOLERANCE[theirs.dtype.name]
            np.testing.assert_allclose(ours, theirs, rtol=limit, atol=limit * scale)
        else:
            np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: s.id)
def test_half_precision_is_the_float32_result_rounded(sample: Sample) -> None:
    halves = as_dtype(sample.inputs, "float16")
    widened = tuple(
        x.astype(np.float32) if x is not None and x.dtype == np.float16 else x for x in halves
    )
    with np.errstate(over="ignore"):
        found, types = run(sample, halves)
        expected, _ = run(sample, widened)
        for ours, exact, type in zip(found, expected, types, strict=True):
            np.testing.assert_array_equal(ours, exact.astype(type.dtype))


@pytest.mark.parametrize("sample", [s for s in SAMPLES if s.inputs], ids=lambda s: s.id)
def test_symbolic_shapes_stand_for_what_the_kernel_returns(sample: Sample) -> None:
    """Make one axis after another symbolic, in every input that shares the extent there."""
    found, _ = run(sample, sample.inputs)
    first = sample.inputs[0]
    assert first is not None
    said = 0
    for axis in range(first.ndim):
        operands = symbolic(sample, axis - first.ndim)
        try:
            attributes = sample.schema.normalize(
                operands, sample.schema.bind(sample.inputs, sample.attributes)[1]
            )
            types = sample.schema.infer(operands, attributes)
        except WnnxError:
            continue  # this axis must be a number for this operator
        said += 1
        for array, type in zip(found, types, strict=True):
            assert len(type.shape) == array.ndim
            for dim, extent in zip(type.shape, array.shape, strict=True):
                size = substitute(dim, {"S": first.shape[axis]})
                fresh = sample.schema.name in FINDING and str(size).startswith(
                    sample.schema.name
                )
                assert size == extent or fresh, f"axis {axis}: {type}"
    assert said or not first.ndim


def symbolic(sample: Sample, axis: int) -> list[Value | None]:
    """Return the inputs with `axis`, counted from the end, called S where it is shared."""
    first = sample.inputs[0]
    assert first is not None
    operands = values(sample.inputs)
    for i, operand in enumerate(operands):
        if operand is None or operand.rank < -axis or operand.shape[axis] != first.shape[axis]:
            continue
        if i and sample.schema.inputs[min(i, len(sample.schema.inputs) - 1)].name in WEIGHTS:
            continue
        shape = list(operand.shape)
        shape[axis] = symbol("S")
        operands[i] = Value(operand.name, TensorType(operand.dtype, tuple(shape)))
    return operands


# Operators with an extent that only the data decides, for which they make up a symbol.
FINDING = {"nonzero", "nms"}
WEIGHTS = {"weight", "bias", "running_mean", "running_var", "index"}


def test_every_operator_has_a_sample() -> None:
    sampled = {sample.schema.name for sample in SAMPLES}
    assert {s.name for s in schemas() if "::" not in s.name} == sampled

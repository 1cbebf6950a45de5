"""One call of a kernel, held to what the operator's shape rule says of it."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from wnnx.dims import Dim
from wnnx.errors import KernelError, WnnxError
from wnnx.graph import Attribute
from wnnx.ops.registry import OpSchema
from wnnx.types import HALVES, Array, TensorType, numpy_dtype, shape_text
from wnnxruntime.registry import Kernel, find_kernel


def compute(
    schema: OpSchema,
    inputs: Sequence[Array | None],
    attributes: Mapping[str, Attribute],
    types: Sequence[TensorType],
    backend: str = "reference",
) -> list[Array]:
    """Run an operator's kernel.

    Args:
        schema: The operator.
        inputs: One array per input, None for one left out.
        attributes: In their stored form, without symbols.
        types: What the shape rule says of the outputs.
        backend: Whose kernel to prefer.

    Returns:
        The outputs, of exactly those types.

    Raises:
        UnknownOpError: if there is no kernel.
        KernelError: if the kernel fails, or returns something else than `types`.
        WnnxError: what the kernel itself says is wrong with its inputs.
        MemoryError: if the kernel finds no memory; nothing is lost but this call.
    """
    kernel = find_kernel(schema.name, backend)
    given = [_widened(x) for x in inputs] if kernel.widens else list(inputs)
    if not any(spec.variadic for spec in schema.inputs):
        given += [None] * (len(schema.inputs) - len(given))
    try:
        # Inf and NaN are results like any other; the caller sees them in the output.
        with np.errstate(all="ignore"):
            results: Any = kernel.run(*given, **attributes)
    except (WnnxError, MemoryError):
        raise
    except Exception as error:
        raise KernelError(f"the kernel failed with {type(error).__name__}: {error}") from error
    outputs: list[Any] = list(results) if schema.returns_tuple else [results]
    if len(outputs) != len(types):
        raise KernelError(f"the kernel returned {len(outputs)} outputs; expected {len(types)}")
    widened = any(x is not None and x.dtype.name in HALVES for x in inputs) and kernel.widens
    return [
        _checked(np.asarray(y), kernel, t, round_to_type=widened)
        for y, t in zip(outputs, types, strict=True)
    ]


def _widened(x: Array | None) -> Array | None:
    return x.astype(np.float32) if x is not None and x.dtype.name in HALVES else x


def _checked(y: Array, kernel: Kernel, type: TensorType, *, round_to_type: bool) -> Array:
    """Round the result of widened inputs; anything else must have its type already."""
    wanted = numpy_dtype(type.dtype)
    if round_to_type and y.dtype.kind == "f":
        with np.errstate(over="ignore"):
            y = y.astype(wanted)
    fits = len(y.shape) == type.rank and all(map(_fits, y.shape, type.shape))
    if y.dtype != wanted or not fits:
        raise KernelError(
            f"the {kernel.backend} kernel returned {y.dtype.name} {shape_text(y.shape)}; its "
            f"shape rule says {type}"
        )
    return y


def _fits(size: int, dim: Dim) -> bool:
    """A symbol that is left stands for an extent only the data decides."""
    return not isinstance(dim, int) or dim == size

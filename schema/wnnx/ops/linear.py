"""Matrix products."""

from typing import Unpack

from wnnx.errors import ShapeError
from wnnx.graph import Value
from wnnx.ops.attributes import NodeOptions
from wnnx.ops.checks import (
    broadcast,
    differ,
    require_bias,
    require_dtype,
    require_same_dtype,
    weighted_dtype,
)
from wnnx.ops.registry import op
from wnnx.types import FLOATS, NUMBERS, TensorType, shape_text


@op(half_weights=("weight",))
def linear(
    x: Value, weight: Value, bias: Value | None = None, **node: Unpack[NodeOptions]
) -> TensorType:
    """Apply `y = x @ weight.T + bias` to the last axis of `x`.

    Semantics: torch.nn.functional.linear. A float16 weight next to a float32 `x` is widened
    as it is read; the sum is accumulated in float32.

    Args:
        x: (..., in).
        weight: (out, in).
        bias: (out,), or none.
        **node: The layer's name and precision.

    Returns:
        (..., out), in float32 where `x` or `weight` is, else in their element type.

    Raises:
        ShapeError: if the extents called `in`, or those called `out`, differ.
        DTypeError: if an element type is not floating point, or they do not go together.
    """
    if weight.rank != 2:
        raise ShapeError(
            f'weight "{weight.name}" {shape_text(weight.shape)} has {weight.rank} axes; '
            "expected 2, (out, in)"
        )
    out, features = weight.shape
    if x.rank == 0 or differ(x.shape[-1], features):
        raise ShapeError(
            f'"{x.name}" {shape_text(x.shape)} has {x.shape[-1] if x.rank else "no"} '
            f'features, but weight "{weight.name}" {shape_text(weight.shape)} takes {features}'
        )
    dtype = weighted_dtype(x, weight)
    require_bias(bias, weight, out, dtype)
    return TensorType(dtype, (*x.shape[:-1], out))


@op(half_weights=("x", "y"))
def matmul(x: Value, y: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Multiply the matrices in the last two axes of `x` and `y`; the other axes broadcast.

    An `x` with one axis is a row, a `y` with one axis a column; the result lacks that axis.

    Semantics: torch.matmul. A float16 matrix next to a float32 one is widened as it is read;
    the sum is accumulated in float32. Integers wrap around.

    Args:
        x: (..., rows, inner) or (inner,), any number type.
        y: (..., inner, columns) or (inner,), of the same element type.
        **node: The layer's name and precision.

    Returns:
        (..., rows, columns), without the axis of an operand that has only one.

    Raises:
        ShapeError: if an operand has no axes, the extents called `inner` differ, or the other
            axes do not broadcast.
        DTypeError: if the element types do not go together, or are bool.
    """
    for value in (x, y):
        if value.rank == 0:
            raise ShapeError(f'"{value.name}" is a scalar; expected a vector or matrices')
    inner = y.shape[max(y.rank - 2, 0)]
    if differ(x.shape[-1], inner):
        raise ShapeError(
            f'"{x.name}" {shape_text(x.shape)} has {x.shape[-1]} columns, but "{y.name}" '
            f"{shape_text(y.shape)} has {inner} rows"
        )
    rows = x.shape[-2:-1]
    columns = y.shape[-1:] if y.rank > 1 else ()
    return TensorType(_product_dtype(x, y), (*broadcast(x, y, without=2), *rows, *columns))


def _product_dtype(x: Value, y: Value) -> str:
    if x.dtype in FLOATS:
        return weighted_dtype(x, y)
    require_dtype(x, NUMBERS)
    require_same_dtype(x, y)
    return x.dtype

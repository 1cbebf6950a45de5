"""Matrix products."""

from typing import Unpack

from wnnx.errors import ArgumentError, DTypeError, ShapeError
from wnnx.graph import Value
from wnnx.ops.attributes import NodeOptions
from wnnx.ops.checks import (
    broadcast,
    differ,
    holds,
    require_bias,
    require_dtype,
    require_same_dtype,
    weighted_dtype,
)
from wnnx.ops.registry import op
from wnnx.types import FLOATS, HALVES, NUMBERS, Shape, TensorType, shape_text


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


@op(half_weights=("b",))
def gemm(
    a: Value,
    b: Value,
    c: Value | None = None,
    *,
    alpha: float = 1.0,
    beta: float = 1.0,
    transpose_a: bool = False,
    transpose_b: bool = False,
    **node: Unpack[NodeOptions],
) -> TensorType:
    """Return `alpha * a @ b + beta * c`, with either matrix transposed first.

    Semantics: ONNX Gemm, torch.addmm: where `beta` is 0, what `c` holds does not matter. A
    float16 `b` next to a float32 `a` is widened as it is read; the sum is accumulated in
    float32. Integers wrap around.

    Args:
        a: (rows, inner), or (inner, rows) to be transposed; any number type.
        b: (inner, columns), or (columns, inner) to be transposed; of the same element type.
        c: What broadcasts to (rows, columns), of the result's element type or half precision
            next to float32; or none for 0.
        alpha: What the product is multiplied with.
        beta: What `c` is multiplied with.
        transpose_a: Whether `a` is transposed.
        transpose_b: Whether `b` is transposed.
        **node: The layer's name and precision.

    Returns:
        (rows, columns), of the element type that `matmul` gives.

    Raises:
        ShapeError: if `a` or `b` is no matrix, the extents called `inner` differ, or `c` does
            not broadcast to the result.
        DTypeError: if the element types do not go together, or are bool.
        ArgumentError: if the matrices are integers and `alpha` or `beta` is none.
    """
    for matrix in (a, b):
        if matrix.rank != 2:
            raise ShapeError(
                f'"{matrix.name}" {shape_text(matrix.shape)} has {matrix.rank} axes; '
                "expected a matrix"
            )
    rows, inner = a.shape[::-1] if transpose_a else a.shape
    other, columns = b.shape[::-1] if transpose_b else b.shape
    if differ(inner, other):
        raise ShapeError(
            f'"{a.name}" {shape_text(a.shape)} has {inner} columns, but "{b.name}" '
            f"{shape_text(b.shape)} has {other} rows (transpose_a={transpose_a}, "
            f"transpose_b={transpose_b})"
        )
    dtype = _product_dtype(a, b)
    for label, factor in (("alpha", alpha), ("beta", beta)):
        if dtype not in FLOATS and not (factor.is_integer() and holds(dtype, int(factor))):
            raise ArgumentError(f"{label}={factor} is no number of the type {dtype}")
    if c is not None:
        _require_addend(c, (rows, columns), dtype)
    return TensorType(dtype, (rows, columns))


def _require_addend(c: Value, shape: Shape, dtype: str) -> None:
    """Check that `c` broadcasts to a result of `shape`, and goes with its element type.

    Raises:
        ShapeError: if it does not broadcast.
        DTypeError: if its element type is neither `dtype` nor half precision next to float32.
    """
    matched = shape[len(shape) - c.rank :] if c.rank <= len(shape) else ()
    if len(matched) != c.rank or any(
        dim != 1 and differ(dim, wanted) for dim, wanted in zip(c.shape, matched, strict=True)
    ):
        raise ShapeError(
            f'"{c.name}" {shape_text(c.shape)} does not broadcast to the product '
            f"{shape_text(shape)}"
        )
    if c.dtype != dtype and not (dtype == "float32" and c.dtype in HALVES):
        raise DTypeError(f'"{c.name}" is {c.dtype}, but the product is {dtype}; cast it')


def _product_dtype(x: Value, y: Value) -> str:
    if x.dtype in FLOATS:
        return weighted_dtype(x, y)
    require_dtype(x, NUMBERS)
    require_same_dtype(x, y)
    return x.dtype

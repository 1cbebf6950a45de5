"""Matrix products."""

from typing import Unpack

from wnnx.errors import ShapeError
from wnnx.graph import Value
from wnnx.ops.attributes import NodeOptions
from wnnx.ops.checks import differ, weighted_dtype
from wnnx.ops.registry import op
from wnnx.types import TensorType, shape_text


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
        (..., out), of the element type of `x`.

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
            f'"{x.name}" {shape_text(x.shape)} has {x.shape[-1] if x.rank else "no"} features, but '
            f'weight "{weight.name}" {shape_text(weight.shape)} takes {features}'
        )
    if bias is not None and (bias.rank != 1 or differ(bias.shape[0], out)):
        raise ShapeError(
            f'bias "{bias.name}" {shape_text(bias.shape)} does not fit weight "{weight.name}" '
            f"{shape_text(weight.shape)}; expected ({out},)"
        )
    return TensorType(weighted_dtype(x, weight), (*x.shape[:-1], out))

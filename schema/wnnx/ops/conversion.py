"""The same numbers as another type, and what a tensor says of itself."""

from typing import Unpack

import numpy as np

from wnnx.graph import Value
from wnnx.ops.attributes import NodeOptions
from wnnx.ops.checks import known
from wnnx.ops.registry import op
from wnnx.types import TensorType, item_size


@op
def cast(x: Value, *, dtype: str, **node: Unpack[NodeOptions]) -> TensorType:
    """Convert every element to another type.

    Semantics: torch.Tensor.to(dtype). Floating point to integer drops the fraction, integers
    wrap around, and to bool everything but 0 is true. What becomes of a floating point number
    that the integer type does not hold is not defined.

    Args:
        x: Any shape, any element type.
        dtype: The new element type, by numpy's name.
        **node: The layer's name and precision.

    Returns:
        The shape of `x`, of type `dtype`.

    Raises:
        DTypeError: if there is no such dtype.
    """
    item_size(dtype)
    return known(dtype, x.shape, np.asarray, x)


@op
def identity(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return `x` itself.

    Args:
        x: Any shape, any element type.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.
    """
    return x.type


@op
def shape(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return the extents of `x`, as ONNX Shape does.

    What the result holds is known before the run, symbols included.

    Args:
        x: Any shape, any element type.
        **node: The layer's name and precision.

    Returns:
        int64 (rank of x,).
    """
    return TensorType("int64", (x.rank,), x.shape)

"""Activations: one input, same shape out."""

from typing import Unpack

from wnnx.graph import Value
from wnnx.ops.attributes import NodeOptions
from wnnx.ops.checks import same
from wnnx.ops.registry import op
from wnnx.types import TensorType


@op
def relu(x: Value, **node: Unpack[NodeOptions]) -> TensorType:
    """Return `max(x, 0)`, element by element.

    Semantics: torch.nn.functional.relu.

    Args:
        x: Any shape, any number type.
        **node: The layer's name and precision.

    Returns:
        The type of `x`.
    """
    return same(x)

"""Elements taken from the places that an index names, and put there."""

from typing import cast

from nnbuilder.importers.onnx.converters import Call, CannotConvertError, converts
from wnnx.graph import Value
from wnnx.ops.scatter import Reduction


@converts("GatherElements")
def gather_elements(call: Call) -> Value:
    """Convert GatherElements."""
    return call.builder.gather_elements(
        call.input(0), call.input(1), dim=call.integer("axis", 0), name=call.name
    )


@converts("GatherND")
def gather_nd(call: Call) -> Value:
    """Convert GatherND."""
    return call.builder.gather_nd(
        call.input(0), call.input(1), batch_dims=call.integer("batch_dims", 0), name=call.name
    )


@converts("Scatter", "ScatterElements")
def scatter_elements(call: Call) -> Value:
    """Convert ScatterElements, and Scatter, as it was called before."""
    return call.builder.scatter_elements(
        call.input(0),
        call.input(1),
        call.input(2),
        dim=call.integer("axis", 0),
        reduction=_reduction(call),
        name=call.name,
    )


@converts("ScatterND")
def scatter_nd(call: Call) -> Value:
    """Convert ScatterND."""
    return call.builder.scatter_nd(
        call.input(0),
        call.input(1),
        call.input(2),
        reduction=_reduction(call),
        name=call.name,
    )


def _reduction(call: Call) -> Reduction:
    found = call.text("reduction", "none")
    if found not in {"none", "add", "mul", "max", "min"}:
        raise CannotConvertError(f"reduction={found!r} has no counterpart here")
    return cast("Reduction", found)

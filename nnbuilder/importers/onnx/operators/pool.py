"""Pools: over windows, and over everything."""

from typing import Any

from nnbuilder.importers.onnx.converters import Call, converts
from nnbuilder.importers.onnx.operators.window_attributes import kernel_of, window_attributes
from wnnx.graph import Value


@converts("MaxPool")
def max_pool(call: Call) -> Value | tuple[Value, ...]:
    """MaxPool; with indices where something reads them."""
    x, given = call.input(0), _attributes(call)
    if not any(call.wanted[1:]):
        return call.builder.max_pool(x, **given, name=call.name)
    return call.builder.max_pool_with_indices(
        x,
        **given,
        indices="column_major" if call.integer("storage_order", 0) else "row_major",
        name=call.name,
    )


@converts("AveragePool")
def avg_pool(call: Call) -> Value:
    """AveragePool; unlike PyTorch's, it leaves the padding out of the mean by default."""
    return call.builder.avg_pool(
        call.input(0),
        **_attributes(call),
        count_include_pad=bool(call.integer("count_include_pad", 0)),
        name=call.name,
    )


@converts("LpPool")
def lp_pool(call: Call) -> Value:
    """LpPool."""
    order = call.number("p", 2)
    return call.builder.lp_pool(
        call.input(0), **_attributes(call), norm_type=order, name=call.name
    )


@converts("GlobalAveragePool")
def global_avg_pool(call: Call) -> Value:
    """GlobalAveragePool: one window, or a mean where there are too many axes for that."""
    x = call.input(0)
    if _is_pooled(x):
        return call.builder.adaptive_avg_pool(x, output_size=1, name=call.name)
    return call.builder.mean(x, dim=_spatial(x), keepdim=True, name=call.name)


@converts("GlobalMaxPool")
def global_max_pool(call: Call) -> Value:
    """GlobalMaxPool: one window, or the greatest where there are too many axes for that."""
    x = call.input(0)
    if _is_pooled(x):
        return call.builder.adaptive_max_pool(x, output_size=1, name=call.name)
    return call.builder.amax(x, dim=_spatial(x), keepdim=True, name=call.name)


@converts("GlobalLpPool")
def global_lp_pool(call: Call) -> Value:
    """GlobalLpPool: the norm of each channel."""
    x, order = call.input(0), call.number("p", 2)
    return call.builder.norm(x, ord=order, dim=_spatial(x), keepdim=True, name=call.name)


def _attributes(call: Call) -> dict[str, Any]:
    moved = window_attributes(call, kernel_of(call))
    return {
        "kernel_size": moved.kernel_size,
        "stride": moved.stride,
        "padding": moved.padding,
        "dilation": moved.dilation,
        "ceil_mode": bool(call.integer("ceil_mode", 0)),
    }


def _is_pooled(x: Value) -> bool:
    """Tell whether a pool may have that many axes."""
    return 3 <= x.rank <= 5


def _spatial(x: Value) -> tuple[int, ...]:
    return tuple(range(2, x.rank))

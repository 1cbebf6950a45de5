"""Normalisation over the last axes: LayerNormalization and RMSNormalization."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

import numpy as np

from nnbuilder.importers.onnx.converters import Call
from nnbuilder.importers.onnx.operators.element_types import converted
from nnbuilder.weights import constant
from wnnx.dims import Dim
from wnnx.graph import Constant, Value
from wnnx.types import HALVES


def normalized(call: Call, *, centered: bool) -> Value | tuple[Value, ...]:
    """Add layer_norm, or rms_norm where it is not `centered`.

    A scale or bias that does not fit into the layer is multiplied and added on its own.

    Returns:
        The result; the mean and 1 / deviation behind it where something reads them.
    """
    norm = _Norm(call, centered)
    parameters = [call.input(1)]
    bias = call.optional(2)
    if bias is not None:
        parameters.append(bias)
    fitted = [norm.fitted(parameter) for parameter in parameters]
    inside = [parameter for parameter in fitted if parameter is not None]
    alone = _is_known(norm.shape) and len(inside) == len(parameters)
    if alone and not any(call.wanted[1:]):
        return norm.layer(inside, name=call.name)
    with call.builder.scope(call.name):
        y = norm.layer(inside) if alone else norm.outside(parameters)
        return (y, *norm.statistics()) if any(call.wanted[1:]) else y


def _is_known(shape: Sequence[Dim]) -> TypeGuard[Sequence[int]]:
    """Tell whether all extents are numbers."""
    return all(isinstance(extent, int) for extent in shape)


@dataclass(frozen=True)
class _Norm:
    """One normalisation: of the input 0 of `call`, over the axes from `start` on."""

    call: Call
    centered: bool

    @property
    def start(self) -> int:
        axis = self.call.integer("axis", -1)
        return axis + self.call.input(0).rank if axis < 0 else axis

    @property
    def shape(self) -> tuple[Dim, ...]:
        return self.call.input(0).shape[self.start :]

    @property
    def eps(self) -> float:
        return self.call.number("epsilon", 1e-5)

    def fitted(self, parameter: Value) -> Value | None:
        """Return a parameter as the layer takes it, a constant broadcast; else None."""
        if parameter.dtype != self.call.input(0).dtype:
            return None
        if parameter.shape == self.shape:
            return parameter
        if not isinstance(parameter, Constant) or not _is_known(self.shape):
            return None
        try:
            return constant(np.broadcast_to(parameter.array, tuple(self.shape)))
        except ValueError:  # it varies along an axis in front of these
            return None

    def layer(self, parameters: Sequence[Value], **options: Any) -> Value:
        """Add the layer; the extents are known."""
        op = "layer_norm" if self.centered else "rms_norm"
        x, given = self.call.input(0), {"normalized_shape": self.shape, "eps": self.eps}
        return self.call.builder.call_named(op, x, *parameters, **given, **options)

    def outside(self, parameters: Sequence[Value]) -> Value:
        """Add what normalises, then multiply with the scale and add the bias."""
        y = self.layer(()) if _is_known(self.shape) else self._by_hand()
        scale, *bias = parameters
        y = self.call.builder.mul(converted(self.call, y, scale.dtype), scale)
        return self.call.builder.add(y, bias[0]) if bias else y

    def statistics(self) -> tuple[Value, Value]:
        """Add the mean and 1 / deviation, in float32."""
        mean, _, scale = self._moments()
        return converted(self.call, mean, "float32"), converted(self.call, scale, "float32")

    def _by_hand(self) -> Value:
        _, moved, scale = self._moments()
        y = self.call.builder.mul(moved, scale)
        return converted(self.call, y, self.call.input(0).dtype)

    def _moments(self) -> tuple[Value, Value, Value]:
        """Add the mean, what `x` is without it, and 1 / deviation; not in half precision."""
        builder, x = self.call.builder, self.call.input(0)
        if x.dtype in HALVES:
            x = builder.cast(x, dtype="float32")
        over = tuple(range(self.start, x.rank))
        mean = builder.mean(x, dim=over, keepdim=True) if self.centered else x
        moved = builder.sub(x, mean) if self.centered else x
        square = builder.mean(builder.mul(moved, moved), dim=over, keepdim=True)
        return mean, moved, builder.rsqrt(builder.add(square, self.eps))

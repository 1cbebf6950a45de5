"""Parts of a tensor, and a margin around it."""

from collections.abc import Sequence

import numpy as np

from nnbuilder.importers.onnx.converters import Call, CannotConvertError, converts
from nnbuilder.importers.onnx.operators.arguments import ints_of, required_dims, single
from wnnx.dims import Dim
from wnnx.graph import Constant, Value
from wnnx.ops.checks import axes_of
from wnnx.ops.joining import PadMode
from wnnx.ops.selection import END

PAD_MODES: dict[str, PadMode] = {
    "constant": "constant",
    "reflect": "reflect",
    "edge": "replicate",
    "wrap": "circular",
}
# Exporters write the end of an axis as the greatest number of 32 or of 64 bits.
FAR = 2**31 - 1


@converts("Slice")
def slice_before_10(call: Call) -> Value:
    """Convert Slice of opsets before 10, where everything is an attribute."""
    starts, stops = call.ints("starts") or (), call.ints("ends") or ()
    return _sliced(call, starts, stops, call.ints("axes"), None)


@converts("Slice", since=10)
def slice_since_10(call: Call) -> Value:
    """Convert Slice."""
    starts = required_dims(call, 1, "the start of the slice")
    stops = required_dims(call, 2, "the end of the slice")
    axes = ints_of(call, 3, "the axes of the slice")
    return _sliced(call, starts, stops, axes, ints_of(call, 4, "the step of the slice"))


@converts("Pad")
def pad_before_11(call: Call) -> Value:
    """Convert Pad of opsets before 11, where everything is an attribute."""
    return _padded(call, call.ints("pads") or (), None, call.number("value", 0.0))


@converts("Pad", since=11)
def pad_since_11(call: Call) -> Value:
    """Convert Pad."""
    pads = ints_of(call, 1, "the number of elements to add")
    value = single(call.array(2, "the value to fill in"), "the value to fill in")
    return _padded(call, pads or (), ints_of(call, 3, "the axes to pad"), value or 0)


@converts("Gather")
def gather(call: Call) -> Value:
    """Convert Gather."""
    axis = call.integer("axis", 0)
    return call.builder.gather(call.input(0), call.input(1), dim=axis, name=call.name)


@converts("Trilu")
def trilu(call: Call) -> Value:
    """Convert Trilu; a diagonal that only the run knows stays an input."""
    upper = call.integer("upper", 1)
    triangle = call.builder.triu if upper else call.builder.tril
    x, k = call.input(0), call.optional(1)
    if k is None or isinstance(k, Constant):
        diagonal = int(single(call.array(1, "the diagonal"), "the diagonal") or 0)
        return triangle(x, diagonal=diagonal, name=call.name)
    return triangle(x, k, name=call.name)


def _sliced(
    call: Call,
    starts: Sequence[Dim],
    stops: Sequence[Dim],
    axes: Sequence[int] | None,
    steps: Sequence[int] | None,
) -> Value:
    return call.builder.slice(
        call.input(0),
        starts=[_near(start) for start in starts],
        stops=[_near(stop) for stop in stops],
        dims=axes if axes is not None else range(len(starts)),
        steps=steps if steps is not None else 1,
        name=call.name,
    )


def _near(bound: Dim) -> Dim:
    """Return a start or stop, with our end of an axis for any number far outside of it."""
    if isinstance(bound, int) and abs(bound) >= FAR:
        return END if bound > 0 else -END
    return bound


def _padded(
    call: Call, pads: Sequence[int], axes: Sequence[int] | None, value: float
) -> Value:
    """Add `pad`, whose pairs begin at the last axis; ONNX has all begins, then all ends."""
    x = call.input(0)
    mode = call.text("mode", "constant")
    if mode not in PAD_MODES:
        raise CannotConvertError(f"mode={mode!r} is none of {', '.join(PAD_MODES)}")
    padded = axes_of(x, axes)
    if len(pads) != 2 * len(padded):
        raise CannotConvertError(f"{len(pads)} pads for {len(padded)} axes")
    sides = np.zeros((x.rank, 2), int)
    sides[list(padded)] = np.reshape(pads, (2, -1)).T
    margin = [int(n) for n in sides[::-1].ravel()]
    fill = float(value) if mode == "constant" else 0.0
    return call.builder.pad(x, pad=margin, mode=PAD_MODES[mode], value=fill, name=call.name)

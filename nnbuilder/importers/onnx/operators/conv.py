"""Convolutions."""

from typing import NamedTuple

from nnbuilder.importers.onnx.converters import Call, CannotConvertError, converts
from nnbuilder.importers.onnx.operators.window_attributes import (
    WindowAttributes,
    kernel_of,
    split_padding,
    window_attributes,
)
from wnnx.graph import Value


class _Sides(NamedTuple):
    """Paddings of a transposed convolution, and what is added behind each axis."""

    padding: tuple[int, ...]
    output_padding: tuple[int, ...]


@converts("Conv")
def conv(call: Call) -> Value:
    """Conv over one to three spatial axes."""
    weight = call.input(1)
    moved = window_attributes(call, kernel_of(call, weight.shape[2:]))
    return call.builder.conv(
        call.input(0),
        weight,
        call.optional(2),
        stride=moved.stride,
        padding=moved.padding,
        dilation=moved.dilation,
        groups=call.integer("group", 1),
        name=call.name,
    )


@converts("ConvTranspose")
def conv_transpose(call: Call) -> Value:
    """ConvTranspose; what it says by `output_shape` or `auto_pad` becomes paddings."""
    weight = call.input(1)
    kernel = kernel_of(call, weight.shape[2:])
    ones = (1,) * len(kernel)
    stride, dilation = call.ints("strides") or ones, call.ints("dilations") or ones
    sides = _sides(call, WindowAttributes(kernel, stride, dilation, ()))
    return call.builder.conv_transpose(
        call.input(0),
        weight,
        call.optional(2),
        stride=stride,
        padding=sides.padding,
        output_padding=sides.output_padding,
        groups=call.integer("group", 1),
        dilation=dilation,
        name=call.name,
    )


def _sides(call: Call, moved: WindowAttributes) -> _Sides:
    axes = len(moved.kernel_size)
    zeros = (0,) * axes
    added = call.ints("output_padding") or zeros
    rule, wanted = call.text("auto_pad", "NOTSET"), call.ints("output_shape")
    if wanted:
        full = _full_extents(call, moved, added)
        totals = [extent - size for extent, size in zip(full, wanted[-axes:], strict=True)]
    elif rule in {"SAME_UPPER", "SAME_LOWER"}:  # the result is to have extent * stride
        spans = _spans(moved)
        totals = [
            extra + span - step
            for extra, span, step in zip(added, spans, moved.stride, strict=True)
        ]
    else:
        given = call.ints("pads") if rule == "NOTSET" else None
        return _Sides(given or zeros * 2, added)
    # What is missing where nothing is to be cut off is added at the end.
    missing = [max(-total, 0) for total in totals]
    padding = split_padding(
        [max(total, 0) for total in totals], more_at_end=rule == "SAME_UPPER"
    )
    return _Sides(padding, tuple(map(sum, zip(added, missing, strict=True))))


def _spans(moved: WindowAttributes) -> list[int]:
    pairs = zip(moved.kernel_size, moved.dilation, strict=True)
    return [(size - 1) * dilation + 1 for size, dilation in pairs]


def _full_extents(call: Call, moved: WindowAttributes, added: tuple[int, ...]) -> list[int]:
    """Return the extents that the result has without padding.

    Raises:
        CannotConvertError: if one is not known.
    """
    extents = call.input(0).shape[2:]
    full: list[int] = []
    for extent, span, step, extra in zip(
        extents, _spans(moved), moved.stride, added, strict=True
    ):
        if not isinstance(extent, int):
            raise CannotConvertError(
                f"output_shape depends on the extent {extent}, which is not known before the "
                "network runs; give that axis a fixed extent"
            )
        full.append((extent - 1) * step + span + extra)
    return full

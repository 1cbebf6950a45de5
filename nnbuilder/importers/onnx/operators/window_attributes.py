"""Strides, pads, dilations and `auto_pad`: what convolutions and pools share."""

from collections.abc import Sequence
from dataclasses import dataclass

from nnbuilder.importers.onnx.converters import Call, CannotConvertError
from wnnx.dims import Dim


@dataclass(frozen=True)
class WindowAttributes:
    """How windows move over the spatial axes; `padding` is every begin, then every end."""

    kernel_size: tuple[int, ...]
    stride: tuple[int, ...]
    dilation: tuple[int, ...]
    padding: tuple[int, ...]


def kernel_of(call: Call, default: Sequence[Dim] | None = None) -> tuple[int, ...]:
    """Return `kernel_shape`, or the kernel's extents that a weight has.

    Raises:
        CannotConvertError: if there is none, or its extents are not known.
    """
    given = call.attributes.get("kernel_shape", default)
    if given is None:
        raise CannotConvertError("the attribute kernel_shape is missing")
    if not all(isinstance(size, int) for size in given):
        raise CannotConvertError("the kernel's extents are not known before the network runs")
    return tuple(int(size) for size in given)


def window_attributes(call: Call, kernel: tuple[int, ...]) -> WindowAttributes:
    """Return how a kernel moves over the spatial axes of input 0.

    Raises:
        CannotConvertError: if `auto_pad` asks for what depends on an extent that is not known.
    """
    ones = (1,) * len(kernel)
    stride = call.ints("strides") or ones
    dilation = call.ints("dilations") or ones
    sides = _padding(call, kernel, stride, dilation)
    return WindowAttributes(kernel, stride, dilation, sides)


def split_padding(totals: Sequence[int], *, more_at_end: bool) -> tuple[int, ...]:
    """Return every begin, then every end, of paddings that are given as their sums."""
    small = [total // 2 for total in totals]
    large = [total - total // 2 for total in totals]
    return (*small, *large) if more_at_end else (*large, *small)


def _padding(
    call: Call, kernel: tuple[int, ...], stride: tuple[int, ...], dilation: tuple[int, ...]
) -> tuple[int, ...]:
    match call.text("auto_pad", "NOTSET"):
        case "VALID":
            return (0,) * (2 * len(kernel))
        case "SAME_UPPER" | "SAME_LOWER" as rule:
            spans = [(k - 1) * d + 1 for k, d in zip(kernel, dilation, strict=True)]
            extents = call.input(0).shape[2:]
            totals = list(map(_same_total, extents, spans, stride))
            return split_padding(totals, more_at_end=rule == "SAME_UPPER")
        case _:
            return call.ints("pads") or (0,) * (2 * len(kernel))


def _same_total(extent: Dim, span: int, stride: int) -> int:
    """Return the padding with which an axis has one window for each stride begun."""
    if stride == 1 or span == 1:
        return span - 1 if stride == 1 else 0
    if not isinstance(extent, int):
        raise CannotConvertError(
            f"auto_pad with stride {stride} depends on the extent {extent}, which is not "
            "known before the network runs; give that axis a fixed extent"
        )
    return max((-(-extent // stride) - 1) * stride + span - extent, 0)

"""How a kernel moves over the spatial axes: what convolutions and pools share."""

from collections.abc import Sequence
from typing import NamedTuple

from wnnx.dims import Dim, bounds, minimum
from wnnx.errors import ArgumentError, ShapeError
from wnnx.graph import Value
from wnnx.ops.attributes import paddings, per_axis
from wnnx.ops.checks import require_rank
from wnnx.types import shape_text

# In elements. Nothing real comes near it, and a file that asks for more is refused before
# anything of that size is allocated.
MAX_WINDOW = 2**20


class Window(NamedTuple):
    """How a kernel moves along one spatial axis; all in elements.

    `begin` and `end` are the padding in front of the axis and behind it.
    """

    kernel: Dim
    stride: int
    begin: int
    end: int
    dilation: int

    @property
    def span(self) -> Dim:
        """From the first element under the kernel to the last, both included."""
        return (self.kernel - 1) * self.dilation + 1

    def places(self, extent: Dim, *, ceil_mode: bool = False) -> Dim:
        """Return how many places the kernel has on an axis of `extent` elements.

        With `ceil_mode` the last window may reach beyond the padding, but every window begins
        inside the input or the padding in front of it.
        """
        room = extent + self.begin + self.end - self.span
        if ceil_mode:
            room = minimum(room + self.stride - 1, extent + self.begin - 1)
        return room // self.stride + 1

    def covered(self, extent: Dim) -> Dim:
        """Return how many elements `extent` windows cover, without the padding."""
        return (extent - 1) * self.stride + self.span - self.begin - self.end


def windows(
    kernel: Sequence[Dim],
    *,
    stride: int | Sequence[int],
    padding: int | Sequence[int],
    dilation: int | Sequence[int],
) -> tuple[Window, ...]:
    """Return the windows of a kernel, one per spatial axis.

    Args:
        kernel: Its extents, one per spatial axis.
        stride: The step between windows; one number, or one per axis.
        padding: One number, one per axis, or every begin, then every end.
        dilation: The step between the kernel's elements; one number, or one per axis.

    Raises:
        ArgumentError: if there is the wrong number of numbers, or one is out of range.
    """
    axes = len(kernel)
    strides = in_range("stride", per_axis("stride", stride, axes))
    sides = in_range("padding", paddings("padding", padding, axes), least=0)
    dilations = in_range("dilation", per_axis("dilation", dilation, axes))
    return tuple(map(Window, kernel, strides, sides[:axes], sides[axes:], dilations))


def in_range(name: str, values: tuple[int, ...], *, least: int = 1) -> tuple[int, ...]:
    """Return the numbers of an attribute.

    Raises:
        ArgumentError: if one is less than `least` or more than `MAX_WINDOW`.
    """
    if any(not least <= value <= MAX_WINDOW for value in values):
        raise ArgumentError(
            f"{name}={values} is out of range; every number must be from {least} to "
            f"{MAX_WINDOW}"
        )
    return values


def require_spatial(x: Value) -> None:
    """Check that `x` is a batch of channels over one to three spatial axes.

    Raises:
        ShapeError: if it has another number of axes, or a spatial one without elements.
    """
    require_rank(x, 3, 4, 5, layout="(batch, channels, and 1 to 3 spatial axes)")
    if 0 in x.shape[2:]:
        axis = x.shape.index(0, 2)
        raise ShapeError(f'"{x.name}" {shape_text(x.shape)} has no elements along axis {axis}')


def require_extents(x: Value, extents: Sequence[Dim], moved: Sequence[Window]) -> None:
    """Check that the result has an element along every spatial axis.

    Raises:
        ShapeError: if it is known to have none.
    """
    for axis, (extent, window) in enumerate(zip(extents, moved, strict=True), start=2):
        most = bounds(extent)[1]
        if most is not None and most < 1:
            raise ShapeError(
                f'"{x.name}" {shape_text(x.shape)} has {x.shape[axis]} elements along axis '
                f"{axis}; with padding {window.begin} and {window.end} and a kernel that "
                f"spans {window.span} the result would have none"
            )

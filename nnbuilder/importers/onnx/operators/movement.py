"""The same elements under another shape, in another order, joined or cut."""

from collections.abc import Sequence

from nnbuilder.importers.onnx.converters import Call, CannotConvertError, converts
from nnbuilder.importers.onnx.operators.arguments import as_ints, ints_of, required_dims
from wnnx.dims import Dim, maximum, minimum, product
from wnnx.graph import Value
from wnnx.ops.checks import axis_of


@converts("Reshape")
def reshape(call: Call) -> Value:
    """Convert Reshape: 0 copies the extent at its place, unless allowzero."""
    x, shape = call.input(0), required_dims(call, 1, "the shape")
    if not call.integer("allowzero", 0):
        if 0 in shape[x.rank :]:
            raise CannotConvertError(
                f"a 0 in the shape copies an extent that its input, of {x.rank} axes, lacks"
            )
        shape = tuple(x.shape[i] if dim == 0 else dim for i, dim in enumerate(shape))
    return call.builder.reshape(x, shape=shape, name=call.name)


@converts("Flatten")
def flatten(call: Call) -> Value:
    """Convert Flatten, whose result always has two axes."""
    x = call.input(0)
    axis = call.integer("axis", 1)
    axis = axis + x.rank if axis < 0 else axis
    if axis == 1 and x.rank > 1:
        return call.builder.flatten(x, start_dim=1, name=call.name)
    shape = (product(x.shape[:axis]), product(x.shape[axis:]))
    return call.builder.reshape(x, shape=shape, name=call.name)


@converts("Transpose")
def transpose(call: Call) -> Value:
    """Convert Transpose, which reverses the axes by default."""
    x = call.input(0)
    order = call.ints("perm", range(x.rank)[::-1]) or ()
    return call.builder.permute(x, dims=order, name=call.name)


@converts("Squeeze")
def squeeze(call: Call) -> Value:
    """Convert Squeeze; its axes are an attribute before opset 13."""
    axes = ints_of(call, 1, "the axes", attribute="axes")
    return call.builder.squeeze(call.input(0), dim=axes, name=call.name)


@converts("Unsqueeze")
def unsqueeze(call: Call) -> Value:
    """Convert Unsqueeze; its axes are an attribute before opset 13."""
    axes = ints_of(call, 1, "the axes", attribute="axes")
    if axes is None:
        raise CannotConvertError("the axes are missing")
    return call.builder.unsqueeze(call.input(0), dim=axes, name=call.name)


@converts("Expand")
def expand(call: Call) -> Value:
    """Convert Expand, which broadcasts both ways: a 1 in the shape keeps an extent."""
    x, shape = call.input(0), required_dims(call, 1, "the shape")
    rank = max(x.rank, len(shape))
    wanted = (1,) * (rank - len(shape)) + shape
    found = (1,) * (rank - x.rank) + x.shape
    new = [_broadcast(old, to) for old, to in zip(found, wanted, strict=True)]
    return call.builder.expand(x, shape=new, name=call.name)


@converts("Tile")
def tile(call: Call) -> Value:
    """Convert Tile."""
    repeats = required_dims(call, 1, "the number of copies")
    return call.builder.tile(call.input(0), repeats=repeats, name=call.name)


@converts("Concat")
def concat(call: Call) -> Value:
    """Convert Concat."""
    values = [call.input(i) for i in range(len(call.inputs))]
    return call.builder.cat(*values, dim=call.integer("axis", 1), name=call.name)


@converts("Split")
def split(call: Call) -> Sequence[Value]:
    """Convert Split; pieces whose extents are symbols become slices."""
    x = call.input(0)
    axis = axis_of(x, call.integer("axis", 0))
    given = call.ints("split") or call.dims(1, "the extents of the pieces")
    sizes = given or _equal_pieces(x.shape[axis], len(call.wanted))
    if all(isinstance(size, int) for size in sizes):
        numbers = as_ints(sizes, "the extents of the pieces")
        return call.builder.split(x, sizes=numbers, dim=axis, name=call.name)
    pieces: list[Value] = []
    start: Dim = 0
    with call.builder.scope(call.name):
        for size in sizes:
            stop = start + size
            piece = call.builder.slice(x, starts=(start,), stops=(stop,), dims=axis)
            pieces.append(piece)
            start = stop
    return pieces


@converts("DepthToSpace")
def depth_to_space(call: Call) -> Value:
    """Convert DepthToSpace."""
    return call.builder.pixel_shuffle(
        call.input(0),
        upscale_factor=call.integer("blocksize", 1),
        mode="CRD" if call.text("mode", "DCR") == "CRD" else "DCR",
        name=call.name,
    )


@converts("SpaceToDepth")
def space_to_depth(call: Call) -> Value:
    """Convert SpaceToDepth."""
    side = call.integer("blocksize", 1)
    return call.builder.pixel_unshuffle(
        call.input(0), downscale_factor=side, mode="DCR", name=call.name
    )


@converts("ReverseSequence")
def reverse_sequence(call: Call) -> Value:
    """Convert ReverseSequence."""
    return call.builder.reverse_sequence(
        call.input(0),
        call.input(1),
        batch_dim=call.integer("batch_axis", 1),
        time_dim=call.integer("time_axis", 0),
        name=call.name,
    )


def _broadcast(old: Dim, wanted: Dim) -> Dim:
    """Return the extent that an extent and a wanted one broadcast to."""
    if wanted == 1 or (isinstance(old, int) and old != 1 and not isinstance(wanted, int)):
        return old
    return wanted


def _equal_pieces(extent: Dim, count: int) -> tuple[Dim, ...]:
    """Return the extents of equal pieces, of which only the last ones may be smaller."""
    size = (extent + count - 1) // count
    return tuple(maximum(minimum(size, extent - i * size), 0) for i in range(count))

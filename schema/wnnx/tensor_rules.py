"""What the dtypes, shapes and bytes of tensors obey."""

from collections.abc import Sequence
from math import prod

from wnnx.errors import FormatError, GraphError, LimitError
from wnnx.header import aligned
from wnnx.records import DTYPES, TensorRecord
from wnnx.types import MAX_RANK, item_size

# numpy strides over every axis in signed 64-bit steps, even where an extent is 0.
MAX_ADDRESS = 2**63 - 1


def check_tensor(tensor: TensorRecord) -> None:
    """Check a tensor's dtype, its shape, and that its bytes are as many as they say.

    Raises:
        FormatError: if the dtype is unknown or the size is wrong.
        GraphError: if an extent is negative.
        LimitError: if there are too many axes, or no array can be that large.
    """
    check_dtype(tensor.dtype)
    check_shape(tensor.shape)
    item = item_size(DTYPES[tensor.dtype])
    size = item * prod(tensor.shape)
    if not size and item * prod(filter(None, tensor.shape)) > MAX_ADDRESS:
        raise LimitError(f"no array can have the shape {tensor.shape}")
    if size != tensor.size:
        raise FormatError(
            f"{DTYPES[tensor.dtype]} {tensor.shape} takes {size} bytes; it says {tensor.size}"
        )


def check_dtype(dtype: int) -> None:
    """Check that a number stands for an element type.

    Raises:
        FormatError: if it does not.
    """
    if not 0 < dtype < len(DTYPES):
        raise FormatError(
            f"dtype {dtype} is unknown here; known are 1 ({DTYPES[1]}) to "
            f"{len(DTYPES) - 1} ({DTYPES[-1]})"
        )


def check_shape(shape: tuple[int, ...], texts: tuple[str, ...] = ()) -> None:
    """Check the extents that are known, those without a text.

    Raises:
        GraphError: if one is negative.
        LimitError: if there are too many axes.
    """
    if len(shape) > MAX_RANK:
        raise LimitError(f"{len(shape)} axes; at most {MAX_RANK} are allowed")
    if shape and min(shape) < 0:
        known = [n for i, n in enumerate(shape) if not (i < len(texts) and texts[i])]
        if known and min(known) < 0:
            raise GraphError(f"shape {shape} has the negative extent {min(known)}")


def check_layout(tensors: Sequence[TensorRecord], size: int) -> None:
    """Check that the tensors fill the data: ascending, each aligned, no hole, no overlap.

    Args:
        tensors: The model's tensors, in order.
        size: How many bytes of data the file has.

    Raises:
        FormatError: if they do not.
    """
    end = 0
    for index, tensor in enumerate(tensors):
        expected = aligned(end)
        end = tensor.offset + tensor.size
        if tensor.offset != expected or end > size:
            raise FormatError(
                f"tensors[{index}]: its bytes are {tensor.offset} to {end} of {size}; they "
                f"must begin at {expected}, next to the tensor before, and be there"
            )
    if end != size:
        raise FormatError(f"the last tensor ends at byte {end} of the data, which has {size}")

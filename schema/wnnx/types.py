"""Element types by their numpy names, and the type of a tensor."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from math import prod
from typing import Any, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from wnnx.dim_text import as_dim
from wnnx.dims import Dim, DimLike, SymbolicDim, bounds
from wnnx.errors import DimError, DTypeError, ShapeError

Array: TypeAlias = NDArray[Any]
Shape: TypeAlias = tuple[Dim, ...]
ShapeLike: TypeAlias = Sequence[DimLike]

MAX_RANK = 8
# A few bytes of a file can ask for any shape; a run must refuse before it allocates.
MAX_ELEMENTS = 2**31 - 1

_SIZES = {
    "float16": 2, "bfloat16": 2, "float32": 4, "float64": 8,
    "int8": 1, "int16": 2, "int32": 4, "int64": 8,
    "uint8": 1, "uint16": 2, "uint32": 4, "uint64": 8,
    "bool": 1,
}  # fmt: skip
DTYPES = tuple(_SIZES)
HALVES = frozenset(("float16", "bfloat16"))
FLOATS = HALVES | {"float32", "float64"}
NUMBERS = frozenset(DTYPES) - {"bool"}
INTEGERS = NUMBERS - FLOATS


@dataclass(frozen=True, slots=True)
class TensorType:
    """Element type and shape of a tensor.

    `value` is what a small tensor of integers or bools holds, row by row, where that is known
    before the network runs: the result of `shape`, say. A bool is 0 or 1 there. It takes no
    part in comparisons.
    """

    dtype: str
    shape: Shape
    value: Shape | None = field(default=None, compare=False)

    @property
    def rank(self) -> int:
        """Number of axes."""
        return len(self.shape)

    def __str__(self) -> str:
        return f"{self.dtype} {shape_text(self.shape)}"


def shape_text(shape: Sequence[Dim]) -> str:
    """Write a shape as a Python tuple with bare symbols: `(N, 3, 224, 224)`."""
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


def tensor_type(dtype: str, shape: ShapeLike) -> TensorType:
    """Return the type that a user wrote as a dtype's name and a shape of ints and symbols.

    Raises:
        DTypeError: if there is no such dtype.
        ShapeError: if an extent is negative or no integer, or there are more than 8 axes.
        DimError: if a text is no dimension.
    """
    item_size(dtype)
    if not isinstance(shape, list | tuple):
        raise ShapeError(f"a shape is a tuple such as (1, 3, 'H', 'W'), not {shape!r}")
    return TensorType(dtype, checked_shape([_dim(dim) for dim in shape]))


def checked_shape(shape: Sequence[Dim]) -> Shape:
    """Return `shape` as a tuple; what is symbolic is checked when the network runs.

    Raises:
        ShapeError: if an extent is known to be negative, there are more than 8 axes, or more
            elements than 2**31 - 1.
    """
    if len(shape) > MAX_RANK:
        raise ShapeError(
            f"{len(shape)} axes {shape_text(shape)}; at most {MAX_RANK} are allowed"
        )
    for dim in shape:
        high = bounds(dim)[1]
        if high is not None and high < 0:
            raise ShapeError(f"shape {shape_text(shape)} has the negative extent {dim}")
    count = prod(dim for dim in shape if isinstance(dim, int))
    if count > MAX_ELEMENTS and all(isinstance(dim, int) for dim in shape):
        raise ShapeError(
            f"shape {shape_text(shape)} has {count} elements; at most "
            f"{MAX_ELEMENTS} are allowed"
        )
    return tuple(shape)


def item_size(dtype: str) -> int:
    """Return the size of one element in bytes.

    Raises:
        DTypeError: if there is no such dtype.
    """
    try:
        return _SIZES[dtype]
    except (KeyError, TypeError):
        raise DTypeError(f"unknown dtype {dtype!r}; known are {', '.join(DTYPES)}") from None


def numpy_dtype(dtype: str) -> np.dtype[Any]:
    """Return numpy's object for a dtype's name; `bfloat16` needs the package `ml_dtypes`.

    Raises:
        DTypeError: if there is no such dtype, or `ml_dtypes` is wanted and not installed.
    """
    item_size(dtype)
    if dtype != "bfloat16":
        return np.dtype(dtype)
    try:
        import ml_dtypes  # numpy has no bfloat16 of its own
    except ImportError:
        raise DTypeError(
            "numpy has no bfloat16 of its own; pip install 'nnbuilder[safetensors]' brings "
            "ml_dtypes, which adds it"
        ) from None
    bfloat16: np.dtype[Any] = np.dtype(ml_dtypes.bfloat16)
    return bfloat16


@cache  # numpy takes long to name a dtype, and a network has few
def dtype_name(dtype: np.dtype[Any]) -> str:
    """Return the name of a numpy dtype, of either byte order.

    Raises:
        DTypeError: if the format has no such element type.
    """
    name = dtype.newbyteorder("=").name
    item_size(name)
    return name


def _dim(dim: object) -> Dim:
    if isinstance(dim, str):
        return as_dim(dim)
    if isinstance(dim, SymbolicDim):
        return dim
    if isinstance(dim, int | np.integer) and not isinstance(dim, bool):
        return int(cast("int", dim))
    raise DimError(f"{dim!r} is not an extent; write an integer or a name such as 'N'")

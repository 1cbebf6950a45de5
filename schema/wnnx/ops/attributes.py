"""What an attribute may be: the annotations of keyword-only parameters, and their meaning.

A rule writes `stride: PerAxis = 1`; the registry reads the marker inside the annotation and
stores what the caller gave in one form, so that a file never holds two spellings of a layer.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeAlias, TypedDict, TypeGuard, cast

import numpy as np

from wnnx.dim_text import as_dim
from wnnx.dims import Dim, DimLike, SymbolicDim
from wnnx.errors import ArgumentError

PER_AXIS = "per axis"
PADDING = "padding"
INTS = "ints"
FLOATS = "floats"
STRINGS = "strings"
DIMS = "dims"
NUMBER = "number"

Ints: TypeAlias = Annotated[int | Sequence[int], INTS]
Floats: TypeAlias = Annotated[float | Sequence[float], FLOATS]
Strings: TypeAlias = Annotated[str | Sequence[str], STRINGS]
Dims: TypeAlias = Annotated[DimLike | Sequence[DimLike], DIMS]
Number: TypeAlias = Annotated[DimLike | float, NUMBER]
PerAxis: TypeAlias = Annotated[int | Sequence[int], PER_AXIS]
Padding: TypeAlias = Annotated[int | Sequence[int], PADDING]


class NodeOptions(TypedDict, total=False):
    """What every operator call takes besides its own inputs and attributes.

    `name` is the layer's name within the current scope. `precision` keeps the layer's weights
    in float32 or stores them as float16, whatever the network's switch says.
    """

    name: str
    precision: Literal["fp32", "fp16"]


def ints(name: str, value: int | Sequence[int]) -> tuple[int, ...]:
    """Return integers as a tuple; one integer is a tuple of one.

    Raises:
        ArgumentError: if something in it is no integer.
    """
    return tuple(_int(name, v) for v in _sequence(value))


def dims(name: str, value: DimLike | Sequence[DimLike]) -> tuple[Dim, ...]:
    """Return extents as a tuple of ints and symbolic dimensions; text is parsed.

    Raises:
        ArgumentError: if something in it is no extent.
        DimError: if a text is no dimension.
    """
    return tuple(
        as_dim(v) if isinstance(v, str | SymbolicDim) else _int(name, v)
        for v in _sequence(value)
    )


def number(name: str, value: DimLike | float | Sequence[DimLike | float]) -> Dim | float:
    """Return one number, which may be an extent; a bool is 0 or 1.

    Raises:
        ArgumentError: if it is none, or there are several.
        DimError: if a text is no dimension.
    """
    given = _sequence(value)
    if len(given) != 1:
        raise ArgumentError(f"{name}={value!r}: expected one number, found {len(given)}")
    one: Any = given[0]
    if isinstance(one, np.generic):
        one = cast("Any", one.item())
    if isinstance(one, bool | float):
        return one if isinstance(one, float) else int(one)
    found = dims(name, one)[0]
    if isinstance(found, int) and not -(2**63) <= found < 2**64:
        raise ArgumentError(f"{name}={found} does not fit into 64 bits")
    return found


def per_axis(name: str, value: int | Sequence[int], axes: int) -> tuple[int, ...]:
    """Return one integer per spatial axis; one integer stands for all of them.

    Raises:
        ArgumentError: if there are neither 1 nor `axes` integers.
    """
    given = ints(name, value)
    if len(given) == axes:
        return given
    if len(given) == 1:
        return given * axes
    raise ArgumentError(
        f"{name}={tuple(given)} has {len(given)} numbers; expected one, or one for each "
        f"of the {axes} spatial axes"
    )


def paddings(name: str, value: int | Sequence[int], axes: int) -> tuple[int, ...]:
    """Return the padding at the begin of each spatial axis, then at the end of each.

    One integer stands for every side, one per axis for both sides of it.

    Raises:
        ArgumentError: if there are neither 1, `axes` nor `2 * axes` integers.
    """
    given = ints(name, value)
    if len(given) == 2 * axes:
        return given
    if len(given) == axes:
        return given * 2
    if len(given) == 1:
        return given * (2 * axes)
    raise ArgumentError(
        f"{name}={tuple(given)} has {len(given)} numbers; expected one, one for each of the "
        f"{axes} spatial axes, or {2 * axes}: every begin, then every end"
    )


def stored(name: str, kind: str | type, value: Any, axes: int) -> Any:
    """Return what a file holds for an attribute whose annotation says `kind`.

    `axes` is the number of spatial axes, for kinds that have one number for each.

    Raises:
        ArgumentError: if `value` is not of that kind.
        DimError: if a text is no dimension.
    """
    if isinstance(kind, type):
        return _scalar(name, kind, value)
    match kind:
        case "per axis":
            return per_axis(name, value, axes)
        case "padding":
            return paddings(name, value, axes)
        case "dims":
            return dims(name, value)
        case "ints":
            return ints(name, value)
        case "number":  # in a tuple, where the symbols of a run's extents are looked for
            return (number(name, value),)
        case _:
            element = float if kind == FLOATS else str
            return tuple(_scalar(name, element, v) for v in _sequence(value))


def _sequence(value: object) -> Sequence[Any]:
    return value if _is_sequence(value) else (value,)


def _is_sequence(value: object) -> TypeGuard[Sequence[Any]]:
    return isinstance(value, Sequence | np.ndarray) and not isinstance(value, str)


def _int(name: str, value: Any) -> int:
    return cast("int", _scalar(name, int, value))


def _scalar(name: str, kind: type, value: Any) -> bool | int | float | str:
    """Accept numpy's scalars and an int for a float, but never a bool for a number."""
    if isinstance(value, np.generic):
        value = cast("Any", value.item())
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise ArgumentError(
            f"{name}={value!r}: expected {kind.__name__}, found {type(value).__name__}"
        )
    return cast("bool | int | float | str", value)

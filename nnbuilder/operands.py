"""What a user may give as an operator's input, and what a layer's precision may be."""

from typing import Any

import numpy as np

from wnnx.errors import ArgumentError
from wnnx.graph import Constant, Value
from wnnx.types import FLOATS, numpy_dtype


def operand_value(operand: Any, label: str, partner: Value | None) -> Value | None:
    """Return an operand as a value; a Python number takes the element type of `partner`.

    Args:
        operand: A value, a constant, a number or None.
        label: What the operator's signature calls it.
        partner: The first operand that is a value.

    Returns:
        The value; a number becomes a constant that belongs to no graph yet.

    Raises:
        ArgumentError: if it is none of these, or the number does not fit the type.
    """
    if operand is None or isinstance(operand, Value):
        return operand
    if isinstance(operand, np.ndarray):
        raise ArgumentError(f"{label} is a numpy array; wrap it: nn.constant(array)")
    if not isinstance(operand, bool | int | float | np.generic):
        raise ArgumentError(
            f"{label} is {operand!r}; expected a value of the network or a number"
        )
    if partner is None:
        raise ArgumentError("every operand is a number; at least one must be a value")
    return Constant("", _number(operand, label, partner))


def checked_precision(precision: Any) -> str | None:
    """Return a layer's precision: "fp32", "fp16" or None.

    Raises:
        ArgumentError: if it is none of these.
    """
    if precision is None or precision in {"fp32", "fp16"}:
        return None if precision is None else str(precision)
    raise ArgumentError(f"precision={precision!r}; expected 'fp32' or 'fp16'")


def _number(number: Any, label: str, partner: Value) -> Any:
    whole = isinstance(number, bool | int | np.integer | np.bool_)
    if partner.dtype not in FLOATS and not whole:
        raise ArgumentError(
            f'{label}={number!r} is no whole number, but "{partner.name}" is {partner.dtype}; '
            "cast one of them"
        )
    wanted = numpy_dtype(partner.dtype)
    try:
        with np.errstate(all="raise"):
            array = np.asarray(number).astype(wanted)
    except (OverflowError, FloatingPointError):
        array = None
    if array is None or (partner.dtype not in FLOATS and array != number):
        raise ArgumentError(f"{label}={number!r} does not fit into {partner.dtype}")
    array.flags.writeable = False
    return array

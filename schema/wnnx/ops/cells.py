"""What recurrent layers have in common: directions, activation functions, and their checks."""

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from wnnx.dims import Dim
from wnnx.errors import ArgumentError, DTypeError, ShapeError
from wnnx.graph import Value, suggestion
from wnnx.ops.attributes import Floats, Strings
from wnnx.ops.checks import differ, require_dtype, require_rank, weighted_dtype
from wnnx.types import HALVES, INTEGERS, TensorType, shape_text

Direction: TypeAlias = Literal["forward", "reverse", "bidirectional"]

# For each direction of the layer, whether it runs from the last step to the first.
BACKWARD: Mapping[Direction, tuple[bool, ...]] = {
    "forward": (False,),
    "reverse": (True,),
    "bidirectional": (False, True),
}

# The functions that `activations` may name, with their alpha and beta where none are given.
ACTIVATIONS: Mapping[str, tuple[float, float]] = {
    "affine": (1.0, 0.0),  # alpha * x + beta
    "elu": (1.0, 0.0),  # x, or alpha * (exp(x) - 1) where it is not positive
    "hardsigmoid": (1 / 6, 0.5),  # min(max(alpha * x + beta, 0), 1)
    "leaky_relu": (0.01, 0.0),  # x, or alpha * x where it is not positive
    "relu": (0.0, 0.0),
    "scaled_tanh": (1.0, 1.0),  # alpha * tanh(beta * x)
    "sigmoid": (0.0, 0.0),
    "softplus": (0.0, 0.0),
    "softsign": (0.0, 0.0),
    "tanh": (0.0, 0.0),
    "threshold": (1.0, 0.0),  # x, or 0 where it is not above alpha
}


def require_weights(
    gates: int,
    direction: Direction,
    x: Value,
    weight_ih: Value,
    weight_hh: Value,
    bias_ih: Value | None,
    bias_hh: Value | None,
) -> tuple[Dim, str]:
    """Return the hidden size and the layer's element type.

    Raises:
        ShapeError: if a weight has not a row for each direction, gate and hidden element, or
            takes another number of elements than there are.
        DTypeError: if the element types do not go together.
    """
    require_rank(x, 3, layout="sequence, batch and features")
    require_rank(weight_hh, 2, layout=f"(directions * {gates} * hidden, hidden)")
    dtype = weighted_dtype(x, weight_ih)
    hidden = weight_hh.shape[1]
    rows = len(BACKWARD[direction]) * gates * hidden
    if differ(weight_hh.shape[0], rows):
        raise ShapeError(
            f'weight_hh "{weight_hh.name}" {shape_text(weight_hh.shape)} takes a state of '
            f"{hidden}, and would have {rows} rows for direction={direction!r}"
        )
    require_part("weight_hh", weight_hh, (rows, hidden), dtype, x)
    require_part("weight_ih", weight_ih, (rows, x.shape[2]), dtype, x)
    require_part("bias_ih", bias_ih, (rows,), dtype, weight_hh)
    require_part("bias_hh", bias_hh, (rows,), dtype, weight_hh)
    return hidden, dtype


def require_part(
    label: str, part: Value | None, wanted: Sequence[Dim], dtype: str, other: Value
) -> None:
    """Check that an input that may be left out has the shape that `other` asks for.

    Raises:
        ShapeError: if its shape is another.
        DTypeError: if its element type is neither `dtype` nor half precision next to float32.
    """
    if part is None:
        return
    if part.rank != len(wanted) or any(map(differ, part.shape, wanted)):
        raise ShapeError(
            f'{label} "{part.name}" {shape_text(part.shape)} does not fit "{other.name}" '
            f"{shape_text(other.shape)}; expected {shape_text(wanted)}"
        )
    if part.dtype != dtype and not (dtype == "float32" and part.dtype in HALVES):
        raise DTypeError(
            f'{label} "{part.name}" is {part.dtype}, but the layer computes {dtype}; cast it'
        )


def sequence_types(
    x: Value,
    hidden: Dim,
    lengths: Value | None,
    dtype: str,
    direction: Direction,
    *,
    batch_first: bool,
) -> tuple[TensorType, TensorType]:
    """Return the type of every step's state, and that of the last one."""
    batch = x.shape[0] if batch_first else x.shape[1]
    if lengths is not None:
        require_dtype(lengths, INTEGERS)
        if lengths.rank != 1 or differ(lengths.shape[0], batch):
            raise ShapeError(
                f'lengths "{lengths.name}" {shape_text(lengths.shape)} does not fit '
                f'"{x.name}" {shape_text(x.shape)}; expected ({batch},)'
            )
    directions = len(BACKWARD[direction])
    y = TensorType(dtype, (*x.shape[:2], directions * hidden))
    return y, TensorType(dtype, (directions, batch, hidden))


def require_activations(
    count: int, direction: Direction, activations: Strings, alpha: Floats, beta: Floats
) -> None:
    """Check that `count` functions are named for every direction, or for each.

    Raises:
        ArgumentError: if one is unknown, or there are too few or too many.
    """
    names = (activations,) if isinstance(activations, str) else tuple(activations)
    if len(names) not in {count, count * len(BACKWARD[direction])}:
        raise ArgumentError(
            f"activations={names} has {len(names)} names; expected {count}, or {count} for "
            f"each direction of {direction!r}"
        )
    for name in names:
        if name not in ACTIVATIONS:
            raise ArgumentError(
                f"activations={names}: {name!r} is none of {', '.join(ACTIVATIONS)}"
                f"{suggestion(name, ACTIVATIONS)}"
            )
    for label, given in (("activation_alpha", alpha), ("activation_beta", beta)):
        numbers = (given,) if isinstance(given, int | float) else tuple(given)
        if len(numbers) not in {0, len(names)}:
            raise ArgumentError(
                f"{label}={numbers} has {len(numbers)} numbers; expected one for each of the "
                f"{len(names)} activations, or none"
            )


def require_clip(clip: float | None) -> None:
    """Check that `clip`, where there is one, is above 0.

    Raises:
        ArgumentError: if it is not, or is NaN.
    """
    if clip is not None and not clip > 0:  # so that NaN is refused too
        raise ArgumentError(f"clip={clip}; expected more than 0, or None for no bounds")

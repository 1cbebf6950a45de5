"""Einstein's summation: products, sums, diagonals and transpositions in one equation."""

import re
from collections.abc import Sequence
from typing import NamedTuple, Unpack

from wnnx.dims import Dim
from wnnx.errors import ArgumentError, ShapeError
from wnnx.graph import Value
from wnnx.ops.attributes import NodeOptions
from wnnx.ops.checks import differ, require_dtype, require_same_dtype
from wnnx.ops.registry import op
from wnnx.types import NUMBERS, Shape, TensorType, shape_text

# No equation in use comes near them, and numpy has no room for twice as many.
MAX_LABELS = 30
MAX_TERMS = 30


class Subscripts(NamedTuple):
    """An equation whose ellipses are spelled out: one label, a character, for each axis.

    The axes of an ellipsis are labelled with digits, from 0 for the first of the longest one.
    """

    terms: tuple[str, ...]
    output: str


@op
def einsum(
    *xs: Value | Sequence[Value], equation: str, **node: Unpack[NodeOptions]
) -> TensorType:
    """Multiply tensors whose axes are named, and sum over the names the result lacks.

    "bij,bjk->bik" multiplies batches of matrices, "ii->i" takes a diagonal, "ij->ji"
    transposes. Axes of one name have one extent, or extent 1, which broadcasts; twice in a
    term it takes the diagonal. "..." stands for any number of axes, which broadcast. Without
    "->" the result has the axes of "...", then the names that occur once, A to Z, then a to
    z. Spaces mean nothing.

    Semantics: torch.einsum, but integers stay of their type and wrap around, as in ONNX
    Einsum. Half precision is accumulated in float32.

    Args:
        *xs: One tensor for each term, any number type, or one list of them.
        equation: The terms, with commas between them, and perhaps "->" and the result's term.
        **node: The layer's name and precision.

    Returns:
        One axis for each name in the result's term, of the inputs' element type.

    Raises:
        ArgumentError: if the equation is malformed, does not fit the number of tensors, or has
            more than 30 terms or names.
        ShapeError: if a term does not fit its tensor's axes, or axes of one name differ.
        DTypeError: if the element types differ, or are bool.
    """
    values = [x for given in xs for x in ([given] if isinstance(given, Value) else given)]
    subscripts = parse(equation, [x.shape for x in values])
    for x in values:
        require_dtype(x, NUMBERS)
        require_same_dtype(values[0], x)
    extents: dict[str, Dim] = {}
    for x, term in zip(values, subscripts.terms, strict=True):
        for label, extent in _extents(x, term, equation).items():
            kept = label in subscripts.output
            known = extents.get(label, extent)
            extents[label] = _common(known, extent, label, equation, kept=kept)
    return TensorType(values[0].dtype, tuple(extents[label] for label in subscripts.output))


def parse(equation: str, shapes: Sequence[Shape]) -> Subscripts:
    """Return what an equation says of tensors of these shapes.

    Raises:
        ArgumentError: if it is malformed, or does not fit the number of tensors.
        ShapeError: if a term does not fit its tensor's axes.
    """
    left, arrow, right = equation.replace(" ", "").partition("->")
    terms = left.split(",")
    if len(terms) != len(shapes):
        raise ArgumentError(
            f"equation={equation!r} has {len(terms)} terms for {len(shapes)} tensors"
        )
    if len(terms) > MAX_TERMS:
        raise ArgumentError(
            f"equation={equation[:60]!r}... has {len(terms)} terms; at most {MAX_TERMS} are "
            "allowed"
        )
    unnamed = [
        _unnamed_axes(term, shape, equation) for term, shape in zip(terms, shapes, strict=True)
    ]
    longest = max(unnamed)
    digits = "".join(map(str, range(longest)))
    spelled = tuple(
        term.replace("...", digits[longest - axes :])
        for term, axes in zip(terms, unnamed, strict=True)
    )
    labels = "".join(spelled)
    if len(set(labels)) > MAX_LABELS:
        raise ArgumentError(
            f"equation={equation!r} names {len(set(labels))} axes; at most {MAX_LABELS} are "
            "allowed"
        )
    if not arrow:
        once = sorted(label for label in set(labels) - set(digits) if labels.count(label) == 1)
        return Subscripts(spelled, digits + "".join(once))
    return Subscripts(spelled, _output(right, labels, digits, equation))


def _unnamed_axes(term: str, shape: Shape, equation: str) -> int:
    """Return how many axes of a tensor the ellipsis in its term stands for.

    Raises:
        ArgumentError: if the term is malformed.
        ShapeError: if it does not fit the tensor's axes.
    """
    _require_term(term, equation)
    named = len(term.replace("...", ""))
    if named > len(shape) or (named < len(shape) and "..." not in term):
        raise ShapeError(
            f"the term {term!r} of equation={equation!r} names {named} axes; its tensor "
            f"{shape_text(shape)} has {len(shape)}"
        )
    return len(shape) - named


def _output(term: str, labels: str, digits: str, equation: str) -> str:
    """Return the result's term with its ellipsis spelled out.

    Raises:
        ArgumentError: if it is malformed, names an axis twice or one that no tensor has.
    """
    _require_term(term, equation)
    names = term.replace("...", "")
    for name in names:
        if names.count(name) > 1:
            raise ArgumentError(f"the result of equation={equation!r} names {name!r} twice")
        if name not in labels:
            raise ArgumentError(
                f"the result of equation={equation!r} names {name!r}, which no tensor has"
            )
    return term.replace("...", digits)


def _require_term(term: str, equation: str) -> None:
    if not re.fullmatch(r"[a-zA-Z]*(\.\.\.)?[a-zA-Z]*", term):
        raise ArgumentError(
            f"the term {term!r} of equation={equation!r} is malformed; expected letters, and "
            "at most one '...'"
        )


def _extents(x: Value, term: str, equation: str) -> dict[str, Dim]:
    """Return the extent of each label of a term; one that is there twice takes a diagonal.

    Raises:
        ShapeError: if the extents of a diagonal are known to differ.
    """
    extents: dict[str, Dim] = {}
    for label, extent in zip(term, x.shape, strict=True):
        known = extents.setdefault(label, extent)
        if differ(known, extent):
            raise ShapeError(
                f"the diagonal {label!r} of equation={equation!r} needs equal extents; "
                f'"{x.name}" {shape_text(x.shape)} has {known} and {extent}'
            )
        if isinstance(extent, int):
            extents[label] = extent
    return extents


def _common(old: Dim, new: Dim, label: str, equation: str, *, kept: bool) -> Dim:
    """Return the extent of a label that has these in two tensors; `kept` in the result.

    Raises:
        ShapeError: if they do not broadcast.
    """
    if old == new or new == 1:
        return old
    if old == 1:
        return new
    if isinstance(old, int) != isinstance(new, int):
        return old if isinstance(old, int) else new  # the symbol is this number, or 1
    if not kept and not differ(old, new):
        return old
    axis = "an axis of '...'" if label.isdigit() else f"the axis {label!r}"
    raise ShapeError(
        f"{axis} in equation={equation!r} is {old} in one tensor and {new} in another"
        + ("" if isinstance(old, int) else "; give equal extents one symbol")
    )

"""Einstein's summation, in numpy."""

from typing import Any

import numpy as np

from wnnx import ops
from wnnx.ops.einsum import parse
from wnnx.types import Array
from wnnxruntime.registry import kernel


@kernel(ops.einsum)
def einsum(*xs: Array, equation: str) -> Array:
    """Sum over what only one tensor has, then multiply pair by pair in numpy's order."""
    terms, output = parse(equation, [x.shape for x in xs])
    extents: dict[str, int] = {}
    for x, term in zip(xs, terms, strict=True):
        for label, extent in zip(term, x.shape, strict=True):
            extents[label] = extent if extents.get(label, 1) == 1 else extents[label]
    numbers = {label: number for number, label in enumerate(extents)}
    operands: list[Any] = []
    for i, (x, term) in enumerate(zip(xs, terms, strict=True)):
        wanted = {*output}.union(*terms[:i], *terms[i + 1 :])
        kept, lone = _summed(x, term, wanted, extents)
        operands += [kept, [numbers[label] for label in lone]]
    result = [numbers[label] for label in output]
    return np.asarray(np.einsum(*operands, result, optimize="greedy"))


def _summed(
    x: Array, term: str, wanted: set[str], extents: dict[str, int]
) -> tuple[Array, str]:
    """Take the diagonals of a tensor and sum over the labels that are not wanted.

    An axis of extent 1 that broadcasts goes too: then no extents differ any more.
    """
    labels = "".join(dict.fromkeys(term))
    numbers = {label: number for number, label in enumerate(labels)}
    diagonal: Any = np.einsum(x, [numbers[c] for c in term], [numbers[c] for c in labels])
    kept = "".join(
        label
        for label, extent in zip(labels, diagonal.shape, strict=True)
        if label in wanted and extent == extents[label]
    )
    gone = tuple(axis for axis, label in enumerate(labels) if label not in kept)
    return diagonal.sum(axis=gone, dtype=x.dtype), kept

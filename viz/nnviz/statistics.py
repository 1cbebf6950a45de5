"""What the numbers of a weight look like, computed in pieces that fit in the cache."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from wnnx.types import Array

BINS = 32
PIECE = 1 << 18
_BARS = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588"


@dataclass(frozen=True)
class Statistics:
    """Of the finite elements of an array; `sparsity` is the share of zeros among all.

    `histogram` counts the finite elements in 32 bins of one width from `min` to `max`.
    """

    min: float
    max: float
    mean: float
    std: float
    sparsity: float
    not_finite: int
    histogram: tuple[int, ...]

    @property
    def bars(self) -> str:
        """The histogram as one line of bars; an empty bin is a dot."""
        most = max(self.histogram)
        level = (-(-count * len(_BARS) // most) for count in self.histogram)
        return "".join(_BARS[n - 1] if n else "\u00b7" for n in level)


def statistics(array: Array) -> Statistics | None:
    """Return the statistics of an array, or None if it has no finite element."""
    low, high, total, count, zeros = np.inf, -np.inf, 0.0, 0, 0
    for piece in _pieces(array):
        zeros += piece.size - int(np.count_nonzero(piece))
        finite = piece[np.isfinite(piece)]
        if finite.size:
            low, high = min(low, finite.min()), max(high, finite.max())
            total, count = total + finite.sum(), count + finite.size
    if not count:
        return None
    mean, squares, bins = total / count, 0.0, np.zeros(BINS, np.int64)
    for piece in _pieces(array):
        finite = piece[np.isfinite(piece)]
        squares += float(np.square(finite - mean).sum())
        bins += np.histogram(finite, BINS, (low, high))[0]
    return Statistics(
        float(low), float(high), float(mean), float(np.sqrt(squares / count)),
        zeros / array.size, array.size - count, tuple(bins.tolist()),
    )  # fmt: skip


def _pieces(array: Array) -> Iterator[Array]:
    flat = array.reshape(-1)
    for start in range(0, flat.size, PIECE):
        yield flat[start : start + PIECE].astype(np.float64)

"""Names of other people's making, as text that cannot do anything, and its width."""

import unicodedata
from collections.abc import Collection, Sequence

from wnnx.dims import Dim

# Advance widths of the characters from space to "~" in 1/1000 of the font size: DejaVu Sans,
# the widest of the fonts that stand behind "sans-serif", so that text fits in any of them.
_REGULAR = (
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337,
    636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531,
    1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787,
    603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500,
    500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612,
    635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
)  # fmt: skip
_BOLD = (
    348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 523, 838, 380, 415, 380, 365,
    696, 696, 696, 696, 696, 696, 696, 696, 696, 696, 400, 400, 838, 838, 838, 580,
    1000, 774, 762, 734, 830, 683, 683, 821, 837, 372, 372, 775, 637, 995, 837, 850,
    733, 850, 770, 720, 682, 812, 774, 1103, 771, 724, 725, 457, 365, 457, 838, 500,
    500, 675, 716, 593, 716, 678, 435, 716, 712, 343, 343, 665, 343, 1042, 712, 687,
    716, 716, 493, 595, 478, 712, 652, 924, 645, 652, 582, 712, 365, 712, 838,
)  # fmt: skip
_OTHER = 1100
_INVISIBLE = {"Zl", "Zp"}


def visible(text: str) -> str:
    """Return text in which control characters, line ends and direction marks are spelled out.

    What is left is one line that stands in the order it was written, and is valid XML.
    """
    return "".join(_spelled(c) if _hides(c) else c for c in text)


def distinct(text: str, taken: Collection[str]) -> str:
    """Return visible text that is none of `taken`: two names may differ in a mark only."""
    shown = visible(text)
    while shown in taken:
        shown += "'"
    return shown


def shortened(text: str, limit: int) -> str:
    """Return text of at most `limit` characters: the beginning, an ellipsis and the end."""
    if len(text) <= limit:
        return text
    half = (limit - 1) // 2
    return f"{text[: limit - 1 - half]}\u2026{text[len(text) - half :]}"


def extents(shape: Sequence[Dim]) -> str:
    r"""Return a shape as Netron writes it, with times signs: "1\u00d73\u00d7H"."""
    return "\u00d7".join(map(_extent, shape))


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of text in a sans-serif font of `size`, in the same unit."""
    table = _BOLD if bold else _REGULAR
    units = (table[ord(c) - 32] if " " <= c <= "~" else _OTHER for c in text)
    return size * sum(units) / 1000


def _extent(dim: Dim) -> str:
    """Put what is more than a name or a number in parentheses, without spaces."""
    text = str(dim).replace(" ", "")
    return text if text.isalnum() or text.isidentifier() else f"({text})"


def _hides(character: str) -> bool:
    category = unicodedata.category(character)
    return category.startswith("C") or category in _INVISIBLE


def _spelled(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")

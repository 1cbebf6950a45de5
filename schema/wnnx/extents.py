"""Dimensions as a file holds them: integers, and beside them the texts of symbolic ones."""

from collections.abc import Sequence

from wnnx.dim_text import parse
from wnnx.dims import Dim
from wnnx.errors import DimError, GraphError, LimitError
from wnnx.limits import MAX_DIM_CHARACTERS
from wnnx.records import SYMBOLIC

INT64 = range(-(2**63), 2**63)


class Extents:
    """Reads and writes the dimensions of one file; each text is parsed once."""

    def __init__(self) -> None:
        self._parsed: dict[str, Dim] = {}
        self._characters_left = MAX_DIM_CHARACTERS

    def read(self, ints: tuple[int, ...], texts: tuple[str, ...]) -> tuple[Dim, ...]:
        """Return the dimensions: the text where there is one, else the integer.

        Raises:
            GraphError: if there are neither no texts nor one per integer, or an integer beside
                a text is not -1.
            DimError: if a text is no dimension.
            LimitError: if there are too many different texts.
        """
        if not texts:
            return ints
        if len(texts) != len(ints):
            raise GraphError(
                f"{len(ints)} extents with {len(texts)} texts; expected one for each"
            )
        if any(text and number != SYMBOLIC for number, text in zip(ints, texts, strict=True)):
            raise GraphError(
                f"extents {ints} with texts {texts}; expected -1 beside each text"
            )
        return tuple(
            self._parse(text) if text else number
            for number, text in zip(ints, texts, strict=True)
        )

    def write(self, dims: Sequence[Dim]) -> tuple[tuple[int, ...], tuple[str, ...]]:
        """Return the integers and the texts of dimensions, no texts where none is symbolic.

        Raises:
            GraphError: if an integer takes more than 64 bits.
            DimError: if a symbolic dimension would not be read back as it is.
            LimitError: if there are too many different ones.
        """
        if all(isinstance(dim, int) for dim in dims):
            return checked_ints(dims), ()
        texts = tuple("" if isinstance(dim, int) else self._text(dim) for dim in dims)
        return checked_ints([dim if isinstance(dim, int) else SYMBOLIC for dim in dims]), texts

    def _parse(self, text: str) -> Dim:
        if text not in self._parsed:
            self._characters_left -= len(text)
            if self._characters_left < 0:
                raise LimitError(
                    f"the texts of symbolic dimensions have more than {MAX_DIM_CHARACTERS} "
                    "characters"
                )
            self._parsed[text] = parse(text)
        return self._parsed[text]

    def _text(self, dim: Dim) -> str:
        text = str(dim)
        if self._parse(text) != dim:
            raise DimError(
                f"the dimension {text} cannot be written: it would be read differently"
            )
        return text


def checked_ints(numbers: Sequence[object]) -> tuple[int, ...]:
    """Return integers as a file holds them.

    Raises:
        GraphError: if one takes more than 64 bits, or is none.
    """
    for number in numbers:
        if not isinstance(number, int) or isinstance(number, bool) or number not in INT64:
            raise GraphError(f"{number!r} is not an integer of 64 bits")
    return tuple(int(number) for number in numbers if isinstance(number, int))

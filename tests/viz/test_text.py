"""Names as text that cannot do anything, and its width."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnviz import text
from tests.viz.networks import HOSTILE


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("conv1", "conv1"),
        ("two\nlines", "two\\nlines"),
        ("left \u202eright", "left \\u202eright"),
        ("\ud800", "\\ud800"),
        ("\u05d0\u4e2d <b>", "\u05d0\u4e2d <b>"),
    ],
)
def test_visible(name: str, shown: str) -> None:
    assert text.visible(name) == shown


@given(st.text(st.characters()))
def test_visible_text_has_nothing_that_acts(name: str) -> None:
    shown = text.visible(name)
    assert not [c for c in shown if unicodedata.category(c)[0] == "C" or c in "\u2028\u2029"]
    assert text.visible(shown) == shown


def test_names_that_look_alike_stay_apart() -> None:
    taken: set[str] = set()
    for name in HOSTILE:
        taken.add(text.distinct(name, taken))
    assert len(taken) == len(HOSTILE)


@given(st.text(), st.integers(3, 30))
def test_shortened_keeps_both_ends(name: str, limit: int) -> None:
    short = text.shortened(name, limit)
    assert len(short) == min(len(name), limit)
    assert short[0:1] == name[0:1]
    assert short[-1:] == name[-1:]


def test_width_is_that_of_dejavu_sans() -> None:
    # Measured with a browser's canvas at 100 px: "conv" is 55.0 + 61.2 + 63.4 + 59.2.
    assert text.width("conv", 100) == pytest.approx(238.8)
    assert text.width("conv", 100, bold=True) == pytest.approx(59.3 + 68.7 + 71.2 + 65.2)
    assert text.width("", 100) == 0

"""How texts are cut into words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.sections.words import name_words_of, words_of

_ANY = st.text(max_size=40) | st.lists(
    st.sampled_from(
        ["C++", "c#", "don't", "'s", "\\textbf{", "}", "ﬁ", "½", "é", "e\u0301", " ", "-"]
    )
).map("".join)


@given(st.text(alphabet=st.characters(max_codepoint=127, exclude_characters="'\\#+"), max_size=40))
def test_plain_text_is_cut_at_everything_but_letters_and_digits(text: str) -> None:
    assert words_of(text) == re.findall("[a-z0-9]+", text.lower())


@given(_ANY)
def test_words_joined_again_are_the_same_words(text: str) -> None:
    for cut in (words_of, name_words_of):
        words = cut(text)
        assert cut(" ".join(words)) == words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("José Martínez", ["jose", "martinez"]),
        ("Łukasz Kaiser", ["lukasz", "kaiser"]),
        ("Søren Weiß", ["soren", "weiss"]),
        ("Þór Ægisson", ["thor", "aegisson"]),
        ("Nguyễn Đức", ["nguyen", "duc"]),
        ("O'Brien-Smith, Jr.", ["obrien", "smith", "jr"]),
        ("李 明", ["李", "明"]),
    ],
)
def test_names_are_written_in_their_plainest_letters(name: str, words: list[str]) -> None:
    assert name_words_of(name) == words

"""Plain text keeps to its columns, and addresses stay whole."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newsletter.compose.plain import COLUMNS, one_line, width, wrap


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400))
def test_no_line_is_wider_than_the_columns(text: str) -> None:
    assert all(width(line) <= COLUMNS for line in wrap(text, indent="  ").split("\n"))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400))
def test_no_character_is_lost(text: str) -> None:
    assert "".join(wrap(text).split()) == "".join(one_line(text).split())


def test_wide_characters_count_two() -> None:
    lines = wrap("漢字" * 40).split("\n")
    assert [width(line) for line in lines] == [72, 72, 16]


def test_an_address_is_never_broken() -> None:
    url = "https://example.org/" + "a" * 100
    assert wrap(f"see {url} there").split("\n") == ["see", url, "there"]


def test_a_word_longer_than_a_line_is_broken() -> None:
    assert wrap("x" * 100).split("\n") == ["x" * 72, "x" * 28]


def test_controls_and_directional_overrides_are_taken_out() -> None:
    assert one_line("a\r\nBcc: b\x00\u202ec") == "a Bcc: b c"


def test_a_half_of_a_character_is_taken_out() -> None:
    assert one_line("a \ud83d b") == "a b"


def test_what_closes_a_clause_does_not_begin_a_line() -> None:
    lines = wrap("漢" * 36 + "。" + "字" * 40).split("\n")
    assert lines == ["漢" * 35, "漢。" + "字" * 34, "字" * 6]

"""Encoded pieces can be joined in any order and still say what they said."""

from __future__ import annotations

import quopri

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.compose.quoted_printable import encode

TEXTS = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("..=From \t\n\ré漢"), max_size=300
)


def decode(raw: bytes) -> str:
    return quopri.decodestring(raw).decode("utf-8").replace("\r\n", "\n")


def normal(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


@given(TEXTS)
@example(".")
@example("...From me\n.\n..")
@example("x" * 75 + ".y")
@example("x" * 75 + "From y")
@example("From \n")
@example("a \t")
@example("漢" * 50)
def test_decoding_gives_back_the_text(text: str) -> None:
    assert decode(encode(text)) == normal(text)


@given(TEXTS)
@example("x" * 76)
@example("x" * 75 + ".")
@example("x" * 75 + "é")
@example("x" * 74 + "é")
@example("x" * 73 + "é.")
@example("é" * 13)
def test_every_line_is_legal_and_safe(text: str) -> None:
    raw = encode(text)
    assert raw.isascii()
    assert raw.replace(b"\r\n", b"").count(b"\r") == raw.replace(b"\r\n", b"").count(b"\n") == 0
    for line in raw.split(b"\r\n"):
        assert len(line) <= 76
        assert not line.endswith((b" ", b"\t"))
        assert not line.startswith((b".", b"From "))


@given(st.lists(TEXTS, max_size=8))
def test_joined_pieces_decode_to_the_joined_texts(texts: list[str]) -> None:
    # A newline is one character of the text, so a piece must not end amid a CRLF of the source.
    texts = [normal(text) for text in texts]
    assert decode(b"".join(encode(text) for text in texts)) == "".join(texts)


@pytest.mark.parametrize("text", ["half a line", "a line\n", ".", "\n"])
def test_a_piece_ends_on_a_line_boundary(text: str) -> None:
    assert encode(text).endswith(b"\r\n")


def test_a_piece_amid_a_line_ends_with_a_soft_break() -> None:
    assert encode("amid") == b"amid=\r\n"
    assert encode("whole\n") == b"whole\r\n"


def test_nothing_stays_nothing() -> None:
    assert encode("") == b""

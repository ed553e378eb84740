"""A typed rule cut into its pieces, each with its place; what no piece may look like is named.

Errors carry as their suggestion the text with this one place mended; more may be wrong with it.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass

from digest.sections.mistakes import ExpressionError

QUOTES = '"“”„‟«»″＂'  # noqa: RUF001 - as phones, word processors and other countries type them
DASHES = "-‐‑–—−"  # noqa: RUF001 - dashes of every length
_PIECE = re.compile(
    rf"(?P<close>\))"
    rf"|(?P<dashes>[{DASHES}]*)(?P<field>[^\W\d_]+:)?"
    rf"(?:(?P<open>\()"
    rf"|[{QUOTES}](?P<quoted>[^{QUOTES}]*)(?P<closed>[{QUOTES}]?)"
    rf"|(?P<word>[^\s(){QUOTES}]*))"
)
_GAP = re.compile(r"\s*")
_SINGLE_QUOTED = re.compile(r"""['‘’‚`]+([^'‘’‚`"]*)['‘’‚`]*""")  # noqa: RUF001
_COMMAS = re.compile(rf"[,;]+(?=(?:[^{QUOTES}]*[{QUOTES}][^{QUOTES}]*[{QUOTES}])*[^{QUOTES}]*$)")


class Kind(enum.Enum):
    """What a piece is."""

    WORD = "word"
    QUOTED = "quoted"
    OPEN = "("
    CLOSE = ")"
    OR = "OR"
    AND = "AND"
    NOT = "NOT"
    ANDNOT = "ANDNOT"


_OPERATORS = {kind.value: kind for kind in (Kind.OR, Kind.AND, Kind.NOT, Kind.ANDNOT)}


@dataclass(frozen=True, slots=True)
class Piece:
    """``text`` is what stands in it, from ``inner`` on; the piece itself is start to end."""

    kind: Kind
    start: int
    end: int
    excluded: bool = False
    field: str = ""
    text: str = ""
    inner: int = 0


def pieces_of(text: str, start: int = 0) -> list[Piece]:
    """The pieces in order; raises ExpressionError."""
    return list(_pieces(text, start))


def _pieces(text: str, start: int) -> Iterator[Piece]:
    place = _end_of(_GAP, text, start)
    while place < len(text):
        found = _PIECE.match(text, place)
        if found is None or found.end() == place:  # cannot be; but never stand still
            raise ExpressionError("this cannot be read", place)
        yield _piece(found, text)
        place = _end_of(_GAP, text, found.end())


def _end_of(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    return found.end() if found else start


def _piece(found: re.Match[str], text: str) -> Piece:
    start, end = found.span()
    if found["close"]:
        return Piece(Kind.CLOSE, start, end)
    excluded = _is_exclusion(found, text)
    field = (found["field"] or "").lower().removesuffix(":")
    if found["open"]:
        return Piece(Kind.OPEN, start, end, excluded, field)
    if found["quoted"] is not None:
        _check_quotes(found, text)
        return Piece(
            Kind.QUOTED, start, end, excluded, field, found["quoted"], found.start("quoted")
        )
    word = found["word"]
    if word in _OPERATORS and not field and not excluded:
        return Piece(_OPERATORS[word], start, end)
    _check_word(found, text)
    return Piece(Kind.WORD, start, end, excluded, field, word, found.start("word"))


def _is_exclusion(found: re.Match[str], text: str) -> bool:
    dashes, start = found["dashes"], found.start()
    if not dashes:
        return False
    if len(dashes) > 1:
        rest = text[found.end("dashes") :].lstrip()
        mended = f"{text[:start]}{'-' if rest else ''}{rest}"
        raise ExpressionError("one - is enough to exclude a word", start, mended.rstrip())
    if found.end() == found.end("dashes"):
        rest = text[found.end() :].lstrip()
        mended = f"{text[:start]}{'-' if rest else ''}{rest}"
        reason = "a - stands directly before what it excludes, without a space"
        raise ExpressionError(reason, start, mended.rstrip())
    return True


def _check_quotes(found: re.Match[str], text: str) -> None:
    if not found["closed"]:
        quote = found.start("quoted") - 1
        raise ExpressionError("this quote is never closed", quote, f'{text.rstrip()}"')
    end = found.end()
    following = text[end : end + 1]
    if following == "*":
        mended = f'{text[: end - 1]}*"{text[end + 1 :]}'
        raise ExpressionError("the * stands before the closing quote", end, mended)
    if following and not following.isspace() and following not in "()":
        reason = "a space is missing after the closing quote"
        raise ExpressionError(reason, end, f"{text[:end]} {text[end:]}")


def _check_word(found: re.Match[str], text: str) -> None:
    """What can be said of a word without knowing what it means."""
    word, place, end = found["word"], found.start("word"), found.end()
    if not word:
        after = text[end:].lstrip()
        mended = f"{text[:end]}{after}" if after else text[: found.start()].rstrip()
        reason = f"a word must follow {found['field'].lower()} at once, without a space"
        raise ExpressionError(reason, end, mended)
    if word[0] in "'‘’‚`" and (single := _SINGLE_QUOTED.match(text, place)):  # noqa: RUF001
        mended = f'{text[:place]}"{single[1].strip()}" {text[single.end() :].lstrip()}'.strip()
        raise ExpressionError('exact words stand in double quotes: "..."', place, mended)
    if text[end : end + 1] and text[end] in QUOTES:
        mended = f"{text[:end]} {text[end:]}"
        raise ExpressionError("a space is missing before this quote", end, mended)
    if found["field"] and word[0] in DASHES:
        mended = f"{text[: found.start()]}-{found['field']}{text[place + 1 :]}"
        reason = f"the - stands before the field: -{found['field'].lower()}"
        raise ExpressionError(reason, place, mended)


def without_commas(text: str) -> str:
    """The text with a space for each comma and semicolon outside of quotes."""
    return " ".join(_COMMAS.sub(" ", text).split())

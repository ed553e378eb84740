"""The keyword language of sections: text to expression, and back in one canonical form.

    reinforcement learning     both words, by stem, in title or abstract
    multi-agent                words in a row, by stem
    "reinforcement learning"   exactly these words in a row
    accelerat*  "deep learn*"  a word that begins so, also as the last one of several
    ti: abs: au: co:           only in the title, abstract, authors, comments; also ti:(a b)
    -survey  -"a survey"       not this
    a OR b                     one of them, weaker than all-of: a b OR c is (a b) OR c
    (a OR b) c                 grouped
    au:"ada lovelace"          in the name of one author, whatever the accents
    au:lovelace_a              a surname and first letters, as arXiv writes it
    ~reinforcement learning    other names for it count, too

Several terms must all match. Rules that are equal print equally.
"""

from __future__ import annotations

import unicodedata

from digest.sections import plain
from digest.sections.grammar import Reader
from digest.sections.mistakes import ExpressionError
from digest.sections.nodes import All, Choice, Expression, Field, Node, Not, Term, Way
from digest.sections.syntax import Kind, Piece, pieces_of

__all__ = [
    "LENGTH",
    "All",
    "Choice",
    "Expression",
    "ExpressionError",
    "Field",
    "Node",
    "Not",
    "Term",
    "Way",
    "parse",
    "read",
    "wording",
]

LENGTH = 1000
_MENDINGS = 8  # places that a suggestion may mend


def parse(text: str) -> Expression:
    """Read a keyword rule; raises ExpressionError with the place of what is wrong."""
    if len(text) > LENGTH:
        reason = f"it is longer than {LENGTH} characters"
        raise ExpressionError(reason, LENGTH, text=text[: 2 * LENGTH])
    if known := plain.read(text):
        return known
    text = unicodedata.normalize("NFC", text)
    try:
        return read(text)
    except ExpressionError as error:
        suggestion = _mended(error.suggestion)
        raise ExpressionError(error.reason, error.position, suggestion, text) from None


def wording(text: str) -> str:
    """The words of a rule as they were typed, for a heading: no fields, no quotes."""
    text, start = _marked(unicodedata.normalize("NFC", text))
    shown = ""
    glued = True
    for piece in pieces_of(text, start):
        closes = piece.kind is Kind.CLOSE
        shown += "" if glued or closes else " "
        shown += _shown(piece)
        glued = piece.kind is Kind.OPEN
    return shown


def _shown(piece: Piece) -> str:
    words = " ".join(piece.text.split()) if piece.text else piece.kind.value
    return f"-{words}" if piece.excluded else words


def _mended(text: str) -> str:
    """The mended text if it is a rule, or what mends it further."""
    for _ in range(_MENDINGS):
        if not text or len(text) > LENGTH:
            break
        try:
            read(text)
        except ExpressionError as error:
            text = error.suggestion
        else:
            return text
    return ""


def _marked(text: str) -> tuple[str, int]:
    """The text, and where it begins behind a leading ~ (0 if there is none)."""
    start = len(text) - len(text.lstrip())
    return text, start + 1 if text[start : start + 1] == "~" else 0


def read(text: str) -> Expression:
    """Read it the long way; suggestions of errors are the text with one place mended."""
    text, start = _marked(text)
    pieces = pieces_of(text, start)
    if not pieces:
        raise ExpressionError("there is no word to look for", 0)
    expression = Expression(Reader(text, pieces).whole(), variants=start > 0)
    if len(str(expression)) > LENGTH:
        raise ExpressionError(f"it is longer than {LENGTH} characters in canonical form", 0)
    return expression

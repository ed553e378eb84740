"""The keyword language of sections: text to expression, and back in one canonical form.

    reinforcement learning     both words, by stem, in title or abstract
    multi-agent                words in a row, by stem
    "reinforcement learning"   exactly these words in a row
    accelerat*                 a word that begins so
    abs:... ti:...             only in the abstract, only in the title

Several terms must all match. Rules that are equal print equally.
"""

from __future__ import annotations

import enum
import re
import unicodedata
from dataclasses import dataclass

from digest.sections.words import words_of

LENGTH = 1000
_SHORTEST_BEGINNING = 2
_QUOTES = '"“”„'  # the last three as phones and word processors type them
_ATOM = re.compile(
    rf"(?P<field>[^\W\d_]+:)?"
    rf"(?:[{_QUOTES}](?P<quoted>[^{_QUOTES}]*)[{_QUOTES}](?P<after>\S?)"
    rf"|(?P<unclosed>[{_QUOTES}])"
    rf"|(?P<word>[^\s{_QUOTES}]*)(?P<inner>[{_QUOTES}]?))"
)
_NOT_IN_WORDS = re.compile(r"[^\w\-‐‑–—'’./+#&*]")  # noqa: RUF001 - dashes of every length
_OPERATORS = frozenset({"or", "and", "not", "andnot"})
_LATER_FIELDS = frozenset({"au", "co"})
_LATER = {
    "(": "parentheses are not supported yet",
    ")": "parentheses are not supported yet",
    "|": "OR is not supported yet",
    "~": "synonyms (~) are not supported yet",
    ",": "no comma is needed between terms: all of them must match",
    ";": "no semicolon is needed between terms: all of them must match",
    ":": "a colon stands only after ti or abs; put the words in quotes",
}


class ExpressionError(ValueError):
    """What was typed is no rule; ``position`` is the place, counted from 0."""

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(f"{reason} (at character {position + 1})")
        self.reason = reason
        self.position = position


class Field(enum.StrEnum):
    """Where the words must stand."""

    ANYWHERE = ""
    TITLE = "ti"
    ABSTRACT = "abs"


class Way(enum.Enum):
    """How words are compared: by stem, exactly, or exactly with the last one a beginning."""

    STEM = "stem"
    EXACT = "exact"
    BEGINNING = "beginning"


@dataclass(frozen=True, slots=True)
class Term:
    """One or more words in a row, in one field."""

    words: tuple[str, ...]
    way: Way = Way.STEM
    field: Field = Field.ANYWHERE

    def __str__(self) -> str:
        prefix = f"{self.field}:" if self.field else ""
        if self.way is Way.EXACT:
            return f'{prefix}"{" ".join(self.words)}"'
        return f"{prefix}{'-'.join(self.words)}{'*' if self.way is Way.BEGINNING else ''}"


@dataclass(frozen=True, slots=True)
class All:
    """Every part must match; the parts are distinct and in canonical order."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " ".join(map(str, self.parts))


Node = Term | All


@dataclass(frozen=True, slots=True)
class Expression:
    """A keyword rule; its text is canonical."""

    root: Node

    def __str__(self) -> str:
        return str(self.root)


def parse(text: str) -> Expression:
    """Read a keyword rule; raises ExpressionError with the place of what is wrong."""
    terms = [_term(atom) for atom in _atoms(text)]
    if not terms:
        raise ExpressionError("there is no word to look for", 0)
    distinct = sorted(dict.fromkeys(terms), key=str)
    expression = Expression(distinct[0] if len(distinct) == 1 else All(tuple(distinct)))
    if len(str(expression)) > LENGTH:
        raise ExpressionError(f"it is longer than {LENGTH} characters in canonical form", 0)
    return expression


def wording(text: str) -> str:
    """The words of a rule as they were typed, for a heading: no fields, no quotes."""
    shown = (atom["word"] if atom["quoted"] is None else atom["quoted"] for atom in _atoms(text))
    return " ".join(" ".join(shown).split())


def _atoms(text: str) -> list[re.Match[str]]:
    if len(text) > LENGTH:
        raise ExpressionError(f"it is longer than {LENGTH} characters", LENGTH)
    atoms = [atom for atom in _ATOM.finditer(unicodedata.normalize("NFC", text)) if atom.group()]
    for atom in atoms:
        if atom["unclosed"]:
            raise ExpressionError("this quote is never closed", atom.start("unclosed"))
        if atom["inner"]:
            raise ExpressionError("a space is missing before this quote", atom.start("inner"))
        if atom["after"] == "*":
            reason = "a * after quoted words is not supported yet"
            raise ExpressionError(reason, atom.start("after"))
        if atom["after"]:
            reason = "a space is missing after the closing quote"
            raise ExpressionError(reason, atom.start("after"))
    return atoms


def _term(atom: re.Match[str]) -> Term:
    field = _field(atom)
    if atom["quoted"] is not None:
        return _quoted_term(atom["quoted"], field, atom.start("quoted"))
    return _word_term(atom["word"], field, atom.start("word"))


def _field(atom: re.Match[str]) -> Field:
    name = (atom["field"] or "").removesuffix(":").lower()
    if name in _LATER_FIELDS:
        raise ExpressionError(f"the field {name}: is not supported yet", atom.start())
    try:
        return Field(name)
    except ValueError:
        reason = f"there is no field {name}: (only ti: and abs:); put the words in quotes"
        raise ExpressionError(reason, atom.start()) from None


def _quoted_term(text: str, field: Field, place: int) -> Term:
    if "*" in text:
        raise ExpressionError("a * in quotes is not supported yet", place + text.index("*"))
    words = tuple(words_of(text))
    if not words:
        raise ExpressionError("there is no word between the quotes", place)
    return Term(words, Way.EXACT, field)


def _word_term(text: str, field: Field, place: int) -> Term:
    if not text:
        raise ExpressionError(f"a word must follow {field}: at once, without a space", place)
    if text[0] in "-‐‑–—−":  # noqa: RUF001 - dashes of every length
        raise ExpressionError("leaving out words with - is not supported yet", place)
    if wrong := _NOT_IN_WORDS.search(text):
        advice = f"{wrong.group()} has no meaning outside quotes"
        raise ExpressionError(_LATER.get(wrong.group(), advice), place + wrong.start())
    if "*" in text:
        return _beginning(text, field, place)
    words = tuple(words_of(text))
    if not words:
        raise ExpressionError("there is no letter or digit in this", place)
    if len(words) == 1 and words[0] in _OPERATORS:
        raise ExpressionError(_about_operator(words[0]), place)
    return Term(words, Way.STEM, field)


def _about_operator(word: str) -> str:
    if word == "and":
        return 'terms must all match without "and"; put the word in quotes to look for it'
    return f"{word.upper()} is not supported yet; put the word in quotes to look for it"


def _beginning(text: str, field: Field, place: int) -> Term:
    star = text.index("*")
    if star != len(text) - 1:
        raise ExpressionError("a * stands only at the end of a word", place + star)
    words = tuple(words_of(text[:star]))
    if not text[star - 1 : star].isalnum() or not words:
        raise ExpressionError("a * must follow a letter or a digit", place + star)
    if len(words[-1]) < _SHORTEST_BEGINNING:
        reason = f"a * needs at least {_SHORTEST_BEGINNING} letters before it"
        raise ExpressionError(reason, place + star)
    return Term(words, Way.BEGINNING, field)

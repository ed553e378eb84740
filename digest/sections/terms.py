"""One piece of a typed rule made a term: its field, its words, and how they are compared."""

from __future__ import annotations

import difflib
import re

from digest.sections.mistakes import ExpressionError
from digest.sections.nodes import Field, Term, Way
from digest.sections.syntax import DASHES, Kind, Piece, without_commas
from digest.sections.words import name_words_of, words_of

SHORTEST_BEGINNING = 2
_NOT_IN_WORDS = re.compile(rf"\|+|&&+|[^{DASHES}\w'’./+#&*]")  # noqa: RUF001
_FIELDS = {field.value: field for field in Field if field}
_ALIASES = {
    "title": "ti", "titles": "ti", "author": "au", "authors": "au", "name": "au",
    "abstract": "abs", "abstracts": "abs", "summary": "abs", "ab": "abs",
    "comment": "co", "comments": "co",
}  # fmt: skip
_NEARLY = 0.7  # how alike a misspelt field must be to a known one
_CATEGORY_FIELDS = {"cat", "cats", "category", "categories", "subject", "subj"}
_LOWER_OPERATORS = {
    "or": ("OR in capitals offers a choice", "OR "),
    "and": ("terms must all match, without a word between them", ""),
    "not": ("a - directly before a word excludes it", "-"),
    "andnot": ("a - directly before a word excludes it", "-"),
}
_FIELDS_NAMED = "the fields are ti:, abs:, au: and co:"


def field_of(piece: Piece, text: str) -> Field:
    """The field a piece names; raises ExpressionError for one that there is not."""
    name = piece.field
    if not name:
        return Field.ANYWHERE
    if name in _FIELDS:
        return _FIELDS[name]
    start = piece.start + piece.excluded
    before, after = text[:start], text[start + len(name) + 1 :]
    if name in _CATEGORY_FIELDS:
        rest = before.removesuffix("-") + text[piece.end :].lstrip()
        reason = "categories are chosen beside the keyword, not in it"
        raise ExpressionError(reason, start, "" if piece.kind is Kind.OPEN else rest.strip())
    if name == "all":
        reason = "without a field, title and abstract are searched"
        raise ExpressionError(reason, start, before + after)
    if known := _nearest(name):
        reason = f"there is no field {name}: but {known}:"
        raise ExpressionError(reason, start, f"{before}{known}:{after}")
    reason = f"there is no field {name}: ({_FIELDS_NAMED}); put the words in quotes"
    quoted = f'{before}"{name} {piece.text}"{text[piece.end :]}' if piece.text else before + after
    raise ExpressionError(reason, start, quoted)


def _nearest(name: str) -> str:
    names = {**_ALIASES, **{known: known for known in _FIELDS}}
    if name in names:
        return names[name]
    near = difflib.get_close_matches(name[:20], names, n=1, cutoff=_NEARLY)
    return names[near[0]] if near else ""


def term_of(piece: Piece, field: Field, text: str) -> Term:
    """What a word or a quoted phrase looks for; raises ExpressionError."""
    if piece.kind is Kind.QUOTED:
        return _quoted(piece, field, text)
    _check(piece, text)
    if field is Field.AUTHORS:
        return _name(piece, text)
    if "*" in piece.text:
        return _beginning(piece, field, text)
    words = tuple(words_of(piece.text))
    if not words:
        mended = f"{text[: piece.start].rstrip()} {text[piece.end :].lstrip()}".strip()
        raise ExpressionError("there is no letter or digit in this", piece.inner, mended)
    if len(words) == 1 and words[0] in _LOWER_OPERATORS:
        _refuse_operator(words[0], piece, text)
    return Term(words, Way.STEM, field)


def _quoted(piece: Piece, field: Field, text: str) -> Term:
    content = piece.text.rstrip()
    star = content.find("*")
    if star >= 0:
        if star != len(content) - 1:
            raise _misplaced_star(piece, star, text)
        return _beginning(piece, field, text)
    words = _words(content, field)
    if not words:
        mended = f"{text[: piece.start].rstrip()} {text[piece.end :].lstrip()}".strip()
        raise ExpressionError("there is no word between the quotes", piece.inner, mended)
    return Term(words, Way.EXACT, field)


def _words(text: str, field: Field) -> tuple[str, ...]:
    return tuple(name_words_of(text) if field is Field.AUTHORS else words_of(text))


def _check(piece: Piece, text: str) -> None:
    """That nothing stands in a word that has a meaning elsewhere or none at all."""
    wrong = _NOT_IN_WORDS.search(piece.text)
    if wrong is None and piece.text == "&":
        wrong = re.match("&", piece.text)
    if wrong is None:
        return
    sign, place = wrong.group(), piece.inner + wrong.start()
    before, after = text[:place], text[place + len(sign) :]
    spaced = " ".join(f"{before} {after}".split())
    if sign[0] == "|":
        mended = f"{before.rstrip()} OR {after.lstrip()}"
        raise ExpressionError("a choice is written with OR", place, mended)
    if sign[0] in ",;&":
        reason = f"no {sign} is needed between terms: all of them must match"
        raise ExpressionError(reason, place, spaced if sign[0] == "&" else without_commas(text))
    if sign == "!" and not wrong.start():
        mended = f"{before.removesuffix('-')}-{after.lstrip()}"
        raise ExpressionError("a word is excluded with -", place, mended)
    if sign == "~":
        mended = f"{'' if before.lstrip()[:1] == '~' else '~'}{before}{after}"
        reason = "~ stands once, at the beginning of the whole rule"
        raise ExpressionError(reason, place, " ".join(mended.split()))
    if sign == ":":
        reason = f"a colon stands only after a field ({_FIELDS_NAMED})"
        raise ExpressionError(reason, place, spaced)
    raise ExpressionError(f"{sign} has no meaning outside quotes", place, spaced)


def _refuse_operator(word: str, piece: Piece, text: str) -> None:
    reason, instead = _LOWER_OPERATORS[word]
    mended = f"{text[: piece.start]}{instead}{text[piece.end :].lstrip()}".strip()
    if piece.excluded or piece.field:
        mended = f'{text[: piece.inner]}"{word}"{text[piece.end :]}'
    reason = f"{reason}; put the word in quotes to look for it"
    raise ExpressionError(reason, piece.inner, mended)


def _beginning(piece: Piece, field: Field, text: str) -> Term:
    star = piece.text.index("*")
    place = piece.inner + star
    if piece.kind is Kind.WORD and (star != len(piece.text) - 1 or not star):
        raise _misplaced_star(piece, star, text)
    words = _words(piece.text[:star], field)
    if not piece.text[star - 1 : star].isalnum() or not words:
        mended = f"{text[:place]}{text[place + 1 :]}".strip()
        raise ExpressionError("a * must follow a letter or a digit", place, mended)
    if len(words[-1]) < SHORTEST_BEGINNING:
        reason = f"a * needs at least {SHORTEST_BEGINNING} letters before it"
        raise ExpressionError(reason, place)
    return Term(words, Way.BEGINNING, field)


def _misplaced_star(piece: Piece, star: int, text: str) -> ExpressionError:
    """The * alone or in front falls away in the suggestion; elsewhere the word ends with it."""
    place = piece.inner + star
    before, after = text[:place], text[place + 1 :]
    if not star and (after[:1].isspace() or not after):
        mended = f"{before.rstrip()}*{after}" if before.strip() else ""
        return ExpressionError("a * follows the beginning of a word", place, mended)
    mended = before + after
    if star and piece.kind is Kind.WORD:
        mended = f"{before}*{text[piece.end :]}"
    return ExpressionError("a * stands only at the end of a word", place, mended)


def _name(piece: Piece, text: str) -> Term:
    """A word of au:, where lovelace_a means a surname and the first letter of the name before."""
    field = Field.AUTHORS
    if "*" in piece.text:
        return _beginning(piece, field, text)
    words = tuple(name_words_of(piece.text))
    if not words:
        raise ExpressionError("there is no letter or digit in this", piece.inner)
    if "_" not in piece.text.strip("_"):
        return Term(words, Way.EXACT, field)
    if len(words) < 2 or len(words[-1]) > 1:
        phrase = f'"{" ".join(words)}"'
        start = piece.end - len(piece.text)
        reason = "after a surname and _ stand first letters, as in au:lovelace_a"
        mended = f"{text[:start]}{phrase}{text[piece.end :]}"
        raise ExpressionError(reason, piece.inner, mended)
    return Term(words, Way.INITIALS, field)

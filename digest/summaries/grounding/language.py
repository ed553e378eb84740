"""Whether a text is English, and written in its letters alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from digest.summaries.grounding.findings import Finding, Kind
from digest.summaries.grounding.wording import distinct
from digest.summaries.sentences import sentences_of

_WORD = re.compile(r"(?<!\\)[^\W\d_]+(?:'[^\W\d_]+)?")
_ENGLISH = distinct(
    "a about after all also an and any are as at be been before being between both but by can "
    "could during each for from had has have how if in into is it its may more most no not of on "
    "only or other over should show shows so such than that the their them then there these they "
    "this those through to under up use used uses using via was well were what when where which "
    "while who will with within without would"
)
_FOREIGN = distinct(
    # German, French, Spanish, Italian, Portuguese, Dutch; none of these is an English word too.
    "der und ist nicht ein eine einer eines einem einen für auf dem des mit sich auch wird werden "
    "wurde durch bei oder wie zu zum zur von dass diese dieser dieses "
    "le la les et est une dans pour qui que sur avec par plus ce cette ces sont aux du au nous "
    "el los las y en una por con para como es esta este estos del se lo su sus más entre "
    "il gli di che è per della delle dei nel nella sono questo questa degli alla "
    "o os uma não são da das dos na nas pelo pela ao "
    "het een van niet op wordt voor zijn dat deze met"
)
_FEWEST = 0.1
# Greek letters alone are of a formula, as long as they are few.
_FORMULA = 2
_LOOK_LATIN = frozenset("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧανορυχιϲϳ")
_MOST_FOREIGN_LETTERS = 0.1


def not_english(text: str, paper: str) -> Iterator[Finding]:
    """The text or the sentences that are in another language, and words in other letters.

    Words that the paper has in those letters are its own.
    """
    words = [word[0].lower() for word in _WORD.finditer(text)]
    letters = [sign for sign in text if sign.isalpha()]
    other = sum(not _is_latin(sign) for sign in letters)
    if letters and other > max(3, _MOST_FOREIGN_LETTERS * len(letters)):
        yield _whole()
        return
    if len(words) >= 8 and not _is_english(words):
        yield _whole()
        return
    yield from _sentences(text)
    yield from _other_letters(text, paper)


def _whole() -> Finding:
    return Finding(Kind.LANGUAGE, 0, 0, "", "The text is not in English.")


def _is_english(words: list[str]) -> bool:
    english = sum(word in _ENGLISH for word in words)
    foreign = sum(word in _FOREIGN for word in words)
    return english >= _FEWEST * len(words) and english > foreign


def _sentences(text: str) -> Iterator[Finding]:
    start = 0
    for sentence in sentences_of(text):
        words = [word[0].lower() for word in _WORD.finditer(sentence)]
        english = sum(word in _ENGLISH for word in words)
        foreign = len({word for word in words if word in _FOREIGN})
        place = text.find(sentence, start)
        if place >= 0:
            start = place + len(sentence)
            if foreign > 1 and foreign > english:
                yield Finding(
                    Kind.LANGUAGE, place, start, sentence, "This sentence is not in English."
                )


def _other_letters(text: str, paper: str) -> Iterator[Finding]:
    """Words with letters of another alphabet, among them letters that only look Latin."""
    for found in _WORD.finditer(text):
        word = "".join(filter(_is_full, found[0]))
        if word.isascii() or found[0] in paper or all(map(_is_formula, word)):
            continue
        if len(word) <= _FORMULA and all(map(_is_greek, word)):
            continue
        mixed = any(map(_is_latin, word))
        what = "has letters that only look Latin" if mixed else "is in other letters"
        yield Finding(Kind.LANGUAGE, *found.span(), found[0], f'"{found[0]}" {what}.')


def _is_full(sign: str) -> bool:
    """Neither high nor low, as in formulas."""
    return not unicodedata.decomposition(sign).startswith(("<super>", "<sub>"))


def _is_formula(sign: str) -> bool:
    """Latin, or Greek that nobody takes for it, such as the delta of u delta."""
    return _is_latin(sign) or (_is_greek(sign) and sign not in _LOOK_LATIN)


@lru_cache(maxsize=4096)
def _is_latin(sign: str) -> bool:
    if sign.isascii() or not sign.isalpha():
        return True
    name = unicodedata.name(sign, "")
    return name.startswith(
        ("LATIN", "MODIFIER", "FEMININE", "MASCULINE", "MICRO", "DOUBLE-STRUCK", "SCRIPT")
    )


def _is_greek(sign: str) -> bool:
    return unicodedata.name(sign, "").startswith("GREEK")

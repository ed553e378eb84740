"""Names and acronyms of a text that stand nowhere in the paper."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from digest.summaries.grounding.evidence import Evidence
from digest.summaries.grounding.findings import Kind, Span
from digest.summaries.grounding.ordinary import begins_sentence, is_ordinary
from digest.summaries.grounding.wording import Word, words_in
from digest.summaries.lexicon import STOPWORDS

_ACRONYM = re.compile(r"[A-Z]{2,}s?")
_COUNT = re.compile(r"[\d,]+(?:\.\d+)?(?:st|nd|rd|th)?|\d{4}s")
_GLUE = re.compile(r"[-/_&@]")
_DOTTED = re.compile(r"(?<![\w.])[a-z]{2,}(?:\.[a-z]{2,})+(?![\w.])")

Stranger = tuple[Kind, int, int]


def strangers_in(text: str, evidence: Evidence, taken: Sequence[Span]) -> Iterator[Stranger]:
    """Kind and place of the folded text's names that do not stand; places taken are no names."""
    words = words_in(text)
    known: set[str] = set()
    for short, long in _long_forms(text, words):
        if all(word.key in evidence.names for word in long):
            known.add(short.key)
        else:  # what the paper's acronym stands for is said by the paper alone
            yield (Kind.NAME, long[0].start, long[-1].end)
    places = _Places(taken)
    before: Stranger | None = None
    for first, last in _compounds(text, words):
        for stranger in _strange(text, words[first:last], evidence, known, places):
            if before and before[0] == stranger[0] and text[before[2] : stranger[1]] in {" ", "-"}:
                stranger = (before[0], before[1], stranger[2])
            elif before:
                yield before
            before = stranger
    if before:
        yield before
    for dotted in _DOTTED.finditer(text):
        if dotted[0] not in evidence.squashed.lower():
            yield (Kind.NAME, *dotted.span())


class _Places:
    """Places that others have looked at, asked in the order of the text."""

    def __init__(self, taken: Sequence[Span]) -> None:
        self._spans = sorted(taken)
        self._at = 0

    def hold(self, word: Word) -> bool:
        while self._at < len(self._spans) and self._spans[self._at][1] <= word.start:
            self._at += 1
        return self._at < len(self._spans) and self._spans[self._at][0] < word.end


def _compounds(text: str, words: Sequence[Word]) -> Iterator[Span]:
    """Words that hyphens or slashes hold together, as first and one behind the last."""
    first = 0
    for at in range(1, len(words) + 1):
        if at == len(words) or not _GLUE.fullmatch(text[words[at - 1].end : words[at].start]):
            yield first, at
            first = at


def _strange(
    text: str, compound: Sequence[Word], evidence: Evidence, known: set[str], places: _Places
) -> Iterator[Stranger]:
    free = [not places.hold(word) for word in compound]
    if evidence.has(compound) and not _shouts(compound[0], evidence):
        return
    is_first = begins_sentence(text, compound[0].start)
    for at, word in enumerate(compound):
        if not free[at]:
            continue
        kind = _kind(word.text, is_first and at == 0)
        if kind and not _stands(word, kind, evidence, known):
            yield (kind, word.start, word.end)
        elif not kind and at and word.text[0].isdigit() and _is_named(compound[:at]):
            # GPT-4 has both words, and yet may be no name of the paper.
            pair = compound[at - 1 : at + 1] if _is_named(compound[at - 1 : at]) else [word]
            if not evidence.has(pair):
                yield (Kind.NAME, pair[0].start, word.end)


def _kind(word: str, is_first: bool) -> Kind | None:
    """What sort of name a word looks like; none for words that need not stand."""
    if len(word) < 2 or (word.isalpha() and word.islower()) or _COUNT.fullmatch(word):
        return None
    if _ACRONYM.fullmatch(word):
        return Kind.ACRONYM
    if word[1:].islower() and word[0].isupper():
        return None if is_first and is_ordinary(word) else Kind.NAME
    return Kind.NAME


def _is_named(words: Sequence[Word]) -> bool:
    return any(sign.isupper() for word in words for sign in word.text)


def _stands(word: Word, kind: Kind, evidence: Evidence, known: set[str]) -> bool:
    if word.key in known:
        return True
    if word.key in evidence.names:
        return not _shouts(word, evidence)
    if kind is Kind.ACRONYM:
        return _letters(word) in evidence.phrases.initials
    return evidence.phrases.have_blend(word.text)


def _letters(word: Word) -> str:
    """Of an acronym, without the s of several."""
    return word.text.removesuffix("s").lower()


def _shouts(word: Word, evidence: Evidence) -> bool:
    """Whether capitals make another name of a common word, as in IT, US and WHO."""
    letters = _letters(word)
    if not _ACRONYM.fullmatch(word.text) or letters in evidence.capitals:
        return False
    return letters in STOPWORDS or is_ordinary(letters)


def _long_forms(text: str, words: Sequence[Word]) -> Iterator[tuple[Word, Sequence[Word]]]:
    """Acronyms in brackets, each with the words before it that make it: federated learning (FL)."""
    for at, word in enumerate(words):
        if _ACRONYM.fullmatch(word.text) and text[word.start - 1 : word.start] == "(":
            long = words[max(0, at - len(_letters(word))) : at]
            if "".join(other.text[0] for other in long).lower() == _letters(word):
                yield word, long

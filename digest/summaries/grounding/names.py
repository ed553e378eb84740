"""Names and acronyms of a text that stand nowhere in the paper."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from digest.summaries.grounding.evidence import Evidence
from digest.summaries.grounding.findings import Kind, Span
from digest.summaries.grounding.ordinary import begins_sentence, is_ordinary
from digest.summaries.grounding.wording import Word, bracketed, split_key, words_in
from digest.summaries.lexicon import STOPWORDS

_ACRONYM = re.compile(r"[A-Z]{2,}s?")
_COUNT = re.compile(r"[\d,]+(?:\.\d+)?(?:st|nd|rd|th)?|\d{4}s")
_GLUE = re.compile(r"[-/_&@]")
_DOTTED = re.compile(r"(?<![\w.])[a-z]{2,}(?:\.[a-z]{2,})+(?![\w.])")

_LONGEST = 80

Stranger = tuple[Kind, int, int]


def strangers_in(text: str, evidence: Evidence, taken: Sequence[Span]) -> Iterator[Stranger]:
    """Kind and place of the folded text's names that do not stand; places taken are no names."""
    read = _Read(text, evidence)
    yield from read.wrong_long_forms()
    yield from read.wrong_short_forms()
    before: Stranger | None = None
    for stranger in read.strangers(taken):
        if before and _go_together(text, before, stranger):
            stranger = (before[0], before[1], stranger[2])
        elif before:
            yield before
        before = stranger
    if before:
        yield before
    for dotted in _DOTTED.finditer(text):
        if dotted[0] not in evidence.squashed.lower():
            yield (Kind.NAME, *dotted.span())


def _go_together(text: str, one: Stranger, other: Stranger) -> bool:
    """Whether they are words of one name, which are found together."""
    is_near = text[one[2] : other[1]] in {" ", "-"} and other[2] - one[1] < _LONGEST
    return is_near and one[0] == other[0]


class _Read:
    """A text read beside its paper."""

    def __init__(self, text: str, evidence: Evidence) -> None:
        self._text = text
        self._evidence = evidence
        self._words = words_in(text)
        self._long_forms = list(self._find_long_forms())
        self._own = {short.key for short, long in self._long_forms if self._all_stand(long)}

    def wrong_long_forms(self) -> Iterator[Stranger]:
        """What the paper's acronym stands for is said by the paper alone."""
        for _, long in self._long_forms:
            if not self._all_stand(long):
                yield (Kind.NAME, long[0].start, long[-1].end)

    def strangers(self, taken: Sequence[Span]) -> Iterator[Stranger]:
        places = _Places(taken)
        for first, last in self._compounds():
            free = [at for at in range(first, last) if not places.hold(self._words[at])]
            compound = self._words[first:last]
            if self._evidence.has(compound) and not self._shouts(compound[0]):
                continue
            is_first = begins_sentence(self._text, compound[0].start)
            for at in free:
                yield from self._strange(first, at, is_first and at == first)

    def _find_long_forms(self) -> Iterator[tuple[Word, Sequence[Word]]]:
        """Acronyms in brackets with the words before that make them: federated learning (FL)."""
        for at, word in bracketed(self._text, self._words):
            if _ACRONYM.fullmatch(word.text):
                long = self._words[max(0, at - len(_letters(word))) : at]
                if "".join(other.text[0] for other in long).lower() == _letters(word):
                    yield word, long

    def wrong_short_forms(self) -> Iterator[Stranger]:
        """Acronyms in brackets behind words that the paper shortens in another way."""
        for at, word in bracketed(self._text, self._words):
            papers = self._evidence.short_forms.get(self._words[at - 1].key)
            if papers and word.key not in papers and _ACRONYM.fullmatch(word.text):
                yield (Kind.ACRONYM, word.start, word.end)

    def _all_stand(self, words: Sequence[Word]) -> bool:
        return all(word.key in self._evidence.names for word in words)

    def _compounds(self) -> Iterator[Span]:
        """Words that hyphens or slashes hold together, as first and one behind the last."""
        first = 0
        for at in range(1, len(self._words) + 1):
            end = self._words[at - 1].end
            if at == len(self._words) or not _GLUE.fullmatch(
                self._text[end : self._words[at].start]
            ):
                yield first, at
                first = at

    def _strange(self, first: int, at: int, is_first: bool) -> Iterator[Stranger]:
        """A word of the compound that begins at the first, if it is a name that does not stand."""
        word, before = self._words[at], self._words[first:at]
        kind = _kind(word.text, is_first)
        if kind and not self._stands(at, kind):
            yield (kind, word.start, word.end)
        elif not kind and word.text[0].isdigit() and _is_named(before):
            # GPT-4 has both words, and yet may be no name of the paper.
            pair = self._words[at - 1 : at + 1] if _is_named(before[-1:]) else [word]
            if not self._evidence.has(pair):
                yield (Kind.NAME, pair[0].start, word.end)

    def _stands(self, at: int, kind: Kind) -> bool:
        word, evidence = self._words[at], self._evidence
        if word.key in self._own:
            return True
        if word.key in evidence.names:
            return not self._shouts(word)
        if kind is Kind.ACRONYM and _letters(word) in evidence.phrases.initials:
            return True
        if split_key(word.text) in evidence.names or evidence.phrases.have_blend(word.text):
            return True
        # Radix Tree is RadixTree.
        pairs = (self._words[at - 1 : at + 1] if at else [], self._words[at : at + 2])
        return any(len(pair) == 2 and not pair[1].is_apart and evidence.has(pair) for pair in pairs)

    def _shouts(self, word: Word) -> bool:
        """Whether capitals make another name of a common word, as in IT, US and WHO."""
        letters = _letters(word)
        if not _ACRONYM.fullmatch(word.text) or letters in self._evidence.capitals:
            return False
        return letters in STOPWORDS or is_ordinary(letters)


class _Places:
    """Places that others have looked at, asked in the order of the text."""

    def __init__(self, taken: Sequence[Span]) -> None:
        self._spans = sorted(taken)
        self._at = 0

    def hold(self, word: Word) -> bool:
        while self._at < len(self._spans) and self._spans[self._at][1] <= word.start:
            self._at += 1
        return self._at < len(self._spans) and self._spans[self._at][0] < word.end


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


def _letters(word: Word) -> str:
    """Of an acronym, without the s of several."""
    return word.text.removesuffix("s").lower()

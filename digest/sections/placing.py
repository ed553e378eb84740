"""The words of a text with their places in it, cut exactly as digest.sections.words cuts them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from digest.sections import words
from digest.sections.words import folded, name_words_in_two_letters, name_words_of

Span = tuple[int, int]
_TOKENS = re.compile(r"\s+|\S+")


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word, folded, and where in the text as it stands it begins and ends."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Traced:
    """A text changed on the way, and where each of its characters came from."""

    text: str
    spans: list[Span]

    def without(self, pattern: re.Pattern[str]) -> _Traced:
        kept: list[int] = []
        place = 0
        for found in pattern.finditer(self.text):
            kept += range(place, found.start())
            place = found.end()
        kept += range(place, len(self.text))
        return _Traced("".join(self.text[at] for at in kept), [self.spans[at] for at in kept])

    def translated(self, table: dict[int, int | None]) -> _Traced:
        kept = [
            (new, span)
            for char, span in zip(self.text, self.spans, strict=True)
            if (new := char.translate(table))
        ]
        return _Traced("".join(new for new, _ in kept), [span for _, span in kept])

    def folded(self) -> _Traced:
        whole = folded(self.text)
        for cut in (_clusters, _tokens):
            pieces = list(cut(self.text))
            texts = [folded(self.text[start:end]) for start, end in pieces]
            if "".join(texts) == whole:
                break
        else:
            pieces, texts = [(0, len(self.text))], [whole]
        spans: list[Span] = []
        for (start, end), text in zip(pieces, texts, strict=True):
            if start < end:
                spans += [(self.spans[start][0], self.spans[end - 1][1])] * len(text)
        return _Traced(whole, spans)


def placed_words(text: str) -> list[PlacedWord]:
    """The words of a text in order."""
    traced = _Traced(text, [(place, place + 1) for place in range(len(text))])
    if "\\" in text:
        traced = traced.without(words.TEX_STYLE).translated(words.TEX_BRACES)
    if not traced.text.isascii():
        traced = traced.translated(words.UNSEEN)
    if "'" in traced.text:
        traced = traced.without(words.APOSTROPHE)
    traced = traced.folded()
    return [
        PlacedWord(found.group(), traced.spans[found.start()][0], traced.spans[found.end() - 1][1])
        for found in words.WORD.finditer(traced.text)
    ]


def placed_spellings(name: str) -> list[list[PlacedWord]]:
    """The words of a name in its plainest letters, and again with ue for ü."""
    placed = placed_words(name)
    plain = _respelt(placed, name_words_of)
    if name.isascii():
        return [plain]
    spelt = _respelt(placed, name_words_in_two_letters)
    return [plain] if spelt == plain else [plain, spelt]


def _respelt(placed: Iterable[PlacedWord], spell: Callable[[str], list[str]]) -> list[PlacedWord]:
    return [PlacedWord(word, one.start, one.end) for one in placed for word in spell(one.word)]


def _clusters(text: str) -> Iterator[Span]:
    """Each character with the marks that stand on it."""
    start = 0
    for place in range(1, len(text)):
        if not unicodedata.combining(text[place]):
            yield start, place
            start = place
    yield start, len(text)


def _tokens(text: str) -> Iterator[Span]:
    return (found.span() for found in _TOKENS.finditer(text))

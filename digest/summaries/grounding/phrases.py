"""Phrases of a paper that a short name may stand for: EMA, GenAI."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from digest.summaries.grounding.wording import Word, distinct, plain
from digest.summaries.lexicon import EMPTY_WORDS, PARTS_OF_PHRASES, STOPWORDS, VERBS

_LINKING = distinct("and for in of on the")
_VERBAL = ("s", "ed", "ing")
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_FEWEST, _MOST = 3, 7


class Phrases:
    def __init__(self, words: Sequence[Word]) -> None:
        self.initials = {initials for phrase in _phrases(words) for initials in _initials(phrase)}
        self._words = words
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        for at, word in enumerate(words):
            self._places[plain(word.text[:2])].append(at)

    def have_blend(self, name: str) -> bool:
        """Whether the parts of a name begin words that stand side by side, as in GenAI."""
        parts = [part.lower() for part in _PARTS.findall(name)]
        if len(parts) < 2 or len(parts[0]) < 2 or len(name) < 4 or "".join(parts) != name.lower():
            return False
        for at in self._places.get(parts[0][:2], ()):
            words = self._words[at : at + len(parts)]
            is_phrase = len(words) == len(parts) and not any(map(_ends, words[1:]))
            if is_phrase and all(map(_begins, words, parts)):
                return True
        return False


def _phrases(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Runs of words that hold together and are no verbs, as long as they come."""
    run: list[Word] = []
    for word in words:
        is_linking = word.text.lower() in _LINKING
        if word.is_apart or not (is_linking or _is_of_phrases(word.text)):
            yield run
            run = []
        if _is_of_phrases(word.text) or (run and is_linking):
            run.append(word)
    yield run


def _initials(phrase: Sequence[Word]) -> Iterator[str]:
    """Of what begins or ends the phrase, with its small words and without them; a piece out of
    its middle would give almost any three letters."""
    for size in range(_FEWEST, min(len(phrase), _MOST) + 1):
        for piece in (phrase[:size], phrase[-size:]):
            small = [word.text.lower() in _LINKING for word in piece]
            if small[0] or small[-1]:
                continue
            letters = [word.text[0].lower() for word in piece]
            yield "".join(letters)
            short = [letter for letter, drops in zip(letters, small, strict=True) if not drops]
            if len(short) >= _FEWEST:
                yield "".join(short)


def _is_of_phrases(word: str) -> bool:
    lower = word.lower()
    if not word.isalpha() or lower in STOPWORDS or lower in VERBS or lower.endswith("ly"):
        return False
    return lower not in EMPTY_WORDS or lower in PARTS_OF_PHRASES or not lower.endswith(_VERBAL)


def _ends(word: Word) -> bool:
    return word.is_apart or word.text.lower() in STOPWORDS


def _begins(word: Word, part: str) -> bool:
    return plain(word.text).startswith(part)

"""What is wrong with a text as a whole: length, loops, a title for a text, a missing end."""

# ruff: noqa: RUF001 - signs that look like others are what this is about
from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from digest.summaries.grounding.findings import Finding, Kind, Span
from digest.summaries.grounding.wording import distinct
from digest.summaries.sentences import sentences_of

SHORTEST, LONGEST = 25, 110
_WORD = re.compile(r"\w+(?:['’.-]\w+)*")
_END = re.compile(r"[.!?][\"'”’)\]]*$")
_DANGLING = re.compile(r"(?<![\w-])(?:an?|the|and|or|of|its|their|than|while)\s?[.!?…]+$", re.I)
_STUTTERS = distinct("a an and are by for is of or the their this to with")
_LONGEST_PERIOD = 16
_TITLE_WORDS = 4
_NO_NAME = 6
_SOON = 60


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a text without case, and where each stands."""

    words: list[str]
    spans: list[Span]

    @classmethod
    def of(cls, text: str) -> _Words:
        found = list(_WORD.finditer(text))
        return cls([word[0].lower() for word in found], [word.span() for word in found])


def misshapen(text: str, title: str) -> Iterator[Finding]:
    """The findings about the whole; a blank text is only too short."""
    count = len(text.split())
    if not SHORTEST <= count <= LONGEST:
        words = "1 word" if count == 1 else f"{count} words"
        yield _whole(Kind.LENGTH, f"The text has {words}; {SHORTEST} to {LONGEST} are wanted.")
    if not count:
        return
    words_of_text = _Words.of(text)
    if span := _copied(words_of_text, _Words.of(title).words) or _quoted(text, title):
        yield Finding(Kind.COPIED_TITLE, *span, text[slice(*span)], "This is the paper's title.")
    yield from _repeated(text, words_of_text)
    if not _END.search(text.rstrip()) or text.rstrip().endswith("..") or _DANGLING.search(text):
        last = words_of_text.spans[-1] if words_of_text.spans else (0, 0)
        yield Finding(Kind.CUT_OFF, *last, text[slice(*last)], "The text breaks off.")


def _whole(kind: Kind, message: str) -> Finding:
    return Finding(kind, 0, 0, "", message)


def _copied(text: _Words, title: Sequence[str]) -> Span | None:
    """Where the title stands near the beginning, or is all there is."""
    if not title or not text.words:
        return None
    if text.words == list(title):
        return (text.spans[0][0], text.spans[-1][1])
    if len(title) < _TITLE_WORDS:
        return None
    if text.words[: len(title)] == list(title):
        return (text.spans[0][0], text.spans[len(title) - 1][1])
    is_little_more = len(text.words) <= len(title) + 6
    if is_little_more and set(text.words) <= {*title, *_STUTTERS, "this", "paper"}:
        return (text.spans[0][0], text.spans[-1][1])
    return None


def _quoted(text: str, title: str) -> Span | None:
    """Where the title stands to the letter, soon after the beginning."""
    place = text.find(title, 0, len(title) + _SOON) if len(title.split()) > _NO_NAME else -1
    return (place, place + len(title)) if place >= 0 else None


def _repeated(text: str, words: _Words) -> Iterator[Finding]:
    """Each stretch once."""
    last = 0
    for start, end in sorted([*_loops(words), *_again(words), *_sentences_again(text)]):
        if start >= last:
            last = end
            yield Finding(
                Kind.REPETITION, start, end, text[start:end], "The text repeats itself here."
            )


def _loops(words: _Words) -> Iterator[Span]:
    """Words that come again at once: the second and further rounds of a loop."""
    size = len(words.words)
    for period in range(1, _LONGEST_PERIOD + 1):
        run = 0
        for at in range(period, size + 1):
            if at < size and words.words[at] == words.words[at - period]:
                run += 1
                continue
            if run and _is_loop(words, at - run, at, period):
                yield (words.spans[at - run][0], words.spans[at - 1][1])
            run = 0


def _is_loop(words: _Words, start: int, end: int, period: int) -> bool:
    """Whether words that are equal to those before them are more than chance or a figure of
    speech: three rounds of a few words, two of more; of one word three, or a small word again."""
    if period > 1:
        return end - start >= (2 * period if period < 4 else period)
    word = words.words[start]
    is_word = len(word) > 1 and word.isalpha() and word != "log"
    is_next = words.spans[start][0] == words.spans[start - 1][1] + 1
    return is_word and (end - start > 1 or (word in _STUTTERS and is_next))


def _again(words: _Words) -> Iterator[Span]:
    """Ten words that stand twice, five that stand three times."""
    for size, most in ((10, 1), (5, 2)):
        seen: dict[tuple[str, ...], int] = {}
        for at in range(len(words.words) - size + 1):
            gram = tuple(words.words[at : at + size])
            seen[gram] = seen.get(gram, 0) + 1
            if seen[gram] > most:
                yield (words.spans[at][0], words.spans[at + size - 1][1])


def _sentences_again(text: str) -> Iterator[Span]:
    seen: set[tuple[str, ...]] = set()
    before: frozenset[str] = frozenset()
    start = 0
    for sentence in sentences_of(text):
        words = tuple(_Words.of(sentence).words)
        own = frozenset(words)
        place = text.find(sentence, start)
        if place >= 0:
            start = place + len(sentence)
            is_like = min(len(own), len(before)) > 5 and _share(own, before) >= 0.8
            if (len(words) > 2 and words in seen) or is_like:
                yield (place, start)
        seen.add(words)
        before = own


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)

"""A folded text as runs of letters and digits, with keys by which names are compared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from digest.sections.words import folded, stem, unaccented

# Possessive on single signs only: around groups they go wrong before Python 3.11.5 (gh-106052).
_RUN = re.compile(r"(?:\d++(?:,\d{3}(?!\d))*(?:\.\d++)*|[^\W\d_]++)+")
_JOINS = re.compile(r"[\s\-/_@&]{1,2}|'s?\s?")
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_PLURAL = re.compile(r"[A-Z][A-Z0-9]+s|[A-Z][a-z]*[A-Z]+s")


@dataclass(frozen=True, slots=True)
class Word:
    """A run of letters and digits: its key, and whether something parts it from the one before."""

    start: int
    end: int
    key: str
    text: str
    is_apart: bool


def words_in(text: str) -> list[Word]:
    """The runs of a folded text, each with a key that is equal for equal names and inflections."""
    found: list[Word] = []
    end = 0
    for run in _RUN.finditer(text):
        is_apart = not _JOINS.fullmatch(text[end : run.start()])
        found.append(Word(run.start(), run.end(), _key(run[0]), run[0], is_apart))
        end = run.end()
    return found


def _key(text: str) -> str:
    if _PLURAL.fullmatch(text):
        text = text[:-1]
    return stem(plain(text)) if text.isalpha() else plain(text)


def plain(text: str) -> str:
    """Without case and accents."""
    return folded(text) if text.isascii() else unaccented(text)


def bracketed(text: str, words: Sequence[Word]) -> Iterator[tuple[int, Word]]:
    """Words that stand alone in brackets behind another, as short forms do, each with its place."""
    for at, word in enumerate(words[1:], 1):
        before, after = text[words[at - 1].end : word.start], text[word.end : word.end + 1]
        if before.strip() == "(" and after == ")":
            yield at, word


def split_key(name: str) -> str:
    """The key of the parts of a name in camel case, blank for another: RadixTree is Radix Tree."""
    parts = _PARTS.findall(name)
    if len(parts) < 2 or not name.isalpha() or "".join(parts) != name:
        return ""
    return joined([_key(part) for part in parts])


def distinct(words: str) -> frozenset[str]:
    return frozenset(words.split())


def joined(keys: Sequence[str]) -> str:
    """The key of a name of several words: GPT-4 is GPT 4 is GPT4, but 1 2 is not 12."""
    made = keys[0]
    for key in keys[1:]:
        made += ("·" if made[-1:].isdigit() and key[:1].isdigit() else "") + key
    return made

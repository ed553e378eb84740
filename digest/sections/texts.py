"""What of a paper is looked at, field by field as words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from digest.sections.compiled import initials_in
from digest.sections.nodes import Field
from digest.sections.words import name_words_in_two_letters, name_words_of, words_of

BREAK = ""  # between names: no word, so that no phrase runs across it


@dataclass(frozen=True, slots=True)
class PaperText:
    """What of a paper is looked at; the key comes back in the answer."""

    key: int
    title: str
    abstract: str
    authors: tuple[str, ...] = ()
    comments: str = ""


def words_in(paper: PaperText, field: Field) -> list[str]:
    """The words of one field in a row, with a break after each name of an author."""
    if field is Field.TITLE:
        return words_of(paper.title)
    if field is Field.ABSTRACT:
        return words_of(paper.abstract)
    if field is Field.COMMENTS:
        return words_of(paper.comments)
    return [
        word
        for name in paper.authors
        for spelling in spellings(name)
        for word in (*spelling, BREAK)
    ]


def spellings(name: str) -> list[list[str]]:
    """The words of a name, and again as some write it without the letter: ue for ü."""
    plain = name_words_of(name)
    if name.isascii():
        return [plain]
    spelt = name_words_in_two_letters(name)
    return [plain] if spelt == plain else [plain, spelt]


def names_in(words: Iterable[str]) -> Iterator[list[str]]:
    """The names that stand in a row of words with a break after each."""
    name: list[str] = []
    for word in words:
        if word:
            name.append(word)
        elif name:
            yield name
            name = []


def initials_of(words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(lovelace, a) and the like: each later word of a name, and the first one's first letter."""
    return ((word, name[0][0]) for name in names_in(words) for word in name[1:])


def has_initials(name: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether lovelace_a means this name: the surname, and before it names that begin so."""
    count = initials_in(wanted)
    surname = list(wanted[: len(wanted) - count])
    if not all(map(str.startswith, name, wanted[len(surname) :])):
        return False
    places = range(count, len(name) - len(surname) + 1)
    return any(list(name[start : start + len(surname)]) == surname for start in places)

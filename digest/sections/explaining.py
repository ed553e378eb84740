"""Which words of a paper made a rule match, for "because: ..." and for marking them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from digest.sections.compiled import initials_in
from digest.sections.expressions import All, Expression, Field, Node, Not, Term, Way
from digest.sections.placing import PlacedWord, Span, placed_spellings, placed_words
from digest.sections.texts import PaperText, has_initials
from digest.sections.words import as_written, stem, words_of

_BETWEEN = re.compile(r"[\s\-‐‑–{}]*")  # noqa: RUF001 - what parts words that belong together
_Place = tuple[Field, int]  # a field, and for authors which one


@dataclass(frozen=True, slots=True)
class Matched:
    """Where the words stand that a rule asked for; nothing if it does not match.

    Spans are places in the texts as they are, sorted and apart from one another; ``authors``
    has some for each author. ``words`` are as written, each once, in the order of reading.
    """

    matched: bool
    title: tuple[Span, ...] = ()
    abstract: tuple[Span, ...] = ()
    authors: tuple[tuple[Span, ...], ...] = ()
    comments: tuple[Span, ...] = ()
    words: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.matched


def explain(expression: Expression, paper: PaperText) -> Matched:
    """What of the paper made the rule match; what is excluded, or no choice of it, says nothing."""
    looking = _Looking(paper)
    terms = looking.terms_that_hold(expression.root)
    if terms is None:
        return Matched(False)
    found: dict[_Place, set[Span]] = {}
    for term in terms:
        for place, span in looking.spans_of(term):
            found.setdefault(place, set()).add(span)
    apart = {place: _apart(spans) for place, spans in found.items()}
    return Matched(
        True,
        apart.get((Field.TITLE, 0), ()),
        apart.get((Field.ABSTRACT, 0), ()),
        tuple(apart.get((Field.AUTHORS, at), ()) for at in range(len(paper.authors))),
        apart.get((Field.COMMENTS, 0), ()),
        _words((looking.texts[place], apart[place]) for place in looking.texts if place in apart),
    )


class _Looking:
    """One paper, its words cut once, and what terms were found in it."""

    def __init__(self, paper: PaperText) -> None:
        self.texts: dict[_Place, str] = {
            (Field.TITLE, 0): paper.title,
            (Field.ABSTRACT, 0): paper.abstract,
            **{(Field.AUTHORS, at): name for at, name in enumerate(paper.authors)},
            (Field.COMMENTS, 0): paper.comments,
        }
        self._words: dict[_Place, list[list[PlacedWord]]] = {}
        self._spans: dict[Term, list[tuple[_Place, Span]]] = {}

    def terms_that_hold(self, node: Node) -> list[Term] | None:
        """The terms that made it hold, or None if it does not."""
        if isinstance(node, Term):
            return [node] if self.spans_of(node) else None
        if isinstance(node, Not):
            return None if self.spans_of(node.term) else []
        parts = [self.terms_that_hold(part) for part in node.parts]
        holding = [terms for terms in parts if terms is not None]
        if not holding or (isinstance(node, All) and len(holding) < len(parts)):
            return None
        return [term for terms in holding for term in terms]

    def spans_of(self, term: Term) -> list[tuple[_Place, Span]]:
        if term not in self._spans:
            self._spans[term] = [
                (place, span)
                for place in self.texts
                if _is_asked(term.field, place[0])
                for words in self._words_of(place)
                for span in _found(term, words)
            ]
        return self._spans[term]

    def _words_of(self, place: _Place) -> list[list[PlacedWord]]:
        if place not in self._words:
            text = self.texts[place]
            is_name = place[0] is Field.AUTHORS
            self._words[place] = placed_spellings(text) if is_name else [placed_words(text)]
        return self._words[place]


def _is_asked(asked: Field, field: Field) -> bool:
    return field is asked or (not asked and field in (Field.TITLE, Field.ABSTRACT))


def _found(term: Term, words: Sequence[PlacedWord]) -> Iterator[Span]:
    if term.way is Way.INITIALS:
        yield from _found_initials(term, words)
        return
    size = len(term.words)
    holds = _comparison(term)
    for at in range(len(words) - size + 1):
        if holds([word.word for word in words[at : at + size]]):
            yield words[at].start, words[at + size - 1].end


def _comparison(term: Term) -> Callable[[list[str]], bool]:
    wanted = list(term.words)
    if term.way is Way.STEM:
        stems = [stem(word) for word in wanted]
        return lambda words: [stem(word) for word in words] == stems
    if term.way is Way.EXACT:
        return lambda words: words == wanted
    return lambda words: words[:-1] == wanted[:-1] and words[-1].startswith(wanted[-1])


def _found_initials(term: Term, words: Sequence[PlacedWord]) -> Iterator[Span]:
    """The whole name, from the first letter's name to the surname."""
    plain = [word.word for word in words]
    if not has_initials(plain, term.words):
        return
    initials = initials_in(term.words)
    surname = list(term.words[: len(term.words) - initials])
    for at in range(initials, len(words) - len(surname) + 1):
        if plain[at : at + len(surname)] == surname:
            yield words[0].start, words[at + len(surname) - 1].end
            return


def _apart(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Sorted, and those that overlap as one."""
    apart: list[Span] = []
    for start, end in sorted(spans):
        if apart and start < apart[-1][1]:
            apart[-1] = apart[-1][0], max(end, apart[-1][1])
        else:
            apart.append((start, end))
    return tuple(apart)


def _words(marked: Iterable[tuple[str, tuple[Span, ...]]]) -> tuple[str, ...]:
    """Neighbours together, each once, and nothing that is part of something longer."""
    written: dict[tuple[str, ...], str] = {}
    for text, spans in marked:
        for start, end in _neighbours(text, spans):
            written.setdefault(tuple(words_of(text[start:end])), as_written(text[start:end]))
    return tuple(
        shown
        for words, shown in written.items()
        if not any(_is_part(words, others) for others in written)
    )


def _neighbours(text: str, spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in spans:
        if joined and _BETWEEN.fullmatch(text, joined[-1][1], start):
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return joined


def _is_part(words: tuple[str, ...], others: tuple[str, ...]) -> bool:
    size = len(words)
    return size < len(others) and any(
        others[at : at + size] == words for at in range(len(others) - size + 1)
    )

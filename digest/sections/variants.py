"""Other names for what a rule asks for: ~reinforcement learning finds RL and PPO as well.

A group has a head, other forms that mean the same, and narrower ones that belong under it. Who
asks for the head or for one that means the same gets all of them; who asks for a narrower one
gets that one alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from digest.sections.canonical import all_of, negated, one_of
from digest.sections.expressions import All, Expression, Field, Node, Not, Term, Way
from digest.sections.words import stem, words_of

_ACRONYM = re.compile(r"[^\W_]*[A-Z][^\W_]*[A-Z][^\W_]*")
_Stems = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """What means the same, and what is narrower. Forms are words as one would write them."""

    term: str
    same: tuple[str, ...] = ()
    narrower: tuple[str, ...] = ()


class Variants:
    """All groups, ready to be looked up in."""

    def __init__(self, groups: Iterable[Group] = ()) -> None:
        self._forms: dict[_Stems, tuple[Term, ...]] = {}
        for group in groups:
            named = (group.term, *group.same)
            forms = tuple(term for form in (*named, *group.narrower) for term in terms_of(form))
            for name in named:
                for stems in _keys_of(name):
                    known = self._forms.get(stems, ())
                    self._forms[stems] = tuple(dict.fromkeys(known + forms))
        self._longest_first = sorted(self._forms, key=lambda stems: (-len(stems), stems))

    def __bool__(self) -> bool:
        return bool(self._forms)

    def of(self, words: Iterable[str], but: Iterable[_Stems] = ()) -> list[Term]:
        """The forms that some words stand for, none if they are no name of a group."""
        forms = self._forms.get(_stems(words), ())
        return [form for form in forms if _stems(form.words) not in but] if but else list(forms)

    def among(self, words: Iterable[str]) -> Iterator[_Stems]:
        """The names of groups that single words make together, the longest first."""
        left = Counter(_stems(words))
        for stems in self._longest_first:
            needed = Counter(stems)
            if len(stems) > 1 and needed <= left:
                left -= needed
                yield stems


def expand(expression: Expression, variants: Variants) -> Expression:
    """The rule with a choice of forms in place of each name of a group, if it asks for that."""
    if not expression.variants:
        return expression
    # Asking for PPO without RL still means something, so such a form is not excluded.
    asked = frozenset(
        _stems([*term.words[:-1], last])
        for term in _asked(expression.root)
        for last in (term.words[-1], f"{term.words[-1]}s")
    )
    wider = _wider(expression.root, variants, asked)
    return Expression(expression.root if isinstance(wider, bool) else wider)


def _asked(node: Node) -> Iterator[Term]:
    if isinstance(node, Term):
        yield node
    elif not isinstance(node, Not):
        for part in node.parts:
            yield from _asked(part)


def terms_of(form: str) -> tuple[Term, ...]:
    """How a form is looked for: acronyms exactly and in the plural, "..." exactly, else by stem."""
    words = tuple(words_of(form))
    if not words:
        return ()
    if _ACRONYM.fullmatch(form):
        return tuple(Term((word,), Way.EXACT) for word in (words[0], f"{words[0]}s"))
    exact = form.startswith('"') and form.endswith('"')
    return (Term(words, Way.EXACT if exact else Way.STEM),)


def _stems(words: Iterable[str]) -> _Stems:
    return tuple(map(stem, words))


def _keys_of(name: str) -> Iterator[_Stems]:
    if words := words_of(name):
        yield _stems(words)
        if _ACRONYM.fullmatch(name):
            yield _stems([f"{words[0]}s"])


def _wider(node: Node, variants: Variants, asked: frozenset[_Stems]) -> Node | bool:
    if isinstance(node, Term):
        return _choice(node, node, variants.of(node.words))
    if isinstance(node, Not):
        return _opposite(_choice(node.term, node.term, variants.of(node.term.words, asked)))
    if isinstance(node, All):
        singles, others = _together(node.parts, variants)
        wider = [_wider(part, variants, asked) for part in others]
        wider += [_choice(named, like, variants.of(stems)) for named, like, stems in singles]
        parts = [part for part in wider if not isinstance(part, bool)]
        return False if False in wider else all_of(parts)
    # -(reinforcement learning) is kept as -reinforcement OR -learning.
    excluded = [part.term for part in node.parts if isinstance(part, Not)]
    singles, others = _together(excluded, variants)
    wider = [_wider(part, variants, asked) for part in node.parts if not isinstance(part, Not)]
    wider += [_wider(Not(part), variants, asked) for part in others if isinstance(part, Term)]
    wider += [
        _opposite(_choice(named, like, variants.of(stems, asked))) for named, like, stems in singles
    ]
    parts = [part for part in wider if not isinstance(part, bool)]
    return True if True in wider else one_of(parts)


def _together(
    parts: Iterable[Node], variants: Variants
) -> tuple[list[tuple[Node, Term, _Stems]], list[Node]]:
    """Of parts that must all match the words that are one name, and what is left."""
    left = list(parts)
    found: list[tuple[Node, Term, _Stems]] = []
    for field in (Field.ANYWHERE, Field.TITLE, Field.ABSTRACT, Field.COMMENTS):
        single = [part for part in left if isinstance(part, Term) and _is_word(part, field)]
        for stems in variants.among(term.words[0] for term in single):
            named: list[Term] = []
            for root in stems:
                word = next(term for term in single if stem(term.words[0]) == root)
                single.remove(word)
                left.remove(word)
                named.append(word)
            together = all_of(named)
            if not isinstance(together, bool):
                found.append((together, named[0], stems))
    return found, left


def _is_word(term: Term, field: Field) -> bool:
    return len(term.words) == 1 and term.field is field and term.way in (Way.STEM, Way.EXACT)


def _choice(asked: Node, like: Term, forms: Iterable[Term]) -> Node | bool:
    """What was asked for, or one of the forms, in the same field."""
    if like.way is Way.BEGINNING or like.field is Field.AUTHORS:
        return asked
    return one_of([asked, *(Term(form.words, form.way, like.field) for form in forms)])


def _opposite(node: Node | bool) -> Node | bool:
    return not node if isinstance(node, bool) else negated(node)

"""Parts of a rule put together so that rules of one meaning become one rule.

Nested groups are flattened, repetitions dropped, parts sorted; what another part already says
is absorbed: a OR (a b) is a, and so is a (a OR b). A result that is no rule any more is a
truth value: False holds for no paper, True for every one.
"""

from __future__ import annotations

from collections.abc import Iterable

from digest.sections.nodes import All, Choice, Node, Not, Term, excludes


def all_of(parts: Iterable[Node]) -> Node | bool:
    """Every part must match."""
    distinct = _flat(parts, All)
    if _clash(distinct, Choice):
        return False
    return _joined(distinct, All, Choice)


def one_of(parts: Iterable[Node]) -> Node | bool:
    """At least one part must match."""
    distinct = _flat(parts, Choice)
    if _clash(distinct, All):
        return True
    return _joined(distinct, Choice, All)


def negated(node: Node) -> Node | bool:
    """The part must not match."""
    if isinstance(node, Term):
        return Not(node)
    if isinstance(node, Not):
        return node.term
    opposites: list[Node] = []
    for part in node.parts:
        opposite = negated(part)
        if isinstance(opposite, bool):
            return opposite
        opposites.append(opposite)
    return one_of(opposites) if isinstance(node, All) else all_of(opposites)


def _flat(parts: Iterable[Node], kind: type[All | Choice]) -> dict[Node, None]:
    distinct: dict[Node, None] = {}
    for part in parts:
        if isinstance(part, kind):
            distinct.update(dict.fromkeys(part.parts))
        else:
            distinct[part] = None
    return distinct


def _clash(parts: dict[Node, None], other: type[All | Choice]) -> bool:
    """Whether a part is the opposite of others: a and -a, or (a OR b) and -a -b."""
    opposites: set[Node] = set()
    for part in parts:
        if isinstance(part, Not):
            opposites.add(part.term)
        elif isinstance(part, Term):
            opposites.add(Not(part))
    return any(
        part in opposites or (isinstance(part, other) and opposites.issuperset(part.parts))
        for part in parts
    )


def _joined(parts: dict[Node, None], kind: type[All | Choice], other: type[All | Choice]) -> Node:
    if any(isinstance(part, other) for part in parts):
        parts = _absorbed(parts, other)
    if len(parts) == 1:
        return next(iter(parts))
    return kind(tuple(sorted(parts, key=_order)))


def _absorbed(parts: dict[Node, None], other: type[All | Choice]) -> dict[Node, None]:
    said = {
        part: frozenset(part.parts) if isinstance(part, other) else frozenset((part,))
        for part in parts
    }
    return {
        part: None
        for part, mine in said.items()
        if len(mine) == 1 or not any(theirs < mine for theirs in said.values())
    }


def _order(node: Node) -> tuple[int, str]:
    """Terms first, then groups, exclusions last."""
    if isinstance(node, Term):
        return 0, str(node)
    return 2 if excludes(node) else 1, str(node)

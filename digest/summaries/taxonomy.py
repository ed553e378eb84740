"""The closed lists of domains and topics as values, and how an answer is mapped to them.

An answer is one of the names, or of their aliases, whatever its case, hyphens and plurals; or
one whose words hold all words of a name or an alias. Where several topics are named, the
part before the comma counts most, then the earlier topic of the list; so lists begin with
what is special. What fits nothing is None and never stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from digest.sections.words import stem, words_of
from digest.summaries.patterns import regular as regular

OTHER = "others"

_OTHERS = frozenset(["other", "misc", "miscellan", "none", "unclassifi", "uncategor"])
_SMALL_WORDS = frozenset(["a", "an", "and", "as", "for", "in", "of", "on", "or", "the", "to"])
_PART_END = re.compile(r"[,;/()\[\]|&:+]|\s(?:and|or|-|–|—)\s")  # noqa: RUF001
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class TopicRule:
    """A topic, its other names, and the regular expressions over lower-case text it is known by.

    Of ``strongest`` one in passing is enough; of ``pattern`` it is not.
    """

    name: str
    aliases: tuple[str, ...] = ()
    pattern: str = ""
    strongest: str = ""


@dataclass(frozen=True, slots=True)
class DomainRule:
    """A domain with its topics; by ``signs``, each of another kind, a text of it is known."""

    name: str
    topics: tuple[TopicRule, ...]
    aliases: tuple[str, ...] = ()
    description: str = ""
    signs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The domains in their order."""

    domains: tuple[DomainRule, ...]

    def domain(self, said: str) -> str | None:
        """The domain that an answer means."""
        return mapped(said, self.domains)

    def topic(self, domain: str, said: str) -> str | None:
        """The topic of the domain that an answer means; ``others`` only if it says so."""
        rule = self.rule(domain)
        if rule is None:
            return None
        return mapped(said, rule.topics) or (OTHER if _says_other(said) else None)

    def rule(self, domain: str) -> DomainRule | None:
        """The domain of this very name."""
        return next((rule for rule in self.domains if rule.name == domain), None)

    def known_as(self, name: str) -> DomainRule | None:
        """The domain of this name, or the one renamed that keeps the name as an alias."""
        return self.rule(name) or next((r for r in self.domains if name in r.aliases), None)

    def names(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Each domain and its topics, ``others`` always among them."""
        return tuple((rule.name, _with_other(rule.topics)) for rule in self.domains)


@dataclass(frozen=True, slots=True)
class _Index:
    """Names and aliases by their stems joined, and as sets of stems with the name's place."""

    whole: Mapping[str, str]
    held: tuple[tuple[frozenset[str], int, str], ...]


def mapped(said: str, rules: Sequence[DomainRule] | Sequence[TopicRule]) -> str | None:
    """The name of the rule that is meant, None where none is."""
    index = _index(tuple((rule.name, rule.aliases) for rule in rules))
    said = said[:_LONGEST]
    parts = [said, *_PART_END.split(said)]
    for part in parts:
        if name := index.whole.get("".join(_stems(part))):
            return name
    return next(filter(None, (_held(part, index) for part in [*parts[1:], said])), None)


def _held(part: str, index: _Index) -> str | None:
    """The earliest of those all of whose words stand in the part, none being within another."""
    stems = frozenset(_stems(part))
    found = [entry for entry in index.held if entry[0] <= stems]
    widest = [entry for entry in found if not any(entry[0] < other[0] for other in found)]
    return min(widest, key=lambda entry: entry[1])[2] if widest else None


@lru_cache(maxsize=64)
def _index(named: tuple[tuple[str, tuple[str, ...]], ...]) -> _Index:
    whole: dict[str, str] = {}
    held: list[tuple[frozenset[str], int, str]] = []
    for name, _ in named:  # a name counts for more than another's alias
        whole.setdefault("".join(_stems(name)), name)
    for place, (name, aliases) in enumerate(named):
        for stems in filter(None, map(_stems, (name, *aliases))):
            whole.setdefault("".join(stems), name)
            held.append((frozenset(stems), place, name))
    whole.pop("", None)
    return _Index(whole, tuple(held))


def _stems(text: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in words_of(text) if word not in _SMALL_WORDS)


def _says_other(said: str) -> bool:
    stems = _stems(said[:_LONGEST])
    return bool(stems) and stems[0] in _OTHERS


def _with_other(topics: Iterable[TopicRule]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*(topic.name for topic in topics), OTHER]))

"""Tags of a language model's answer: mapped to the closed lists, or by rules and said so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from digest.sections.words import stem, words_of
from digest.summaries.tagging import KEYWORDS, Tags
from digest.summaries.taxonomy import OTHER, Taxonomy

_LONGEST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Settled:
    """Tags of the lists; ``flags`` say which answers were none of them, a sentence each."""

    domain: str
    topic: str
    flags: tuple[str, ...] = ()


def settle(domain: str, topic: str, taxonomy: Taxonomy, by_rules: Tags) -> Settled:
    """An answer outside the lists is never stored: the rules' word stands in its place."""
    flags = []
    found = taxonomy.domain(domain)
    if found is None:
        found = by_rules.domain
        flags.append(f'"{domain[:60]}" is no domain; by rules it is {found or "none"}.')
    named = taxonomy.topic(found, topic) if found else ""
    if named is None:
        named = by_rules.topic if by_rules.domain == found else OTHER
        flags.append(f'"{topic[:60]}" is no topic of {found}; by rules it is {named}.')
    return Settled(found, named, tuple(flags))


def clean_keywords(said: Sequence[str], *texts: str) -> tuple[str, ...]:
    """At most seven, as the paper writes them, each stem once; what the paper does not say is
    none of its keywords."""
    paper = [_words(text) for text in texts]
    kept: dict[tuple[str, ...], str] = {}
    for keyword in said:
        stems = tuple(stem(word) for word in words_of(keyword))
        if not stems or len(stems) > _LONGEST_WORDS or stems in kept:
            continue
        written = next(filter(None, (_as_written(stems, words) for words in paper)), "")
        if written:
            kept[stems] = written
        if len(kept) == KEYWORDS:
            break
    return tuple(kept.values())


def _words(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Each word as it is written, and the stems in it: a hyphened one has several."""
    return [(word, tuple(stem(one) for one in words_of(word))) for word in text.split()]


def _as_written(stems: tuple[str, ...], words: list[tuple[str, tuple[str, ...]]]) -> str:
    """The first run of words that has just these stems, shorn of punctuation."""
    for start, (_, own) in enumerate(words):
        if not own or own[0] != stems[0]:
            continue
        run: tuple[str, ...] = ()
        for end in range(start, min(start + len(stems), len(words))):
            run += words[end][1]
            if run == stems:
                written = " ".join(word for word, _ in words[start : end + 1])
                return written.strip(".,;:!?()[]{}\"'\u201c\u201d\u2018\u2019*")
            if len(run) >= len(stems):
                break
    return ""

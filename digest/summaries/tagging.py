"""Domain, topic and keywords of a paper by rules: categories, word lists and key phrases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from digest.arxiv.tex import readable
from digest.sections.words import stem, words_of
from digest.summaries.domain_categories import (
    LEARNING_CATEGORIES,
    NEAR_SYSTEMS_CATEGORIES,
    SYSTEMS_CATEGORIES,
    WIDER_SYSTEMS_CATEGORIES,
)
from digest.summaries.lexicon import (
    AFTER_VERBS,
    BEFORE_VERBS,
    EMPTY_WORDS,
    PARTS_OF_PHRASES,
    STOPWORDS,
    THINGS_IN_ED,
    THINGS_IN_ING,
    VERBS,
)
from digest.summaries.patterns import compiled
from digest.summaries.starting_taxonomy import STARTING
from digest.summaries.taxonomy import OTHER, DomainRule, Taxonomy

KEYWORDS = 7
#: Domains that the code knows how to tell apart; any other is known by its signs alone.
_AI, _SYS, _MLSYS = "ai", "sys", "mlsys"
_SIGNS_ENOUGH = 3
_TITLE_COUNTS = 3
_PHRASE_END = re.compile(r"[^\w\s\-/+&'’.]+|\.(?!\d)|\s[-–—]\s|\\[a-zA-Z]+")  # noqa: RUF001
_LONGEST_PHRASE = 4
_PHRASE_WORD = re.compile(r"[^\W_](?:[\w\-+&/'’.]*[\w+])?")  # noqa: RUF001
_MATHEMATICS = re.compile(r"\$[^$]*\$|https?://\S+")
_VERB = re.compile(r"[a-z]{3,}iz(?:e|es|ed)|[a-z]{2,}if(?:y|ies)", re.IGNORECASE)
_ENDS_PHRASES = STOPWORDS | VERBS
_ACRONYM = re.compile(r"[A-Z0-9-]*[A-Z][a-zA-Z0-9-]*[A-Z][A-Za-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Tags:
    """Blank where nothing speaks for any domain."""

    domain: str
    topic: str
    keywords: tuple[str, ...]


def tags_for(
    title: str, abstract: str, categories: Sequence[str], taxonomy: Taxonomy = STARTING
) -> Tags:
    """The tags of a paper; ``categories`` begin with the primary one."""
    rule = _domain(title, abstract, categories, taxonomy)
    topic = _topic(rule, title, abstract) if rule else ""
    return Tags(rule.name if rule else "", topic, tuple(key_phrases(title, abstract)))


def _domain(
    title: str, abstract: str, categories: Sequence[str], taxonomy: Taxonomy
) -> DomainRule | None:
    text = f"{title}\n{abstract}".lower()
    known = {name: taxonomy.known_as(name) for name in (_AI, _SYS, _MLSYS)}
    own = [rule for rule in taxonomy.domains if rule not in known.values()]
    most = max(own, key=lambda rule: _signs(rule.signs, text), default=None)
    if most and _signs(most.signs, text) >= min(_SIGNS_ENOUGH, max(len(most.signs), 1)):
        return most
    learning = _signs(_signs_of(known[_AI]), text) + 2 * bool(LEARNING_CATEGORIES & set(categories))
    systems = _signs(_signs_of(known[_SYS]), text) + _standing(set(categories))
    return known.get(_decided(learning, systems, set(categories)))


def _decided(learning: int, systems: int, categories: set[str]) -> str:
    if learning >= 3 and systems >= 4:
        return _MLSYS
    if systems >= 3 and learning < 3:
        return _SYS
    if learning >= 2:
        return _AI
    return _SYS if WIDER_SYSTEMS_CATEGORIES & categories else ""


def _signs_of(rule: DomainRule | None) -> tuple[str, ...]:
    return rule.signs if rule else ()


def _standing(categories: set[str]) -> int:
    """How much the categories alone speak for systems."""
    return 4 if SYSTEMS_CATEGORIES & categories else 3 * bool(NEAR_SYSTEMS_CATEGORIES & categories)


def _signs(patterns: Iterable[str], text: str) -> int:
    """How many different kinds of signs stand in the text."""
    return sum(bool(made.search(text)) for one in patterns if (made := compiled(one)))


def _topic(domain: DomainRule, title: str, abstract: str) -> str:
    title, abstract = title.lower(), " ".join(abstract.lower().split())
    best, most = OTHER, 1  # one passing word is not enough
    for topic in domain.topics:
        pattern, strongest = compiled(topic.pattern), compiled(topic.strongest)
        if pattern is None:
            continue
        count = len(pattern.findall(abstract))
        if pattern.search(title):
            count += _TITLE_COUNTS
        if strongest and strongest.search(abstract):
            count += 1
        if count > most:
            best, most = topic.name, count
    return best


def key_phrases(title: str, abstract: str, count: int = KEYWORDS) -> list[str]:
    """The phrases a paper is about as it writes them, the weightiest first, each stem once."""
    scores: dict[tuple[str, ...], float] = {}
    written: dict[tuple[str, ...], str] = {}
    in_title = set(_stems(title))
    for place, phrase in enumerate([*_phrases(title), *_phrases(abstract)]):
        stems = _stems(phrase)
        if not stems:
            continue
        written.setdefault(stems, phrase)
        if phrase.islower():
            written[stems] = min(written[stems], phrase, key=lambda text: text != text.lower())
        scores[stems] = scores.get(stems, 0.0) + 1 / (1 + place / 40)
    ranked = sorted(scores, key=lambda stems: -_weight(stems, written[stems], scores, in_title))
    return [written[stems] for stems in _distinct(ranked)][:count]


def _weight(
    stems: tuple[str, ...],
    phrase: str,
    scores: Mapping[tuple[str, ...], float],
    in_title: set[str],
) -> float:
    shared = sum(word in in_title for word in stems) / len(stems)
    length = {1: 0.3, 2: 1.0, 3: 0.9}.get(len(phrase.split()), 0.6)
    if len(phrase.split()) == 1 and (_ACRONYM.fullmatch(phrase) or "-" in phrase):
        length = 0.8
    if len(stems) > 2 and not shared and scores[stems] < 1:
        length = 0.2  # said once in passing, and often no phrase at all
    return scores[stems] * length * (1 + shared)


def _distinct(ranked: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Without phrases that a chosen one contains, or that contain a chosen one."""
    chosen: list[set[str]] = []
    for stems in ranked:
        own = set(stems)
        if not any(own <= other or other <= own for other in chosen):
            chosen.append(own)
            yield stems


def _stems(text: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in words_of(text))


def _phrases(text: str) -> Iterator[str]:
    """Runs of words between stop words, verbs and punctuation, shorn of what says nothing."""
    for part in _PHRASE_END.split(readable(_MATHEMATICS.sub(" . ", text))):
        run: list[str] = []
        before = ""
        for word in [*part.split(), ""]:
            if _goes_on(word):
                run.append(word)
                continue
            yield from _shorn(_without_verbs(run, before, word.lower()))
            run, before = [], word.lower()


def _goes_on(word: str) -> bool:
    ends = word.lower() in _ENDS_PHRASES or _VERB.fullmatch(word)
    return not ends and bool(_PHRASE_WORD.fullmatch(word))


def _without_verbs(run: list[str], before: str, after: str) -> list[str]:
    """Shorn of what the words around it make a verb: can *help* users, maps *reach* the goal."""
    if before in BEFORE_VERBS:
        run = run[1:]
    if after in AFTER_VERBS:
        run = run[:-1]
    while run and run[-1].lower().endswith("ed") and run[-1].lower() not in THINGS_IN_ED:
        run = run[:-1]
    return run


def _shorn(run: list[str]) -> Iterator[str]:
    while run and (_says_nothing(run[0]) or _is_doing(run[0])):
        run = run[1:]
    while run and _says_nothing(run[-1]):
        run = run[:-1]
    if not run or len(run) > _LONGEST_PHRASE or all(word.isdigit() for word in run):
        return
    if any(word.lower() not in PARTS_OF_PHRASES for word in run):
        yield " ".join(run)


def _is_doing(word: str) -> bool:
    """Mitigating, leveraging and so on; reasoning and the like begin phrases of their own."""
    return word.lower().endswith("ing") and word.lower() not in THINGS_IN_ING


def _says_nothing(word: str) -> bool:
    lower = word.lower()
    empty = lower in EMPTY_WORDS and lower not in PARTS_OF_PHRASES
    return empty or len(word) < 2 or lower.endswith("ly") or lower.isdigit()

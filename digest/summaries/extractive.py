"""The sentences of an abstract that carry it: what is done and what is found.

Position, cue words and centrality (TextRank: a sentence counts by what it shares with the
others) choose two or three; they are quoted exactly, in their order. Standard library only.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from digest.summaries.lexicon import EMPTY_WORDS, STOPWORDS
from digest.summaries.sentences import sentences_of

LONGEST = 110
_DAMPING = 0.85
_ROUNDS = 20

_METHOD = re.compile(
    r"\b(?:we|this (?:paper|work|article|study|thesis|survey|report)|the paper|our work|i|"
    r"in this (?:paper|work|article|study))\b[^.]{0,60}?\b(?:propos|present|introduc|develop|"
    r"design|describ|stud(?:y|ies)\b|investigat|examin|formulat|devis|address|revisit|analy[sz]|"
    r"explor|build|built|construct|release|survey|review|bridg|tackl|offer|provid|establish|"
    r"consider)\w*|\b(?:is|are) (?:proposed|presented|introduced)\b|\bto (?:address|tackle|"
    r"overcome|bridge|mitigate|fill)\b|\bhere,? we\b",
    re.IGNORECASE,
)
_FINDING = re.compile(
    r"\b(?:we|results?|experiments?|evaluations?|simulations?|analys[ei]s|findings|stud(?:y|ies)|"
    r"benchmarks?|tests|theory)\b[^.]{0,60}?\b(?:show|demonstrat|find|found|prov|reveal|indicat|"
    r"confirm|suggest|achiev|observ|establish|report|conclud|validat|highlight|improv)\w*|"
    r"\b(?:outperform|surpass|speed-?up|state[- ]of[- ]the[- ]art|improv(?:es|ing|ement)|"
    r"reduc(?:es|ing|tion)|achiev(?:es|ing)|yields?|up to)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"\d(?:[\d.,]*\d)?\s*(?:\\?%|x\b|\u00d7|\\times|-?fold\b|times\b|ms\b|points?\b)"
)
_BACKGROUND = re.compile(
    r"^(?:recent(?:ly)?\b|in recent years|existing|traditional|conventional|despite|although|"
    r"while\b|many\b|most\b|current(?:ly)?\b|previous|prior\b|with the (?:rise|growth|rapid)|"
    r"\w+(?: \w+){0,4} (?:has|have) (?:become|emerged|been|recently|shown|achieved))",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"https?://|github|\b(?:code|data|dataset|models?|project page|implementation|source)\b"
    r"[^.]{0,40}\b(?:available|released|found at|open-?sourced)\b",
    re.IGNORECASE,
)
_HANGING = re.compile(
    r"^(?:it|this|these|those|such|they|he|she|the (?:former|latter)|moreover|furthermore|"
    r"however|additionally|in addition|also|finally|second(?:ly)?|third(?:ly)?|then|thus|hence|"
    r"therefore|consequently|as a result|for example|for instance|here)\b(?! (?:paper|work|"
    r"article|study|thesis|survey|report)\b)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{3,}")
_COMMON = STOPWORDS | EMPTY_WORDS


def carrying_sentences(abstract: str, title: str = "", count: int = 3) -> str:
    """At most ``count`` sentences of the abstract and 110 words, quoted in their order.

    A short abstract stays whole; of a single sentence that is too long the beginning stands.
    """
    sentences = sentences_of(abstract)
    lengths = [len(sentence.split()) for sentence in sentences]
    if len(sentences) <= count and sum(lengths) <= LONGEST:
        return " ".join(sentences)
    chosen = _chosen(sentences, lengths, title, count)
    if not chosen:
        return " ".join([*sentences[0].split()[: LONGEST - 1], "…"]) if sentences else ""
    return " ".join(sentences[place] for place in sorted(chosen))


def _chosen(sentences: list[str], lengths: list[int], title: str, count: int) -> list[int]:
    """First what says best what is done, then what is found, then what counts most."""
    words = [_words(sentence) for sentence in sentences]
    weights = _weights(sentences, words, _words(title))
    does = [
        weight + 2 * bool(_METHOD.search(s)) for weight, s in zip(weights, sentences, strict=True)
    ]
    finds = [
        weight + bool(_FINDING.search(s)) + bool(_FIGURE.search(s))
        for weight, s in zip(weights, sentences, strict=True)
    ]
    chosen: list[int] = []
    for wanted in [does, finds, *[weights] * (count - 2)][:count]:
        room = LONGEST - sum(lengths[place] for place in chosen)
        places = [p for p in range(len(sentences)) if p not in chosen and lengths[p] <= room]
        if wanted is weights and len(chosen) >= 2 and room < LONGEST // 3:
            break
        if places:
            chosen.append(max(places, key=lambda p: _worth(p, wanted, words, chosen)))
    return chosen


def _worth(
    place: int, wanted: Sequence[float], words: list[frozenset[str]], chosen: list[int]
) -> float:
    """A sentence's weight, less for what is said already, more where it hangs on a chosen one."""
    said = max((_alike(words[place], words[other]) for other in chosen), default=0.0)
    return wanted[place] - said + (0.5 if place - 1 in chosen else 0.0)


def _weights(
    sentences: list[str], words: list[frozenset[str]], title: frozenset[str]
) -> list[float]:
    central = _centrality(words)
    last = max(len(sentences) - 1, 1)
    return [
        central[place]
        + len(words[place] & title) / max(len(title), 1)
        + 0.5 * place / last
        + 0.5 * bool(_METHOD.search(sentence))
        + 0.5 * bool(_FINDING.search(sentence))
        - 1.0 * bool(_BACKGROUND.search(sentence))
        - 2.5 * bool(_ASIDE.search(sentence))
        - 0.7 * bool(_HANGING.search(sentence))
        - 1.0 * (len(words[place]) < 4)
        for place, sentence in enumerate(sentences)
    ]


def _centrality(words: list[frozenset[str]]) -> list[float]:
    """TextRank (Mihalcea and Tarau, 2004), scaled so that the most central sentence has 1."""
    size = len(words)
    alike = [[_alike(a, b) if a is not b else 0.0 for b in words] for a in words]
    totals = [sum(row) or 1.0 for row in alike]
    ranks = [1.0] * size
    for _ in range(_ROUNDS):
        given = [rank / total for rank, total in zip(ranks, totals, strict=True)]
        ranks = [1 - _DAMPING + _DAMPING * sum(map(float.__mul__, row, given)) for row in alike]
    highest = max(ranks)
    return [rank / highest for rank in ranks]


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    if len(one) < 2 or len(other) < 2:
        return 0.0
    return len(one & other) / (math.log(len(one)) + math.log(len(other)))


def _words(text: str) -> frozenset[str]:
    """The telling words without endings of number, which suffices to compare sentences."""
    return frozenset(
        word.removesuffix("s") for word in _WORD.findall(text.lower()) if word not in _COMMON
    )

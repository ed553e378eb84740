"""The extractive writer against the reference's summaries: ROUGE-1, -2 and -L (Lin, 2004; F1 over
stems), beside the first three sentences and TextRank alone, and the time an abstract takes."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from statistics import mean

from rich.console import Console
from rich.table import Table

from bench.corpus import SHARED
from digest.sections.words import stem, words_of
from digest.summaries.extractive import carrying_sentences
from digest.summaries.sentences import sentences_of
from tests.corpus import summaries

try:
    from summa.summarizer import summarize as textrank
except ImportError:
    textrank = None

_Writer = Callable[[str, str], str]


def main() -> None:
    if not (SHARED / "fixtures" / "seed_weeks").is_dir():
        print("no real summaries (SHARED_DIR names the folder that has them)")
        return
    told = list(summaries(SHARED))
    papers = len({one[0] for one in told})
    table = Table("writer", "ROUGE-1", "ROUGE-2", "ROUGE-L", "ms an abstract", "words")
    writers: dict[str, _Writer] = {
        "ours": carrying_sentences_of, "first three sentences": first_three,
    }  # fmt: skip
    if textrank is None:
        print("TextRank is left out: pip install summa==1.2.0")
    else:
        writers["TextRank (summa), three sentences"] = textrank_three
    for name, write in writers.items():
        begun = time.perf_counter()
        written = [write(title, abstract) for _, title, abstract, _ in told]
        each = (time.perf_counter() - begun) / len(told)
        scores = [rouge(text, one[3]) for text, one in zip(written, told, strict=True)]
        means = [f"{100 * mean(score[place] for score in scores):.1f}" for place in range(3)]
        words = mean(len(text.split()) for text in written)
        table.add_row(name, *means, f"{1000 * each:.1f}", f"{words:.0f}")
    print(f"{len(told)} summaries of {papers} papers")
    Console().print(table)


def carrying_sentences_of(title: str, abstract: str) -> str:
    return carrying_sentences(abstract, title=title)


def first_three(title: str, abstract: str) -> str:
    return " ".join(sentences_of(abstract)[:3])


def textrank_three(title: str, abstract: str) -> str:
    sentences = sentences_of(abstract)
    ranked = textrank("\n".join(sentences), ratio=min(1.0, 3.01 / max(len(sentences), 1)))
    return " ".join(ranked.split("\n"))


def rouge(text: str, reference: str) -> tuple[float, float, float]:
    """F1 of shared words, of shared pairs, and of the longest common run of words with gaps."""
    one, other = _stems(text), _stems(reference)
    return (
        _f1(_shared(one, other, 1), len(one), len(other)),
        _f1(_shared(one, other, 2), len(one) - 1, len(other) - 1),
        _f1(_longest(one, other), len(one), len(other)),
    )


def _stems(text: str) -> list[str]:
    return [stem(word) for word in words_of(text)]


def _shared(one: Sequence[str], other: Sequence[str], size: int) -> int:
    runs = [
        Counter(zip(*(text[start:] for start in range(size)), strict=False))
        for text in (one, other)
    ]
    return sum((runs[0] & runs[1]).values())


def _longest(one: Sequence[str], other: Sequence[str]) -> int:
    row = [0] * (len(other) + 1)
    for word in one:
        before = 0
        for place, against in enumerate(other, start=1):
            kept = row[place]
            row[place] = before + 1 if word == against else max(row[place], row[place - 1])
            before = kept
    return row[-1]


def _f1(shared: int, one: int, other: int) -> float:
    if shared == 0 or one <= 0 or other <= 0:
        return 0.0
    precision, recall = shared / one, shared / other
    return 2 * precision * recall / (precision + recall)

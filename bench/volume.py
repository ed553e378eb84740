"""How long it takes to count what a rule nobody follows has found on the last 30 listings."""

from __future__ import annotations

import random
import resource
import statistics
import time
from collections.abc import Sequence

from bench.corpus import papers
from digest.sections import wordstore
from digest.sections.compiled import compiled
from digest.sections.expressions import parse
from digest.sections.matching import holding
from digest.sections.texts import PaperText
from digest.sections.wordindex import WordIndex

LISTINGS = 30
PAPERS = 10_000
_RULES = 400
_SLOWEST = 8
# What many would type, and what is hardest: words that stand nearly everywhere.
_TYPED = [
    "reinforcement learning", '"reinforcement learning"', "accelerat*", "large-language-model",
    '"language models"', "-model", '"we propose"', '"in this paper"', "the-proposed-method",
    "(diffusion OR flow-matching) image -video", "au:wang", 'au:"li wang"', "au:wang_l",
    'ti:agent abs:"large language models"',
]  # fmt: skip


def main() -> None:
    found, what = papers()
    found = found[:PAPERS]
    listings = [found[start::LISTINGS] for start in range(LISTINGS)]
    begun = time.perf_counter()
    bodies = [wordstore.packed(wordstore.cut(one, {})) for one in listings]
    print(f"{len(found):,} papers ({what}) on {LISTINGS} listings")
    print(f"cut and packed: {time.perf_counter() - begun:.2f} s, {_total(bodies):,} bytes stored")
    before, begun = _memory(), time.perf_counter()
    indexes = [WordIndex(wordstore.unpacked(body)) for body in bodies]
    print(f"read and turned round: {time.perf_counter() - begun:.2f} s, {_memory() - before} MB")
    times = {rule: _best(rule, indexes) for rule in (*_TYPED, *_sampled(found))}
    ordered = sorted(times, key=lambda rule: -times[rule])
    print(
        f"one rule, warm: median {statistics.median(times.values()):.2f} ms, "
        f"slowest of {len(times)}: {times[ordered[0]]:.2f} ms"
    )
    for rule in ordered[:_SLOWEST]:
        print(f"  {times[rule]:6.2f} ms  {rule}")


def _best(rule: str, indexes: Sequence[WordIndex]) -> float:
    """Of three, in milliseconds."""
    times = []
    for _ in range(3):
        begun = time.perf_counter()
        ready = compiled(parse(rule).root)
        sum(len(holding(ready, index)) for index in indexes)
        times.append(time.perf_counter() - begun)
    return min(times) * 1000


def _sampled(found: Sequence[PaperText]) -> list[str]:
    """Phrases and pairs of words as they stand in abstracts, so common ones are likely."""
    dice = random.Random(20260203)
    rules = []
    for paper in dice.choices(found, k=_RULES):
        words = [word for word in paper.abstract.lower().split() if word.isascii()]
        words = ["".join(filter(str.isalnum, word)) for word in words]
        at = dice.randrange(max(1, len(words) - 3))
        taken = [word for word in words[at : at + dice.randint(1, 3)] if len(word) > 1]
        if taken and not {"or", "and", "not", "andnot"}.intersection(taken):
            mark, quote = dice.choice([("-", ""), (" ", '"'), (" ", "")])
            rules.append(f"{quote}{mark.join(taken)}{quote}")
    return rules


def _total(bodies: Sequence[bytes]) -> int:
    return sum(map(len, bodies))


def _memory() -> int:
    """Peak of this process in MB (getrusage counts kilobytes on Linux)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000


if __name__ == "__main__":
    main()

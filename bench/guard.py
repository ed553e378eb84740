"""The guard over real summaries: how many of them it doubts, and how many altered ones.

The summaries are mostly good, so each doubt about one is read and judged by a person; in an
altered one a single number, unit, name or acronym is one that the paper does not have.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Sequence

from bench.altering import Altered, Told, altered, pools_of
from bench.corpus import SHARED
from digest.arxiv.tex import readable
from digest.summaries.extractive import carrying_sentences
from digest.summaries.grounding import Finding, Kind, Source, check
from tests.corpus import records, summaries

COPIES = 10
OTHERS = 300
_ABOUT_WORDS = {Kind.NUMBER, Kind.UNIT, Kind.NAME, Kind.ACRONYM}


def main() -> None:
    if not (SHARED / "fixtures" / "seed_weeks").is_dir():
        print("no real summaries (SHARED_DIR names the folder that has them)")
        return
    told = [Told(*one) for one in summaries(SHARED)]
    doubted(told)
    altered_and_caught(told)
    print(f"{OTHERS} other papers, each told in sentences of its own abstract:")
    altered_and_caught(others(told))


def others(told: Sequence[Told]) -> list[Told]:
    """Papers that nobody looked at while the guard was made, drawn at random."""
    known = {one.arxiv_id for one in told}
    papers = [record for record in records(SHARED) if record.arxiv_id not in known]
    return [
        Told(
            paper.arxiv_id,
            paper.title,
            paper.abstract,
            readable(carrying_sentences(paper.abstract, paper.title)),
        )
        for paper in random.Random(4).sample(papers, OTHERS)
    ]


def doubted(told: Sequence[Told]) -> float:
    """Prints every doubt about the texts as they are; the share of texts with one."""
    started = time.perf_counter()
    found = {one: check(one.text, Source(one.title, one.abstract)) for one in told}
    seconds = time.perf_counter() - started
    flagged = {one: findings for one, findings in found.items() if findings}
    papers = len({one.arxiv_id for one in told})
    share = len(flagged) / len(told)
    print(f"{len(told)} summaries of {papers} papers, {1000 * seconds / len(told):.1f} ms each")
    print(f"doubted: {len(flagged)}, {share:.1%}; findings by kind:")
    kinds = Counter(finding.kind.value for findings in flagged.values() for finding in findings)
    for kind, count in kinds.most_common():
        print(f"  {kind:15} {count}")
    for one, findings in flagged.items():
        for finding in findings:
            print(
                f"  {one.arxiv_id} {finding.kind}: {finding.message} {_around(one.text, finding)}"
            )
    return share


def altered_and_caught(told: Sequence[Told], copies: int = COPIES) -> float:
    """Prints what of the altered copies passes; the share of those in which it does not."""
    pools = pools_of(told)
    made: Counter[str] = Counter()
    missed: list[tuple[Told, Altered]] = []
    for one in told:
        dice = random.Random(f"{one.arxiv_id} {one.text}")
        for copy in altered(one, pools, dice, copies):
            made[copy.kind] += 1
            if not is_caught(one, copy):
                missed.append((one, copy))
    misses = Counter(copy.kind for _, copy in missed)
    share = 1 - len(missed) / made.total()
    print(f"altered: {made.total()} copies, caught {share:.1%}")
    for kind, count in made.most_common():
        found = f"{1 - misses[kind] / count:.1%}"
        print(f"  {kind:15} {count:5} altered, {misses[kind]:3} missed, {found} caught")
    for one, copy in missed:
        print(f"  missed {one.arxiv_id} {copy.kind}: {copy.before!r} is now {copy.after!r}")
    return share


def is_caught(told: Told, copy: Altered) -> bool:
    """Whether a finding lies on the very words that were altered."""
    return any(
        finding.kind in _ABOUT_WORDS and finding.start < copy.end and finding.end > copy.start
        for finding in check(copy.text, Source(told.title, told.abstract))
    )


def _around(text: str, finding: Finding) -> str:
    return f"... {text[max(0, finding.start - 40) : finding.end + 40]} ..." if finding.end else ""

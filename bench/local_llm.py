"""A real language model on this machine, asked about real papers: times, tokens, endings.

`python -m bench.local_llm [FILE]` writes what it said to FILE, or else to a temporary one.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.corpus import SHARED
from digest.summaries.llm import Endpoint, Question, Reply, Writer, ask_all
from digest.summaries.starting_taxonomy import STARTING
from tests.corpus import Record, records
from tests.live import local_llm

PAPERS = 40
_AT_ONCE = 2
_MONTH = dt.date(2026, 2, 1)
DOMAINS = STARTING.names()


def sample() -> list[Record]:
    """Papers of the reference week whose abstracts are known; else of its month."""
    known = {record.arxiv_id: record for record in records(SHARED)}
    named = [name for text in _documents() for name in re.findall(r"\d{4}\.\d{5}", text)]
    later = (
        record.arxiv_id
        for record in known.values()
        if record.date >= _MONTH and {"cs.DC", "cs.LG"}.intersection(record.categories)
    )
    ids = dict.fromkeys((*named, *later))
    return [known[arxiv_id] for arxiv_id in ids if arxiv_id in known][:PAPERS]


def question_of(paper: Record) -> Question:
    return Question(paper.title, paper.abstract, paper.categories, domains=DOMAINS)


def measure(papers: list[Record]) -> tuple[dict[str, Reply], float, int]:
    """Each paper's reply, the seconds in all, and the server's memory in MB at most."""
    files = local_llm.installed()
    if files is None:
        raise RuntimeError(local_llm.NOT_INSTALLED)
    with local_llm.served(files, slots=_AT_ONCE) as url:
        endpoint = Endpoint(base_url=url, api_key="", model=local_llm.MODEL)
        begun = time.perf_counter()
        with Writer(endpoint) as writer:
            asked = ((paper.arxiv_id, question_of(paper)) for paper in papers)
            replies = dict(ask_all(writer, asked, _AT_ONCE, stop=lambda: False))
        return replies, time.perf_counter() - begun, local_llm.peak_memory(url)


def main(arguments: list[str] | None = None) -> None:
    file = _file_of(arguments or [])
    if local_llm.installed() is None:
        print(local_llm.NOT_INSTALLED)
        return
    if not (SHARED / "fixtures" / "corpus").is_dir():
        print("no real papers (no corpus in SHARED_DIR)")
        return
    papers = sample()
    replies, seconds, memory = measure(papers)
    for line in _figures(list(replies.values()), seconds):
        print(line)
    print(f"memory of the server: {memory} MB at most")
    outputs = [_output(paper, replies[paper.arxiv_id]) for paper in papers]
    file.write_text(json.dumps(outputs, indent=1, ensure_ascii=False), encoding="utf-8")
    print(f"what it said: {file}")


def _figures(replies: list[Reply], seconds: float) -> Iterator[str]:
    times = sorted(reply.seconds for reply in replies)
    answers = [reply.answer for reply in replies if reply.answer]
    yield f"{len(replies)} papers in {seconds:.1f} s, {_AT_ONCE} at a time: {len(answers)} answers"
    yield (
        f"one call: median {statistics.median(times):.2f} s, "
        f"p95 {times[int(0.95 * (len(times) - 1))]:.2f} s, longest {times[-1]:.2f} s"
    )
    yield (
        f"tokens: {sum(reply.input_tokens for reply in replies):,} in, "
        f"{sum(reply.output_tokens for reply in replies):,} out"
    )
    yield f"finish reasons: {dict(Counter(reply.finish_reason for reply in replies))}"
    reasons = Counter(reply.reason for reply in replies if reply.answer is None)
    yield from (f"  {count} x {reason}" for reason, count in reasons.most_common())
    topics = dict(DOMAINS)
    fitting = sum(answer.topic in topics.get(answer.domain, ()) for answer in answers)
    yield f"topic of its domain: {fitting} of {len(answers)}"
    lengths = [len(answer.text.split()) for answer in answers] or [0]
    yield f"words: median {statistics.median(lengths):.0f}, {min(lengths)} to {max(lengths)}"


def _output(paper: Record, reply: Reply) -> dict[str, Any]:
    said = asdict(reply) | {"answer": reply.answer.as_data() if reply.answer else None}
    return {"id": paper.arxiv_id, "title": paper.title, "abstract": paper.abstract, "reply": said}


def _documents() -> list[str]:
    paths = sorted((SHARED / "reference").glob("*.md"))
    return [path.read_text(encoding="utf-8") for path in paths]


def _file_of(arguments: list[str]) -> Path:
    parser = argparse.ArgumentParser(prog="python -m bench.local_llm")
    parser.add_argument("file", nargs="?", type=Path)
    chosen: Path | None = parser.parse_args(arguments).file
    return chosen or Path(tempfile.gettempdir()) / "local_llm_outputs.json"


if __name__ == "__main__":
    main(sys.argv[1:])

"""How long all rules take against a large listing, beside a bare Aho-Corasick scan.

Rules are drawn from the words of other papers, distinct, with the long tail that follows; the
listing is the first thousand. The scan gets the listing's text stemmed already and the
words of the same rules as patterns, and only counts what it meets. One core; each measurement
in a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import ahocorasick

from bench.corpus import papers
from digest.sections.expressions import All, Choice, Node, Not, Term, Way, parse
from digest.sections.matching import Matcher, PaperText, Rule
from digest.sections.words import name_words_of, stem, stems_of, words_of

SIZES = (5_000, 50_000, 500_000)
LISTING = 1000
RUNS = 3
T = TypeVar("T")
_OPERATORS = {"or", "and", "not", "andnot"}


def rules(known: list[PaperText], size: int) -> list[str]:
    """Distinct rules in canonical form, the same every time."""
    dice = random.Random(7)
    shares = {"phrase": 40, "row": 10, "all": 18, "word": 7, "begin": 5, "name": 15, "group": 5}
    kinds = dice.choices(list(shares), list(shares.values()), k=size)
    drawn: dict[str, None] = {}
    for kind in kinds:
        for attempt in range(20):
            text = _drawn("phrase" if attempt > 9 else kind, dice, known)
            if text and text not in drawn:
                drawn[text] = None
                break
    return list(drawn)


def _drawn(kind: str, dice: random.Random, known: list[PaperText]) -> str:
    paper = known[dice.randrange(LISTING, len(known))]
    if kind == "name":
        name = name_words_of(dice.choice(paper.authors)) if paper.authors else []
        if len(name) < 2:
            return ""
        short = f"au:{name[-1]}_{name[0][0]}"
        return short if dice.random() < 0.3 else f'au:"{" ".join(name)}"'
    text = paper.title if dice.random() < 0.6 else paper.abstract
    words = words_of(text[: dice.randrange(60, 1500)])[-40:]
    long = [word for word in words if len(word) > 3 and word not in _OPERATORS and word.isascii()]
    if len(long) < 3:
        return ""
    return _of_words(kind, dice, words, long)


def _of_words(kind: str, dice: random.Random, words: list[str], long: list[str]) -> str:
    first, second, third = dice.sample(long, 3)
    place = dice.randrange(len(words) - 1)
    row = words[place : place + dice.choice((2, 2, 2, 3))]
    if min(len(row[0]), len(row[-1])) < 4:  # nobody asks for "of the"
        return ""
    field = dice.choice(("", "", "", "", "ti:", "abs:"))
    made = {
        "phrase": f'{field}"{" ".join(row)}"',
        "row": f"{field}{'-'.join(row)}",
        "all": f"{field}{first} {second}{dice.choice(('', f' {third}'))}",
        "word": f"{field}{first}",
        "begin": f"{field}{first[: dice.randrange(4, 9)]}*",
        "group": dice.choice(
            (
                f'"{" ".join(row)}" OR {first}-{second}',
                f"{first} ({second} OR {third})",
                f"{first} {second} -{third}",
                f'"{" ".join(row)}" -{third}',
            )
        ),
    }
    try:
        return str(parse(made[kind]))
    except ValueError:
        return ""


def ours(size: int) -> dict[str, float]:
    known, _ = papers()
    listing, texts = known[:LISTING], rules(known, size)
    del known
    parsing, parsed = _timed(lambda: [Rule(key, parse(text)) for key, text in enumerate(texts)])
    compiling, matcher = _timed(lambda: Matcher(_emptying(parsed)))
    matching, found = min(
        (_timed(lambda: matcher.match(listing)) for _ in range(RUNS)), key=lambda run: run[0]
    )
    return {
        "rules": len(texts),
        "parsing": parsing,
        "compiling": compiling,
        "matching": matching,
        "found": len(found),
        "pairs": sum(map(len, found.values())),
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _emptying(parsed: list[Rule]) -> Iterator[Rule]:
    """Each rule once, so that what was parsed is not kept beside what was prepared."""
    parsed.reverse()
    while parsed:
        yield parsed.pop()


def scan(size: int) -> dict[str, float]:
    known, _ = papers()
    lines = [_line(paper) for paper in known[:LISTING]]
    patterns = {
        pattern
        for text in rules(known, size)
        for term in _terms(parse(text).root)
        if (pattern := _pattern(term))
    }
    building, automaton = _timed(lambda: _automaton(patterns))
    scanning, hits = min(_timed(lambda: _hits(automaton, lines)) for _ in range(RUNS))
    return {
        "building": building,
        "scanning": scanning,
        "hits": hits,
        "scan_memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _line(paper: PaperText) -> str:
    words = [*words_of(paper.title), "", *words_of(paper.abstract)]
    stems = stems_of(words)
    names = " ".join(" ".join(name_words_of(name)) + " " for name in paper.authors)
    return f" {' '.join(stems[word] for word in words)}  {names} "


def _terms(node: Node) -> Iterator[Term]:
    if isinstance(node, Term):
        yield node
    elif isinstance(node, All | Choice):
        for part in node.parts:
            yield from _terms(part)
    else:
        assert isinstance(node, Not)
        yield node.term


def _pattern(term: Term) -> str:
    if term.way is Way.BEGINNING:
        return f" {' '.join([*map(stem, term.words[:-1]), term.words[-1]])}"
    return f" {' '.join(map(stem, term.words))} "


def _automaton(patterns: set[str]) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for number, pattern in enumerate(patterns):
        automaton.add_word(pattern, number)
    automaton.make_automaton()
    return automaton


def _hits(automaton: ahocorasick.Automaton, lines: list[str]) -> int:
    hits = 0
    for line in lines:
        for _ in automaton.iter(line):
            hits += 1
    return hits


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def main() -> None:
    print(f"Matching {LISTING:,} papers against distinct rules; from {papers()[1]}; one core")
    print(
        f"{'rules':>9} {'parse s':>8} {'prepare s':>9} {'match s':>8} {'found':>8} {'places':>9}"
        f" {'MB':>6} | {'automaton s':>11} {'scan s':>7} {'hits':>9} | {'ratio':>5}"
    )
    for size in SIZES:
        of = _in_a_process("ours", size) | _in_a_process("scan", size)
        print(
            f"{of['rules']:>9,.0f} {of['parsing']:>8.2f} {of['compiling']:>9.2f}"
            f" {of['matching']:>8.2f} {of['found']:>8,.0f} {of['pairs']:>9,.0f}"
            f" {of['memory']:>6,.0f} | {of['building']:>11.2f} {of['scanning']:>7.2f}"
            f" {of['hits']:>9,.0f} | {of['matching'] / of['scanning']:>5.2f}"
        )


def _in_a_process(which: str, size: int) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.matching", which, str(size)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps({"ours": ours, "scan": scan}[sys.argv[1]](int(sys.argv[2]))))
    else:
        main()

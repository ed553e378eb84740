"""Copies of a text in which one number, unit, name or acronym is another one.

What is put in stands nowhere in the paper's title and abstract. What a name is, is decided here
by the letters alone and not by the guard, which is measured by it.
"""

# ruff: noqa: RUF001 - signs that look like others are what this is about
from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from digest.arxiv.tex import readable
from digest.sections.words import stem

_NUMBER = re.compile(r"(?<![\w.,^-])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\w.,]*\d)")
_RANGE_END = re.compile(r"(?<=\d[-–])\d+(?:\.\d+)?")
_WORD_NUMBERS = ["two", "three", "four", "five", "six", "seven", "eight", "nine"]
_WORD_NUMBER = re.compile(rf"\b(?:{'|'.join(_WORD_NUMBERS)})\b")
_UNITS = (
    ["%", "×", "x", " percentage points", " percent"],
    [" ms", " seconds", " minutes", " hours", " days"],
    ["M", "B", "K"],
    [" GB", " MB", " TB"],
    [" million", " billion", " thousand"],
)
_UNIT = re.compile(
    r"(?<=\d)(?:%|[x×](?!\w)|[MBK](?![A-Za-z])| ?(?:ms|seconds|minutes|hours|days|GB|MB|TB|million|"
    r"billion|thousand|percentage points|percent)\b)"
)
_LOOSE = re.compile(r"\b(?:(?:milli)?seconds|minutes|hours|days)\b|(?<=sub-)millisecond\b")
_LOOSE_WORDS = ["milliseconds", "seconds", "minutes", "hours", "days", "weeks"]
_TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:\d+\.\d+)?")
_ACRONYM = re.compile(r"[A-Z]{2,6}s?")
_TRIES = 40


@dataclass(frozen=True, slots=True)
class Altered:
    kind: str
    text: str
    start: int
    end: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Told:
    """A paper and what a summary says of it."""

    arxiv_id: str
    title: str
    abstract: str
    text: str


def pools_of(told: Iterable[Told]) -> dict[str, list[tuple[str, str]]]:
    """The names and acronyms of all texts, each with the paper it is from."""
    pools: dict[str, set[tuple[str, str]]] = {"name": set(), "acronym": set()}
    for one in told:
        for kind, start, end in _named(one.text, _paper(one)):
            pools[kind].add((one.text[start:end].removesuffix("s"), one.arxiv_id))
    return {kind: sorted(pool) for kind, pool in pools.items()}


def altered(
    told: Told, pools: dict[str, list[tuple[str, str]]], dice: random.Random, count: int
) -> Iterator[Altered]:
    """As many different copies as wanted, the kinds in turn as far as the text has them."""
    paper = _paper(told)
    places = _places(told.text, paper)
    kinds = [kind for kind in places if places[kind]]
    seen: set[str] = set()
    for turn in range(count * _TRIES):
        if len(seen) == count or not kinds:
            return
        kind = kinds[turn % len(kinds)]
        start, end = dice.choice(places[kind])
        before = told.text[start:end]
        after = _ALTER[kind](before, told, pools, dice)
        text = told.text[:start] + after + told.text[end:]
        if after == before or text in seen or _stands(kind, after, told.text, start, paper):
            continue
        seen.add(text)
        yield Altered(kind, text, start, start + len(after), before, after)


def _paper(told: Told) -> str:
    return f"{readable(told.title)}\n{readable(told.abstract)}"


def _places(text: str, paper: str) -> dict[str, list[tuple[int, int]]]:
    numbers = [found.span() for found in _NUMBER.finditer(text)]
    numbers += [found.span() for found in _RANGE_END.finditer(text)]
    places: dict[str, list[tuple[int, int]]] = {
        "number": numbers,
        "number in words": [found.span() for found in _WORD_NUMBER.finditer(text)],
        "unit": [found.span() for found in _UNIT.finditer(text)],
        "unit alone": [
            found.span()
            for found in _LOOSE.finditer(text)
            if not text[: found.start()][-2:-1].isdigit()
        ],
        "name": [],
        "acronym": [],
    }
    for kind, start, end in _named(text, paper):
        places[kind].append((start, end))
    return places


def _named(text: str, paper: str) -> Iterator[tuple[str, int, int]]:
    """Tokens with capitals; the first of a sentence only if the paper writes it so within one."""
    for found in _TOKEN.finditer(text):
        token = found[0]
        if len(token) < 2 or token.islower():
            continue
        if _ACRONYM.fullmatch(token):
            yield "acronym", found.start(), found.end()
        elif token[1:].islower() and re.search(r"(?:^|[.!?:]\s|\")$", text[: found.start()]):
            if re.search(rf"[a-z,] {token}\b", paper) and not re.search(
                rf"\b{token.lower()}", paper
            ):
                yield "name", found.start(), found.end()
        else:
            yield "name", found.start(), found.end()


def _other_number(
    before: str, told: Told, pools: dict[str, list[tuple[str, str]]], dice: random.Random
) -> str:
    """Of the same shape: as many digits, none of them a leading zero that was none."""
    digits = [
        dice.choice("123456789" if at == 0 and sign != "0" else "0123456789")
        if sign.isdigit()
        else sign
        for at, sign in enumerate(before)
    ]
    return "".join(digits)


def _other_word(
    before: str, told: Told, pools: dict[str, list[tuple[str, str]]], dice: random.Random
) -> str:
    return dice.choice(_WORD_NUMBERS)


def _other_unit(
    before: str, told: Told, pools: dict[str, list[tuple[str, str]]], dice: random.Random
) -> str:
    (group,) = (group for group in _UNITS if before.strip() in [unit.strip() for unit in group])
    return dice.choice(group)


def _other_loose(
    before: str, told: Told, pools: dict[str, list[tuple[str, str]]], dice: random.Random
) -> str:
    word = dice.choice(_LOOSE_WORDS)
    return word if before.endswith("s") else word.removesuffix("s")


def _other_name(
    before: str, told: Told, pools: dict[str, list[tuple[str, str]]], dice: random.Random
) -> str:
    """Another paper's name, or this one with a digit or a letter changed."""
    way = dice.random()
    if any(map(str.isdigit, before)) and way < 0.5:
        return re.sub(
            r"\d", lambda found: str((int(found[0]) + dice.randint(1, 9)) % 10), before, count=1
        )
    if way < 0.8:
        return _borrowed("name", before, told, pools, dice)
    at = dice.randrange(len(before))
    letters = "ABCDEFGHIKLMNOPRSTVW" if before[at].isupper() else "abcdefghiklmnoprstvw"
    return before[:at] + dice.choice(letters) + before[at + 1 :] if before[at].isalpha() else before


def _other_acronym(
    before: str, told: Told, pools: dict[str, list[tuple[str, str]]], dice: random.Random
) -> str:
    plural = "s" if before.endswith("s") else ""
    if dice.random() < 0.7:
        return _borrowed("acronym", before, told, pools, dice) + plural
    letters = list(before.removesuffix("s"))
    letters[dice.randrange(len(letters))] = dice.choice("ABCDEFGHIKLMNOPRSTVW")
    return "".join(letters) + plural


def _borrowed(
    kind: str,
    before: str,
    told: Told,
    pools: dict[str, list[tuple[str, str]]],
    dice: random.Random,
) -> str:
    return dice.choice([name for name, owner in pools[kind] if owner != told.arxiv_id] or [before])


_ALTER: dict[str, Callable[[str, Told, dict[str, list[tuple[str, str]]], random.Random], str]] = {
    "number": _other_number,
    "number in words": _other_word,
    "unit": _other_unit,
    "unit alone": _other_loose,
    "name": _other_name,
    "acronym": _other_acronym,
}


def _stands(kind: str, after: str, text: str, start: int, paper: str) -> bool:
    """Whether what is put in stands in the paper after all, as it is or as another would say it."""
    if kind == "number":
        return float(after.replace(",", "")) in _values(paper)
    if kind == "number in words":
        return after in paper.lower() or 2.0 + _WORD_NUMBERS.index(after) in _values(paper)
    if kind == "unit":
        number = re.search(r"[\d.,]+$", text[:start])
        return bool(number and _is_measured(number[0], after.strip(), paper))
    if kind == "unit alone":
        return after.removesuffix("s") in paper.lower()
    words = {stem(word.lower()) for word in re.findall(r"[A-Za-z0-9]+", paper)}
    return stem(after.lower()) in words


def _values(paper: str) -> set[float]:
    return {
        float(number.replace(",", "")) for number in re.findall(r"(?:\d+,)*\d+(?:\.\d+)?", paper)
    }


def _is_measured(number: str, unit: str, paper: str) -> bool:
    same: Sequence[str] = {
        "×": ("×", "x", "X", "times", "fold"),
        "x": ("×", "x", "X", "times", "fold"),
        "%": ("%", "percent"),
        "percent": ("%", "percent"),
        "percentage points": ("percentage", "points", "pp"),
    }.get(unit, (unit,))
    ways = "|".join(map(re.escape, same))
    return bool(
        re.search(rf"(?<![\d.]){re.escape(number)}(?:[-–]\d[\d.]*)?[\s-]?(?:{ways})", paper)
    )

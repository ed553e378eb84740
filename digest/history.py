"""What a row said before: who changed it, when, why, and the difference.

django-simple-history keeps the versions; every row that is looked at here has a ``revision``
that goes up with each change.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from digest.models import EditorNote, Placement

_WORD = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Version:
    """A row at one revision; ``values`` are those of the fields asked for."""

    revision: int
    at: dt.datetime
    by: str
    why: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Run:
    """Some words of a difference: ``kind`` is "same", "gone" or "new"."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs from the version before, by the name it is shown by."""

    field: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One version with what it changed."""

    version: Version
    changes: tuple[Change, ...]


def versions(row: Any, fields: Collection[str]) -> list[Version]:
    """The newest first."""
    kept = type(row).history.filter(id=row.pk).select_related("history_user")
    return [
        Version(
            revision=one.revision,
            at=one.history_date,
            by=one.history_user.get_username() if one.history_user else "",
            why=one.history_change_reason or "",
            values={name: getattr(one, name) for name in fields},
        )
        for one in kept.order_by("-revision", "-history_id")
    ]


def steps(row: Any, shown: Mapping[str, str]) -> list[Step]:
    """The same with their differences; ``shown`` names the fields that are looked at."""
    found = versions(row, shown)
    older: Sequence[Version | None] = [*found[1:], None]
    return [
        Step(one, _changes(other.values, one.values, shown) if other else ())
        for one, other in zip(found, older, strict=True)
    ]


def steps_of_note(note: EditorNote) -> list[Step]:
    return steps(note, {"text": "text"})


def steps_of_placement(placement: Placement) -> list[Step]:
    return steps(placement, {"kind": "place"})


def _changes(
    old: dict[str, Any], new: dict[str, Any], shown: Mapping[str, str]
) -> tuple[Change, ...]:
    return tuple(
        Change(words, _runs(_words(old[name]), _words(new[name])))
        for name, words in shown.items()
        if old[name] != new[name]
    )


def _words(value: Any) -> list[str]:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return _WORD.findall(text)


def _runs(old: list[str], new: list[str]) -> tuple[Run, ...]:
    runs: list[Run] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, a1, a2, b1, b2 in matcher.get_opcodes():
        if kind == "equal":
            runs.append(Run("same", "".join(old[a1:a2])))
            continue
        if a1 < a2:
            runs.append(Run("gone", "".join(old[a1:a2])))
        if b1 < b2:
            runs.append(Run("new", "".join(new[b1:b2])))
    return tuple(runs)

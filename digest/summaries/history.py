"""What a Summary said before: who changed it, when, why, and the difference.

Every change of a person's is kept by django-simple-history. What a writer wrote is kept when
the first person changes it, so that it can be had back; until then the row is enough.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from digest.models import Summary

#: What a version holds, and what going back to it brings.
KEPT = (
    "domain", "topic", "keywords", "institutions", "text", "status", "writer", "paper_version",
    "prompt_version", "model", "reason", "findings", "hint", "seconds", "input_tokens",
    "output_tokens", "finish_reason",
)  # fmt: skip
_SHOWN = {
    "status": "state", "text": "text", "domain": "domain", "topic": "topic",
    "keywords": "keywords", "institutions": "institutions",
}  # fmt: skip
_WORD = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Version:
    """The Summary at one revision."""

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
    """One field that differs from the version before."""

    field: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One version with what it changed."""

    version: Version
    changes: tuple[Change, ...]


def keep(summary: Summary) -> None:
    """Keep the row as it stands, if its history does not have it yet."""
    manager: Any = Summary.history
    if not manager.filter(id=summary.pk, revision=summary.revision).exists():
        manager.bulk_history_create(
            [summary],
            update=summary.revision > 1,
            default_change_reason=_written(summary),
            default_date=summary.updated_at,
        )


def untouched() -> Q:
    """Summaries that a writer wrote, that no document had, and that no person has changed."""
    manager: Any = Summary.history
    touched = manager.filter(history_change_reason__isnull=False).values("id")
    written = Q(writer__in=(Summary.Writer.LLM, Summary.Writer.EXTRACTIVE))
    return written & ~Q(model=Summary.DOCUMENT) & ~Q(pk__in=touched)


def explain(summary: Summary, why: str) -> None:
    """Say why the row is about to be saved."""
    summary._change_reason = why[:100]  # type: ignore[attr-defined]


def before(summary: Summary) -> Version | None:
    """The version before the one that stands."""
    return next((step for step in _versions(summary) if step.revision < summary.revision), None)


def at(summary: Summary, revision: int) -> Version | None:
    return next((one for one in _versions(summary) if one.revision == revision), None)


def steps(summary: Summary) -> list[Step]:
    """All versions, the newest first, each with its difference from the one before."""
    versions = _versions(summary)
    older: Sequence[Version | None] = [*versions[1:], None]
    return [
        Step(one, _changes(other.values, one.values) if other else ())
        for one, other in zip(versions, older, strict=True)
    ]


def _versions(summary: Summary) -> list[Version]:
    manager: Any = Summary.history
    rows = manager.filter(id=summary.pk).select_related("history_user")
    return [
        Version(
            revision=row.revision,
            at=row.history_date,
            by=row.history_user.get_username() if row.history_user else "",
            why=row.history_change_reason or "",
            values={name: getattr(row, name) for name in KEPT},
        )
        for row in rows.order_by("-revision", "-history_id")
    ]


def _written(summary: Summary) -> str:
    if not summary.text:
        return "not written yet"
    writer = {"llm": summary.model or "a language model", "extractive": "quoting the abstract"}
    return f"written by {writer.get(summary.writer, 'hand')}"[:100]


def _changes(old: dict[str, Any], new: dict[str, Any]) -> tuple[Change, ...]:
    return tuple(
        Change(shown, _runs(_words(old[name]), _words(new[name])))
        for name, shown in _SHOWN.items()
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

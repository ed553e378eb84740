"""What a Summary said before, and whether a person has had a hand in it.

Every change of a person's is kept by django-simple-history. What a writer wrote is kept when
the first person changes it, so that it can be had back; until then the row is enough.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from digest import history
from digest.history import Step, Version
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
    older = (one for one in history.versions(summary, KEPT) if one.revision < summary.revision)
    return next(older, None)


def at(summary: Summary, revision: int) -> Version | None:
    found = (one for one in history.versions(summary, KEPT) if one.revision == revision)
    return next(found, None)


def steps(summary: Summary) -> list[Step]:
    """All versions, the newest first, each with its difference from the one before."""
    return history.steps(summary, _SHOWN)


def _written(summary: Summary) -> str:
    if not summary.text:
        return "not written yet"
    writer = {"llm": summary.model or "a language model", "extractive": "quoting the abstract"}
    return f"written by {writer.get(summary.writer, 'hand')}"[:100]

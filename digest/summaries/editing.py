"""The one way by which a person changes a Summary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db import transaction

from digest.models import Summary

BY_HAND = "Set by a curator."
CHANGED_MEANWHILE = "Somebody else has changed this summary meanwhile. Look again."


class EditRefused(ValueError):
    """The change would leave a Summary that must not be; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What a person wants a Summary to say. Lists hold no blanks and nothing twice."""

    domain: str
    topic: str
    keywords: tuple[str, ...]
    institutions: tuple[str, ...]
    text: str
    status: Summary.Status

    @classmethod
    def of(cls, summary: Summary) -> Edit:
        """The Summary as it stands."""
        return cls(
            domain=summary.domain,
            topic=summary.topic,
            keywords=tuple(summary.keywords),
            institutions=tuple(summary.institutions),
            text=summary.text,
            status=Summary.Status(summary.status),
        )


def check(wanted: Edit) -> None:
    """Raises EditRefused where the wanted Summary must not be."""
    if wanted.status == Summary.Status.APPROVED and not wanted.text.strip():
        raise EditRefused("An approved summary needs a text.")


def edit(pk: int, wanted: Edit, *, seen_revision: int | None = None) -> Summary:
    """Make the Summary say what is wanted; saying the same again changes nothing.

    With ``seen_revision`` the edit is refused when somebody else has changed the Summary since.
    Whoever changes more than the state is its writer from then on.
    """
    check(wanted)
    with transaction.atomic():
        summary = Summary.objects.select_for_update().get(pk=pk)
        if seen_revision is not None and summary.revision != seen_revision:
            raise EditRefused(CHANGED_MEANWHILE)
        before = Edit.of(summary)
        if wanted != before:
            _write(summary, before, wanted)
    return summary


def set_status(pk: int, status: Summary.Status) -> bool:
    """Change the state alone; says whether anything changed."""
    with transaction.atomic():
        summary = Summary.objects.select_for_update().get(pk=pk)
        before = summary.revision
        return edit(pk, replace(Edit.of(summary), status=status)).revision != before


def lines(text: str) -> tuple[str, ...]:
    """A list written one per line: trimmed, without blanks, each once, in order."""
    return tuple(
        dict.fromkeys(word for line in text.splitlines() if (word := " ".join(line.split())))
    )


def as_lines(words: Iterable[str]) -> str:
    return "\n".join(words)


def _write(summary: Summary, before: Edit, wanted: Edit) -> None:
    summary.domain, summary.topic = wanted.domain, wanted.topic
    summary.keywords, summary.institutions = list(wanted.keywords), list(wanted.institutions)
    summary.text, summary.status = wanted.text, wanted.status
    if replace(before, status=wanted.status) != wanted:
        summary.writer = Summary.Writer.CURATOR
    if wanted.status != before.status:
        summary.reason = "" if wanted.status == Summary.Status.APPROVED else BY_HAND
    summary.revision += 1
    summary.save()

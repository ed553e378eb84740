"""The one way by which a person changes a Summary; what it said before is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db import transaction

from digest.history import Version
from digest.models import Summary, WriterCall
from digest.summaries import history, judging

BY_HAND = "Set by a curator."
ASKED_AGAIN = "A curator asked again; the writer has not answered yet."
LONGEST_HINT = 500
CHANGED_MEANWHILE = "Somebody else has changed this summary meanwhile. Look again."


class EditRefused(ValueError):
    """The change would leave a Summary that must not be; the message says why."""


class ChangedMeanwhile(EditRefused):
    """Somebody else was first; nothing is changed."""

    def __init__(self) -> None:
        super().__init__(CHANGED_MEANWHILE)


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


@transaction.atomic
def edit(pk: int, wanted: Edit, *, seen_revision: int | None = None) -> Summary:
    """Make the Summary say what is wanted; saying the same again changes nothing.

    With ``seen_revision`` the edit is refused when somebody else has changed the Summary since.
    Whoever changes more than the state is its writer from then on.
    """
    check(wanted)
    summary = _locked(pk, seen_revision)
    before = Edit.of(summary)
    if wanted != before:
        _write(summary, before, wanted)
    return summary


@transaction.atomic
def ask_again(pk: int, hint: str = "", *, seen_revision: int | None = None) -> Summary:
    """Let go of the text and let the writer try once more, with a hint if there is one."""
    summary = _locked(pk, seen_revision)
    history.keep(summary)
    summary.status, summary.text, summary.writer = Summary.Status.PENDING, "", ""
    summary.hint = " ".join(hint.split())[:LONGEST_HINT]
    summary.reason = ASKED_AGAIN
    summary.findings = []
    summary.attempts, summary.next_try_at = 0, None
    # What was answered under the same key would only be taken once more.
    calls = WriterCall.objects.filter(paper=summary.paper_id, answer__isnull=False)
    calls.update(answer=None, reason=ASKED_AGAIN)
    _save(summary, f"asked again: {summary.hint}" if summary.hint else "asked again")
    return summary


@transaction.atomic
def undo(pk: int, *, seen_revision: int | None = None) -> Summary:
    """Take the last change back; once more brings it again. Without one it is refused."""
    summary = _locked(pk, seen_revision)
    history.keep(summary)
    before = history.before(summary)
    if before is None:
        raise EditRefused("There is nothing to undo.")
    return _restored(summary, before)


@transaction.atomic
def restore(pk: int, revision: int, *, seen_revision: int | None = None) -> Summary:
    """Let the Summary say again what it said at an earlier revision."""
    summary = _locked(pk, seen_revision)
    history.keep(summary)
    wanted = history.at(summary, revision)
    if wanted is None:
        raise EditRefused(f"Revision {revision} is not known any more.")
    return _restored(summary, wanted)


def set_status(pk: int, status: Summary.Status) -> bool:
    """Change the state alone; says whether anything changed."""
    with transaction.atomic():
        summary = _locked(pk)
        before = summary.revision
        return edit(pk, replace(Edit.of(summary), status=status)).revision != before


def lines(text: str) -> tuple[str, ...]:
    """A list written one per line: trimmed, without blanks, each once, in order."""
    return tuple(
        dict.fromkeys(word for line in text.splitlines() if (word := " ".join(line.split())))
    )


def as_lines(words: Iterable[str]) -> str:
    return "\n".join(words)


def _locked(pk: int, seen_revision: int | None = None) -> Summary:
    summary = Summary.objects.select_for_update().get(pk=pk)
    if seen_revision is not None and summary.revision != seen_revision:
        raise ChangedMeanwhile
    return summary


def _write(summary: Summary, before: Edit, wanted: Edit) -> None:
    history.keep(summary)
    summary.domain, summary.topic = wanted.domain, wanted.topic
    summary.keywords, summary.institutions = list(wanted.keywords), list(wanted.institutions)
    summary.text, summary.status = wanted.text, wanted.status
    if replace(before, status=wanted.status) != wanted:
        summary.writer = Summary.Writer.CURATOR
    if wanted.text != before.text:
        found = judging.findings_of(summary.paper, wanted.text, judging.page_of(summary.paper))
        summary.findings = [one.as_data() for one in found]
        summary.reason = judging.said(found)
    if wanted.status != before.status:
        summary.reason = "" if wanted.status == Summary.Status.APPROVED else BY_HAND
    _save(summary, _told(before, wanted))


def _told(before: Edit, wanted: Edit) -> str:
    """What was done, in a word or two."""
    done = [] if replace(before, status=wanted.status) == wanted else ["edited"]
    if wanted.status != before.status:
        done.append(wanted.status.label.lower())
    return ", ".join(done)


def _restored(summary: Summary, version: Version) -> Summary:
    for name, value in version.values.items():
        setattr(summary, name, value)
    summary.attempts, summary.next_try_at = 0, None
    _save(summary, f"back to revision {version.revision}")
    return summary


def _save(summary: Summary, why: str) -> None:
    summary.revision += 1
    history.explain(summary, why)
    summary.save()

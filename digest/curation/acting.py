"""A curator's actions on one card: each one call of a service, and a word of what was done."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from digest.curation import deciding
from digest.curation.day import Day
from digest.curation.forms import CardForm, with_status
from digest.models import Paper, Placement, Summary
from digest.summaries import editing

_Status = Summary.Status
_KINDS = {
    "pin": Placement.Kind.PINNED,
    "hide": Placement.Kind.HIDDEN,
    "plain": Placement.Kind.PLAIN,
}
#: After these the next open card is shown.
MOVES_ON = {"save_approve", "approve", "reject", "hide"}


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, in a few words; ``refused`` if nothing was, and why."""

    said: str
    refused: bool = False
    asked_again: bool = False


def act(date: dt.date, paper: Paper, form: CardForm) -> Done:
    """Do what a valid form wants. What cannot be done is said, and changes nothing."""
    try:
        return _act(date, paper, form)
    except (editing.EditRefused, deciding.DecisionRefused) as error:
        return Done(str(error), refused=True)


def _act(date: dt.date, paper: Paper, form: CardForm) -> Done:
    action, seen = form.cleaned_data["action"], form.cleaned_data["revision"]
    if action in _KINDS:
        placed = form.cleaned_data["placed"]
        deciding.place(date, paper.pk, _KINDS[action], seen_revision=placed)
        return Done({"pin": "Pinned.", "hide": "Hidden."}.get(action, "Stands in its place."))
    summary = _summary_of(paper, seen)
    if action == "ask":
        editing.ask_again(summary.pk, form.cleaned_data["hint"], seen_revision=_seen(seen))
        return Done("Asked again.", asked_again=True)
    if action == "undo":
        editing.undo(summary.pk, seen_revision=_seen(seen))
        return Done("Undone.")
    if action == "restore":
        to = form.cleaned_data["to"] or 0
        editing.restore(summary.pk, to, seen_revision=_seen(seen))
        return Done(f"Back to revision {to}.")
    wanted = {
        "approve": with_status(summary, _Status.APPROVED),
        "reject": with_status(summary, _Status.REJECTED),
    }.get(action) or form.wanted(summary)
    editing.edit(summary.pk, wanted, seen_revision=_seen(seen))
    said = {"approve": "Approved.", "reject": "Rejected: the abstract is shown."}
    return Done(said.get(action, "Saved."))


def approve_passed(day: Day) -> int:
    """Approve every draft without doubts, as it was seen; how many it were."""
    approved = 0
    for row in day.passed:
        summary = row.summary
        if summary is None:
            continue
        try:
            editing.edit(
                summary.pk,
                with_status(summary, _Status.APPROVED),
                seen_revision=summary.revision,
            )
        except editing.EditRefused:
            continue  # changed meanwhile, and so for somebody to look at
        approved += 1
    return approved


def _seen(revision: int | None) -> int | None:
    """A curator who saw no Summary has seen the one that was made for the change."""
    return revision or None


@transaction.atomic
def _summary_of(paper: Paper, seen: int | None) -> Summary:
    """The paper's Summary; of a paper that has none yet, a blank one to write into."""
    summary, made = Summary.objects.select_for_update().get_or_create(paper=paper)
    if seen == 0 and not made:
        raise editing.ChangedMeanwhile
    return summary

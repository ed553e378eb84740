"""What a curator types, read."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from django import forms

from digest.curation import deciding
from digest.curation.card import Tag
from digest.models import Summary
from digest.summaries import editing

LONGEST_TEXT = 4_000
_ACTIONS = (
    *("save", "save_approve", "approve", "reject", "ask", "undo", "restore"),
    *("pin", "hide", "plain"),
)


class CardForm(forms.Form):
    """One change of one card. ``revision`` is what the curator saw; 0 where there was nothing."""

    action = forms.ChoiceField(choices=[(name, name) for name in _ACTIONS])
    revision = forms.IntegerField(required=False, min_value=0)
    placed = forms.IntegerField(required=False, min_value=0)
    text = forms.CharField(required=False, max_length=LONGEST_TEXT)
    tag = forms.CharField(required=False, max_length=200)
    keywords = forms.CharField(required=False, max_length=2_000)
    institutions = forms.CharField(required=False, max_length=4_000)
    hint = forms.CharField(required=False, max_length=editing.LONGEST_HINT)
    to = forms.IntegerField(required=False)

    def wanted(self, summary: Summary) -> editing.Edit:
        """The Summary as the form wants it; its state follows the action."""
        values = self.cleaned_data
        tag = Tag.of(values["tag"])
        approve = values["action"] == "save_approve"
        status = Summary.Status.APPROVED if approve else Summary.Status(summary.status)
        text = " ".join(values["text"].split())
        if status == Summary.Status.PENDING and text:
            status = Summary.Status.DRAFT
        return editing.Edit(
            domain=tag.domain,
            topic=tag.topic,
            keywords=tuple(listed(values["keywords"], ",\n")),
            institutions=tuple(listed(values["institutions"], "\n")),
            text=text,
            status=status,
        )

    def said(self) -> str:
        """What is wrong, in one line."""
        return " ".join(
            f"{name}: {error}" for name, errors in self.errors.items() for error in errors
        )


class NoteForm(forms.Form):
    """The day's note in Markdown."""

    text = forms.CharField(required=False)
    revision = forms.IntegerField(required=False, min_value=0)

    def typed(self) -> tuple[str, int | None]:
        """The text, and the revision that was seen. Raises DecisionRefused for nonsense."""
        if not self.is_valid():
            raise deciding.DecisionRefused("This is no note of this page. Load it again.")
        return self.cleaned_data["text"], self.cleaned_data["revision"]


def listed(text: str, marks: str) -> list[str]:
    """Words between marks, each once, in order."""
    return list(editing.lines("\n".join(re.split(f"[{marks}]", text))))


def with_status(summary: Summary, status: Summary.Status) -> editing.Edit:
    return replace(editing.Edit.of(summary), status=status)


def as_typed(form: CardForm) -> dict[str, Any]:
    """What was typed, to be shown again where it could not be saved."""
    return {name: form.data.get(name, "") for name in ("text", "tag", "keywords", "institutions")}

"""What the language model was asked and what it cost; first pages; what curators decided."""

from __future__ import annotations

from django.contrib import admin

from digest.admin.base import RecordAdmin
from digest.models import EditorNote, FirstPage, Placement, WriterCall


@admin.register(WriterCall)
class WriterCallAdmin(RecordAdmin[WriterCall]):
    """One row a call; those without an answer say why."""

    list_display = [
        *("at", "paper", "model", "seconds", "input_tokens", "output_tokens"),
        *("cost", "finish_reason", "reason"),
    ]
    list_filter = ["model", "finish_reason", "at"]
    list_select_related = ["paper"]
    search_fields = ["paper__arxiv_id", "reason"]
    search_help_text = "Identifier or reason"


@admin.register(FirstPage)
class FirstPageAdmin(RecordAdmin[FirstPage]):
    """The text of page one, or why there is none."""

    list_display = ["paper", "version", "reason", "attempts", "fetched_at"]
    list_select_related = ["paper"]
    search_fields = ["paper__arxiv_id", "reason"]
    search_help_text = "Identifier or reason"


@admin.register(Placement)
class PlacementAdmin(RecordAdmin[Placement]):
    """Hidden and pinned papers; they are changed at the desk."""

    list_display = ["listing", "paper", "kind", "revision"]
    list_filter = ["kind"]
    list_select_related = ["listing", "paper"]
    search_fields = ["paper__arxiv_id"]
    search_help_text = "Identifier"


@admin.register(EditorNote)
class EditorNoteAdmin(RecordAdmin[EditorNote]):
    """The notes of days; they are written at the desk."""

    list_display = ["listing", "text", "revision"]
    list_select_related = ["listing"]
    search_fields = ["text", "listing__date"]
    search_help_text = "Text or date"

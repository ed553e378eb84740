"""What a curator decides on a whole listing: its papers' places, and the note. Kept with who."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from digest.editor_notes import LONGEST
from digest.listings import listing_of
from digest.models import EditorNote, Placement

_Kind = Placement.Kind


class DecisionRefused(ValueError):
    """It cannot be decided so; the message says why."""


@transaction.atomic
def place(
    date: dt.date, paper_id: int, kind: Placement.Kind, *, seen_revision: int | None = None
) -> bool:
    """Pin a paper to the top of its sections, hide it, or let it stand; whether that is new.

    ``seen_revision`` is 0 where nothing was decided yet. Raises DecisionRefused where somebody
    else has decided meanwhile, and ListingError for an unknown date.
    """
    listing = listing_of(date, lock=True)
    found = Placement.objects.filter(listing=listing, paper=paper_id).first()
    placement = found or Placement(listing=listing, paper_id=paper_id, revision=0)
    if placement.kind == kind:
        return False
    if seen_revision is not None and placement.revision != seen_revision:
        raise DecisionRefused("Somebody else has moved this paper meanwhile. Look again.")
    placement.kind = kind
    placement.revision += 1
    placement.save()
    return True


def note_of(date: dt.date) -> EditorNote:
    """The note as it stands, perhaps blank and not stored yet, with revision 0."""
    found = EditorNote.objects.filter(listing=date).first()
    return found or EditorNote(listing_id=date, revision=0)


@transaction.atomic
def write_note(date: dt.date, text: str, *, seen_revision: int | None = None) -> EditorNote:
    """Let the note say something else. Raises DecisionRefused where somebody else was first, or the
    text is too long."""
    listing = listing_of(date, lock=True)
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(text) > LONGEST:
        raise DecisionRefused(f"The note has {len(text):,} characters; {LONGEST:,} are the most.")
    note = note_of(listing.date)
    if seen_revision is not None and note.revision != seen_revision:
        raise DecisionRefused("Somebody else has changed the note meanwhile. Look again.")
    if note.text != text:
        note.text = text
        note.revision += 1
        note.save()
    return note

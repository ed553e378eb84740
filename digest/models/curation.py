"""What curators decide about a listing: which papers are hidden or pinned, and the day's note."""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords

from digest.models.listings import Listing
from digest.models.papers import Paper


class Placement(models.Model):
    """Where a curator wants one paper in one listing: on top of its sections, or nowhere."""

    class Kind(models.TextChoices):
        PLAIN = "plain"
        PINNED = "pinned"
        HIDDEN = "hidden"

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="placements")
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="placements")
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.PLAIN)
    revision = models.PositiveIntegerField(default=1, help_text="Goes up with every change.")
    history = HistoricalRecords()

    class Meta:
        ordering = ["listing", "paper"]
        constraints = [
            models.UniqueConstraint(fields=["listing", "paper"], name="placement_once_per_listing"),
        ]

    def __str__(self) -> str:
        return f"{self.listing_id} {self.paper_id}: {self.kind}"


class EditorNote(models.Model):
    """What an editor says of one listing, in Markdown; it stands above every digest of the day."""

    listing = models.OneToOneField(Listing, models.CASCADE, related_name="editor_note")
    text = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1, help_text="Goes up with every change.")
    history = HistoricalRecords()

    def __str__(self) -> str:
        return f"{self.listing_id}: {len(self.text)} characters"

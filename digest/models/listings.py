"""Listings: what arXiv announced on one date, and how whole our copy of it is."""

from __future__ import annotations

from django.db import models

from digest.models.papers import Paper


class Holiday(models.Model):
    """A day on whose evening arXiv announces nothing; the list of a year is arXiv's own."""

    date = models.DateField(primary_key=True)
    name = models.CharField(max_length=100)

    class Meta:
        ordering = ["-date"]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class Listing(models.Model):
    """One listing date as a whole: open, then ready, then released; or held.

    Papers that arrive after the release come in numbered batches, ``batches`` so far; what was
    there at the release is batch 0.
    """

    class Status(models.TextChoices):
        OPEN = "open"
        READY = "ready"
        RELEASED = "released"
        HELD = "held"

    date = models.DateField(primary_key=True)
    status = models.CharField(max_length=16, choices=Status, default=Status.OPEN)
    released_at = models.DateTimeField(null=True, blank=True)
    batches = models.PositiveIntegerField(default=0, help_text="Arrivals after the release.")
    matched_to = models.PositiveBigIntegerField(
        default=0, help_text="Key of the last announcement that sections were matched against."
    )
    matched_sections_to = models.PositiveBigIntegerField(
        default=0, help_text="Key of the last section that was matched."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-date"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status="released") | models.Q(released_at__isnull=False),
                name="listing_released_at_some_time",
            ),
        ]
        permissions = [
            ("curate_listing", "Can work at the desk: edit, approve, hide, pin, write the note"),
            ("release_listing", "Can release and hold listings"),
        ]

    def __str__(self) -> str:
        return self.date.isoformat()


class Announcement(models.Model):
    """One paper in one category's listing of one date."""

    class Type(models.TextChoices):
        NEW = "new"
        CROSS = "cross"
        REPLACE = "replace"
        REPLACE_CROSS = "replace-cross"

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="announcements")
    listing = models.ForeignKey(Listing, models.CASCADE, related_name="announcements")
    category = models.CharField(max_length=32)
    version = models.PositiveSmallIntegerField(null=True, blank=True)
    announce_type = models.CharField(max_length=16, choices=Type)
    arrived_at = models.DateTimeField(auto_now_add=True)
    batch = models.PositiveIntegerField(
        default=0, help_text="0 before the release; else with which arrival after it."
    )

    class Meta:
        ordering = ["listing", "category", "paper"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "listing", "category"], name="announcement_once_per_category"
            ),
        ]
        indexes = [models.Index(fields=["listing", "category"])]

    def __str__(self) -> str:
        return f"{self.listing_id} {self.category} {self.announce_type}"


class Coverage(models.Model):
    """How whole one category's part of one listing is."""

    class Status(models.TextChoices):
        COMPLETE = "complete"
        EMPTY = "empty", "empty by calendar"
        STALE = "stale"
        TRUNCATED = "truncated"
        MISSING = "missing"

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="coverage")
    category = models.CharField(max_length=32)
    status = models.CharField(max_length=16, choices=Status)
    entries = models.PositiveIntegerField(default=0)
    reason = models.TextField(blank=True)
    source = models.CharField(max_length=16, blank=True, help_text="What it was read from.")
    differences = models.TextField(
        blank=True, help_text="Where arXiv's listing page says otherwise, one a line."
    )
    reconciled_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was held against the listing page."
    )
    checked_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "coverage"
        ordering = ["listing", "category"]
        constraints = [
            models.UniqueConstraint(
                fields=["listing", "category"], name="coverage_once_per_category"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.listing_id} {self.category}: {self.status}"

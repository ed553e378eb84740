"""The one place in line that the whole installation has before arXiv's servers, and what they
answered."""

from __future__ import annotations

from django.db import models


class FetchSlot(models.Model):
    """Whoever asks arXiv claims this row first, by UPDATE, wherever it runs.

    While a request is under way ``claim`` is set, and ``free_at`` is when it counts as lost;
    afterwards ``free_at`` is when the next request may begin.
    """

    name = models.CharField(max_length=32, primary_key=True)
    claim = models.UUIDField(null=True, blank=True)
    free_at = models.DateTimeField()
    failures = models.PositiveIntegerField(default=0, help_text="In a row, up to now.")
    blocked_until = models.DateTimeField(
        null=True, blank=True, help_text="No request before, as arXiv is unwell or asked for it."
    )
    reason = models.TextField(blank=True, help_text="Of the last failure.")

    def __str__(self) -> str:
        return self.name


class Answer(models.Model):
    """The bytes of one good answer of arXiv's, gzipped, kept for a while to be read again."""

    url = models.CharField(max_length=2000)
    etag = models.CharField(max_length=255, blank=True)
    last_modified = models.CharField(max_length=64, blank=True)
    body = models.BinaryField()
    length = models.PositiveIntegerField(help_text="Bytes before gzip.")
    fetched_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(help_text="When arXiv last said that it still holds.")

    class Meta:
        ordering = ["-fetched_at"]
        indexes = [models.Index(fields=["url", "-fetched_at"])]

    def __str__(self) -> str:
        return f"{self.url} {self.fetched_at:%Y-%m-%d %H:%M}"

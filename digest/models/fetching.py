"""The one place in line that the whole installation has before arXiv's servers."""

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

    def __str__(self) -> str:
        return self.name

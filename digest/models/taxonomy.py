"""Domains and topics: the closed lists that every paper's tags come from."""

from __future__ import annotations

from django.db import models


class Domain(models.Model):
    """What a paper belongs to at large, such as ``mlsys``."""

    name = models.CharField(max_length=64, unique=True)
    place = models.PositiveIntegerField(default=0)
    description = models.TextField(blank=True, help_text="For the writer: what belongs here.")
    aliases = models.JSONField(
        default=list, blank=True, help_text="Other names of it, which are read as this one."
    )
    signs = models.JSONField(
        default=list,
        blank=True,
        help_text="Regular expressions over lower-case text; the more of them match, the better.",
    )

    class Meta:
        ordering = ["place", "name"]

    def __str__(self) -> str:
        return self.name


class Topic(models.Model):
    """What a paper is about within its domain, such as ``llm training``."""

    domain = models.ForeignKey(Domain, models.CASCADE, related_name="topics")
    name = models.CharField(max_length=64)
    place = models.PositiveIntegerField(default=0)
    aliases = models.JSONField(
        default=list, blank=True, help_text="Other names of it, which are read as this one."
    )
    pattern = models.TextField(
        blank=True, help_text="Regular expression over lower-case text; rules go by it."
    )
    strongest = models.TextField(
        blank=True, help_text="Words of the pattern that say enough when they stand once."
    )

    class Meta:
        ordering = ["domain", "place", "name"]
        constraints = [
            models.UniqueConstraint(fields=["domain", "name"], name="topic_once_per_domain"),
        ]

    def __str__(self) -> str:
        return f"{self.domain.name}: {self.name}"

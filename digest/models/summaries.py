"""Summaries: what we say of each paper."""

from __future__ import annotations

from django.db import models

from digest.models.papers import Paper


class Summary(models.Model):
    """What we say of one paper, once for everybody.

    ``paper_version``, ``prompt_version`` and ``model`` are the key under which a writer's
    answer counts as known; nobody is asked the same twice.
    """

    class Status(models.TextChoices):
        PENDING = "pending"
        DRAFT = "draft"
        APPROVED = "approved"
        REJECTED = "rejected"

    class Writer(models.TextChoices):
        """Who wrote the text; the weekly document names each in its own way."""

        LLM = "llm", "LLM"
        EXTRACTIVE = "extractive"
        CURATOR = "curator"

    paper = models.OneToOneField(Paper, models.CASCADE, related_name="summary")
    domain = models.CharField(max_length=200, blank=True)
    topic = models.CharField(max_length=200, blank=True)
    keywords = models.JSONField(default=list, blank=True)
    institutions = models.JSONField(default=list, blank=True)
    text = models.TextField(blank=True)
    status = models.CharField(max_length=16, choices=Status, default=Status.PENDING)
    writer = models.CharField(max_length=16, choices=Writer, blank=True)
    paper_version = models.PositiveSmallIntegerField(null=True, blank=True)
    prompt_version = models.CharField(max_length=64, blank=True)
    model = models.CharField(max_length=200, blank=True)
    revision = models.PositiveIntegerField(default=1, help_text="Goes up with every change.")
    reason = models.TextField(blank=True, help_text="Why it is pending, draft or rejected.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "summaries"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status="approved") | ~models.Q(text=""),
                name="summary_approved_has_text",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper.arxiv_id}: {self.status}"

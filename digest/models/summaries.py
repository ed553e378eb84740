"""Summaries: what we say of each paper."""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords

from digest.models.papers import Paper


class Summary(models.Model):
    """What we say of one paper, once for everybody.

    ``paper_version``, ``prompt_version`` and ``model`` are the key under which a writer's
    answer counts as known; nobody is asked the same twice. What a person changes is kept as
    history; what a writer wrote is, from the first change on.
    """

    class Status(models.TextChoices):
        PENDING = "pending"
        DRAFT = "draft"
        APPROVED = "approved"
        REJECTED = "rejected"

    #: The ``model`` of what an imported document said.
    DOCUMENT = "document"

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
    findings = models.JSONField(
        default=list, blank=True, help_text="What the guard found in the text, as data."
    )
    hint = models.TextField(blank=True, help_text="A curator's hint to the writer.")
    attempts = models.PositiveSmallIntegerField(
        default=0, help_text="Calls that failed since the last answer."
    )
    next_try_at = models.DateTimeField(
        null=True, blank=True, help_text="No call before; also while one is under way."
    )
    seconds = models.FloatField(null=True, blank=True, help_text="That the writer took.")
    input_tokens = models.PositiveIntegerField(null=True, blank=True)
    output_tokens = models.PositiveIntegerField(null=True, blank=True)
    finish_reason = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    history = HistoricalRecords(
        excluded_fields=["attempts", "next_try_at", "created_at", "updated_at"],
    )

    class Meta:
        verbose_name_plural = "summaries"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status="approved") | ~models.Q(text=""),
                name="summary_approved_has_text",
            ),
        ]
        indexes = [models.Index(fields=["status", "next_try_at"])]

    def __str__(self) -> str:
        return f"{self.paper.arxiv_id}: {self.status}"


class WriterCall(models.Model):
    """One call of a language model: its answer, kept so that the same is never asked twice,
    and what it cost, which counts against the day's budget. A call that failed has a reason."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="writer_calls")
    paper_version = models.PositiveSmallIntegerField(null=True, blank=True)
    prompt_version = models.CharField(max_length=64)
    model = models.CharField(max_length=200)
    hint = models.TextField(blank=True)
    answer = models.JSONField(null=True, blank=True, help_text="As the model gave it.")
    reason = models.TextField(blank=True, help_text="Why there is no answer.")
    finish_reason = models.CharField(max_length=32, blank=True)
    seconds = models.FloatField()
    input_tokens = models.PositiveIntegerField(default=0)
    output_tokens = models.PositiveIntegerField(default=0)
    cost = models.DecimalField(
        max_digits=12, decimal_places=6, default=0, help_text="By the prices of the settings."
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        indexes = [
            models.Index(fields=["at"]),
            models.Index(fields=["paper", "prompt_version", "model"]),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id} {self.model} {self.at:%Y-%m-%d %H:%M}"


class FirstPage(models.Model):
    """The text of page one of a paper's PDF, kept for a while: institutions stand on it, and
    what a summary says may be checked against it. Without a text there is a reason."""

    paper = models.OneToOneField(Paper, models.CASCADE, related_name="first_page")
    version = models.PositiveSmallIntegerField(null=True, blank=True)
    text = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True, help_text="Null: not again.")
    fetched_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.paper_id}: {len(self.text)} characters"

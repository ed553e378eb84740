"""What comes back: bounces and complaints."""

from __future__ import annotations

from django.db import models

from newsletter.models.issues import Delivery
from newsletter.models.subscribers import Subscriber


class Feedback(models.Model):
    """What Bounce and Complaint share.

    ``report`` is what came, as it came; it is emptied after REPORTS_KEPT_DAYS, and the row stays.
    ``key`` is made of the whole of it, so that what is read twice is filed once.
    """

    report = models.TextField(blank=True)
    diagnostic = models.TextField(blank=True, help_text="The server's own words.")
    source = models.CharField(
        max_length=32, default="session", help_text="A session, a returned mail, or the ESP."
    )
    counts = models.BooleanField(
        default=True, help_text="Proven to be about a mail of ours; else it has no consequences."
    )
    key = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    received_at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ["-received_at"]
        indexes = [models.Index(fields=["received_at"])]


class Bounce(Feedback):
    """A mail that came back, or that the server refused while we were handing it over."""

    class Kind(models.TextChoices):
        HARD = "hard"
        SOFT = "soft"

    class Cause(models.TextChoices):
        """The classes of newsletter.delivery.verdicts."""

        ADDRESS_GONE = "address gone"
        MAILBOX_FULL = "mailbox full"
        POLICY = "policy"
        CONTENT = "content"
        RATE = "rate"
        OTHER = "other"

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="bounces")
    delivery = models.ForeignKey(
        Delivery, models.SET_NULL, null=True, blank=True, related_name="bounces"
    )
    kind = models.CharField(max_length=8, choices=Kind)
    cause = models.CharField(max_length=16, choices=Cause, default=Cause.OTHER)
    enhanced_code = models.CharField(max_length=16, blank=True, help_text="RFC 3463, as 5.1.1.")

    def __str__(self) -> str:
        return f"{self.kind} {self.enhanced_code}"


class Complaint(Feedback):
    """A reader's word to their provider that our mail is unwanted."""

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="complaints")
    delivery = models.ForeignKey(
        Delivery, models.SET_NULL, null=True, blank=True, related_name="complaints"
    )
    feedback_type = models.CharField(max_length=32, blank=True, help_text="RFC 5965, as abuse.")

    def __str__(self) -> str:
        return f"{self.subscriber_id} {self.received_at:%Y-%m-%d}"

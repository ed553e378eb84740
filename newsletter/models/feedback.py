"""What comes back: bounces and complaints."""

from __future__ import annotations

from django.db import models

from newsletter.models.issues import Delivery
from newsletter.models.subscribers import Subscriber


class Bounce(models.Model):
    """A mail that came back, or that the server refused while we were handing it over."""

    class Kind(models.TextChoices):
        HARD = "hard"
        SOFT = "soft"

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="bounces")
    delivery = models.ForeignKey(
        Delivery, models.SET_NULL, null=True, blank=True, related_name="bounces"
    )
    kind = models.CharField(max_length=8, choices=Kind)
    enhanced_code = models.CharField(max_length=16, blank=True, help_text="RFC 3463, as 5.1.1.")
    report = models.TextField(blank=True)
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["-received_at"]

    def __str__(self) -> str:
        return f"{self.kind} {self.enhanced_code}"


class Complaint(models.Model):
    """A reader's word to their provider that our mail is unwanted."""

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="complaints")
    delivery = models.ForeignKey(
        Delivery, models.SET_NULL, null=True, blank=True, related_name="complaints"
    )
    report = models.TextField(blank=True)
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["-received_at"]

    def __str__(self) -> str:
        return f"{self.subscriber_id} {self.received_at:%Y-%m-%d}"

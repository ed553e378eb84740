"""Subscribers: who they are, what they follow, that they asked for it, whom we never write to."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, OuterRef

from digest.models import Section, Style


class Cadence(models.TextChoices):
    DAILY = "daily"
    WEEKLY = "weekly"


class Weekday(models.IntegerChoices):
    """Numbered as datetime.date.weekday() does."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    def active(self) -> Self:
        return self.filter(status=Subscriber.Status.ACTIVE)

    def not_suppressed(self) -> Self:
        return self.filter(~Exists(Suppression.objects.filter(fingerprint=OuterRef("fingerprint"))))

    def mailable(self) -> Self:
        """The only people a digest may be written to."""
        return self.active().not_suppressed()


class Subscriber(models.Model):
    """A person with an address."""

    class Status(models.TextChoices):
        PENDING = "pending"
        ACTIVE = "active"
        PAUSED = "paused"
        UNSUBSCRIBED = "unsubscribed"

    class Format(models.TextChoices):
        HTML = "html", "HTML"
        PLAIN = "plain", "plain text"

    class SendWhen(models.TextChoices):
        HOUR = "hour", "at the chosen hour"
        RELEASE = "release", "as soon as released"

    address = models.CharField(max_length=320, help_text="As given; mail goes here.")
    identity = models.CharField(
        max_length=320, unique=True, help_text="Local part case-folded, domain as A-label."
    )
    fingerprint = models.CharField(
        max_length=64, unique=True, help_text="SHA-256 of the identity, in hexadecimal."
    )
    status = models.CharField(max_length=16, choices=Status, default=Status.PENDING)
    paused_until = models.DateField(
        null=True, blank=True, help_text="Of a pause: the first day with mail again, in their zone."
    )
    cadence = models.CharField(max_length=8, choices=Cadence, default=Cadence.DAILY)
    weekday = models.PositiveSmallIntegerField(choices=Weekday, default=Weekday.MONDAY)
    send_when = models.CharField(max_length=8, choices=SendWhen, default=SendWhen.HOUR)
    send_hour = models.PositiveSmallIntegerField(default=7, validators=[MaxValueValidator(23)])
    timezone = models.CharField(max_length=64, default="UTC")
    format = models.CharField(max_length=8, choices=Format, default=Format.HTML)
    activated_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(send_hour__lte=23), name="subscriber_hour_of_day"
            ),
            models.CheckConstraint(
                condition=models.Q(weekday__lte=6), name="subscriber_day_of_week"
            ),
            models.CheckConstraint(
                condition=~models.Q(status="active") | models.Q(activated_at__isnull=False),
                name="subscriber_activated_at_some_time",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "cadence", "weekday"]),
            # Looked at every minute, and nearly always empty.
            models.Index(
                fields=["paused_until"],
                name="subscriber_paused_until",
                condition=models.Q(paused_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.address


class Subscription(models.Model):
    """One Section that a subscriber follows."""

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="subscriptions")
    section = models.ForeignKey(Section, models.PROTECT, related_name="subscriptions")
    label = models.CharField(max_length=1100)
    place = models.PositiveIntegerField(default=0)
    style = models.CharField(max_length=8, choices=Style, default=Style.CARDS)
    limit = models.PositiveIntegerField(
        null=True, blank=True, help_text="At most so many papers a day; blank for all."
    )

    class Meta:
        ordering = ["subscriber", "place", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["subscriber", "section"], name="subscription_once_per_section"
            ),
            models.CheckConstraint(
                condition=models.Q(limit__isnull=True) | models.Q(limit__gte=1),
                name="subscription_limit_from_one",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class OptIn(models.Model):
    """Evidence of a double opt-in: what was asked for, when, from where, and the confirmation.

    ``choices`` is what the form held; it becomes preferences only when confirmed.
    """

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="opt_ins")
    choices = models.JSONField(default=dict)
    form_version = models.CharField(max_length=32)
    requested_at = models.DateTimeField()
    requested_from = models.GenericIPAddressField(null=True, blank=True)
    requested_with = models.TextField(blank=True, help_text="The browser's User-Agent.")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_from = models.GenericIPAddressField(null=True, blank=True)
    confirmed_with = models.TextField(blank=True)

    class Meta:
        verbose_name = "opt-in"
        ordering = ["-requested_at"]
        indexes = [models.Index(fields=["requested_from", "requested_at"])]

    def __str__(self) -> str:
        return f"{self.subscriber_id} {self.requested_at:%Y-%m-%d}"


class Suppression(models.Model):
    """An address never written to; of an erased one only the fingerprint is kept."""

    class Reason(models.TextChoices):
        HARD_BOUNCE = "hard_bounce", "hard bounce"
        SOFT_BOUNCES = "soft_bounces", "soft bounces"
        COMPLAINT = "complaint"
        OPERATOR = "operator", "operator's decision"

    fingerprint = models.CharField(max_length=64, unique=True)
    address = models.CharField(max_length=320, blank=True)
    reason = models.CharField(max_length=16, choices=Reason)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.address or self.fingerprint[:12]

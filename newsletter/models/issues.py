"""Issues, and the mails of them: one row per delivery is what keeps every reader's mail single."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from digest.models import Listing, Paper
from newsletter.models.subscribers import Cadence, Subscriber


class Issue(models.Model):
    """One dated number of the newsletter."""

    cadence = models.CharField(max_length=8, choices=Cadence)
    first_date = models.DateField(help_text="First listing date covered.")
    last_date = models.DateField(help_text="Last listing date covered.")
    created_at = models.DateTimeField(auto_now_add=True)
    paused_at = models.DateTimeField(
        null=True, blank=True, help_text="Nothing of it is sent since then."
    )
    paused_because = models.TextField(blank=True)
    resumed_at = models.DateTimeField(
        null=True, blank=True, help_text="When somebody last said to go on."
    )
    failures_in_a_row = models.PositiveIntegerField(
        default=0, help_text="Deliveries that failed since the last one that was sent."
    )
    counts = models.JSONField(
        default=dict, blank=True, help_text="By state: deliveries that are not kept any more."
    )

    class Meta:
        ordering = ["-last_date", "cadence"]
        permissions = [("resume_issue", "Can pause an issue, go on with it, send to the missed")]
        constraints = [
            models.UniqueConstraint(
                fields=["cadence", "first_date", "last_date"], name="issue_once"
            ),
            models.CheckConstraint(
                condition=Q(first_date__lte=F("last_date")), name="issue_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        if self.first_date == self.last_date:
            return f"{self.cadence} {self.last_date}"
        return f"{self.cadence} {self.first_date} to {self.last_date}"


class IssueListing(models.Model):
    """What an issue carries of one listing: the papers of these batches, both included.

    Of its own dates an issue carries all that had arrived when it was made. What arrives later
    is carried by the next issue of the same cadence, as late. Written once, so that every
    reader of an issue gets the same, and nobody the same paper twice.
    """

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="listings")
    listing = models.ForeignKey(Listing, models.CASCADE, related_name="+")
    first_batch = models.PositiveIntegerField(default=0)
    last_batch = models.PositiveIntegerField(default=0)
    is_late = models.BooleanField(default=False)

    class Meta:
        ordering = ["issue", "listing"]
        constraints = [
            models.UniqueConstraint(fields=["issue", "listing"], name="issue_listing_once"),
            models.CheckConstraint(
                condition=Q(first_batch__lte=F("last_batch")), name="issue_listing_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issue_id} {self.listing_id} {self.first_batch} to {self.last_batch}"


class Outgoing(models.Model):
    """A mail on its way: what Delivery and Notice share, so that both go the same way.

    ``due_at`` never changes after the first claim; ``next_attempt_at`` starts there and moves
    with each retry.
    ``mail_date`` and ``message_id`` are set at the first claim and used on every retry.
    """

    class Status(models.TextChoices):
        QUEUED = "queued"
        SENDING = "sending"
        SENT = "sent"
        UNCERTAIN = "uncertain"
        FAILED = "failed"
        SKIPPED = "skipped"

    status = models.CharField(max_length=16, choices=Status, default=Status.QUEUED)
    due_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(null=True, blank=True, help_text="Whose hands it is in.")
    lease_until = models.DateTimeField(null=True, blank=True)
    mail_date = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField(max_length=255, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    size = models.PositiveIntegerField(default=0, help_text="Bytes of the message as sent.")
    reply = models.TextField(blank=True, help_text="What the mail server last said.")
    reason = models.TextField(blank=True, help_text="Why it failed or was skipped.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="sent") | Q(sent_at__isnull=False),
                name="%(class)s_sent_at_some_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="sending")
                | (Q(claim__isnull=False) & Q(lease_until__isnull=False)),
                name="%(class)s_sending_is_claimed",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["failed", "skipped"]) | ~Q(reason=""),
                name="%(class)s_not_sent_for_a_reason",
            ),
        ]
        # In the order in which claims take them: many are due at the same instant.
        indexes = [models.Index(fields=["status", "next_attempt_at", "id"])]


class Delivery(Outgoing):
    """One digest to one subscriber."""

    # Found by the constraint's index below; one more would be written with every change of state.
    issue = models.ForeignKey(Issue, models.CASCADE, related_name="deliveries", db_index=False)
    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="deliveries")
    papers_seen = models.PositiveIntegerField(default=0, help_text="Papers looked at.")
    papers_shown = models.PositiveIntegerField(default=0, help_text="Papers in the mail.")
    fragment_ids = models.JSONField(
        default=list,
        blank=True,
        help_text="The fragments it was joined from, in order; below zero, the parts.",
    )
    frame = models.ForeignKey(
        "Frame",
        models.DO_NOTHING,
        null=True,
        blank=True,
        # Workers remember frames that a clean-up may have taken away meanwhile.
        db_constraint=False,
        db_index=False,
        related_name="deliveries",
    )
    filled = models.TextField(blank=True, help_text="What stood in the frame's slots.")

    class Meta(Outgoing.Meta):
        verbose_name_plural = "deliveries"
        ordering = ["-due_at", "pk"]
        constraints = [
            *Outgoing.Meta.constraints,
            models.UniqueConstraint(fields=["issue", "subscriber"], name="delivery_once_per_issue"),
        ]

    def __str__(self) -> str:
        return f"{self.issue_id} to {self.subscriber_id}: {self.status}"


class Notice(Outgoing):
    """One mail outside an issue."""

    class Kind(models.TextChoices):
        CONFIRM = "confirm", "please confirm"
        LINK = "link", "your link"
        GOODBYE = "goodbye"
        ALERT = "alert", "operator's alert"

    kind = models.CharField(max_length=16, choices=Kind)
    address = models.CharField(max_length=320)
    fingerprint = models.CharField(max_length=64, db_index=True)
    subscriber = models.ForeignKey(
        Subscriber, models.CASCADE, null=True, blank=True, related_name="notices"
    )
    context = models.JSONField(default=dict, blank=True, help_text="What its template needs.")
    expires_at = models.DateTimeField(help_text="Not sent after this.")

    class Meta(Outgoing.Meta):
        ordering = ["-due_at", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} to {self.address}: {self.status}"


class Fragment(models.Model):
    """One paper's card or line as final bytes: quoted-printable, CRLF. Rows are only ever added.

    ``content_key`` stands for all that is shown of the paper: its own text, the Summary's
    revision. ``html_length`` is the length decoded; the encoded length is that of the bytes.
    """

    class Style(models.TextChoices):
        CARD = "card"
        LINE = "line"

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="fragments")
    style = models.CharField(max_length=8, choices=Style)
    content_key = models.CharField(max_length=64)
    template_version = models.CharField(max_length=64)
    html = models.BinaryField()
    html_length = models.PositiveIntegerField()
    text = models.BinaryField()
    text_length = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "style", "content_key", "template_version"],
                name="fragment_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id} {self.style}"


class Frame(models.Model):
    """A mail less what is its reader's own: headers, head and foot as final bytes.

    A slot is a name between two bytes 0x01, which no mail holds. Rows are only ever added.
    """

    key = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the content.")
    content = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.key[:12]


class Part(models.Model):
    """What stands between papers as final bytes: headings, and what is left for the web."""

    key = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the content.")
    html = models.BinaryField()
    text = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.key[:12]

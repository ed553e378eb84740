"""What is misconfigured, missing or behind, each with its remedy."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core import checks
from django.db.models import QuerySet

from newsletter import listing_findings, probes, sender_findings, summary_findings
from newsletter.delivery import transports
from newsletter.findings import LOOKED_BACK, Finding, sentence
from newsletter.models import Delivery, Issue, Notice, Outgoing

# How late a thing may be before somebody should look.
SENDING_GRACE = dt.timedelta(minutes=15)
LEASE_GRACE = dt.timedelta(minutes=5)
LEAST_FREE = 500_000_000  # bytes
# Which service takes which queue.
_SERVICES = {"default": "worker", "mail": "mail"}
_START = "Start one: `serve` on one machine, else the service"


def examine(now: dt.datetime) -> Iterator[Finding]:
    """Everything found at ``now``; rows are looked at only where the database can be read."""
    yield from _configuration()
    yield from _machine()
    yield from _processes()
    yield from sender_findings.examine()
    trouble = probes.database()
    if trouble:
        remedy = "Run `migrate`." if "migrations" in trouble else "Check DATABASE_URL."
        yield Finding(sentence(trouble), remedy)
        return
    yield from _accounts()
    yield from listing_findings.examine(now)
    yield from summary_findings.examine(now)
    yield from _paused()
    yield from _mail(now)


def _configuration() -> Iterator[Finding]:
    """Django's checks and this project's own (newsletter/checks.py)."""
    deployed = settings.SITE_URL.startswith("https://")
    for message in checks.run_checks(include_deployment_checks=deployed):
        if not message.is_silenced():
            note = message.level < checks.WARNING
            yield Finding(message.msg, message.hint or f"See {message.id}.", note)


def _machine() -> Iterator[Finding]:
    trouble = probes.outbox()
    if trouble:
        yield Finding(sentence(trouble), "Give it to the user who runs this, or set EMAIL_URL.")
    if not settings.POSTAL_ADDRESS and transports.outbox_path():
        yield Finding("POSTAL_ADDRESS is empty.", "Set it before mail goes to people.", note=True)
    free = shutil.disk_usage(settings.DATA_DIR if settings.DATA_DIR.exists() else "/").free
    if free < LEAST_FREE:
        yield Finding(
            f"Only {free // 1_000_000} MB are free at {settings.DATA_DIR}.", "Make room there."
        )


def _processes() -> Iterator[Finding]:
    trouble = probes.broker()
    if trouble:
        remedy = "Check REDIS_URL and that the broker runs."
        own = "Start `serve`, which brings a broker of its own, or set REDIS_URL."
        yield Finding(sentence(trouble), remedy if settings.REDIS_URL else own)
    elif not probes.workers():
        yield Finding("No worker answers.", f"{_START} `worker`.")
    else:
        served = probes.queues()
        for queue, service in _SERVICES.items():
            if queue not in served:
                yield Finding(f"No worker takes the queue `{queue}`.", f"{_START} `{service}`.")
    silence = probes.beat_silent_for()
    if silence is not None and silence > probes.BEAT_SILENCE:
        yield Finding(f"Beat has been silent for {silence / 60:.0f} minutes.", f"{_START} `beat`.")


def _accounts() -> Iterator[Finding]:
    if not User.objects.filter(is_active=True, is_superuser=True).exists():
        yield Finding("Nobody may log in to the admin.", "Run `createsuperuser`.", note=True)


def _paused() -> Iterator[Finding]:
    for issue in Issue.objects.filter(paused_at__isnull=False):
        yield Finding(
            f"The issue {issue} is paused since {issue.paused_at:%Y-%m-%d %H:%M} UTC: "
            f"{sentence(issue.paused_because)}",
            'Look at its page in the admin, and press "Go on" there when the cause is gone.',
        )


def _mail(now: dt.datetime) -> Iterator[Finding]:
    kinds: list[tuple[type[Delivery | Notice], str]] = [
        (Delivery, "deliveries"),
        (Notice, "notices"),
    ]
    for model, name in kinds:
        rows: QuerySet[Any] = model._default_manager.all()
        late = rows.filter(status=Outgoing.Status.QUEUED, next_attempt_at__lt=now - SENDING_GRACE)
        if model is Delivery:
            late = late.filter(issue__paused_at=None)
        if count := late.count():
            yield Finding(f"{count} {name} are queued and overdue.", f"{_START} `worker`.")
        stale = rows.filter(status=Outgoing.Status.SENDING, lease_until__lt=now - LEASE_GRACE)
        if count := stale.count():
            yield Finding(
                f"{count} {name} are claimed by a worker that has gone.",
                "A running worker with beat takes them back; see that both run.",
            )
        lost = rows.filter(
            status__in=[Outgoing.Status.FAILED, Outgoing.Status.UNCERTAIN],
            due_at__gte=now - LOOKED_BACK,
        )
        if count := lost.count():
            yield Finding(
                f"{count} {name} of the last week failed or are uncertain.",
                f"Their reasons stand in the admin, under {name.capitalize()}.",
                note=True,
            )

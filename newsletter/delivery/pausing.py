"""Pausing: an issue whose mails fail one after another waits for the operator's word.

What was sent stays sent, and what another worker has in its hands still goes; nothing more is
claimed. How many failed in a row is counted on the issue's own row, over all workers.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from newsletter.delivery import notices
from newsletter.models import Delivery, Issue, Notice
from newsletter.signup import addresses

logger = logging.getLogger(__name__)

_LONGEST_REPLY = 500


@dataclass(frozen=True, slots=True)
class Ended:
    """A delivery that was sent, or that failed for good; what is tried again is neither.

    ``is_block`` says that the server refused it by its policy, not for what the mail or the
    address is.
    """

    issue: int
    failed: bool
    reply: str = ""
    is_block: bool = False


def look(ended: Sequence[Ended], now: dt.datetime) -> list[int]:
    """Count what a chunk came to, in the order in which it happened, and pause what should be.

    Returns the primary keys of the issues that were paused. One read where nothing failed.
    """
    by_issue: dict[int, list[Ended]] = {}
    for one in ended:
        by_issue.setdefault(one.issue, []).append(one)
    failing = sorted(pk for pk, chunk in by_issue.items() if any(one.failed for one in chunk))
    _reset(by_issue.keys() - set(failing))
    return [pk for pk in failing if _look_at(pk, by_issue[pk], now)]


def in_a_row(before: int, failures: Iterable[bool]) -> tuple[int, int]:
    """The longest run of failures and the one that is still going on, after ``before`` of them."""
    longest = run = before
    for failed in failures:
        run = run + 1 if failed else 0
        longest = max(longest, run)
    return longest, run


def should_pause(longest: int, *, limit: int, is_blocked: bool) -> str:
    """Why an issue is to be paused; empty where it is not."""
    if is_blocked:
        return "a mail server refused a mail by its policy"
    return f"{longest} deliveries in a row failed" if longest >= limit else ""


def pause(issue: Issue, why: str, now: dt.datetime, *, reply: str = "", tell: bool = True) -> bool:
    """Send nothing more of it; whether it was not paused before. The operator is told once."""
    reply = reply[:_LONGEST_REPLY]
    because = f"{why}; the last reply: {reply}" if reply else why
    with transaction.atomic():
        running = Issue.objects.filter(pk=issue.pk, paused_at=None)
        if not running.update(paused_at=now, paused_because=because):
            return False
        if tell and settings.ADMIN_EMAIL:
            _alert(issue, why, reply, now)
    logger.warning("issue %s is paused: %s", issue, because)
    return True


def go_on(issue: Issue, now: dt.datetime) -> bool:
    """Send the rest; whether it was paused. What failed before does not count any more."""
    paused = Issue.objects.filter(pk=issue.pk, paused_at__isnull=False)
    return bool(
        paused.update(paused_at=None, paused_because="", resumed_at=now, failures_in_a_row=0)
    )


def not_paused(issues: QuerySet[Issue]) -> QuerySet[Issue]:
    """Those whose deliveries may be claimed, as far as pausing goes."""
    return issues.filter(paused_at=None)


def _reset(fine: Iterable[int]) -> None:
    counted = Issue.objects.filter(pk__in=sorted(fine), failures_in_a_row__gt=0)
    if counted.exists():  # the usual chunk takes no lock for nothing
        counted.update(failures_in_a_row=0)


def _look_at(pk: int, chunk: Sequence[Ended], now: dt.datetime) -> bool:
    with transaction.atomic():
        issue = Issue.objects.select_for_update(no_key=True).filter(pk=pk).first()
        if issue is None:
            return False
        longest, last = in_a_row(issue.failures_in_a_row, (one.failed for one in chunk))
        # Who said to go on after a block knows of it; from then on only the number counts.
        blocks = [one for one in chunk if one.is_block] if issue.resumed_at is None else []
        limit = settings.PAUSE_AFTER_FAILURES
        why = should_pause(longest, limit=limit, is_blocked=bool(blocks))
        Issue.objects.filter(pk=pk).update(failures_in_a_row=last)
        if not why:
            return False
        telling = blocks or [one for one in chunk if one.failed]
        return pause(issue, why, now, reply=telling[-1].reply)


def _alert(issue: Issue, why: str, reply: str, now: dt.datetime) -> None:
    waiting = Delivery.objects.filter(issue=issue, status=Delivery.Status.QUEUED).count()
    page = settings.SITE_URL + reverse("admin:newsletter_issue_change", args=[issue.pk])
    said = f"The mail server's last reply:\n\n{reply}\n\n" if reply else ""
    text = (
        f"The issue {issue} is paused since {now:%Y-%m-%d %H:%M} UTC: {why}.\n\n"
        f"{said}"
        f"{waiting} of its deliveries wait. Nothing more of it is sent until somebody presses "
        f'"Go on" at\n\n{page}'
    )
    context = {"subject": f"the issue {issue} is paused", "text": text}
    try:
        notices.queue(Notice.Kind.ALERT, address=settings.ADMIN_EMAIL, context=context, now=now)
    except addresses.InvalidAddress:
        logger.exception("ADMIN_EMAIL is no address; nobody is told that %s is paused", issue)

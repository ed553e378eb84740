"""Sending an issue by hand: which issues a date means, and their deliveries now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from digest import almanac
from digest.arxiv import calendar
from digest.models import Listing
from newsletter.delivery import issues, missed, planning, sending, suppression
from newsletter.delivery.claiming import Scope
from newsletter.delivery.tally import Tally
from newsletter.delivery.transports.base import Transport
from newsletter.models import Cadence, Delivery, Issue, Subscriber
from newsletter.signup import addresses


class NotPossible(ValueError):
    """What is asked for cannot be sent; the message says why."""


def anybody(address: str) -> Subscriber:
    """The subscriber with this address, whatever their state."""
    try:
        return Subscriber.objects.get(identity=addresses.identity(address))
    except (addresses.InvalidAddress, Subscriber.DoesNotExist) as error:
        raise NotPossible(f"no subscriber has the address {address}") from error


def subscriber_of(address: str) -> Subscriber:
    """The subscriber with this address, who can be written to."""
    reader = anybody(address)
    if reader.status != Subscriber.Status.ACTIVE:
        raise NotPossible(f"{address}: the subscriber is {reader.status}")
    reason = suppression.reasons_for([reader.fingerprint]).get(reader.fingerprint)
    if reason:
        raise NotPossible(f"{address}: {suppression.told(reason)}")
    if not reader.subscriptions.exists():
        raise NotPossible(f"{address}: the subscriber follows no section")
    return reader


def issues_of(date: dt.date, cadence: str, only: Subscriber | None) -> list[Issue]:
    """The issues that end on this date and can be sent, unsaved where they are new.

    Without a cadence: the daily one, and the weekly one when somebody's weekday fits; for a
    single subscriber the one of their own cadence, or else the one there is.
    """
    wanted = [cadence] if cadence else [Cadence.DAILY, Cadence.WEEKLY]
    found = [issue for issue in (_issue(name, date) for name in wanted) if _has_release(issue)]
    if not found:
        raise NotPossible(_why_nothing(date, cadence))
    if any(issue.counts for issue in found):
        # Nobody knows who has had it, so that it could only be sent twice.
        raise NotPossible(f"who got the issue of {date} is not kept any more, only how many did")
    if cadence or (only is not None and len(found) == 1):
        return found
    if only is not None:
        return [issue for issue in found if issue.cadence == only.cadence]
    wanted_by_somebody = [
        issue for issue in found if issue.pk or issue.cadence == Cadence.DAILY or _any(issue)
    ]
    if not wanted_by_somebody:
        raise NotPossible(f"{_why_nothing(date, Cadence.DAILY)}; nobody's week ends on it")
    return wanted_by_somebody


@transaction.atomic
def plan(issue: Issue, now: dt.datetime, only: Subscriber | None) -> tuple[Issue, int]:
    """The stored issue, and how many deliveries were planned.

    Beat plans no issue that is there already. So one that is new and recent is planned for all
    its readers, also when it was asked for a single one: the others get it at their own hours.
    """
    is_new, is_recent = not issue.pk, issue.last_date >= calendar.today(now) - planning.OLDEST
    issue = planning.issue_for(issue.cadence, issue.last_date)
    planned = 0
    if only is None or (is_new and is_recent):
        planned += planning.plan(issue, now)
    if only is not None:
        planned += planning.plan(issue, now, only)
    return issue, planned


def of_issue(issue: Issue, only: Subscriber | None) -> QuerySet[Delivery]:
    """Its deliveries, or that of one reader."""
    deliveries = Delivery.objects.filter(issue=issue)
    return deliveries if only is None else deliveries.filter(subscriber=only)


def put_back(
    issue: Issue, only: Subscriber | None, now: dt.datetime, chosen: Collection[str]
) -> int:
    """Those who have a delivery in one of the chosen states are sent it again; how many."""
    return missed.send_again(of_issue(issue, only), now, chosen)


def send(
    issue: Issue, only: Subscriber | None, transport: Transport, *, ignore_due: bool
) -> Iterator[Tally]:
    """Chunk after chunk, until none is due; one tally each."""
    scope = Scope(issue=issue, subscriber=only, ignore_due=ignore_due)
    while True:
        tally = sending.send_deliveries(timezone.now(), transport=transport, scope=scope)
        yield tally
        if not tally.full:
            return


def _issue(cadence: str, date: dt.date) -> Issue:
    dates = {"first_date": issues.first_date(cadence, date), "last_date": date}
    stored = Issue.objects.filter(cadence=cadence, **dates).first()
    return stored or Issue(cadence=cadence, **dates)


def _has_release(issue: Issue) -> bool:
    return Listing.objects.filter(
        status=Listing.Status.RELEASED, date__range=(issue.first_date, issue.last_date)
    ).exists()


def _any(issue: Issue) -> bool:
    return issues.readers(issue).exists()


def _why_nothing(date: dt.date, cadence: str) -> str:
    first = issues.first_date(cadence or Cadence.WEEKLY, date)
    listing = Listing.objects.filter(date=date).first()
    if cadence == Cadence.WEEKLY or (not cadence and listing is None):
        return f"nothing to send: no listing of {first} to {date} is released"
    if listing is None:
        why = almanac.current().why_no_listing(date) or "there is no listing of that date"
        return f"nothing to send for {date}: {why}"
    return f"nothing to send for {date}: its listing is {listing.status}; release it first"

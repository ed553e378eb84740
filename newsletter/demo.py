"""The demo: three subscribers whose digests anybody can look at in the local outbox."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone

from newsletter.delivery import by_hand, issues, transports
from newsletter.delivery.tally import Tally
from newsletter.models import Cadence, Issue, Subscriber, Weekday
from newsletter.signup import adding, addresses, choices

_SUNDAY = 6


def is_possible() -> bool:
    """Only while mail stays on this machine: nobody is written to who did not ask for it."""
    return transports.outbox_path() is not None


def add_subscribers() -> list[Subscriber]:
    """Add those demo subscribers that are not there yet, whatever has become of the others."""
    house = tuple(choices.house_sections())
    keywords = tuple(section for section in house if section.expression)
    weekly = {"cadence": Cadence.WEEKLY, "weekday": Weekday.MONDAY}
    wishes = {
        "daily@example.org": adding.Wish(house),
        "weekly@example.org": adding.Wish(house, weekly),
        "plain@example.org": adding.Wish(keywords, {"format": Subscriber.Format.PLAIN}),
    }
    return [
        adding.add(address, wish, timezone.now(), active=True).subscriber
        for address, wish in wishes.items()
        if wish.sections and not _is_known(address)
    ]


def plan(dates: Iterable[dt.date]) -> list[Issue]:
    """Plan the issues of these released listing dates, each once; the oldest first."""
    now = timezone.now()
    return [by_hand.plan(issue, now, None)[0] for issue in _issues(sorted(dates))]


def send(planned: Iterable[Issue]) -> Tally:
    """Send what is still queued of these issues, whenever it is due."""
    tally = Tally()
    for issue in planned:
        for chunk in by_hand.send(issue, None, transports.default(), ignore_due=True):
            tally += chunk
    return tally


def _is_known(address: str) -> bool:
    return Subscriber.objects.filter(identity=addresses.identity(address)).exists()


def _issues(dates: list[dt.date]) -> list[Issue]:
    """Each day's daily issue, and the weekly ones, Monday to Sunday, that are over."""
    sundays = {date + dt.timedelta(days=_SUNDAY - date.weekday()) for date in dates}
    over = sorted(sunday for sunday in sundays if sunday < timezone.now().date())
    wanted = [(Cadence.DAILY, date) for date in dates]
    wanted += [(Cadence.WEEKLY, sunday) for sunday in over]
    found = [by_hand.issues_of(date, cadence, None) for cadence, date in wanted]
    return [issue for group in found for issue in group if issues.readers(issue).exists()]

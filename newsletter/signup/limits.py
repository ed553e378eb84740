"""Limits on what strangers can make us send, counted on the rows that stand anyway."""

from __future__ import annotations

import datetime as dt

from newsletter.models import Notice, OptIn

REQUESTS_AN_HOUR = 20  # from one network address
BETWEEN_MAILS = dt.timedelta(minutes=10)  # to one address
MAILS_A_DAY = 5  # to one address


class TooManyRequests(Exception):
    """One network address asks too often."""


def check_network(network_address: str | None, now: dt.datetime) -> None:
    if network_address is None:
        return
    since = now - dt.timedelta(hours=1)
    asked = OptIn.objects.filter(requested_from=network_address, requested_at__gt=since).count()
    if asked >= REQUESTS_AN_HOUR:
        raise TooManyRequests(network_address)


def may_write(fingerprint: str, now: dt.datetime) -> bool:
    """Whether one more mail that somebody asked for may go to this address."""
    asked_for = Notice.objects.filter(
        fingerprint=fingerprint,
        kind__in=[Notice.Kind.CONFIRM, Notice.Kind.LINK],
        created_at__gt=now - dt.timedelta(days=1),
    )
    if asked_for.count() >= MAILS_A_DAY:
        return False
    return not asked_for.filter(created_at__gt=now - BETWEEN_MAILS).exists()

"""Notices: mails outside an issue, queued here and sent the same way as deliveries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from newsletter.delivery import suppression
from newsletter.models import Notice, Subscriber
from newsletter.signup import addresses

_WEEK = dt.timedelta(days=7)


def queue(
    kind: Notice.Kind,
    *,
    address: str = "",
    subscriber: Subscriber | None = None,
    context: Mapping[str, Any] | None = None,
    lifetime: dt.timedelta = _WEEK,
    now: dt.datetime | None = None,
) -> Notice:
    """Queue one notice, due at once, to a subscriber or to an address; useless after ``lifetime``.

    To a suppressed address it is written down as skipped, with the reason, and never sent.
    """
    now = now or timezone.now()
    if subscriber is not None:
        address = address or subscriber.address
    fingerprint = addresses.fingerprint(addresses.identity(address))
    reason = suppression.reasons_for([fingerprint]).get(fingerprint, "")
    is_kept_back = bool(reason) and suppression.keeps_back(kind, reason)
    return Notice.objects.create(
        kind=kind,
        address=address,
        fingerprint=fingerprint,
        subscriber=subscriber,
        context=dict(context or {}),
        status=Notice.Status.SKIPPED if is_kept_back else Notice.Status.QUEUED,
        reason=suppression.told(reason) if is_kept_back else "",
        due_at=now,
        next_attempt_at=now,
        expires_at=now + lifetime,
    )

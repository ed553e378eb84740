"""Soft bounces: how many make an address worn out. Computed from rows; sending writes nothing.

Each soft bounce counts one, halved by every mail since that arrived. What is about the sender
(policy, content, rate) does not count: a block at a large provider must not cost all its readers.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, QuerySet

from newsletter.delivery import suppression
from newsletter.models import Bounce, Delivery, Subscriber, Suppression

# Six weeks, so that five bounces in a row count for a weekly reader too.
WINDOW = dt.timedelta(days=42)
# A daily reader's working week without one mail that arrived. Who gets every other mail stays
# below 2, and who gets every third stays below 4.
WORN_OUT = 5.0
_READERS_SIDE = (Bounce.Cause.ADDRESS_GONE, Bounce.Cause.MAILBOX_FULL, Bounce.Cause.OTHER)


def score(subscriber: Subscriber, now: dt.datetime) -> float:
    bounced = _soft(now).filter(subscriber=subscriber).values_list("delivery", "received_at")
    # A mail that is refused twice, or by two servers on its way, has bounced once.
    first_of = {delivery or at: at for delivery, at in bounced.order_by("-received_at")}
    sent = _arrived(subscriber, now).values_list("sent_at", flat=True)
    arrived = sorted(at for at in sent if at is not None)
    return sum(0.5 ** (len(arrived) - bisect_right(arrived, at)) for at in first_of.values())


def suppress_worn_out(subscribers: Iterable[int], now: dt.datetime) -> int:
    """Of these, by primary key, suppress those whose mails keep coming back; how many."""
    worn_out = 0
    bounced = _soft(now).filter(subscriber__in=list(subscribers)).values("subscriber")
    many = bounced.annotate(count=Count("pk")).filter(count__gte=WORN_OUT)
    for subscriber in Subscriber.objects.filter(pk__in=many.values("subscriber")):
        reached = score(subscriber, now)
        if reached >= WORN_OUT:
            note = f"mails came back, score {reached:.1f} of {WORN_OUT:.0f}"
            suppression.suppress(subscriber, Suppression.Reason.SOFT_BOUNCES, note=note)
            worn_out += 1
    return worn_out


def _soft(now: dt.datetime) -> QuerySet[Bounce]:
    return Bounce.objects.filter(
        kind=Bounce.Kind.SOFT,
        counts=True,
        cause__in=_READERS_SIDE,
        received_at__gt=now - WINDOW,
        received_at__lte=now,
    )


def _arrived(subscriber: Subscriber, now: dt.datetime) -> QuerySet[Delivery]:
    """Taken by the server, and not come back since."""
    came_back = Bounce.objects.filter(delivery=OuterRef("pk"))
    sent = subscriber.deliveries.filter(status=Delivery.Status.SENT)
    return sent.filter(sent_at__gt=now - WINDOW, sent_at__lte=now).filter(~Exists(came_back))

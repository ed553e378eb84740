"""The categories that subscribers follow, so that they are fetched too."""

from __future__ import annotations

from django.db.models import Q

from digest.models import Section
from newsletter.models import Subscriber


def subscribed_categories() -> list[str]:
    """What sections of active subscriptions name, each category once.

    Also of those who come back on a date, and then get the latest issue.
    """
    coming = Q(status=Subscriber.Status.PAUSED, paused_until__isnull=False)
    readers = Subscriber.objects.filter(Q(status=Subscriber.Status.ACTIVE) | coming)
    sections = Section.objects.filter(subscriptions__subscriber__in=readers).exclude(categories="")
    named = sections.order_by().values_list("categories", flat=True).distinct()
    return sorted({code for categories in named for code in categories.split("/")})

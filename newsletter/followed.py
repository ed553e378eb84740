"""The categories that subscribers follow, so that they are fetched too."""

from __future__ import annotations

from digest.models import Section
from newsletter.models import Subscriber


def subscribed_categories() -> list[str]:
    """What sections of active subscriptions name, each category once."""
    sections = Section.objects.filter(
        subscriptions__subscriber__status=Subscriber.Status.ACTIVE
    ).exclude(categories="")
    named = sections.order_by().values_list("categories", flat=True).distinct()
    return sorted({code for categories in named for code in categories.split("/")})

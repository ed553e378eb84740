"""Sections that somebody began to follow after the listings of their issue had been matched.

Beat comes by every ten minutes only, and a mail that is due before would lack the section's
papers for good.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef

from digest.models import Listing
from digest.sections.building import build_news
from newsletter.models import Delivery, IssueListing, Subscription


def match_newly_followed(deliveries: Sequence[Delivery]) -> None:
    """Match what these readers follow against their issues' listings where that is not done; one
    query where nothing is new."""
    if not deliveries:
        return
    carried = IssueListing.objects.filter(issue__in={row.issue_id for row in deliveries})
    newer = Subscription.objects.filter(
        subscriber__in={row.subscriber_id for row in deliveries},
        section__gt=OuterRef("matched_sections_to"),
    )
    # Where nothing was matched at all, what a listing holds is not from here.
    behind = Listing.objects.filter(
        Exists(newer), pk__in=carried.values("listing"), matched_to__gt=0
    )
    for date in list(behind.order_by("date").values_list("date", flat=True)):
        build_news(date)

"""Which categories are fetched, and since when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.db.models import Min

from digest.arxiv import taxonomy
from digest.models import Coverage, HouseSection


def followed_categories(more: Sequence[str] = ()) -> list[str]:
    """What is fetched: ARXIV_CATEGORIES, what the house's sections name, and ``more``."""
    sections = HouseSection.objects.select_related("section").order_by("place", "pk")
    named = [code for house in sections for code in house.section.category_list]
    return taxonomy.expand([*settings.ARXIV_CATEGORIES, *named, *more])


def followed_since(categories: Sequence[str]) -> dict[str, dt.date]:
    """The first listing date that each category was followed on; none where it never was."""
    rows = Coverage.objects.filter(category__in=categories).order_by()
    return dict(rows.values("category").annotate(first=Min("listing")).values_list(
        "category", "first"
    ))  # fmt: skip

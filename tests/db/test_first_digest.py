"""The first digest of somebody whose sections nobody followed before."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from digest.models import Listing, SectionListing
from digest.sections.building import build_listing
from newsletter.delivery import planning
from newsletter.models import Cadence, Subscriber
from newsletter.signup.first_digest import plan_first
from tests.make import (
    DAY,
    announce,
    make_listing,
    make_paper,
    make_section,
    make_subscriber,
    subscribe,
)

pytestmark = pytest.mark.django_db


def _new_reader(expression: str = "", categories: str = "cs.LG") -> Subscriber:
    reader = make_subscriber()
    subscribe(reader, make_section(categories, expression))
    return reader


def _released(date: dt.date = DAY) -> None:
    build_listing(date)
    make_listing(date, status=Listing.Status.RELEASED)
    planning.issue_for(Cadence.DAILY, date)


def test_a_new_section_is_matched_against_the_listing_of_the_first_digest() -> None:
    found = make_paper(title="Federated learning at sea", categories=["cs.LG"])
    announce(found)
    announce(make_paper(title="Something else", categories=["cs.LG"]))
    _released()
    reader = _new_reader("ti:federat*")
    assert plan_first(reader, timezone.now()) is not None
    stored = SectionListing.objects.get(section__expression="ti:federat*")
    assert stored.paper_ids == [found.pk]


def test_sections_of_others_stay_as_they_are() -> None:
    announce(make_paper(categories=["cs.LG"]))
    _released()
    other = make_section("cs.LG", "nobody")
    plan_first(_new_reader(), timezone.now())
    assert not SectionListing.objects.filter(section=other).exists()


def test_listings_that_are_not_released_are_left_alone() -> None:
    announce(make_paper(categories=["cs.LG"]))
    _released()
    later = DAY + dt.timedelta(days=1)
    announce(make_paper(categories=["cs.LG"]), later)
    plan_first(_new_reader(), timezone.now())
    assert not SectionListing.objects.filter(listing=later).exists()
    assert Listing.objects.get(date=later).status == Listing.Status.OPEN


def test_without_an_issue_nothing_is_planned() -> None:
    assert plan_first(_new_reader(), timezone.now()) is None

"""The operator's "not older than N hours"."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from digest.models import Listing
from newsletter.delivery import ageing
from newsletter.models import Delivery
from tests.db.mailing import NOON, RELEASE, make_reader, planned
from tests.make import DAY

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
SEVEN = RELEASE + HOUR


@pytest.fixture
def six_hours(settings: Settings) -> None:
    settings.DELIVERY_MAX_AGE_HOURS = 6


def waiting(**fields: Any) -> Delivery:
    """Due at seven, planned at the release at six."""
    planned(make_reader(send_hour=7), now=RELEASE)
    Listing.objects.update(released_at=RELEASE)
    Delivery.objects.update(**fields)
    return Delivery.objects.get()


def test_without_the_rule_nothing_is_too_old(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    waiting()
    with django_assert_num_queries(0):
        assert ageing.skip_too_old(NOON + 1000 * HOUR) == 0
    assert not Delivery.objects.filter(ageing.too_old(NOON + 1000 * HOUR)).exists()


@pytest.mark.usefixtures("six_hours")
def test_what_is_older_than_the_hours_is_skipped_and_says_why() -> None:
    row = waiting()
    assert ageing.skip_too_old(SEVEN + 6 * HOUR) == 0
    late = SEVEN + 6 * HOUR + dt.timedelta(minutes=1)
    assert Delivery.objects.filter(ageing.too_old(late)).get() == row
    assert ageing.skip_too_old(late) == 1
    row.refresh_from_db()
    assert (row.status, row.reason) == ("skipped", "could not be sent within 6 hours")
    assert ageing.skip_too_old(late) == 0


@pytest.mark.usefixtures("six_hours")
def test_a_retry_that_comes_too_late_is_skipped_when_its_turn_comes() -> None:
    late = SEVEN + 7 * HOUR
    waiting(attempts=3, reply="450 later", next_attempt_at=late + HOUR)
    assert ageing.skip_too_old(late) == 0
    assert ageing.skip_too_old(late + HOUR) == 1
    assert Delivery.objects.get().reply == "450 later"


@pytest.mark.usefixtures("six_hours")
@pytest.mark.parametrize("status", ["sending", "sent", "uncertain", "failed"])
def test_only_what_waits_is_skipped(status: str) -> None:
    waiting(status=status, reason="x", sent_at=NOON, claim=uuid.uuid4(), lease_until=NOON)
    assert ageing.skip_too_old(NOON + 1000 * HOUR) == 0


@pytest.mark.usefixtures("six_hours")
def test_what_was_planned_late_counts_from_then() -> None:
    """A listing released in the afternoon, an issue sent again by hand."""
    waiting(created_at=SEVEN + 10 * HOUR)
    assert ageing.skip_too_old(SEVEN + 11 * HOUR) == 0
    assert ageing.skip_too_old(SEVEN + 17 * HOUR) == 1


@pytest.mark.usefixtures("six_hours")
def test_what_was_on_hold_counts_from_its_release() -> None:
    waiting()
    listing = Listing.objects.filter(date=DAY)
    listing.update(status=Listing.Status.HELD)
    assert ageing.skip_too_old(SEVEN + 20 * HOUR) == 0
    listing.update(status=Listing.Status.RELEASED, released_at=SEVEN + 20 * HOUR)
    assert ageing.skip_too_old(SEVEN + 21 * HOUR) == 0
    assert ageing.skip_too_old(SEVEN + 27 * HOUR) == 1


@pytest.mark.usefixtures("six_hours")
def test_skipping_many_is_two_statements(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    planned(*(make_reader(send_hour=7) for _ in range(30)), now=RELEASE)
    Listing.objects.update(released_at=RELEASE)
    with django_assert_num_queries(2):
        assert ageing.skip_too_old(NOON + 24 * HOUR) == 30

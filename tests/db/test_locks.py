"""Two workers at once at one listing: one waits for the other, and neither for ever."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection, transaction

from digest import covering
from digest.arxiv.announcing import Row
from digest.listings import listing_of
from digest.models import Coverage, Listing
from newsletter.delivery import planning
from newsletter.delivery.settling import settle
from tests.make import DAY, make_listing

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has one writer at a time"),
]


def test_who_expects_a_listing_and_who_brings_it_do_not_wait_for_each_other() -> None:
    """A row that names a listing is written while somebody holds the listing."""
    make_listing()
    held, expected = threading.Event(), threading.Event()

    def bring() -> None:
        try:
            with transaction.atomic():
                listing = listing_of(DAY, lock=True)
                held.set()
                # Until the other is done, or stands waiting for this one's listing.
                expected.wait(timeout=2)
                row = Row("2602.00001", "cs.DC", "new", 1)
                covering.cover(listing, ["cs.DC"], [row], "complete", "", "atom")
        finally:
            connection.close()

    def expect() -> None:
        try:
            held.wait(timeout=30)
            covering.expect(DAY, ["cs.DC"])
            expected.set()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(bring), pool.submit(expect)]:
            done.result()
    assert expected.is_set()
    assert Coverage.objects.get().status == "complete"


def test_no_paper_can_come_late_unmatched_while_an_issue_is_settled() -> None:
    for date in (DAY, DAY + dt.timedelta(1)):
        make_listing(date, status=Listing.Status.RELEASED)
    issue = planning.issue_for("daily", DAY + dt.timedelta(1))

    def is_free(date: dt.date) -> bool:
        try:
            with transaction.atomic():
                Listing.objects.select_for_update(nowait=True, no_key=True).get(date=date)
        except OperationalError:
            return False
        finally:
            connection.close()
        return True

    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        settle(issue)
        free = list(pool.map(is_free, [DAY, DAY + dt.timedelta(1)]))
    assert free == [False, False]

"""Listings let out, held, and let out by the clock."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import CommandError, call_command

from digest import covering
from digest.listings import ListingError
from digest.models import Coverage, Listing, SectionListing
from digest.releasing import PATIENCE, hold, release, release_due
from digest.sections.building import build_listing
from tests.make import DAY, announce, make_listing, make_paper, make_section, make_section_listing

pytestmark = pytest.mark.django_db

# 01:00 in New York on 3 February 2026.
DEADLINE = dt.datetime(2026, 2, 3, 6, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
_MISSING = Coverage.Status.MISSING


def _status(date: dt.date = DAY) -> str:
    return Listing.objects.get(date=date).status


def _built(date: dt.date = DAY) -> None:
    announce(make_paper(), date)
    build_listing(date)


def _imported() -> None:
    origin = SectionListing.Origin.DOCUMENT
    make_section_listing(make_section("cs.DC"), [make_paper()], origin=origin)


def test_a_built_listing_goes_out_with_its_time() -> None:
    _built()
    assert release(DAY, now=DEADLINE)
    listing = Listing.objects.get(date=DAY)
    assert (listing.status, listing.released_at) == (Listing.Status.RELEASED, DEADLINE)


def test_releasing_twice_changes_nothing() -> None:
    _built()
    release(DAY, now=DEADLINE)
    assert not release(DAY, now=DEADLINE + SECOND)
    assert Listing.objects.get(date=DAY).released_at == DEADLINE


def test_an_imported_listing_can_be_released_as_it_is() -> None:
    _imported()
    assert release(DAY)


def test_a_listing_that_is_not_built_is_not_released() -> None:
    announce(make_paper())
    with pytest.raises(ListingError, match="not built"):
        release(DAY)
    assert _status() == Listing.Status.OPEN


def test_an_unknown_date_is_refused() -> None:
    for change in (release, hold):
        with pytest.raises(ListingError, match="2026-02-03"):
            change(DAY)


def test_hold_beats_the_deadline() -> None:
    _built()
    assert hold(DAY)
    assert release_due(DEADLINE) == []
    assert _status() == Listing.Status.HELD


def test_holding_twice_changes_nothing() -> None:
    _built()
    hold(DAY)
    assert not hold(DAY)


def test_a_held_listing_can_be_released() -> None:
    _built()
    hold(DAY)
    assert release(DAY)


def test_what_is_out_cannot_be_held() -> None:
    _built()
    release(DAY)
    with pytest.raises(ListingError, match="released already"):
        hold(DAY)
    assert _status() == Listing.Status.RELEASED


def test_the_deadline_is_wall_time_in_new_york() -> None:
    _built()
    assert release_due(DEADLINE - SECOND) == []
    assert release_due(DEADLINE) == [DAY]
    assert release_due(DEADLINE) == []
    assert Listing.objects.get(date=DAY).released_at == DEADLINE


def test_in_summer_the_deadline_comes_an_hour_earlier_by_utc() -> None:
    date = dt.date(2026, 7, 7)
    _built(date)
    assert release_due(dt.datetime(2026, 7, 7, 5, 0, tzinfo=dt.UTC)) == [date]


def test_an_imported_listing_goes_out_by_the_clock_too() -> None:
    _imported()
    assert release_due(DEADLINE) == [DAY]


def test_nothing_goes_out_by_the_clock_that_is_empty_or_not_built() -> None:
    make_listing(DAY, status=Listing.Status.READY)
    make_listing(dt.date(2026, 2, 2))
    announce(make_paper(), dt.date(2026, 2, 1))
    assert release_due(DEADLINE) == []


def test_an_imported_listing_with_new_papers_waits_until_it_is_built() -> None:
    _imported()
    announce(make_paper())
    assert release_due(DEADLINE) == []
    build_listing(DAY)
    assert release_due(DEADLINE) == [DAY]


def test_at_the_deadline_a_listing_goes_out_with_its_gap() -> None:
    listing = make_listing(DAY)
    Coverage.objects.create(listing=listing, category="cs.LG", status=_MISSING, reason="HTTP 503")
    _built()
    assert _status() == Listing.Status.OPEN
    assert release_due(DEADLINE) == [DAY]


def test_what_is_still_being_fetched_is_waited_for_but_not_for_ever() -> None:
    listing = make_listing(DAY)
    Listing.objects.update(created_at=DEADLINE - PATIENCE)
    reason = covering.NOT_FETCHED
    Coverage.objects.create(listing=listing, category="cs.LG", status=_MISSING, reason=reason)
    _built()
    assert release_due(DEADLINE) == []
    assert release_due(DEADLINE + PATIENCE - SECOND) == []
    assert release_due(DEADLINE + PATIENCE) == [DAY]


def test_what_has_arrived_by_the_release_is_in_the_sections_even_if_nobody_built_it() -> None:
    _built()
    announce(last := make_paper())
    release(DAY)
    held = SectionListing.objects.get(section=make_section("cs.DC"), listing=DAY)
    assert last.pk in held.paper_ids
    assert held.late == {}


def test_an_old_listing_goes_out_only_by_hand() -> None:
    old, week = dt.date(2026, 1, 26), dt.date(2026, 1, 27)
    _built(old)
    _built(week)
    assert release_due(DEADLINE) == [week]
    assert release(old)


def test_the_commands_say_what_they_did(capsys: pytest.CaptureFixture[str]) -> None:
    _built()
    for command in ("hold", "hold", "release", "release"):
        call_command(command, "2026-02-03")
    assert capsys.readouterr().out.splitlines() == [
        "2026-02-03: held",
        "2026-02-03: was held already",
        "2026-02-03: released",
        "2026-02-03: was released already",
    ]


@pytest.mark.parametrize("command", ["release", "hold"])
@pytest.mark.parametrize("date", ["tomorrow", "2026-13-01", "2026-02-03"])
def test_the_commands_refuse_nonsense_and_unknown_dates(command: str, date: str) -> None:
    with pytest.raises(CommandError, match=date):
        call_command(command, date)

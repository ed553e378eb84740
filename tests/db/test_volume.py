"""How many papers any rule would have found on the last listings, from words that are kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from django.test.utils import CaptureQueriesContext

from digest.models import Coverage, ListingIndex, SectionListing
from digest.sections import indexing, volume, wordstore
from digest.sections.building import build_listing, build_news
from digest.sections.expressions import parse
from digest.sections.volume import Volume, volume_of
from tests.make import DAY, announce, make_listing, make_paper, make_section

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 2, 10, 12, tzinfo=dt.UTC)
NEXT = DAY + dt.timedelta(1)
Counting = Callable[[int], AbstractContextManager[CaptureQueriesContext]]


@pytest.fixture(autouse=True)
def nothing_at_hand() -> Iterator[None]:
    volume.forget()
    yield
    volume.forget()


def a_day(date: dt.date, *abstracts: str, category: str = "cs.LG") -> None:
    for abstract in abstracts:
        announce(make_paper(abstract=abstract, categories=[category]), date)
    build_listing(date)
    covered(date, category)


def covered(date: dt.date, category: str = "cs.LG", entries: int = 3) -> None:
    Coverage.objects.get_or_create(
        listing=make_listing(date), category=category, status="complete", entries=entries
    )


def counts(found: Volume) -> dict[dt.date, int]:
    return {day.date: day.found for day in found.days}


def test_a_rule_nobody_follows_is_counted_on_each_listing() -> None:
    a_day(DAY, "We reinforce learning.", "Reinforcement learning of maps.", "Maps.")
    a_day(NEXT, "Learning.")
    indexing.index_new(NEXT)
    found = volume_of(["cs.LG"], parse("reinforcement-learning"), NOW)
    assert counts(found) == {DAY: 2, NEXT: 0}
    assert found.total == 2
    assert counts(volume_of(["cs.LG"], None, NOW)) == {DAY: 3, NEXT: 1}
    assert counts(volume_of(["cs.AI"], parse("maps"), NOW)) == {DAY: 0, NEXT: 0}
    assert counts(volume_of([], parse("maps"), NOW)) == {DAY: 2, NEXT: 0}


def test_the_count_is_what_the_section_has_found() -> None:
    section = make_section("cs.AI/cs.LG", "ti:paper abs:learn* -maps")
    a_day(DAY, "We reinforce learning.", "Learning of maps.", "They learn.")
    a_day(DAY, "We learn.", category="cs.DC")
    indexing.index_new(DAY)
    held = SectionListing.objects.get(section=section)
    assert counts(volume_of(["cs.AI", "cs.LG"], parse(section.expression), NOW)) == {
        DAY: held.total
    }
    assert held.total == 2


def test_a_shorter_history_is_said_and_the_days_before_it_are_partial() -> None:
    a_day(DAY, "Maps.")
    a_day(NEXT, "Maps.", category="cs.CV")
    indexing.index_new(NEXT)
    found = volume_of(["cs.CV", "cs.LG", "math.CO"], parse("maps"), NOW)
    assert found.begins == (("cs.CV", NEXT), ("math.CO", None))
    assert [day.is_partial for day in found.days] == [True, True]
    found = volume_of(["cs.CV", "cs.LG"], parse("maps"), NOW)
    assert [(day.found, day.is_partial) for day in found.days] == [(1, True), (1, False)]


def test_only_the_last_thirty_listings_are_kept() -> None:
    for number in range(indexing.LISTINGS + 2):
        announce(make_paper(abstract="Maps."), DAY - dt.timedelta(number))
        build_listing(DAY - dt.timedelta(number))
    assert len(indexing.index_new(DAY)) == indexing.LISTINGS
    assert len(volume_of([], parse("maps"), NOW).days) == indexing.LISTINGS
    a_day(NEXT, "Maps.")
    assert indexing.index_new(NEXT) == [NEXT]
    assert ListingIndex.objects.count() == indexing.LISTINGS


def test_what_arrives_later_is_counted_and_only_its_listing_is_cut_again() -> None:
    a_day(DAY, "Maps.")
    a_day(NEXT, "Maps.")
    indexing.index_new(NEXT)
    assert counts(volume_of([], parse("maps"), NOW)) == {DAY: 1, NEXT: 1}
    announce(make_paper(abstract="More maps.", categories=["cs.LG"]), DAY)
    build_news(DAY)
    assert indexing.index_new(NEXT) == [DAY]
    assert indexing.index_new(NEXT) == []
    assert counts(volume_of([], parse("maps"), NOW)) == {DAY: 2, NEXT: 1}


def test_words_cut_by_an_older_program_are_cut_again() -> None:
    a_day(DAY, "Maps.")
    indexing.index_new(DAY)
    ListingIndex.objects.update(version="older")
    assert counts(volume_of([], parse("maps"), NOW)) == {}
    assert indexing.index_new(DAY) == [DAY]
    assert counts(volume_of([], parse("maps"), NOW)) == {DAY: 1}


def test_with_all_at_hand_it_takes_two_queries(django_assert_num_queries: Counting) -> None:
    a_day(DAY, "Maps.")
    a_day(NEXT, "Maps.")
    indexing.index_new(NEXT)
    volume_of(["cs.LG"], parse("maps"), NOW)
    with django_assert_num_queries(2):
        volume_of(["cs.LG", "cs.DC"], parse("atlas"), NOW)


def test_what_another_thread_drops_meanwhile_is_still_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    a_day(DAY, "Maps.")
    indexing.index_new(DAY)
    volume_of([], None, NOW)
    a_day(NEXT, "Maps.", "Maps.")
    indexing.index_new(NEXT)

    def drop(body: bytes) -> wordstore.StoredWords:
        volume.forget()
        return unpacked(body)

    unpacked = wordstore.unpacked
    monkeypatch.setattr(wordstore, "unpacked", drop)
    assert counts(volume_of([], None, NOW)) == {DAY: 1, NEXT: 2}

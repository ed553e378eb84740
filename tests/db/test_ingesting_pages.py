from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from digest.arxiv import feed, reading
from digest.arxiv.listing import Author, Entry, ParsedFeed
from digest.ingesting import Ingested, ingest
from digest.models import Announcement, Coverage, Listing, Paper
from tests import feeds
from tests.make import make_paper

pytestmark = pytest.mark.django_db

TUESDAY = dt.date(2026, 2, 3)
WEDNESDAY = dt.date(2026, 2, 4)
SATURDAY = dt.date(2026, 2, 7)
PAGE = Path(__file__).parents[1] / "fixtures" / "pages" / "list_cs.DC_new.html"


def _entry(arxiv_id: str, announce_type: str = "new", **fields: Any) -> Entry:
    values: dict[str, Any] = {
        "version": None,
        "title": "The page's title",
        "abstract": "The page's abstract.",
        "authors": (Author("Ada One"),),
        "categories": ("cs.DC",),
        "source": "page",
        "raw": {"source": "page"},
    }
    return Entry(arxiv_id, announce_type=announce_type, **(values | fields))


def _page(*entries: Entry, date: dt.date = TUESDAY, stated: int | None = None) -> Ingested:
    page = ParsedFeed(
        source="page",
        entries=entries,
        date=date,
        asked=("cs.DC",),
        total=len(entries),
        stated=stated,
    )
    return ingest(page)


def _feed(*entries: str, **fields: Any) -> Ingested:
    return ingest(feed.parse(feeds.atom(*entries, **fields)))


def _coverage(date: dt.date = TUESDAY) -> tuple[str, str, int]:
    row = Coverage.objects.get(listing=date, category="cs.DC")
    return row.status, row.source, row.entries


def test_a_page_alone_makes_papers_announcements_and_coverage() -> None:
    done = _page(_entry("2602.00001"), _entry("2601.00002", "replace"), stated=2)
    assert (done.source, done.stored, done.announcements) == ("page", 2, 2)
    assert _coverage() == ("complete", "page", 2)
    paper = Paper.objects.get(arxiv_id="2602.00001")
    assert (paper.version, paper.source, paper.title) == (None, "page", "The page's title")
    again = _page(_entry("2602.00001"), _entry("2601.00002", "replace"), stated=2)
    assert (again.stored, again.unchanged, again.announcements) == (0, 2, 0)


def test_the_page_of_a_file_goes_in_as_a_feed_does() -> None:
    done = ingest(reading.parse(PAGE.read_bytes()))
    assert (done.source, done.date, done.asked) == ("page", TUESDAY, ("cs.DC",))
    assert done.coverage == "complete"
    assert done.announcements == Announcement.objects.count() == done.entries > 0
    before = list(Paper.objects.order_by("pk").values())
    assert ingest(reading.parse(PAGE.read_bytes())).stored == 0
    assert list(Paper.objects.order_by("pk").values()) == before


def test_a_page_takes_neither_version_nor_text_from_what_a_feed_told() -> None:
    _feed(feeds.entry("2602.00001v2", announce_type="replace"))
    before = (Paper.objects.values().get(), Announcement.objects.values().get())
    done = _page(_entry("2602.00001", "replace"), stated=1)
    assert (done.stored, done.unchanged, done.announcements) == (0, 1, 0)
    assert (Paper.objects.values().get(), Announcement.objects.values().get()) == before


def test_a_replacement_on_a_page_leaves_the_paper_as_the_api_told_it() -> None:
    ingest(reading.parse(feeds.API.read_bytes()))
    before = Paper.objects.values().order_by("pk").first()
    assert before
    said = _entry(before["arxiv_id"], "replace", categories=tuple(before["categories"]))
    done = _page(said, stated=1)
    assert Paper.objects.values().order_by("pk").first() == before
    assert (done.stored, done.announcements) == (1, 1)


def test_a_page_fills_what_is_blank_and_adds_the_category_of_a_later_cross_list() -> None:
    _feed(feeds.entry("2602.00001v1", categories="cs.LG"), asked="cs.LG")
    said = _entry("2602.00001", "cross", categories=("cs.LG", "cs.DC"), comments="9 pages")
    assert _page(said, date=WEDNESDAY).stored == 1
    paper = Paper.objects.get()
    assert (paper.comments, paper.categories) == ("9 pages", ["cs.LG", "cs.DC"])
    assert (paper.version, paper.title, paper.source) == (1, "A title", "atom")
    assert _page(said, date=WEDNESDAY).stored == 0


def test_a_feed_after_the_page_brings_the_version_and_the_better_text() -> None:
    _page(_entry("2602.00001", categories=("cs.DC", "cs.LG")))
    done = _feed(feeds.entry("2602.00001v1"))
    assert (done.stored, done.announcements) == (1, 0)
    paper = Paper.objects.get()
    assert (paper.version, paper.title, paper.source) == (1, "A title", "atom")
    assert paper.categories == ["cs.DC", "cs.LG"]
    assert Announcement.objects.get().version == 1
    assert _page(_entry("2602.00001", categories=("cs.DC", "cs.LG"))).stored == 0
    assert Announcement.objects.get().version == 1


def test_a_page_that_lacks_what_it_states_is_truncated() -> None:
    done = _page(_entry("2602.00001"), stated=3)
    assert (done.coverage, done.reason) == ("truncated", "1 entries, where the page states 3")
    done = _page(stated=3)
    assert done.coverage == "missing"
    assert "none of the 3 entries" in done.reason
    assert _page(_entry("2602.00001"), _entry("2602.00002"), _entry("2602.00003"), stated=3)
    assert _coverage() == ("complete", "page", 3)


def test_more_entries_than_a_feed_may_hold_are_whole_on_a_page() -> None:
    done = _page(*(_entry(f"2602.{number:05}") for number in range(2001)), stated=2001)
    assert (done.coverage, done.stored) == ("complete", 2001)


def test_a_page_that_states_no_entries_on_a_working_day_is_complete() -> None:
    assert _page(stated=0).coverage == "complete"
    assert _page(stated=0, date=SATURDAY).coverage == "empty"
    done = _page(date=WEDNESDAY)
    assert (done.coverage, done.reason) == (
        "missing",
        "the page is empty on a day that has a listing",
    )


@pytest.mark.parametrize("first_is_a_page", [True, False])
def test_yesterdays_papers_are_stale_on_a_page_and_after_one(first_is_a_page: bool) -> None:
    if first_is_a_page:
        _page(_entry("2602.00001"), _entry("2602.00002"))
        done = _feed(feeds.entry("2602.00001v1"), feeds.entry("2602.00002v1"), date=WEDNESDAY)
    else:
        _feed(feeds.entry("2602.00001v1"), feeds.entry("2602.00002v1"))
        done = _page(_entry("2602.00001"), _entry("2602.00002"), date=WEDNESDAY)
    assert (done.coverage, done.stored, done.announcements) == ("stale", 0, 0)
    assert "the same papers as on 2026-02-03" in done.reason


def test_the_only_paper_of_a_small_category_replaced_the_next_day_is_not_stale() -> None:
    _page(_entry("2602.00001"))
    done = _page(_entry("2602.00001", "replace"), date=WEDNESDAY)
    assert (done.coverage, done.announcements) == ("complete", 1)


def test_what_arrives_after_the_release_is_a_batch_of_its_own() -> None:
    _feed(feeds.entry("2602.00001v1"))
    assert set(Announcement.objects.values_list("batch", flat=True)) == {0}
    Listing.objects.update(status="released", released_at=dt.datetime(2026, 2, 3, 6, tzinfo=dt.UTC))
    both = (feeds.entry("2602.00001v1"), feeds.entry("2602.00002v1"))
    assert _feed(*both).announcements == 1
    batches = dict(Announcement.objects.values_list("paper__arxiv_id", "batch"))
    assert batches == {"2602.00001": 0, "2602.00002": 1}
    assert Listing.objects.get().batches == 1
    _feed(*both)
    _page(_entry("2602.00001"), _entry("2602.00002"), stated=2)
    assert Listing.objects.get().batches == 1
    _page(_entry("2602.00001"), _entry("2602.00002"), _entry("2602.00003"), stated=3)
    assert Announcement.objects.get(paper__arxiv_id="2602.00003").batch == 2
    assert Listing.objects.get().batches == 2


def test_a_listing_announced_otherwise_than_it_was_is_matched_anew() -> None:
    _page(_entry("2602.00001"))
    Listing.objects.update(matched_to=7)
    _feed(feeds.entry("2602.00001v1", announce_type="cross", categories="cs.LG cs.DC"))
    assert Announcement.objects.values_list("version", "announce_type").get() == (1, "cross")
    assert Listing.objects.get().matched_to == 0


def test_a_page_that_cuts_a_long_list_of_authors_shortens_none() -> None:
    names = [{"name": f"Author {number}", "affiliations": []} for number in range(120)]
    paper = make_paper(arxiv_id="2602.00001", source=Paper.Source.API, authors=names)
    shorter = tuple(Author(f"Author {number}") for number in range(100))
    _page(_entry("2602.00001", version=1, authors=shorter))
    paper.refresh_from_db()
    assert (len(paper.authors), paper.title) == (120, "The page's title")

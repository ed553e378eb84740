from __future__ import annotations

import datetime as dt
import re
import time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from digest import storing
from digest.arxiv import feed, reading
from digest.arxiv.listing import FeedError
from digest.covering import expect, mark_missing, whole
from digest.ingesting import Ingested, ingest
from digest.models import Announcement, Coverage, Listing, Paper
from tests import feeds, make

pytestmark = pytest.mark.django_db

TUESDAY = dt.date(2026, 2, 3)
WEDNESDAY = dt.date(2026, 2, 4)


def test_papers_are_locked_in_the_same_order_by_every_writer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(storing, "_CHUNK", 1)
    with CaptureQueriesContext(connection) as queries:
        _ingest(*(feeds.entry(f"2602.0000{number}v1") for number in (3, 1, 2)))
    asked = [
        found[0]
        for query in queries
        if query["sql"].startswith("SELECT")
        and '"digest_paper"."abstract"' in query["sql"]
        and (found := re.findall(r"2602\.0000\d", query["sql"]))
    ]
    assert asked == sorted(asked)
    assert len(asked) == 3


def _ingest(*entries: str, **fields: Any) -> Ingested:
    return ingest(feed.parse(feeds.atom(*entries, **fields)))


def _rows() -> dict[str, list[dict[str, Any]]]:
    """Every row that ingesting writes, with its times."""
    models: tuple[type[Model], ...] = (Paper, Announcement, Listing, Coverage)
    return {
        model.__name__: list(model._default_manager.order_by("pk").values()) for model in models
    }


def _announced(arxiv_id: str) -> dict[str, str]:
    rows = Announcement.objects.filter(paper__arxiv_id=arxiv_id)
    return dict(rows.values_list("category", "announce_type"))


def test_a_feed_becomes_papers_announcements_a_listing_and_coverage() -> None:
    done = ingest(feed.parse(feeds.ATOM.read_bytes()))
    assert (done.entries, done.stored, done.unchanged, done.announcements) == (3, 3, 0, 3)
    assert (done.date, done.coverage, done.refused) == (TUESDAY, "complete", ())
    paper = Paper.objects.get(arxiv_id="2602.00101")
    assert paper.categories == ["cs.DC", "math.NA"]
    assert paper.authors[1] == {
        "name": "Ann Other",
        "affiliations": ["Dept. of Queues, Testville"],
    }
    assert (paper.version, paper.source) == (1, "atom")
    announcement = Announcement.objects.get(paper__arxiv_id="2512.00007")
    assert (announcement.category, announcement.announce_type) == ("cs.DC", "replace")
    assert (announcement.version, announcement.listing_id) == (3, TUESDAY)
    assert Listing.objects.get().status == Listing.Status.OPEN
    coverage = Coverage.objects.get()
    assert (coverage.category, coverage.status, coverage.entries) == ("cs.DC", "complete", 3)


@pytest.mark.parametrize("file", [feeds.ATOM, feeds.RSS, feeds.API])
def test_ingesting_again_changes_nothing(file: Path) -> None:
    first = ingest(reading.parse(file.read_bytes()))
    before = _rows()
    again = ingest(reading.parse(file.read_bytes()))
    assert _rows() == before
    assert (again.stored, again.unchanged) == (0, first.stored)


def test_a_union_feed_announces_in_each_asked_category_that_the_paper_is_in() -> None:
    done = ingest(feed.parse(feeds.RSS.read_bytes()))
    assert _announced("2602.00201") == {"cs.CL": "new", "cs.AI": "cross"}
    assert _announced("2602.00202") == {"cs.CL": "cross"}
    assert _announced("2511.00003") == {"cs.AI": "replace", "cs.CL": "replace-cross"}
    assert [malformed.reason for malformed in done.refused] == ["no arXiv identifier", "no title"]
    entries = dict(Coverage.objects.values_list("category", "entries"))
    assert entries == {"cs.AI": 2, "cs.CL": 3}


def test_an_archive_feed_covers_all_its_categories() -> None:
    entry = feeds.entry("2602.00001v1", categories="math.ST stat.TH stat.ML cs.LG")
    _ingest(entry, asked="stat")
    assert _announced("2602.00001") == {"math.ST": "new", "stat.ML": "cross"}
    assert whole(TUESDAY) == {"stat.AP", "stat.CO", "stat.ME", "stat.ML", "stat.OT", "math.ST"}


def test_the_same_paper_in_two_feeds_is_one_paper_with_two_announcements() -> None:
    _ingest(feeds.entry("2602.00001v1", categories="cs.DC cs.LG"))
    _ingest(
        feeds.entry("2602.00001v1", categories="cs.DC cs.LG", announce_type="cross"),
        asked="cs.LG",
    )
    assert Paper.objects.count() == 1
    assert _announced("2602.00001") == {"cs.DC": "new", "cs.LG": "cross"}


def test_a_newer_version_replaces_text_and_an_older_one_never_does() -> None:
    _ingest(feeds.entry("2602.00001v2", title="Second", announce_type="replace"))
    _ingest(feeds.entry("2602.00001v1", title="First"), date=WEDNESDAY)
    paper = Paper.objects.get()
    assert (paper.version, paper.title) == (2, "Second")
    _ingest(feeds.entry("2602.00001v3", title="Third", announce_type="replace"), date=WEDNESDAY)
    paper.refresh_from_db()
    assert (paper.version, paper.title, paper.raw["title"]) == (3, "Third", "Third")


def test_a_better_source_replaces_text_and_keeps_what_it_does_not_say() -> None:
    ingest(reading.parse(feeds.API.read_bytes()))
    assert Announcement.objects.count() == 0
    assert Listing.objects.count() == 0
    ingest(feed.parse(feeds.ATOM.read_bytes()))
    before = _rows()["Paper"]
    paper = Paper.objects.get(arxiv_id="2602.00101")
    assert (paper.source, paper.comments) == ("atom", "Code on request")
    assert paper.title.endswith("Enough for Q&A")
    ingest(reading.parse(feeds.API.read_bytes()))
    assert _rows()["Paper"] == before


def test_a_worse_source_fills_only_what_is_blank() -> None:
    ingest(feed.parse(feeds.ATOM.read_bytes()))
    done = ingest(reading.parse(feeds.API.read_bytes()))
    assert done.stored == 2
    paper = Paper.objects.get(arxiv_id="2602.00101")
    assert (paper.source, paper.comments, paper.doi) == (
        "atom",
        "Code on request",
        "10.1000/queues.1",
    )


def test_a_paper_known_from_a_document_is_completed() -> None:
    paper = make.make_paper(
        arxiv_id="2602.00001",
        version=None,
        abstract="",
        source="document",
        title="From a document",
        categories=[],
        raw={"title": "From a &lt;document&gt;"},
    )
    announcement = make.announce(paper, category="cs.DC")
    _ingest(feeds.entry("2602.00001v1", announce_type="cross", categories="cs.LG cs.DC"))
    paper.refresh_from_db()
    assert (paper.version, paper.title, paper.abstract) == (1, "A title", "An abstract.")
    assert (paper.source, paper.categories) == ("atom", ["cs.LG", "cs.DC"])
    assert paper.raw["document"] == {"title": "From a &lt;document&gt;"}
    announcement.refresh_from_db()
    assert (announcement.version, announcement.announce_type) == (1, "cross")


def test_an_entry_without_abstract_or_authors_takes_none_away() -> None:
    make.make_paper(arxiv_id="2602.00001", source="api", comments="kept")
    _ingest(feeds.entry("2602.00001v2", abstract="", authors=""))
    paper = Paper.objects.get()
    assert paper.version == 2
    assert paper.abstract
    assert paper.author_names == ["Ada Lovelace"]
    assert paper.comments == "kept"


def test_a_paper_cross_listed_later_gains_the_category_in_either_order() -> None:
    early = feeds.entry("2602.00001v1", categories="cs.DC")
    late = feeds.entry("2602.00001v1", categories="cs.DC cs.LG", announce_type="cross")
    _ingest(early)
    _ingest(late, asked="cs.LG", date=WEDNESDAY)
    _ingest(early)
    assert Paper.objects.get().categories == ["cs.DC", "cs.LG"]


def test_existing_announcements_of_a_released_listing_are_left_and_late_ones_added() -> None:
    _ingest(feeds.entry("2602.00001v1"))
    Announcement.objects.update(version=None)
    make.make_listing(TUESDAY, status=Listing.Status.RELEASED)
    before = Announcement.objects.values().get()
    _ingest(feeds.entry("2602.00001v1", announce_type="cross"), feeds.entry("2602.00002v1"))
    assert Announcement.objects.values().order_by("pk").first() == before
    assert Announcement.objects.count() == 2
    assert Listing.objects.get().status == Listing.Status.RELEASED


def test_an_entry_without_a_type_is_kept_and_flagged() -> None:
    done = _ingest(
        feeds.entry("2602.00001v1", announce_type=""),
        feeds.entry("2602.00002v3", announce_type=""),
    )
    assert _announced("2602.00001") == {"cs.DC": "new"}
    assert _announced("2602.00002") == {"cs.DC": "replace"}
    assert [str(flag) for flag in done.flagged] == [
        "2602.00001: no announce type, taken for new",
        "2602.00002: no announce type, taken for replace",
    ]


def test_an_entry_in_none_of_the_asked_categories_is_kept_and_flagged() -> None:
    done = _ingest(feeds.entry("2602.00001v1", categories="cs.DC"), asked="cs.AI+cs.CL")
    assert Paper.objects.count() == 1
    assert _announced("2602.00001") == {}
    assert "none of the asked categories" in done.flagged[0].reason


def test_an_empty_feed_of_a_weekend_is_empty_by_calendar() -> None:
    done = _ingest(date=dt.date(2026, 2, 7))
    assert (done.coverage, done.reason) == ("empty", "no listing on a Saturday")


def test_an_empty_feed_of_a_working_day_is_missing_until_a_full_one_comes() -> None:
    done = _ingest()
    assert (done.coverage, done.entries) == ("missing", 0)
    assert "has a listing" in done.reason
    _ingest(feeds.entry("2602.00001v1"))
    assert Coverage.objects.get().status == "complete"
    _ingest()
    assert Coverage.objects.get().status == "complete"


def test_a_feed_of_which_nothing_could_be_read_is_missing() -> None:
    done = _ingest(feeds.entry("nonsense"))
    assert (done.coverage, done.reason) == ("missing", "none of the 1 entries could be read")


def test_yesterdays_papers_under_a_new_date_are_stale_and_not_announced() -> None:
    entries = [feeds.entry("2602.00001v1"), feeds.entry("2602.00002v1")]
    _ingest(*entries)
    done = _ingest(*reversed(entries), date=WEDNESDAY)
    assert (done.coverage, done.stored, done.announcements) == ("stale", 0, 0)
    assert "the same papers as on 2026-02-03" in done.reason
    assert not Announcement.objects.filter(listing=WEDNESDAY).exists()
    fresh = _ingest(feeds.entry("2602.00003v1"), date=WEDNESDAY)
    assert fresh.coverage == "complete"
    assert Coverage.objects.get(listing=WEDNESDAY).status == "complete"


def test_the_same_paper_in_a_new_version_is_not_stale() -> None:
    _ingest(feeds.entry("2602.00001v1"))
    done = _ingest(feeds.entry("2602.00001v2", announce_type="replace"), date=WEDNESDAY)
    assert done.coverage == "complete"


def test_two_thousand_entries_are_truncated_and_stored_quickly() -> None:
    parsed = feed.parse(
        feeds.atom(
            *(
                feeds.entry(f"2602.{number:05}v1", categories="cs.DC cs.LG")
                for number in range(2000)
            ),
            asked="cs",
        )
    )
    begun = time.perf_counter()
    done = ingest(parsed)
    seconds = time.perf_counter() - begun
    assert (done.coverage, done.stored, done.announcements) == ("truncated", 2000, 4000)
    assert set(Coverage.objects.values_list("status", flat=True)) == {"truncated"}
    assert seconds < 10, f"{seconds:.1f} s"


def test_a_feed_of_another_date_than_asked_is_refused_and_changes_nothing() -> None:
    parsed = feed.parse(feeds.ATOM.read_bytes())
    with pytest.raises(FeedError, match="is of 2026-02-03, not of 2026-02-04"):
        ingest(parsed, date=WEDNESDAY)
    assert not any(_rows().values())
    assert ingest(parsed, date=TUESDAY).stored == 3


def test_missing_is_kept_with_its_reason_and_takes_nothing_away() -> None:
    mark_missing(TUESDAY, "cs.DC", "HTTP 503")
    coverage = Coverage.objects.get()
    assert (coverage.status, coverage.reason) == ("missing", "HTTP 503")
    mark_missing(TUESDAY, "cs.DC", "HTTP 504")
    assert Coverage.objects.get().reason == "HTTP 504"
    _ingest(feeds.entry("2602.00001v1"))
    mark_missing(TUESDAY, "cs.DC", "HTTP 503")
    assert Coverage.objects.get().status == "complete"
    expect(dt.date(2026, 2, 8), ["cs.DC"])
    assert Coverage.objects.get(listing=dt.date(2026, 2, 8)).reason == "no listing on a Sunday"


def _run(*files: Path, **options: Any) -> str:
    out = StringIO()
    call_command("ingest", feed=list(files), stdout=out, **options)
    return out.getvalue()


def test_the_command_prints_a_line_for_each_file() -> None:
    lines = _run(feeds.RSS, feeds.API).splitlines()
    assert lines[0] == (
        "api_two_papers.xml: api, no date, 2 entries, 2 stored, 0 unchanged, 0 refused"
    )
    assert lines[1] == (
        "rss_cs.AI+cs.CL_2026-02-03.xml: rss, 2026-02-03, 5 entries, 3 stored, 0 unchanged, "
        "2 refused, coverage complete"
    )
    assert lines[2] == "  refused oai:arXiv.org:unknown: no arXiv identifier"


def test_a_refused_file_changes_nothing_and_the_others_go_in(tmp_path: Path) -> None:
    bad = tmp_path / "bad.xml"
    bad.write_bytes(feeds.ATOM.read_bytes()[:-20])
    out = StringIO()
    files = [bad, feeds.API, tmp_path / "absent.xml"]
    with pytest.raises(CommandError, match=r"^2 of 3 files refused: bad.xml, absent.xml$"):
        call_command("ingest", feed=files, stdout=out)
    assert "bad.xml: refused: not well-formed XML" in out.getvalue()
    assert "absent.xml: refused: No such file or directory" in out.getvalue()
    assert Paper.objects.count() == 2
    assert Announcement.objects.count() == 0


def test_files_go_in_by_date_so_that_staleness_shows_in_any_order(tmp_path: Path) -> None:
    entries = [feeds.entry("2602.00001v1"), feeds.entry("2602.00002v1")]
    stale, first = tmp_path / "a.xml", tmp_path / "b.xml"
    stale.write_bytes(feeds.atom(*entries, date=WEDNESDAY))
    first.write_bytes(feeds.atom(*entries))
    assert "coverage stale" in _run(stale, first)


@pytest.mark.parametrize("date", ["tomorrow", "2026-02-30"])
def test_a_bad_date_is_one_clear_line(date: str) -> None:
    with pytest.raises(CommandError, match="is not a date such as 2026-02-03"):
        _run(feeds.ATOM, date=date)


def test_every_shared_file_goes_in_once(shared: Path) -> None:
    """Each is stored or refused for its reason, and a second time changes no row."""
    files = [
        *(shared / "fixtures/feeds").glob("*.xml"),
        *(shared / "fixtures/feeds_reconstructed").glob("*.xml"),
        *(shared / "fixtures/api").glob("*.*ml"),
        *(shared / "sample").glob("*.xml"),
    ]
    files = [file for file in files if "TRUNCATED" not in file.name]  # large, and below
    refused = ("rss_ERROR", "id_abc", "james-akl_xiv_captcha")
    bad = [file for file in files if file.name.startswith(refused)]
    with pytest.raises(CommandError, match=f"{len(bad)} of {len(files)} files refused"):
        _run(*files)
    before = _rows()
    good = [file for file in files if file not in bad]
    again = _run(*good)
    assert _rows() == before
    assert again.count(", 0 stored,") == len(good)
    assert Coverage.objects.get(listing=dt.date(2026, 1, 16), category="cs.CV").status == "stale"
    assert not Announcement.objects.filter(listing=dt.date(2026, 1, 16), category="cs.CV").exists()
    assert Coverage.objects.get(listing=dt.date(2026, 2, 7), category="cs.DC").status == "empty"


def test_the_shared_truncated_feed_is_known_for_what_it_is(shared: Path) -> None:
    file = shared / "fixtures/feeds_reconstructed/rss_cs_TRUNCATED_at_2000_synthetic_day.xml"
    parsed = feed.parse(file.read_bytes())
    done = ingest(parsed)
    assert (done.coverage, done.entries, done.stored) == ("truncated", 2000, 2000)
    before = _rows()
    assert ingest(parsed).unchanged == 2000
    assert _rows() == before


def test_the_two_shared_days_hold_652_papers(shared: Path) -> None:
    _run(*(shared / "sample").glob("*.xml"))
    assert Paper.objects.count() == 652
    assert set(Listing.objects.values_list("date", flat=True)) == {
        dt.date(2026, 2, 5),
        dt.date(2026, 2, 6),
    }

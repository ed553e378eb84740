"""A listing from whichever of arXiv's sources has it, against a server on this machine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from pytest_django import Settings
from pytest_httpserver import HTTPServer

from digest import fetching, pacing
from digest.fetching import FetchError, fetch_listing
from digest.models import Announcement, Coverage, FetchSlot, HouseSection, Paper
from tests import feeds, make, pages

pytestmark = pytest.mark.django_db

MONDAY = dt.date(2026, 2, 2)
TUESDAY = dt.date(2026, 2, 3)
NOON = dt.datetime(2026, 2, 3, 17, tzinfo=dt.UTC)
SOON = dt.timedelta(milliseconds=5)


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=True) as clock:
        yield clock


@pytest.fixture
def arxiv(httpserver: HTTPServer, settings: Settings) -> HTTPServer:
    """A stand-in for arXiv on this machine; what it does not know is HTTP 404."""
    settings.ARXIV_BASE_URL = httpserver.url_for("").rstrip("/")
    httpserver.no_handler_status_code = 404
    httpserver.expect_request("/atom/cs.DC").respond_with_data(
        feeds.atom(feeds.entry("2602.00001v1")), content_type="application/atom+xml"
    )
    return httpserver


def _fetch(*categories: str, date: dt.date = TUESDAY, **options: Any) -> fetching.FetchReport:
    return fetch_listing(date, categories, interval=SOON, **options)


def _asked(server: HTTPServer) -> list[str]:
    return [request.path for request, _ in server.log]


def test_a_listing_is_fetched_category_by_category(arxiv: HTTPServer) -> None:
    seen: list[str] = []
    report = _fetch("cs.DC", on_done=lambda fetched: seen.append(fetched.category))
    assert report.failed == ()
    assert report.brought == (TUESDAY,)
    assert seen == ["cs.DC"]
    assert Announcement.objects.get().category == "cs.DC"
    assert Coverage.objects.get().status == "complete"


def test_what_is_whole_already_is_not_asked_for_again(arxiv: HTTPServer) -> None:
    _fetch("cs.DC")
    report = _fetch("cs.DC")
    assert [fetched.skipped for fetched in report.parts] == [True]
    assert len(arxiv.log) == 1


def test_on_a_weekend_and_a_holiday_nobody_is_asked(
    arxiv: HTTPServer, tuesday: time_machine.Traveller
) -> None:
    tuesday.move_to(dt.datetime(2026, 2, 8, 17, tzinfo=dt.UTC))
    for date in (dt.date(2026, 2, 7), dt.date(2026, 1, 20)):
        report = _fetch("cs.DC", "cs.AI", date=date)
        assert [fetched.skipped for fetched in report.parts] == [True, True]
    assert set(Coverage.objects.values_list("status", flat=True)) == {"empty"}
    assert not arxiv.log


def test_a_listing_to_come_is_not_asked_for(arxiv: HTTPServer) -> None:
    with pytest.raises(FetchError, match="2026-02-04 is still to come"):
        _fetch("cs.DC", date=dt.date(2026, 2, 4))


def test_one_category_that_fails_is_missing_and_breaks_no_other(arxiv: HTTPServer) -> None:
    for source in ("atom", "rss"):
        arxiv.expect_request(f"/{source}/cs.AI").respond_with_data("no", status=500)
    arxiv.expect_request("/atom/cs.CV").respond_with_data(feeds.atom(asked="cs.RO"))
    report = _fetch("cs.AI", "cs.CV", "cs.DC")
    reasons = {fetched.category: fetched.error for fetched in report.failed}
    assert reasons == {
        "cs.AI": "Atom: HTTP 500; RSS: HTTP 500; listing page: HTTP 404; catch-up page: HTTP 404",
        "cs.CV": "Atom: the feed is for cs.RO; RSS: HTTP 404; "
        "listing page: HTTP 404; catch-up page: HTTP 404",
    }
    for category, reason in reasons.items():
        coverage = Coverage.objects.get(category=category)
        assert (coverage.status, coverage.reason) == ("missing", reason)
    assert Coverage.objects.get(category="cs.DC").status == "complete"


def test_rss_is_asked_where_atom_cannot_be_read(arxiv: HTTPServer) -> None:
    arxiv.expect_request("/atom/cs.AI").respond_with_data("<feed")
    feed = (
        feeds.RSS.read_bytes().replace(b"cs.AI+cs.CL", b"cs.AI").replace(b"cs.AI, cs.CL", b"cs.AI")
    )
    arxiv.expect_request("/rss/cs.AI").respond_with_data(feed)
    report = _fetch("cs.AI")
    assert report.failed == ()
    assert _asked(arxiv) == ["/atom/cs.AI", "/rss/cs.AI"]


@pytest.mark.parametrize("kind", ["empty", "stale", "of yesterday"])
def test_where_the_feed_has_nothing_new_the_listing_page_is_asked(
    arxiv: HTTPServer, kind: str
) -> None:
    make.announce(make.make_paper(arxiv_id="2602.00009"), MONDAY, "cs.AI")
    old = feeds.entry("2602.00009v1", categories="cs.AI")
    feed = {
        "empty": feeds.atom(asked="cs.AI"),
        "stale": feeds.atom(old, asked="cs.AI"),
        "of yesterday": feeds.atom(old, asked="cs.AI", date=MONDAY),
    }[kind]
    arxiv.expect_request("/atom/cs.AI").respond_with_data(feed)
    arxiv.expect_request("/list/cs.AI/new").respond_with_data(
        pages.page("2602.00002 new", "2602.00003 cross cs.DC cs.AI", category="cs.AI")
    )
    report = _fetch("cs.AI")
    assert report.failed == ()
    assert _asked(arxiv) == ["/atom/cs.AI", "/list/cs.AI/new"]
    found = Announcement.objects.filter(listing=TUESDAY).order_by("paper__arxiv_id")
    assert list(found.values_list("paper__arxiv_id", "announce_type")) == [
        ("2602.00002", "new"),
        ("2602.00003", "cross"),
    ]


def test_before_arxiv_announces_its_page_is_asked_once_for_all_categories(
    arxiv: HTTPServer,
) -> None:
    for code in ("cs.AI", "cs.LG"):
        arxiv.expect_request(f"/atom/{code}").respond_with_data(feeds.atom(asked=code))
        arxiv.expect_request(f"/list/{code}/new").respond_with_data(
            pages.page("2602.00009 new", category=code, date=MONDAY)
        )
    report = _fetch("cs.AI", "cs.LG")
    assert len(report.failed) == 2
    assert "listing page: is of 2026-02-02, not of 2026-02-03" in report.failed[0].error
    assert _asked(arxiv) == ["/atom/cs.AI", "/list/cs.AI/new", "/atom/cs.LG"]


def test_a_past_day_comes_from_the_catch_up_page(arxiv: HTTPServer) -> None:
    arxiv.expect_request("/catchup/cs.DC/2026-02-02").respond_with_data(
        pages.page("2602.00001 new", date=MONDAY, catchup=True)
    )
    report = _fetch("cs.DC", date=MONDAY)
    assert report.failed == ()
    assert arxiv.log[0][0].query_string == b"abs=True"
    assert Announcement.objects.get().listing_id == MONDAY


def test_without_a_page_a_past_days_papers_come_by_submission_date(arxiv: HTTPServer) -> None:
    # Monday's window is from Thursday to Friday, 14:00 in New York.
    known = make.make_paper(arxiv_id="2601.00004")
    make.announce(known, dt.date(2026, 1, 30), "cs.DC")
    answer = _api(
        ("2601.00001v1", "2026-01-28T12:00:00Z", "cs.DC"),
        ("2601.00002v2", "2026-01-30T12:00:00Z", "cs.DC"),
        ("2601.00003v1", "2026-01-30T12:00:00Z", "cs.AI"),
        ("2601.00004v1", "2026-01-29T20:00:00Z", "cs.DC"),
    )
    arxiv.expect_request("/api/query").respond_with_data(answer)
    for _ in range(2):
        report = _fetch("cs.DC", date=MONDAY)
        assert len(report.failed) == 1
    found = Announcement.objects.filter(listing=MONDAY).order_by("paper__arxiv_id")
    assert list(found.values_list("paper__arxiv_id", "announce_type", "version")) == [
        ("2601.00002", "new", 1),
        ("2601.00003", "cross", 1),
    ]
    coverage = Coverage.objects.get(listing=MONDAY)
    assert (coverage.status, coverage.source, coverage.entries) == ("missing", "api", 2)
    assert "submission date only" in coverage.reason
    # The API is asked once; the page, which would have everything, again.
    assert _asked(arxiv) == [
        "/catchup/cs.DC/2026-02-02", "/api/query", "/catchup/cs.DC/2026-02-02"
    ]  # fmt: skip


def test_what_came_by_submission_date_becomes_whole_when_the_page_is_back(
    arxiv: HTTPServer,
) -> None:
    arxiv.expect_ordered_request("/catchup/cs.DC/2026-02-02").respond_with_data("", status=404)
    arxiv.expect_ordered_request("/api/query").respond_with_data(
        _api(("2601.00002v1", "2026-01-30T12:00:00Z", "cs.DC"))
    )
    arxiv.expect_ordered_request("/catchup/cs.DC/2026-02-02").respond_with_data(
        pages.page("2601.00002 new", "2601.00005 cross cs.AI cs.DC", date=MONDAY, catchup=True)
    )
    _fetch("cs.DC", date=MONDAY)
    assert _fetch("cs.DC", date=MONDAY).failed == ()
    assert Announcement.objects.filter(listing=MONDAY).count() == 2
    assert Coverage.objects.get().status == "complete"


def test_while_arxiv_is_left_alone_nothing_is_asked(arxiv: HTTPServer) -> None:
    FetchSlot.objects.create(
        name="arxiv", free_at=NOON, blocked_until=NOON + dt.timedelta(minutes=9), reason="HTTP 429"
    )
    report = _fetch("cs.DC", "cs.AI")
    assert report.until == NOON + dt.timedelta(minutes=9)
    said = "arXiv is not asked before 2026-02-03 17:09:00 UTC: HTTP 429"
    assert {fetched.error for fetched in report.failed} == {said}
    assert not arxiv.log


def test_what_was_asked_for_a_moment_ago_is_not_asked_for_by_another_worker(
    arxiv: HTTPServer, tuesday: time_machine.Traveller
) -> None:
    moment = dt.timedelta(minutes=5)
    _fetch("cs.AI", again_after=moment)
    asked = len(arxiv.log)
    assert asked > 1
    assert _fetch("cs.AI", again_after=moment).parts[0].skipped
    assert len(arxiv.log) == asked
    tuesday.shift(moment)
    _fetch("cs.AI", again_after=moment)
    assert len(arxiv.log) > asked


def test_what_time_does_not_suffice_for_is_left(arxiv: HTTPServer) -> None:
    report = _fetch("cs.DC", "cs.AI", seconds=-1)
    assert report.left == ((TUESDAY, "cs.DC"), (TUESDAY, "cs.AI"))


def test_what_is_followed_is_the_settings_the_houses_sections_and_more(
    settings: Settings,
) -> None:
    settings.ARXIV_CATEGORIES = ["stat.ml", "cs.DC"]
    section = make.make_section("math.NA/cs.DC", "abs:fast")
    HouseSection.objects.create(section=section, label="fast", place=9)
    assert fetching.followed_categories(["hep-th"]) == [
        "stat.ML",
        "cs.DC",
        "cs.AI",
        "cs.LG",
        "math.NA",
        "hep-th",
    ]


@pytest.fixture
def only_cs_dc(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ARXIV_CATEGORIES = ["cs.DC"]
    HouseSection.objects.exclude(section__categories="cs.DC").delete()
    monkeypatch.setattr(pacing, "INTERVAL", SOON)


@pytest.mark.usefixtures("only_cs_dc")
def test_the_command_fetches_and_says_what_is_not_whole(
    arxiv: HTTPServer, settings: Settings
) -> None:
    out = StringIO()
    call_command("ingest", date="2026-02-03", stdout=out)
    call_command("ingest", date="2026-02-03", stdout=out)
    assert out.getvalue().splitlines() == [
        "cs.DC: atom, 2026-02-03, 1 entries, 1 stored, 0 unchanged, 0 refused, coverage complete",
        "cs.DC: 2026-02-03: already whole",
    ]
    with pytest.raises(CommandError, match=r"^1 of 1 categories are not whole: cs\.DC$"):
        call_command("ingest", date="2026-01-30", stdout=out)
    assert out.getvalue().splitlines()[-1].startswith("cs.DC: 2026-01-30: catch-up page: HTTP 404")
    with pytest.raises(CommandError, match="still to come"):
        call_command("ingest", date="2026-02-04", stdout=out)
    settings.ARXIV_CATEGORIES = ["cs.ZZ"]
    with pytest.raises(CommandError, match=r"unknown arXiv category: 'cs\.ZZ'"):
        call_command("ingest", date="2026-02-03", stdout=out)


@pytest.mark.usefixtures("only_cs_dc")
def test_what_is_kept_is_read_again_without_the_network(arxiv: HTTPServer) -> None:
    arxiv.expect_request("/catchup/cs.DC/2026-02-02").respond_with_data(
        pages.page("2602.00007 new", date=MONDAY, catchup=True)
    )
    _fetch("cs.DC")
    _fetch("cs.DC", date=MONDAY)
    asked = len(arxiv.log)
    Announcement.objects.all().delete()
    Paper.objects.all().delete()
    out = StringIO()
    call_command("ingest", date="2026-02-03", replay=True, stdout=out)
    call_command("ingest", date="2026-02-02", replay=True, stdout=out)
    assert len(out.getvalue().splitlines()) == 2
    assert Announcement.objects.count() == 2
    assert len(arxiv.log) == asked
    with pytest.raises(CommandError, match="no answer of 2026-01-30 is kept"):
        call_command("ingest", date="2026-01-30", replay=True, stdout=out)


@pytest.mark.usefixtures("only_cs_dc")
def test_backfill_fetches_lost_days_and_says_what_is_still_missing(arxiv: HTTPServer) -> None:
    for date in (dt.date(2026, 1, 29), MONDAY):
        arxiv.expect_request(f"/catchup/cs.DC/{date}").respond_with_data(
            pages.page(f"2601.{date.day:05d} new", date=date, catchup=True)
        )
    out = StringIO()
    with pytest.raises(
        CommandError, match=r"^still not whole: 1 categories of the listing of 2026-01-30$"
    ):
        call_command("backfill", "2026-01-29", "2026-02-02", stdout=out)
    said = out.getvalue().splitlines()
    assert said[0] == "2026-01-29: 1 of 1 categories whole, 1 stored"
    assert said[1] == "2026-01-30: 0 of 1 categories whole, 0 stored"
    assert said[2].startswith("  cs.DC: catch-up page: HTTP 404")
    assert said[3:] == [
        "2026-01-31: no listing on a Saturday",
        "2026-02-01: no listing on a Sunday",
        "2026-02-02: 1 of 1 categories whole, 1 stored",
    ]
    call_command("backfill", "2026-02-02", stdout=out)


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        (["2026-02-04"], "still to come"),
        (["2026-02-02", "2026-01-30"], "is before"),
        (["2024-02-02", "2026-01-30"], "more than a year"),
        (["yesterday"], "is not a date"),
    ],
)
def test_backfill_refuses_nonsense(dates: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("backfill", *dates)


def _api(*papers: tuple[str, str, str]) -> bytes:
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/{name}</id><title>Title</title><summary>Text.</summary>"
        f"<published>{published}</published><author><name>Ada</name></author>"
        f'<arxiv:primary_category term="{primary}"/><category term="{primary}"/>'
        f'<category term="cs.DC"/></entry>'
        for name, published, primary in papers
    )
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom" '
        'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"><id>https://arxiv.org/api/x</id>'
        f"<opensearch:totalResults>{len(papers)}</opensearch:totalResults>{entries}</feed>"
    ).encode()

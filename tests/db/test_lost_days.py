"""Lost days: from the catch-up page, or by submission date until it is back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from pytest_django import Settings
from pytest_httpserver import HTTPServer

from digest import fetching
from digest.fetching import fetch_listing
from digest.models import Announcement, Coverage
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

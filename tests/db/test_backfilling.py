"""Lost days, differences and poor papers, made good by and by."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from digest import covering, pacing
from digest import tasks as digest_tasks
from digest.fetching import backfilling, completing, reconciling
from digest.models import Announcement, Coverage, FetchSlot, HouseSection, Paper
from newsletter import tasks
from tests import feeds, make, pages

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY = dt.date(2026, 2, 2), dt.date(2026, 2, 3)
NOON = dt.datetime(2026, 2, 3, 17, tzinfo=dt.UTC)
SOON = dt.timedelta(milliseconds=5)
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=True) as clock:
        yield clock


@pytest.fixture
def arxiv(
    httpserver: HTTPServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> HTTPServer:
    settings.ARXIV_BASE_URL = httpserver.url_for("").rstrip("/")
    settings.ARXIV_CATEGORIES = ["cs.DC"]
    HouseSection.objects.exclude(section__categories="cs.DC").delete()
    httpserver.no_handler_status_code = 404
    monkeypatch.setattr(pacing, "INTERVAL", SOON)
    for task in (tasks.fetch_next, tasks.backfill, tasks.reconcile):
        monkeypatch.setattr(task, "delay", task)
    monkeypatch.setattr(digest_tasks.build, "delay", lambda: None)
    return httpserver


def _cover(date: dt.date, status: str = "complete", category: str = "cs.DC", **more: str) -> None:
    listing = make.make_listing(date)
    Coverage.objects.create(listing=listing, category=category, status=status, **more)


def test_what_is_missing_of_a_fortnight_is_due_since_the_category_was_followed() -> None:
    now = timezone.now()
    assert backfilling.due(now, ["cs.DC"]) == []
    _cover(dt.date(2026, 1, 28))
    _cover(dt.date(2026, 1, 29), "truncated")
    _cover(TUESDAY, "missing")
    later = now + 4 * HOUR
    assert backfilling.due(later, ["cs.DC", "cs.AI"]) == [
        (MONDAY, "cs.DC"),
        (dt.date(2026, 1, 30), "cs.DC"),
    ]
    # What could not be had is asked for again, but older days less often.
    assert (dt.date(2026, 1, 29), "cs.DC") in backfilling.due(now + 13 * HOUR, ["cs.DC"])
    # Nothing of a weekend, nor of a holiday's listing, nor older than two weeks.
    _cover(dt.date(2025, 12, 1))
    assert min(backfilling.due(later, ["cs.DC"]))[0] == dt.date(2026, 1, 21)


def test_what_nobody_asked_for_yet_is_due_at_once() -> None:
    covering.expect(MONDAY, ["cs.DC"])
    assert backfilling.due(timezone.now(), ["cs.DC"]) == [(MONDAY, "cs.DC")]


def test_beat_fetches_lost_days_and_asks_no_more_within_three_hours(
    arxiv: HTTPServer, tuesday: time_machine.Traveller
) -> None:
    _cover(dt.date(2026, 1, 29))
    _cover(TUESDAY)
    arxiv.expect_request("/catchup/cs.DC/2026-02-02").respond_with_data(
        pages.page("2602.00001 new", date=MONDAY, catchup=True)
    )
    tasks.backfill()
    assert Announcement.objects.get().listing_id == MONDAY
    assert Coverage.objects.get(listing=dt.date(2026, 1, 30)).status == "missing"
    asked = len(arxiv.log)
    tasks.backfill()
    assert len(arxiv.log) == asked
    tuesday.shift(13 * HOUR)
    tasks.backfill()
    assert len(arxiv.log) == asked + 2


def test_beats_chains_end_where_arxiv_is_left_alone(arxiv: HTTPServer, settings: Settings) -> None:
    settings.ARXIV_CATEGORIES = ["cs"]
    arxiv.expect_request("/atom/cs.AI").respond_with_data("", 429)
    tasks.fetch()
    tasks.fetch()
    tasks.backfill()
    tasks.reconcile()
    assert len(arxiv.log) == 1
    rows = Coverage.objects.exclude(category="cs.AI")
    assert set(rows.values_list("status", "reason")) == {("missing", covering.NOT_FETCHED)}
    assert "HTTP 429" in Coverage.objects.get(category="cs.AI").reason


def test_a_whole_day_is_fetched_in_pieces(arxiv: HTTPServer, settings: Settings) -> None:
    settings.ARXIV_CATEGORIES = ["q-bio", "q-fin"]

    def answer(request: Request) -> Response:
        code = request.path.rpartition("/")[2]
        return Response(feeds.atom(feeds.entry("2602.00001v1", categories=code), asked=code))

    arxiv.expect_request(re.compile("/atom/.*")).respond_with_handler(answer)
    tasks.fetch()
    assert covering.is_whole(TUESDAY)
    assert len(arxiv.log) == len(tasks._categories()) > tasks.CHUNK


def test_the_page_is_held_against_what_we_have(arxiv: HTTPServer) -> None:
    _cover(MONDAY)
    for arxiv_id, kind in (
        ("2602.00001", "new"),
        ("2602.00002", "cross"),
        ("2602.00003", "new"),
        ("2602.00004", "replace"),
    ):
        make.announce(make.make_paper(arxiv_id=arxiv_id), MONDAY, "cs.DC", kind)
    arxiv.expect_request("/catchup/cs.DC/2026-02-02").respond_with_data(
        pages.page(
            "2602.00001 new",
            "2602.00002 new",
            "2602.00005 cross cs.AI cs.DC",
            "2501.00006 replace",
            date=MONDAY,
            catchup=True,
        )
    )
    tasks.reconcile()
    coverage = Coverage.objects.get()
    assert coverage.differences.splitlines() == [
        "2602.00002: new on the page, cross in the feed",
        "2602.00005: cross on the page, not in the feed; now stored from the page",
        "2602.00003: new in the feed, not on the page",
        "2602.00004: replace in the feed, not on the page",
    ]
    assert coverage.reconciled_at
    assert coverage.status == "complete"
    assert Paper.objects.get(arxiv_id="2602.00005").source == "page"
    assert not Paper.objects.filter(arxiv_id="2501.00006").exists()
    tasks.reconcile()
    assert len(arxiv.log) == 1


def test_today_is_held_against_the_listing_page(arxiv: HTTPServer) -> None:
    _cover(TUESDAY)
    make.announce(make.make_paper(arxiv_id="2602.00001"), TUESDAY, "cs.DC")
    arxiv.expect_request("/list/cs.DC/new").respond_with_data(pages.page("2602.00001 new"))
    tasks.reconcile()
    coverage = Coverage.objects.get()
    assert (coverage.differences, coverage.reconciled_at is None) == ("", False)


def test_what_came_from_the_page_or_cannot_be_compared_is_not_asked_for_again(
    arxiv: HTTPServer,
) -> None:
    _cover(MONDAY, source="page")
    _cover(MONDAY, category="cs.AI")
    _cover(MONDAY, "missing", category="cs.LG")
    tasks.reconcile()
    assert [request.path for request, _ in arxiv.log] == ["/catchup/cs.AI/2026-02-02"]
    assert "not to be had" in Coverage.objects.get(category="cs.AI").differences
    assert Coverage.objects.get(category="cs.LG").reconciled_at is None


def test_an_unwell_server_is_asked_for_the_page_later(arxiv: HTTPServer) -> None:
    _cover(MONDAY)
    arxiv.expect_request("/catchup/cs.DC/2026-02-02").respond_with_data("", 500)
    done = reconciling.reconcile(reconciling.due(timezone.now()))
    assert done.error == "HTTP 500"
    assert len(reconciling.due(timezone.now())) == 1


def test_papers_without_an_abstract_are_completed_and_the_unknown_named(
    arxiv: HTTPServer, tuesday: time_machine.Traveller
) -> None:
    _poor("2602.00002", "2602.09999")
    arxiv.expect_request("/api/query").respond_with_data(_api("2602.00002v1"))
    done = completing.complete_papers()
    assert (done.asked, done.completed, done.unknown) == (2, 1, ["2602.09999"])
    assert Paper.objects.get(arxiv_id="2602.00002").abstract == "Text."
    assert completing.complete_papers().asked == 0
    tuesday.shift(dt.timedelta(days=8))
    assert completing.complete_papers().asked == 1
    assert len(arxiv.log) == 2


def test_one_that_arxiv_cannot_read_spoils_no_other(arxiv: HTTPServer) -> None:
    ids = [f"2602.0000{number}" for number in range(1, 6)]
    _poor(*ids)

    def answer(request: Request) -> Response:
        asked = request.args["id_list"].split(",")
        if "2602.00003" in asked:
            return Response("bad id", status=400)
        return Response(_api(*(f"{arxiv_id}v1" for arxiv_id in asked)))

    arxiv.expect_request("/api/query").respond_with_handler(answer)
    done = completing.complete_papers()
    assert (done.completed, done.unknown, done.error) == (4, ["2602.00003"], "")


def test_completing_is_bounded_and_ends_where_arxiv_is_unwell(arxiv: HTTPServer) -> None:
    _poor(*(f"2602.{number:05d}" for number in range(1, 121)))
    arxiv.expect_request("/api/query").respond_with_data("", 503)
    done = completing.complete_papers(110)
    assert (done.asked, done.error) == (0, "HTTP 503")
    assert len(arxiv.log) == 1
    assert len(arxiv.log[0][0].args["id_list"].split(",")) == 100
    assert FetchSlot.objects.get().failures == 1


def _poor(*arxiv_ids: str) -> None:
    for arxiv_id in arxiv_ids:
        make.make_paper(arxiv_id=arxiv_id, abstract="", source="document", version=None)


def _api(*names: str) -> str:
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/{name}</id><title>T</title><summary>Text.</summary>"
        f'<author><name>Ada</name></author><category term="cs.DC"/></entry>'
        for name in names
    )
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom"><id>https://arxiv.org/api/x</id>'
        f"{entries}</feed>"
    )

"""Differences and poor papers, made good by and by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from digest import pacing
from digest import tasks as digest_tasks
from digest.fetching import completing, reconciling
from digest.models import Coverage, FetchSlot, HouseSection, Paper, SectionListing
from newsletter import tasks
from tests import make, pages

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
    monkeypatch.setattr(digest_tasks.build, "delay", lambda: None)
    return httpserver


def _cover(date: dt.date, status: str = "complete", category: str = "cs.DC", **more: str) -> None:
    listing = make.make_listing(date)
    Coverage.objects.create(listing=listing, category=category, status=status, **more)


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
    reconciling.reconcile(reconciling.due(timezone.now()))
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
    reconciling.reconcile(reconciling.due(timezone.now()))
    assert len(arxiv.log) == 1


def test_what_came_from_the_page_or_cannot_be_compared_is_not_asked_for_again(
    arxiv: HTTPServer,
) -> None:
    _cover(MONDAY, source="page")
    _cover(MONDAY, category="cs.AI")
    _cover(MONDAY, "missing", category="cs.LG")
    reconciling.reconcile(reconciling.due(timezone.now()))
    assert [request.path for request, _ in arxiv.log] == ["/catchup/cs.AI/2026-02-02"]
    assert "not to be had" in Coverage.objects.get(category="cs.AI").differences
    assert Coverage.objects.get(category="cs.LG").reconciled_at is None


def test_an_unwell_server_is_asked_for_the_page_later(arxiv: HTTPServer) -> None:
    _cover(MONDAY)
    arxiv.expect_request("/catchup/cs.DC/2026-02-02").respond_with_data("", 500)
    done = reconciling.reconcile(reconciling.due(timezone.now()))
    assert done.error == "HTTP 500"
    assert len(reconciling.due(timezone.now())) == 1


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


def test_a_lost_day_older_than_a_week_is_matched_too(arxiv: HTTPServer) -> None:
    date = dt.date(2026, 1, 22)
    _cover(date, "missing")
    Coverage.objects.update(checked_at=NOON - 13 * HOUR)
    _cover(dt.date(2026, 1, 21), category="cs.AI")
    arxiv.expect_request(f"/catchup/cs.DC/{date}").respond_with_data(
        pages.page("2601.00001 new", date=date, catchup=True)
    )
    tasks.back_fill()
    assert SectionListing.objects.filter(listing=date).exists()

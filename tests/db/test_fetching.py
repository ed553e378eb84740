from __future__ import annotations

import datetime as dt
import itertools
import time
from io import StringIO
from typing import Any

import httpx
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from digest import fetching, pacing
from digest.fetching import FetchError, fetch_listing
from digest.models import Announcement, Coverage, FetchSlot, HouseSection
from tests import feeds, make

pytestmark = pytest.mark.django_db

TUESDAY = dt.date(2026, 2, 3)
SOON = dt.timedelta(milliseconds=5)


@pytest.fixture
def arxiv(httpserver: HTTPServer) -> HTTPServer:
    """A stand-in for rss.arxiv.org on this machine."""
    httpserver.expect_request("/atom/cs.DC").respond_with_data(
        feeds.atom(feeds.entry("2602.00001v1")), content_type="application/atom+xml"
    )
    return httpserver


def _fetch(
    server: HTTPServer, *categories: str, date: dt.date = TUESDAY, **options: Any
) -> fetching.FetchReport:
    base_url = server.url_for("").rstrip("/")
    return fetch_listing(date, categories, base_url=base_url, interval=SOON, **options)


def _get(server: HTTPServer, path: str) -> bytes:
    with fetching.client(server.url_for("")) as client:
        return fetching.get(client, server.url_for(path), interval=SOON)


def test_a_listing_is_fetched_category_by_category(arxiv: HTTPServer) -> None:
    seen: list[str] = []
    report = _fetch(arxiv, "cs.DC", on_done=lambda fetched: seen.append(fetched.category))
    assert report.failed == ()
    assert seen == ["cs.DC"]
    assert Announcement.objects.get().category == "cs.DC"
    assert Coverage.objects.get().status == "complete"


def test_what_is_whole_already_is_not_asked_for_again(arxiv: HTTPServer) -> None:
    _fetch(arxiv, "cs.DC")
    report = _fetch(arxiv, "cs.DC")
    assert [fetched.skipped for fetched in report.categories] == [True]
    assert len(arxiv.log) == 1


def test_on_a_weekend_nobody_is_asked(arxiv: HTTPServer) -> None:
    report = _fetch(arxiv, "cs.DC", "cs.AI", date=dt.date(2026, 2, 7))
    assert [fetched.skipped for fetched in report.categories] == [True, True]
    assert set(Coverage.objects.values_list("status", flat=True)) == {"empty"}
    assert not arxiv.log


def test_one_category_that_fails_is_missing_and_breaks_no_other(arxiv: HTTPServer) -> None:
    arxiv.expect_request("/atom/cs.AI").respond_with_data("busy", status=503)
    arxiv.expect_request("/atom/cs.CL").respond_with_data("<html><title>Robot?</title>")
    arxiv.expect_request("/atom/cs.LG").respond_with_data(
        feeds.atom(feeds.entry("2602.00002v1"), asked="cs.LG", date=dt.date(2026, 2, 2))
    )
    arxiv.expect_request("/atom/cs.CV").respond_with_data(feeds.atom(asked="cs.RO"))
    report = _fetch(arxiv, "cs.AI", "cs.CL", "cs.LG", "cs.CV", "cs.DC")
    reasons = {fetched.category: fetched.error for fetched in report.failed}
    assert reasons == {
        "cs.AI": "HTTP 503",
        "cs.CL": "a web page instead of a feed: Robot?",
        "cs.LG": "is of 2026-02-02, not of 2026-02-03",
        "cs.CV": "the feed is for cs.RO",
    }
    for category, reason in reasons.items():
        coverage = Coverage.objects.get(category=category)
        assert (coverage.status, coverage.reason) == ("missing", reason)
    assert Coverage.objects.get(category="cs.DC").status == "complete"


def test_once_arxiv_has_gone_on_no_more_is_asked_of_a_past_listing(arxiv: HTTPServer) -> None:
    report = _fetch(arxiv, "cs.DC", "cs.AI", date=dt.date(2026, 2, 2))
    reason = "arXiv's feeds are of 2026-02-03 already, and hold no other day"
    assert [fetched.error for fetched in report.categories] == [reason, reason]
    assert len(arxiv.log) == 1
    assert Coverage.objects.filter(status="missing", reason=reason).count() == 2


def test_a_stale_or_empty_feed_is_reported_and_asked_for_again(arxiv: HTTPServer) -> None:
    arxiv.expect_request("/atom/cs.AI").respond_with_data(feeds.atom(asked="cs.AI"))
    for _ in range(2):
        report = _fetch(arxiv, "cs.AI")
        assert "empty on a day that has a listing" in report.failed[0].error
    assert len(arxiv.log) == 2


def test_arxivs_reason_for_a_400_is_given(arxiv: HTTPServer) -> None:
    error = feeds.atom().replace(
        b"<title>cs.DC updates on arXiv.org", b"<subtitle>Bad class</subtitle><title>Feed error for"
    )
    arxiv.expect_request("/atom/cs.AI").respond_with_data(error, status=400)
    report = _fetch(arxiv, "cs.AI")
    assert report.failed[0].error.startswith("HTTP 400: arXiv answered with an error: Bad class")


def test_a_server_that_is_not_there_is_a_missing_category() -> None:
    base_url = "http://127.0.0.1:9"
    report = fetch_listing(TUESDAY, ["cs.DC"], base_url=base_url, interval=SOON)
    assert report.failed[0].error.startswith("ConnectError")
    assert Coverage.objects.get().status == "missing"
    assert FetchSlot.objects.get().claim is None


def test_who_asks_is_said(arxiv: HTTPServer, settings: Settings) -> None:
    settings.SITE_URL, settings.CONTACT = "https://post.example.org", "me@example.org"
    _fetch(arxiv, "cs.DC")
    agent = arxiv.log[0][0].headers["User-Agent"]
    assert agent == "preprint-post/0.1 (+https://post.example.org; me@example.org)"


def test_a_redirect_is_followed_on_the_same_host_only(arxiv: HTTPServer) -> None:
    arxiv.expect_request("/old").respond_with_data("", 301, {"Location": "/atom/cs.DC"})
    assert b"2602.00001" in _get(arxiv, "/old")
    away = {"Location": "https://example.org/atom/cs.DC"}
    arxiv.expect_request("/away").respond_with_data("", 302, away)
    with pytest.raises(FetchError, match=r"refused to follow a redirect to https://example\.org"):
        _get(arxiv, "/away")
    arxiv.expect_request("/round").respond_with_data("", 302, {"Location": "/round"})
    with pytest.raises(FetchError, match="more than 3 redirects"):
        _get(arxiv, "/round")


def test_an_answer_that_is_too_large_is_cut_off(
    arxiv: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "_MOST_BYTES", 1000)
    arxiv.expect_request("/large").respond_with_data(b"x" * 5000)
    with pytest.raises(FetchError, match="larger than 1,000 bytes"):
        _get(arxiv, "/large")


@pytest.mark.parametrize(
    "url", ["http://rss.arxiv.org", "ftp://rss.arxiv.org", "rss.arxiv.org", "http://localhost.evil"]
)
def test_arxiv_is_asked_over_https_only(url: str) -> None:
    with pytest.raises(ValueError, match="over https only"):
        fetching.client(url)
    with fetching.client() as client:
        assert client.follow_redirects is False


def test_requests_keep_their_distance(arxiv: HTTPServer) -> None:
    begun: list[float] = []

    def answer(request: Request) -> Response:
        begun.append(time.monotonic())
        return Response("x")

    arxiv.expect_request("/paced").respond_with_handler(answer)
    interval = dt.timedelta(milliseconds=150)
    with fetching.client(arxiv.url_for("")) as client:
        for _ in range(3):
            fetching.get(client, arxiv.url_for("/paced"), interval=interval)
    pauses = [later - earlier for earlier, later in itertools.pairwise(begun)]
    assert min(pauses) > 0.12


def test_the_slot_of_one_that_died_comes_free(monkeypatch: pytest.MonkeyPatch) -> None:
    FetchSlot.objects.create(name="arxiv", free_at=timezone.now() + dt.timedelta(seconds=60))
    waited: list[float] = []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        FetchSlot.objects.update(free_at=timezone.now())

    monkeypatch.setattr(time, "sleep", sleep)
    with pacing.turn(SOON):
        assert FetchSlot.objects.get().claim is not None
        assert FetchSlot.objects.get().free_at > timezone.now() + dt.timedelta(minutes=2)
    assert waited == [0.5]
    assert FetchSlot.objects.get().claim is None


def test_while_one_asks_another_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    class Waiting(Exception):
        pass

    def sleep(seconds: float) -> None:
        raise Waiting

    monkeypatch.setattr(time, "sleep", sleep)
    with pacing.turn(SOON), pytest.raises(Waiting), pacing.turn(SOON):
        pass
    FetchSlot.objects.update(free_at=timezone.now())
    with pacing.turn(SOON):
        pass


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


def test_the_command_fetches_and_says_what_is_not_whole(
    arxiv: HTTPServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ARXIV_CATEGORIES = ["cs.DC"]
    HouseSection.objects.exclude(section__categories="cs.DC").delete()
    base_url = arxiv.url_for("").rstrip("/")
    real = fetch_listing

    def here(date: dt.date, categories: list[str], **options: Any) -> fetching.FetchReport:
        return real(date, categories, base_url=base_url, interval=SOON, **options)

    monkeypatch.setattr(fetching, "fetch_listing", here)
    out = StringIO()
    call_command("ingest", date="2026-02-03", stdout=out)
    call_command("ingest", date="2026-02-03", stdout=out)
    assert out.getvalue().splitlines() == [
        "cs.DC: atom, 2026-02-03, 1 entries, 1 stored, 0 unchanged, 0 refused, coverage complete",
        "cs.DC: 2026-02-03: already whole",
    ]
    with pytest.raises(CommandError, match=r"^1 of 1 categories are not whole: cs\.DC$"):
        call_command("ingest", date="2026-02-04", stdout=out)
    assert out.getvalue().splitlines()[-1] == (
        "cs.DC: 2026-02-04: is of 2026-02-03, not of 2026-02-04"
    )
    settings.ARXIV_CATEGORIES = ["cs.ZZ"]
    with pytest.raises(CommandError, match=r"unknown arXiv category: 'cs\.ZZ'"):
        call_command("ingest", date="2026-02-04", stdout=out)


def test_a_broken_answer_is_a_fetch_error(arxiv: HTTPServer) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("slow", request=request)

    with (
        httpx.Client(transport=httpx.MockTransport(fail)) as client,
        pytest.raises(FetchError, match="ReadTimeout: slow"),
    ):
        fetching.get(client, "https://rss.arxiv.org/atom/cs.DC", interval=SOON)

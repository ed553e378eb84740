"""How arXiv is asked: slowly, one at a time, by name, and not at all while it is unwell."""

from __future__ import annotations

import datetime as dt
import gzip
import itertools
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from digest import breaker, fetching, pacing
from digest.fetching import FetchError, Hosts, NotAsked, answers, asking, bodies
from digest.fetching.client import Arxiv
from digest.models import Answer, FetchSlot
from tests import feeds

pytestmark = pytest.mark.django_db

SOON = dt.timedelta(0)
FEED = feeds.atom(feeds.entry("2602.00001v1"))
NOON = dt.datetime(2026, 2, 3, 12, tzinfo=dt.UTC)
CAPTCHA = b"<!DOCTYPE html><html><title>Automated Access Detected</title></html>"


@pytest.fixture
def arxiv(httpserver: HTTPServer) -> HTTPServer:
    httpserver.expect_request("/atom/cs.DC").respond_with_data(FEED)
    return httpserver


@contextmanager
def connected(server: HTTPServer, interval: dt.timedelta = SOON) -> Iterator[Arxiv]:
    with fetching.connect(Hosts.of(server.url_for("").rstrip("/")), interval) as client:
        yield client


def get(server: HTTPServer, path: str = "/atom/cs.DC") -> bytes:
    with connected(server) as client:
        return fetching.get(client, server.url_for(path))


def slot() -> FetchSlot:
    return FetchSlot.objects.get()


def test_who_asks_is_said(arxiv: HTTPServer, settings: Settings) -> None:
    settings.SITE_URL, settings.CONTACT = "https://post.example.org", "me@example.org"
    get(arxiv)
    agent = arxiv.log[0][0].headers["User-Agent"]
    assert agent == "preprint-post/0.1 (+https://post.example.org; me@example.org)"


def test_requests_keep_their_distance_over_one_connection(arxiv: HTTPServer) -> None:
    begun: list[tuple[float, int]] = []

    def answer(request: Request) -> Response:
        begun.append((time.monotonic(), int(request.environ["REMOTE_PORT"])))
        return Response("<x/>")

    arxiv.expect_request("/paced").respond_with_handler(answer)
    with connected(arxiv, dt.timedelta(milliseconds=150)) as client:
        for _ in range(3):
            fetching.get(client, arxiv.url_for("/paced"))
    pauses = [later[0] - earlier[0] for earlier, later in itertools.pairwise(begun)]
    assert min(pauses) > 0.12


@pytest.mark.parametrize(
    "url", ["http://rss.arxiv.org", "ftp://rss.arxiv.org", "rss.arxiv.org", "http://localhost.evil"]
)
def test_arxiv_is_asked_over_https_only(url: str) -> None:
    with pytest.raises(ValueError, match="over https only"), fetching.connect(Hosts.of(url)):
        pass


def test_a_redirect_is_followed_on_the_same_host_only(arxiv: HTTPServer) -> None:
    arxiv.expect_request("/old").respond_with_data("", 301, {"Location": "/atom/cs.DC"})
    assert get(arxiv, "/old") == FEED
    away = {"Location": "https://example.org/atom/cs.DC"}
    arxiv.expect_request("/away").respond_with_data("", 302, away)
    with pytest.raises(FetchError, match=r"refused to follow a redirect to https://example\.org"):
        get(arxiv, "/away")
    arxiv.expect_request("/round").respond_with_data("", 302, {"Location": "/round"})
    with pytest.raises(FetchError, match="more than 3 redirects"):
        get(arxiv, "/round")


def test_an_answer_that_is_too_large_is_cut_off_packed_or_not(
    arxiv: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "MOST_BYTES", 1000)
    arxiv.expect_request("/large").respond_with_data(b"x" * 5000)
    arxiv.expect_request("/bomb").respond_with_data(
        gzip.compress(b"x" * 5_000_000), headers={"Content-Encoding": "gzip"}
    )
    for path in ("/large", "/bomb"):
        with pytest.raises(FetchError, match="larger than 1,000 bytes"):
            get(arxiv, path)
    assert slot().failures == 0  # our own limit says nothing of the server


def test_a_server_that_drips_is_left_in_the_end(
    arxiv: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MOST_SECONDS", 0.2)

    def drip() -> Iterator[bytes]:
        for _ in range(100):
            time.sleep(0.05)
            yield b"x"

    arxiv.expect_request("/drip").respond_with_handler(lambda request: Response(drip()))
    begun = time.monotonic()
    with pytest.raises(FetchError, match="took longer than"):
        get(arxiv, "/drip")
    assert time.monotonic() - begun < 2


def test_an_answer_is_kept_and_asked_for_only_if_it_has_changed(arxiv: HTTPServer) -> None:
    seen: list[str | None] = []

    def answer(request: Request) -> Response:
        seen.append(request.headers.get("If-None-Match"))
        if seen[-1] == '"one"':
            return Response(status=304)
        return Response(FEED, headers={"ETag": '"one"'})

    arxiv.expect_request("/tagged").respond_with_handler(answer)
    assert [get(arxiv, "/tagged") for _ in range(3)] == [FEED] * 3
    assert seen == [None, '"one"', '"one"']
    kept = Answer.objects.get()
    assert (answers.body_of(kept), kept.length) == (FEED, len(FEED))
    assert kept.confirmed_at > kept.fetched_at


def test_the_same_bytes_are_kept_once_and_other_ones_beside_them(arxiv: HTTPServer) -> None:
    get(arxiv)
    get(arxiv)
    assert Answer.objects.count() == 1
    arxiv.clear()
    arxiv.expect_request("/atom/cs.DC").respond_with_data(FEED + b" ")
    get(arxiv)
    assert Answer.objects.count() == 2


def test_answers_are_let_go_after_their_days(arxiv: HTTPServer, settings: Settings) -> None:
    settings.ANSWERS_KEPT_DAYS = 14
    get(arxiv)
    now = timezone.now()
    assert answers.prune(now + dt.timedelta(days=13, hours=23)) == 0
    assert answers.prune(now + dt.timedelta(days=14, hours=1)) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_who_is_asked_too_much_is_left_alone_for_longer_and_longer(
    arxiv: HTTPServer, status: int
) -> None:
    arxiv.expect_request("/busy").respond_with_data("Rate exceeded.", status=status)
    rests = []
    with time_machine.travel(NOON, tick=False) as traveller:
        for _ in range(4):
            with pytest.raises(FetchError, match=f"HTTP {status}"):
                get(arxiv, "/busy")
            until = slot().blocked_until
            assert until is not None
            rests.append((until - timezone.now()).total_seconds())
            with pytest.raises(NotAsked, match="arXiv is not asked before"):
                get(arxiv)
            traveller.move_to(until)
    assert len(arxiv.log) == 4
    for rest, least in zip(rests, (30, 60, 120, 240), strict=True):
        assert least <= rest <= least * 1.2


def test_what_the_server_wants_is_waited_for_within_reason(arxiv: HTTPServer) -> None:
    for seconds, expected in (("600", 600), ("999999", 3600), ("nonsense", 30)):
        FetchSlot.objects.all().delete()
        arxiv.clear()
        arxiv.expect_request("/busy").respond_with_data("", 503, {"Retry-After": seconds})
        with time_machine.travel(NOON, tick=False):
            with pytest.raises(FetchError):
                get(arxiv, "/busy")
            until = slot().blocked_until
            assert until is not None
            assert expected <= (until - timezone.now()).total_seconds() <= expected * 1.2


UNWELL = [
    (CAPTCHA, 200, "Automated Access Detected"),
    (b"", 200, "blank"),
    (b"Rate exceeded.", 200, "Rate exceeded"),
    (b"oops", 500, "HTTP 500"),
    (b"go away", 403, "HTTP 403"),
]


@pytest.mark.parametrize(("body", "status", "reason"), UNWELL)
@pytest.mark.parametrize("path", ["/atom/cs.AI", "/list/cs.AI/new"])
def test_after_five_failures_in_a_row_nothing_is_asked_until_one_trial(
    arxiv: HTTPServer, body: bytes, status: int, reason: str, path: str
) -> None:
    arxiv.expect_request(path).respond_with_data(body, status=status)
    with time_machine.travel(NOON, tick=False) as traveller:
        for _ in range(5):
            with pytest.raises(FetchError, match=reason):
                get(arxiv, path)
        with pytest.raises(NotAsked) as closed:
            get(arxiv)
        assert reason in str(closed.value)
        until = slot().blocked_until
        assert until is not None
        assert dt.timedelta(minutes=15) <= until - NOON <= dt.timedelta(minutes=18)
        traveller.move_to(until)
        with pytest.raises(FetchError, match=reason):
            get(arxiv, path)
        again = slot().blocked_until
        assert again is not None
        assert dt.timedelta(minutes=30) <= again - until <= dt.timedelta(minutes=36)
        traveller.move_to(again)
        assert get(arxiv) == FEED
        assert (slot().failures, slot().blocked_until, slot().reason) == (0, None, "")
    assert len(arxiv.log) == 7


def test_a_question_that_was_wrong_says_nothing_of_the_server(arxiv: HTTPServer) -> None:
    error = feeds.atom().replace(
        b"<title>cs.DC updates on arXiv.org", b"<subtitle>Bad class</subtitle><title>Feed error for"
    )
    arxiv.expect_request("/atom/cs.AI").respond_with_data(error, status=400)
    for _ in range(6):
        with pytest.raises(FetchError, match="HTTP 400: arXiv answered with an error: Bad class"):
            get(arxiv, "/atom/cs.AI")
    assert slot().failures == 0
    assert get(arxiv) == FEED


def test_a_server_that_is_not_there_counts_as_unwell() -> None:
    with (
        fetching.connect(Hosts.of("http://127.0.0.1:9"), SOON) as client,
        pytest.raises(FetchError, match="ConnectError"),
    ):
        fetching.get(client, "http://127.0.0.1:9/atom/cs.DC")
    assert (slot().failures, slot().claim) == (1, None)


@given(failures=st.integers(1, 10_000), busy=st.booleans())
def test_a_rest_is_never_longer_than_an_hour_and_some(failures: int, busy: bool) -> None:
    rest = breaker.pause(failures, busy=busy)
    assert dt.timedelta(0) <= rest <= breaker.LONGEST * 1.2
    assert bool(rest) == (busy or failures >= breaker.MOST_FAILURES)


def test_the_slot_of_one_that_died_comes_free(monkeypatch: pytest.MonkeyPatch) -> None:
    FetchSlot.objects.create(name="arxiv", free_at=timezone.now() + dt.timedelta(seconds=60))
    waited: list[float] = []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        FetchSlot.objects.update(free_at=timezone.now())

    monkeypatch.setattr(time, "sleep", sleep)
    with pacing.turn(SOON):
        assert slot().claim is not None
        assert slot().free_at > timezone.now() + dt.timedelta(minutes=2)
    assert waited == [0.5]
    assert slot().claim is None


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


def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "PATIENCE", dt.timedelta(0))
    with (
        pacing.turn(SOON),
        pytest.raises(pacing.Blocked, match="other requests of ours are under way"),
        pacing.turn(SOON),
    ):
        pass


def test_an_instant_that_a_wrong_clock_wrote_locks_nobody_out() -> None:
    far = timezone.now() + dt.timedelta(days=400)
    FetchSlot.objects.create(name="arxiv", free_at=far, blocked_until=far)
    with pacing.turn(SOON):
        pass
    assert slot().free_at < far

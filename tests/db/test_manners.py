"""How arXiv is asked: real servers on this machine, well and unwell."""

from __future__ import annotations

import datetime as dt
import gzip
import itertools
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from digest import fetching, pacing
from digest.fetching import FetchError, Hosts, NotAsked, answers, asking, bodies
from digest.models import Answer, FetchSlot
from tests import feeds

pytestmark = pytest.mark.django_db

SOON = dt.timedelta(milliseconds=5)
MINUTE = dt.timedelta(minutes=1)
FEED = feeds.atom(feeds.entry("2602.00001v1"))


def _get(server: HTTPServer, path: str) -> bytes:
    with fetching.connect(Hosts.of(server.url_for("").rstrip("/")), SOON) as arxiv:
        return fetching.get(arxiv, server.url_for(path))


def _slot() -> FetchSlot:
    return FetchSlot.objects.get()


def test_who_asks_is_said(httpserver: HTTPServer, settings: Settings) -> None:
    settings.SITE_URL, settings.CONTACT = "https://post.example.org", "me@example.org"
    httpserver.expect_request("/atom/cs.DC").respond_with_data(FEED)
    _get(httpserver, "/atom/cs.DC")
    agent = httpserver.log[0][0].headers["User-Agent"]
    assert agent == "preprint-post/0.1 (+https://post.example.org; me@example.org)"


@pytest.mark.parametrize(
    "url", ["http://rss.arxiv.org", "ftp://rss.arxiv.org", "rss.arxiv.org", "http://localhost.evil"]
)
def test_arxiv_is_asked_over_https_only(url: str) -> None:
    with pytest.raises(ValueError, match="over https only"), fetching.connect(Hosts.of(url)):
        pass
    with fetching.connect() as arxiv:
        assert arxiv.client.follow_redirects is False


def test_a_redirect_is_followed_on_the_same_host_only(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/atom/cs.DC").respond_with_data(FEED)
    httpserver.expect_request("/old").respond_with_data("", 301, {"Location": "/atom/cs.DC"})
    assert _get(httpserver, "/old") == FEED
    away = {"Location": "https://example.org/atom/cs.DC"}
    httpserver.expect_request("/away").respond_with_data("", 302, away)
    with pytest.raises(FetchError, match=r"refused to follow a redirect to https://example\.org"):
        _get(httpserver, "/away")
    httpserver.expect_request("/round").respond_with_data("", 302, {"Location": "/round"})
    with pytest.raises(FetchError, match="more than 3 redirects"):
        _get(httpserver, "/round")
    httpserver.expect_request("/nowhere").respond_with_data("", 302)
    with pytest.raises(FetchError, match="HTTP 302"):
        _get(httpserver, "/nowhere")
    assert _slot().failures == 0


def test_one_connection_serves_all_requests(httpserver: HTTPServer) -> None:
    with _server(_keep_alive) as (base, connections):
        with fetching.connect(Hosts.of(base), SOON) as arxiv:
            for _ in range(3):
                fetching.get(arxiv, f"{base}/atom/cs.DC")
        assert len(connections) == 1


def test_only_what_has_changed_is_sent_again(httpserver: HTTPServer) -> None:
    def answer(request: Request) -> Response:
        if request.headers.get("If-None-Match") == '"one"':
            assert request.headers["If-Modified-Since"] == "Tue, 03 Feb 2026 05:00:00 GMT"
            return Response(status=304)
        return Response(
            FEED, headers={"ETag": '"one"', "Last-Modified": "Tue, 03 Feb 2026 05:00:00 GMT"}
        )

    httpserver.expect_request("/atom/cs.DC").respond_with_handler(answer)
    assert [_get(httpserver, "/atom/cs.DC") for _ in range(2)] == [FEED, FEED]
    kept = Answer.objects.get()
    assert (kept.etag, kept.length) == ('"one"', len(FEED))
    assert kept.confirmed_at > kept.fetched_at
    assert gzip.decompress(bytes(kept.body)) == FEED


def test_the_same_bytes_are_kept_once_and_others_beside_them(httpserver: HTTPServer) -> None:
    for body in (FEED, FEED, feeds.atom(feeds.entry("2602.00002v1"))):
        httpserver.expect_ordered_request("/atom/cs.DC").respond_with_data(body)
    for _ in range(3):
        _get(httpserver, "/atom/cs.DC")
    assert Answer.objects.count() == 2
    assert answers.latest(httpserver.url_for("/atom/cs.DC")) == Answer.objects.latest("fetched_at")


def test_answers_are_kept_for_a_fortnight(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/atom/cs.DC").respond_with_data(FEED)
    _get(httpserver, "/atom/cs.DC")
    now = timezone.now()
    assert answers.prune(now + dt.timedelta(days=13)) == 0
    assert answers.prune(now + dt.timedelta(days=15)) == 1


def test_busy_means_to_wait_twice_as_long_each_time(httpserver: HTTPServer) -> None:
    for status in (429, 503, 429):
        httpserver.expect_ordered_request("/x").respond_with_data("", status)
    httpserver.expect_ordered_request("/x").respond_with_data(FEED)
    with time_machine.travel(dt.datetime(2026, 2, 3, 6, tzinfo=dt.UTC), tick=True) as clock:
        for failures, seconds in ((1, 30), (2, 60), (3, 120)):
            with pytest.raises(FetchError, match=r"HTTP (429|503)"):
                _get(httpserver, "/x")
            slot = _slot()
            assert slot.failures == failures
            assert slot.blocked_until
            rest = (slot.blocked_until - timezone.now()).total_seconds()
            assert seconds - 2 < rest <= seconds * 1.2
            with pytest.raises(NotAsked, match=r"not asked before .*: HTTP") as closed:
                _get(httpserver, "/x")
            assert closed.value.until == slot.blocked_until
            clock.move_to(slot.blocked_until)
        assert _get(httpserver, "/x") == FEED
    assert (_slot().failures, _slot().blocked_until, _slot().reason) == (0, None, "")
    assert len(httpserver.log) == 4


@pytest.mark.parametrize(
    ("said", "least", "most"),
    [
        ("600", 598, 600),
        ("999999999999", 3598, 3600),
        ("Tue, 03 Feb 2026 06:20:00 GMT", 1198, 1200),
        ("soon", 28, 36),
        ("Fri, 99 Foo 2026", 28, 36),
        ("-5", 28, 36),
    ],
)
def test_the_server_says_how_long(httpserver: HTTPServer, said: str, least: int, most: int) -> None:
    httpserver.expect_request("/x").respond_with_data("", 503, {"Retry-After": said})
    with time_machine.travel(dt.datetime(2026, 2, 3, 6, tzinfo=dt.UTC), tick=True):
        with pytest.raises(FetchError, match="HTTP 503"):
            _get(httpserver, "/x")
        closed = pacing.blocked(timezone.now())
        assert closed
        assert least <= (closed.until - timezone.now()).total_seconds() <= most


UNWELL: list[tuple[bytes, int]] = [
    (b"", 500),
    (b"", 502),
    (b"", 403),
    (b" \n", 200),
    (b"Rate exceeded.", 200),
    (b"<html><title>Robot?</title>", 200),
    (b"<!DOCTYPE html><html><script src=recaptcha.js></script>", 200),
]


@pytest.mark.parametrize(("body", "status"), UNWELL)
def test_five_failures_of_any_kind_in_a_row_bring_a_rest_and_one_trial(
    httpserver: HTTPServer, body: bytes, status: int
) -> None:
    httpserver.expect_request("/atom/x").respond_with_data(body, status)
    with time_machine.travel(dt.datetime(2026, 2, 3, 6, tzinfo=dt.UTC), tick=True) as clock:
        for number in range(1, 6):
            with pytest.raises(FetchError):
                _get(httpserver, "/atom/x")
            assert _slot().failures == number
        for minutes in (15, 30, 60, 60):
            closed = pacing.blocked(timezone.now())
            assert closed
            rest = closed.until - timezone.now()
            assert (minutes - 0.1) * MINUTE < rest <= minutes * 1.2 * MINUTE
            with pytest.raises(NotAsked):
                _get(httpserver, "/atom/x")
            clock.move_to(closed.until)
            with pytest.raises(FetchError):
                _get(httpserver, "/atom/x")
    assert len(httpserver.log) == 9
    assert not Answer.objects.exists()


def test_a_captcha_is_no_listing_page_but_a_paper_on_captchas_is(httpserver: HTTPServer) -> None:
    shown = b"<html><h3>Showing new listings for Tuesday, 3 February 2026</h3>Solving CAPTCHAs"
    httpserver.expect_request("/list/cs.CR/new").respond_with_data(shown)
    assert _get(httpserver, "/list/cs.CR/new") == shown
    httpserver.expect_request("/list/cs.AI/new").respond_with_data("<html>captcha please")
    with pytest.raises(FetchError, match="CAPTCHA"):
        _get(httpserver, "/list/cs.AI/new")
    assert _slot().failures == 1


@pytest.mark.parametrize("status", [400, 404, 410])
def test_what_arxiv_does_not_know_says_nothing_of_its_health(
    httpserver: HTTPServer, status: int
) -> None:
    FetchSlot.objects.create(name="arxiv", free_at=timezone.now(), failures=2)
    httpserver.expect_request("/x").respond_with_data("no", status)
    with pytest.raises(FetchError, match=f"HTTP {status}"):
        _get(httpserver, "/x")
    assert _slot().failures == 2


def test_arxivs_reason_for_a_400_is_given(httpserver: HTTPServer) -> None:
    error = feeds.atom().replace(
        b"<title>cs.DC updates on arXiv.org", b"<subtitle>Bad class</subtitle><title>Feed error for"
    )
    httpserver.expect_request("/atom/cs.AI").respond_with_data(error, status=400)
    with pytest.raises(FetchError, match="HTTP 400: arXiv answered with an error: Bad class"):
        _get(httpserver, "/atom/cs.AI")


def test_a_server_that_is_not_there_counts_as_unwell() -> None:
    with fetching.connect(Hosts.of("http://127.0.0.1:9"), SOON) as arxiv:
        for _ in range(5):
            with pytest.raises(FetchError, match="ConnectError"):
                fetching.get(arxiv, "http://127.0.0.1:9/atom/cs.DC")
        with pytest.raises(NotAsked, match="ConnectError"):
            fetching.get(arxiv, "http://127.0.0.1:9/atom/cs.DC")
    assert _slot().claim is None


def test_a_broken_answer_is_a_fetch_error(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/cut").respond_with_data(
        gzip.compress(FEED)[:-20], headers={"Content-Encoding": "gzip"}
    )
    with pytest.raises(FetchError, match="broke off"):
        _get(httpserver, "/cut")
    httpserver.expect_request("/no").respond_with_data(FEED, headers={"Content-Encoding": "gzip"})
    with pytest.raises(FetchError, match="not gzip"):
        _get(httpserver, "/no")
    httpserver.expect_request("/br").respond_with_data(FEED, headers={"Content-Encoding": "br"})
    with pytest.raises(FetchError, match="encoding 'br'"):
        _get(httpserver, "/br")
    assert _slot().failures == 2


def test_an_answer_that_is_too_large_is_cut_off_packed_or_not(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "MOST_BYTES", 1000)
    httpserver.expect_request("/large").respond_with_data(b"x" * 5000)
    bomb = gzip.compress(b"\0" * 50_000_000)
    httpserver.expect_request("/bomb").respond_with_data(bomb, headers={"Content-Encoding": "gzip"})
    for path in ("/large", "/bomb"):
        with pytest.raises(FetchError, match="larger than 1,000 bytes"):
            _get(httpserver, path)
    assert _slot().failures == 0


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_an_answer_that_only_drips_is_cut_off(head: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MOST_SECONDS", 0.5)

    def drip(connection: socket.socket) -> None:
        connection.recv(10_000)
        connection.sendall(head or b"HTTP/1.1 200 OK\r\nX: ")
        while True:
            connection.sendall(b"x")
            time.sleep(0.05)

    with _server(drip) as (base, _), fetching.connect(Hosts.of(base), SOON) as arxiv:
        begun = time.monotonic()
        with pytest.raises(FetchError, match="took longer than"):
            fetching.get(arxiv, f"{base}/atom/cs.DC")
        assert time.monotonic() - begun < 5
    assert (_slot().failures, _slot().claim) == (0, None)


def test_requests_keep_their_distance(httpserver: HTTPServer) -> None:
    begun: list[float] = []

    def answer(request: Request) -> Response:
        begun.append(time.monotonic())
        return Response(FEED)

    httpserver.expect_request("/paced").respond_with_handler(answer)
    base = Hosts.of(httpserver.url_for("").rstrip("/"))
    with fetching.connect(base, dt.timedelta(milliseconds=150)) as arxiv:
        for _ in range(3):
            fetching.get(arxiv, httpserver.url_for("/paced"))
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
        assert _slot().claim is not None
        assert _slot().free_at > timezone.now() + dt.timedelta(minutes=2)
    assert waited == [0.5]
    assert _slot().claim is None


def test_while_one_asks_another_waits_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "PATIENCE", dt.timedelta(milliseconds=50))
    with pacing.turn(SOON), pytest.raises(pacing.Blocked, match="under way"), pacing.turn(SOON):
        pass
    FetchSlot.objects.update(free_at=timezone.now())
    with pacing.turn(SOON):
        pass


def test_who_comes_back_after_its_lease_takes_nothing_from_the_next() -> None:
    with pacing.turn(SOON):
        FetchSlot.objects.update(free_at=timezone.now())
        with pacing.turn(SOON) as second:
            FetchSlot.objects.update(free_at=timezone.now() + MINUTE)
            claim = second.claim
            first_ends = FetchSlot.objects.filter(claim=claim)
            assert first_ends.exists()
    assert _slot().claim is None


def test_a_clock_that_was_wrong_closes_nothing_for_days() -> None:
    far = timezone.now() + dt.timedelta(days=30)
    FetchSlot.objects.create(name="arxiv", free_at=far, blocked_until=far)
    assert pacing.blocked(timezone.now()) is None
    with pacing.turn(SOON):
        pass
    assert _slot().free_at < far


@contextmanager
def _server(serve: Callable[[socket.socket], None]) -> Iterator[tuple[str, list[Any]]]:
    """A bare TCP server; yields its address and the connections it has had."""
    connections: list[Any] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connections.append(connection)
            try:
                serve(connection)
            except OSError:
                pass
            finally:
                connection.close()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", connections
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def _keep_alive(connection: socket.socket) -> None:
    while connection.recv(10_000):
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(FEED)}\r\n\r\n"
        connection.sendall(head.encode() + FEED)


def test_a_mock_of_the_network_needs_no_socket_to_be_watched(httpserver: HTTPServer) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("slow", request=request)

    with fetching.connect() as arxiv, httpx.Client(transport=httpx.MockTransport(fail)) as client:
        mocked = type(arxiv)(arxiv.hosts, client, arxiv.watch, SOON)
        with pytest.raises(FetchError, match="ReadTimeout: slow"):
            fetching.get(mocked, "https://rss.arxiv.org/atom/cs.DC")

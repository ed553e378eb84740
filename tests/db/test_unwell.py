"""Answers that are none: broken, dripping, busy, or from elsewhere."""

from __future__ import annotations

import datetime as dt
import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from pytest_httpserver import HTTPServer

from digest import fetching, pacing
from digest.fetching import FetchError, Hosts, asking
from digest.models import FetchSlot
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


def test_one_connection_serves_all_requests(httpserver: HTTPServer) -> None:
    with _server(_keep_alive) as (base, connections):
        with fetching.connect(Hosts.of(base), SOON) as arxiv:
            for _ in range(3):
                fetching.get(arxiv, f"{base}/atom/cs.DC")
        assert len(connections) == 1


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


def test_a_captcha_is_no_listing_page_but_a_paper_on_captchas_is(httpserver: HTTPServer) -> None:
    shown = b"<html><h3>Showing new listings for Tuesday, 3 February 2026</h3>Solving CAPTCHAs"
    httpserver.expect_request("/list/cs.CR/new").respond_with_data(shown)
    assert _get(httpserver, "/list/cs.CR/new") == shown
    httpserver.expect_request("/list/cs.AI/new").respond_with_data("<html>captcha please")
    with pytest.raises(FetchError, match="another web page"):
        _get(httpserver, "/list/cs.AI/new")
    assert _slot().failures == 1


def test_arxivs_reason_for_a_400_is_given(httpserver: HTTPServer) -> None:
    error = feeds.atom().replace(
        b"<title>cs.DC updates on arXiv.org", b"<subtitle>Bad class</subtitle><title>Feed error for"
    )
    httpserver.expect_request("/atom/cs.AI").respond_with_data(error, status=400)
    with pytest.raises(FetchError, match="HTTP 400: arXiv answered with an error: Bad class"):
        _get(httpserver, "/atom/cs.AI")


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


def test_who_comes_back_after_its_lease_takes_nothing_from_the_next() -> None:
    with pacing.turn(SOON):
        FetchSlot.objects.update(free_at=timezone.now())
        with pacing.turn(SOON) as second:
            FetchSlot.objects.update(free_at=timezone.now() + MINUTE)
            claim = second.claim
            first_ends = FetchSlot.objects.filter(claim=claim)
            assert first_ends.exists()
    assert _slot().claim is None


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

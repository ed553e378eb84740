"""The server: what arXiv would answer at the instant that a clock gives, and what goes wrong."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

from digest.arxiv import calendar
from tests.arxiv import rendering
from tests.arxiv.world import Told, World

_DAY = dt.timedelta(days=1)
_FEED = re.compile(r"/(atom|rss)/([\w.-]+)")
_NEW = re.compile(r"/list/([\w.-]+)/new")
_CATCHUP = re.compile(r"/catchup/([\w.-]+)/(\d{4}-\d{2}-\d{2})")
_WINDOW = re.compile(r"cat:([\w.-]+) AND submittedDate:\[(\d{12}) TO (\d{12})\]")
CATCHUP_DAYS = 90
_NO_SUCH_FEED = (
    b"<rss version='2.0'><channel><title>Feed error for query: x</title></channel></rss>"
)


@dataclass(slots=True)
class Reply:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    is_cut: bool = False  # the connection ends midway


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came; ``at`` by the simulated clock, ``began`` by a real one."""

    at: dt.datetime
    began: float
    path: str
    headers: dict[str, str]


Behaviour = Callable[["ArxivServer", str, dt.datetime], Reply]


@dataclass(frozen=True, slots=True)
class _Rule:
    first: dt.datetime
    last: dt.datetime
    pattern: re.Pattern[str]
    behaviour: Behaviour


class ArxivServer:
    """Serves a world on a port of this machine, all sources on one host."""

    def __init__(self, world: World, clock: Callable[[], dt.datetime]) -> None:
        self.world = world
        self.clock = clock
        self.requests: list[Asked] = []
        self._rules: list[_Rule] = []
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.shutdown()
        self._http.server_close()

    def during(
        self, first: dt.datetime, last: dt.datetime, path: str, behaviour: Behaviour
    ) -> None:
        """From one instant up to another, paths that match are answered otherwise."""
        self._rules.append(_Rule(first, last, re.compile(path), behaviour))

    def reply(self, path: str) -> Reply:
        now = self.clock()
        for rule in self._rules:
            if rule.first <= now < rule.last and rule.pattern.search(path):
                return rule.behaviour(self, path, now)
        return self.truth(path, now)

    def truth(self, path: str, now: dt.datetime) -> Reply:
        """What arXiv answers when nothing is wrong."""
        address = urlsplit(path)
        if found := _FEED.fullmatch(address.path):
            today = calendar.today(now)
            return self.feed(found[1], found[2], today, self.world.told(today, found[2]), now)
        if found := _NEW.fullmatch(address.path):
            date = self._announced(now)
            return Reply(body=rendering.new_page(found[1], date, self.world.told(date, found[1])))
        if found := _CATCHUP.fullmatch(address.path):
            return self._catchup(found[1], dt.date.fromisoformat(found[2]), now)
        if address.path == "/api/query":
            return self._api(parse_qs(address.query), now)
        return Reply(404, b"<html><title>404</title></html>")

    def feed(
        self, kind: str, category: str, date: dt.date, told: list[Told], now: dt.datetime
    ) -> Reply:
        if category not in self.world.categories:
            return Reply(
                400, b"<rss version='2.0'><channel><title>Feed error</title></channel></rss>"
            )
        # A feed is made once a day, at midnight in New York.
        made = calendar.at(date, dt.time())
        body = (rendering.atom if kind == "atom" else rendering.rss)(category, date, told, made)
        return Reply(body=body, headers={"ETag": f'"{hashlib.sha256(body).hexdigest()}"'})

    def _announced(self, now: dt.datetime) -> dt.date:
        """The last listing that was announced, at 20:00 the evening before its date."""
        date = calendar.today(now) + _DAY
        while not self.world.calendar.has_listing(date) or calendar.announced_at(date) > now:
            date -= _DAY
        return date

    def _catchup(self, category: str, date: dt.date, now: dt.datetime) -> Reply:
        today = calendar.today(now)
        if date > today or date < today - CATCHUP_DAYS * _DAY:
            return Reply(400, b"<html><title>400 Bad Request</title></html>")
        following = self.world.calendar.listing_after(date)
        told = self.world.told(date, category)
        shown = rendering.catchup_page(
            category, date, told, following if following <= today else None
        )
        return Reply(body=shown)

    def _api(self, asked: dict[str, list[str]], now: dt.datetime) -> Reply:
        start = int(asked.get("start", ["0"])[0])
        most = int(asked.get("max_results", ["10"])[0])
        if found := _WINDOW.fullmatch(asked.get("search_query", [""])[0]):
            first, last = (
                dt.datetime.strptime(minute, "%Y%m%d%H%M").replace(tzinfo=dt.UTC)
                for minute in found.groups()[1:]
            )
            papers = [
                paper
                for paper in sorted(self.world.papers.values(), key=lambda one: one.submitted)
                if found[1] in paper.categories and first <= paper.submitted <= min(last, now)
            ]
        else:
            wanted = asked.get("id_list", [""])[0].split(",")
            papers = [self.world.papers[name] for name in wanted if name in self.world.papers]
        shown = papers[start : start + most]
        return Reply(body=rendering.api(shown, len(papers), start, now))


def stale(server: ArxivServer, path: str, now: dt.datetime) -> Reply:
    """The papers of the listing before, under today's date."""
    found = _FEED.fullmatch(path)
    if found is None:
        return server.truth(path, now)
    today = calendar.today(now)
    before = server.world.told(server.world.calendar.listing_before(today), found[2])
    return server.feed(found[1], found[2], today, before, now)


def empty(server: ArxivServer, path: str, now: dt.datetime) -> Reply:
    """As on a weekend, and the page still shows the day before."""
    today = calendar.today(now)
    if found := _FEED.fullmatch(path):
        return server.feed(found[1], found[2], today, [], now)
    if found := _NEW.fullmatch(path):
        date = server.world.calendar.listing_before(today)
        told = server.world.told(date, found[1])
        return Reply(body=rendering.new_page(found[1], date, told))
    return server.truth(path, now)


def truncated(limit: int) -> Behaviour:
    """Replacements first, so that the new papers are what is dropped."""

    def cut(server: ArxivServer, path: str, now: dt.datetime) -> Reply:
        found = _FEED.fullmatch(path)
        if found is None:
            return server.truth(path, now)
        today = calendar.today(now)
        kept = server.world.told(today, found[2])[-limit:]
        return server.feed(found[1], found[2], today, kept, now)

    return cut


def status(code: int, retry_after: str = "") -> Behaviour:
    headers = {"Retry-After": retry_after} if retry_after else {}
    return lambda server, path, now: Reply(code, b"Rate exceeded.", dict(headers))


def says(body: bytes) -> Behaviour:
    """With status 200: a CAPTCHA page, nothing, "Rate exceeded."."""
    return lambda server, path, now: Reply(body=body)


def broken(server: ArxivServer, path: str, now: dt.datetime) -> Reply:
    """The connection ends in the middle of the answer."""
    reply = server.truth(path, now)
    reply.is_cut = True
    return reply


def elsewhere(url: str) -> Behaviour:
    return lambda server, path, now: Reply(302, b"", {"Location": url})


def _handler(server: ArxivServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked = Asked(server.clock(), time.monotonic(), self.path, dict(self.headers))
            server.requests.append(asked)
            reply = server.reply(self.path)
            tag = reply.headers.get("ETag")
            if tag and self.headers.get("If-None-Match") == tag:
                reply = Reply(304, b"", {"ETag": tag})
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.status != 304:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            if reply.is_cut:
                self.wfile.write(reply.body[: len(reply.body) // 2])
                self.close_connection = True
            elif reply.status != 304:
                self.wfile.write(reply.body)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet: the requests are kept."""

    return Handler

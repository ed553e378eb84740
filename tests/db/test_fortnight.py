"""A fortnight with arXiv as it can be: everything that goes wrong, one day after the other.

A stand-in of arXiv serves an invented world by a simulated clock, and beat's own schedule runs
by it. In the end every paper is stored once on its true date and has reached its readers once.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import time_machine
from pytest_django import Settings

from digest import almanac, gaps, pacing
from digest.arxiv import calendar, listing
from digest.models import Announcement, Coverage, Listing, Paper
from newsletter import listing_findings
from newsletter.celery import BEAT_SCHEDULE, app
from newsletter.models import Delivery, Issue, Subscriber
from tests.arxiv import rendering
from tests.arxiv.server import ArxivServer, empty, says, stale, status, truncated
from tests.arxiv.world import World
from tests.db.mail_reading import ReadMail
from tests.make import make_section, make_subscriber, subscribe

pytestmark = pytest.mark.django_db

CATEGORIES = ("cs.DC", "cs.LG", "cs.AI")
LIMIT = 20  # entries at which this arXiv cuts its feeds
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)

# Juneteenth is a Friday: its evening has no announcement, so Monday the 22nd has no listing.
NORMAL, STALE, CROWDED, BUSY, CAPTCHA = (dt.date(2026, 6, day) for day in range(15, 20))
LOST, LATE, AFTER = (dt.date(2026, 6, day) for day in range(23, 26))
FRIDAY, MONDAY = dt.date(2026, 6, 26), dt.date(2026, 6, 29)
BEGIN, END = calendar.at(NORMAL - DAY, dt.time(12)), calendar.at(MONDAY, dt.time(12))


class Clock:
    def __call__(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC)


@dataclass(slots=True)
class Fortnight:
    """What was seen on the way, for the tests to look at."""

    world: World
    server: ArxivServer
    outbox: Path
    complaints: dict[dt.datetime, list[str]] = field(default_factory=dict)

    def mails(self, reader: Subscriber) -> list[ReadMail]:
        found = [ReadMail(file.read_bytes()) for file in sorted((self.outbox / "new").iterdir())]
        return [mail for mail in found if reader.address in str(mail.message["To"])]


def trouble(server: ArxivServer) -> None:
    """What goes wrong, in turn."""

    def on(date: dt.date, first: dt.time, hours: float) -> tuple[dt.datetime, dt.datetime]:
        begun = calendar.at(date, first)
        return begun, begun + hours * HOUR

    midnight = dt.time()
    server.during(*on(STALE, midnight, 24), "/(atom|rss)/cs.LG", stale)
    server.during(*on(CROWDED, midnight, 24), "/(atom|rss)/", truncated(LIMIT))
    server.during(*on(BUSY, midnight, 1), "/", status(429))
    server.during(*on(CAPTCHA, midnight, 9), "/", says(rendering.CAPTCHA))
    server.during(*on(LOST, midnight, 24), "/", status(503, "600"))
    server.during(*on(LATE, midnight, 10), "/(atom|rss|list)/(cs.DC)", empty)
    server.during(*on(LATE, midnight, 10), "/catchup/cs.DC/2026-06-24", status(404))


def run(fortnight: Fortnight, traveller: time_machine.Traveller) -> None:
    """Beat's schedule, an hour at a time."""
    before, now = BEGIN, BEGIN + HOUR
    while now <= END:
        traveller.move_to(now)
        for entry in BEAT_SCHEDULE.values():
            if fires(entry["schedule"], before, now):
                app.tasks[entry["task"]].apply(throw=True)
        fortnight.complaints[now] = [
            finding.what for finding in listing_findings.examine(now) if not finding.note
        ]
        before, now = now, now + HOUR


def fires(schedule: Any, before: dt.datetime, now: dt.datetime) -> bool:
    """Whether a crontab does so between two instants."""
    minutes = (before + minute * MINUTE for minute in range(1, (now - before) // MINUTE + 1))
    return any(one.minute in schedule.minute and one.hour in schedule.hour for one in minutes)


@pytest.fixture
def fortnight(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Fortnight]:
    arxiv = almanac.current()
    world = World(arxiv, NORMAL, MONDAY, CATEGORIES, papers_per_day=10, crowded={CROWDED: 60})
    settings.ARXIV_CATEGORIES = list(CATEGORIES)
    settings.EMAIL_URL = f"outbox://{tmp_path}"
    monkeypatch.setattr(listing, "FEED_LIMIT", LIMIT)
    monkeypatch.setattr(pacing, "INTERVAL", dt.timedelta(0))
    app.conf.task_always_eager = True
    app.loader.import_default_modules()
    with ArxivServer(world, Clock()) as server:
        settings.ARXIV_BASE_URL = server.url
        trouble(server)
        yield Fortnight(world, server, tmp_path)
    app.conf.task_always_eager = False


def reader(address: str, *rules: tuple[str, str], **fields: Any) -> Subscriber:
    subscriber = make_subscriber(address, **fields)
    for categories, expression in rules:
        subscribe(subscriber, make_section(categories, expression))
    return subscriber


def test_after_a_fortnight_of_trouble_every_paper_is_stored_and_sent_once(
    fortnight: Fortnight,
) -> None:
    everything = [(category, "") for category in CATEGORIES]
    with time_machine.travel(BEGIN, tick=False) as traveller:
        at_once = reader("daily@example.org", *everything, send_when="release")
        at_seven = reader("seven@example.org", *everything, timezone="Europe/Berlin")
        weekly = reader("weekly@example.org", *everything, cadence="weekly")
        rule = reader("rule@example.org", ("cs.AI/cs.LG", "reinforcement-learning"))
        run(fortnight, traveller)
    check_papers(fortnight)
    check_coverage(fortnight)
    check_releases()
    for one in (at_once, at_seven):
        check_each_paper_once(fortnight, one, MONDAY)
    check_each_paper_once(fortnight, weekly, FRIDAY)
    check_late_ones(fortnight, at_once)
    check_rule(fortnight, rule)
    check_what_the_operator_saw(fortnight)
    check_manners(fortnight)


def check_papers(fortnight: Fortnight) -> None:
    """Stored once, on the right date, in the right category, as arXiv announced them."""
    world = fortnight.world
    expected = Counter(
        (date, category, told.paper.arxiv_id, told.announce_type, told.version)
        for date, day in world.listings.items()
        for category, held in day.items()
        for told in held
    )
    rows = Announcement.objects.values_list(
        "listing", "category", "paper__arxiv_id", "announce_type", "version"
    )
    assert Counter(rows) == expected
    assert set(Paper.objects.values_list("arxiv_id", flat=True)) == set(world.papers)
    for paper in Paper.objects.all():
        assert (paper.title, paper.abstract) == (
            world.papers[paper.arxiv_id].title, world.papers[paper.arxiv_id].abstract
        )  # fmt: skip


def check_coverage(fortnight: Fortnight) -> None:
    """The table reads as it should: a row for each day and category, with its reason."""
    days = (MONDAY - NORMAL).days + 1
    rows = {(row.listing_id, row.category): row for row in Coverage.objects.all()}
    for date in (NORMAL + number * DAY for number in range(days)):
        why = fortnight.world.calendar.why_no_listing(date)
        for category in CATEGORIES:
            row = rows[date, category]
            assert (row.status, row.reason) == (("empty", why) if why else ("complete", "")), row
    assert rows[dt.date(2026, 6, 22), "cs.DC"].reason == (
        "no announcement on Juneteenth, 19 June 2026"
    )
    sources = {date: rows[date, "cs.LG"].source for date in (NORMAL, STALE, CROWDED, LOST)}
    assert sources == {NORMAL: "atom", STALE: "page", CROWDED: "page", LOST: "page"}


def check_releases() -> None:
    """By the clock where the listing was there; a day that was late or lost, when it came."""
    released = {row.date: row.released_at for row in Listing.objects.all() if row.released_at}
    for date in (NORMAL, STALE, CROWDED, LATE, AFTER, FRIDAY, MONDAY):
        assert released[date] == calendar.at(date, dt.time(1)), date
    assert calendar.at(BUSY, dt.time(1)) <= released[BUSY] <= calendar.at(BUSY, dt.time(4))
    assert (
        calendar.at(CAPTCHA, dt.time(9)) <= released[CAPTCHA] <= calendar.at(CAPTCHA, dt.time(12))
    )
    assert calendar.today(released[LOST]) == LATE


def shown(mail: ReadMail) -> Counter[str]:
    """Identifiers of the papers in a mail; each has one link to its abstract in the HTML."""
    links = (values.get("href") or "" for tag, values in mail.tags if tag == "a")
    return Counter(link.rpartition("/abs/")[2] for link in links if "/abs/" in link)


def check_each_paper_once(fortnight: Fortnight, subscriber: Subscriber, last: dt.date) -> None:
    """Of all listings up to a date; and nothing was skipped or failed."""
    world = fortnight.world
    dates = [date for date in world.listings if date <= last]
    wanted = Counter(paper for date in dates for paper in world.first_shown(date))
    got = sum((Counter(set(shown(mail))) for mail in fortnight.mails(subscriber)), Counter[str]())
    assert got == wanted
    statuses = set(Delivery.objects.filter(subscriber=subscriber).values_list("status", flat=True))
    assert statuses == {"sent"}


def check_late_ones(fortnight: Fortnight, subscriber: Subscriber) -> None:
    """What was announced late is marked so, in the next issue, and the gap was said before."""
    world = fortnight.world
    on_time = {
        told.paper.arxiv_id for name in ("cs.LG", "cs.AI") for told in world.told(LATE, name)
    }
    late = {
        told.paper.arxiv_id
        for told in world.told(LATE, "cs.DC")
        if told.announce_type in {"new", "cross"}
    } - on_time
    assert late
    mails = {str(mail.message["Subject"]): mail for mail in fortnight.mails(subscriber)}
    first = next(mail for subject, mail in mails.items() if "24 June" in subject)
    following = next(mail for subject, mail in mails.items() if "25 June" in subject)
    assert "Not complete: cs.DC" in first.visible
    assert not late & set(shown(first))
    assert late <= set(shown(following))
    marked = following.visible.partition("Announced on Wednesday, 24 June 2026, late")[2]
    titles = [world.papers[paper].arxiv_id[-5:] for paper in late]
    assert all(f"part {number}" in marked for number in titles)
    assert not any("late" in mail.visible for mail in mails.values() if mail is not following)


def check_rule(fortnight: Fortnight, subscriber: Subscriber) -> None:
    world = fortnight.world
    wanted = {
        told.paper.arxiv_id
        for date in world.listings
        for category in ("cs.AI", "cs.LG")
        for told in world.told(date, category)
        if told.announce_type in {"new", "cross"} and "reinforcement" in told.paper.abstract
    }
    got = sum((shown(mail) for mail in fortnight.mails(subscriber)), Counter[str]())
    assert set(got) == wanted


def check_what_the_operator_saw(fortnight: Fortnight) -> None:
    """While arXiv asked for a CAPTCHA doctor said so; in the end it has nothing to say."""
    seen = fortnight.complaints[calendar.at(CAPTCHA, dt.time(6))]
    assert any("arXiv is not asked" in what for what in seen), seen
    assert fortnight.complaints[END] == []
    assert not any(gaps.gaps_of(list(fortnight.world.listings)).values())


def check_manners(fortnight: Fortnight) -> None:
    """In the hour of 429 and in the hours of the CAPTCHA hardly anything was asked."""

    def asked(date: dt.date, first: int, last: int) -> int:
        begun, end = calendar.at(date, dt.time(first)), calendar.at(date, dt.time(last))
        return sum(begun <= request.at < end for request in fortnight.server.requests)

    assert asked(BUSY, 0, 1) <= 4
    assert asked(CAPTCHA, 0, 9) <= 20
    assert asked(LOST, 0, 23) <= 60
    names = {
        request.headers["User-Agent"].partition("/")[0] for request in fortnight.server.requests
    }
    assert names == {"preprint-post"}
    issues = Counter(Issue.objects.values_list("cadence", flat=True))
    assert issues == {"daily": len(fortnight.world.listings), "weekly": 2}

"""Beat's tasks: thin, and harmless when run twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from digest import almanac, catching_up, covering, pacing
from digest import tasks as digest_tasks
from digest.arxiv import calendar
from digest.models import Coverage, Listing, SectionListing, Summary
from newsletter import collecting, followed, tasks
from newsletter.models import Subscriber
from tests.arxiv.server import ArxivServer, status
from tests.arxiv.world import World
from tests.make import announce, make_paper, make_section, make_subscriber, subscribe

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY = dt.date(2026, 2, 2), dt.date(2026, 2, 3)


class Calls(list[tuple[Any, ...]]):
    """Notes what it is called with."""

    def __call__(self, *arguments: Any) -> None:
        self.append(arguments)


@pytest.fixture
def today() -> dt.date:
    return calendar.today(timezone.now())


def test_categories_of_active_subscriptions_are_followed() -> None:
    subscribe(make_subscriber(), make_section("math.CO/math.PR", "graph"))
    subscribe(make_subscriber(), make_section("", "graph"))
    paused = make_subscriber(status=Subscriber.Status.PAUSED)
    subscribe(paused, make_section("astro-ph.GA"))
    assert followed.subscribed_categories() == ["math.CO", "math.PR"]


@pytest.fixture
def arxiv(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[ArxivServer]:
    """Two listing days of three categories, on the morning of the second."""
    world = World(almanac.current(), MONDAY, TUESDAY)
    settings.ARXIV_CATEGORIES = list(world.categories)
    monkeypatch.setattr(pacing, "INTERVAL", dt.timedelta(0))
    morning = time_machine.travel(calendar.at(TUESDAY, dt.time(0, 30)), tick=False)
    with morning, ArxivServer(world, timezone.now) as server:
        settings.ARXIV_BASE_URL = server.url
        yield server


def states(date: dt.date) -> dict[str, str]:
    return dict(Coverage.objects.filter(listing=date).values_list("category", "status"))


def test_todays_listing_is_fetched_and_then_built(
    arxiv: ArxivServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = Calls()
    monkeypatch.setattr(digest_tasks.build, "delay", built)
    tasks.fetch()
    assert states(TUESDAY) == dict.fromkeys(arxiv.world.categories, "complete")
    assert (built, len(arxiv.requests)) == ([()], 3)
    tasks.fetch()
    assert (built, len(arxiv.requests)) == ([()], 3)


def test_no_task_fetches_for_long_and_the_next_goes_on(
    arxiv: ArxivServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = Calls()
    monkeypatch.setattr(collecting, "SECONDS", -1.0)
    monkeypatch.setattr(tasks.fetch, "delay", again)
    monkeypatch.setattr(digest_tasks.build, "delay", Calls())
    tasks.fetch()
    assert again == [()]
    assert arxiv.requests == []
    assert set(states(TUESDAY).values()) == {"missing"}


def test_two_fetches_at_once_ask_for_each_category_once(
    arxiv: ArxivServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    monkeypatch.setattr(digest_tasks.build, "delay", Calls())
    arxiv.during(now, now + dt.timedelta(1), "/", status(404))
    tasks.fetch()
    asked = len(arxiv.requests)
    tasks.fetch()
    assert len(arxiv.requests) == asked


def test_while_arxiv_is_left_alone_no_chain_piles_up(
    arxiv: ArxivServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = Calls()
    now = timezone.now()
    monkeypatch.setattr(tasks.fetch, "delay", again)
    arxiv.during(now, now + dt.timedelta(1), "/", status(429, "900"))
    for task in (tasks.fetch, tasks.back_fill, tasks.reconcile, tasks.complete):
        task()
    assert (len(arxiv.requests), again) == (1, [])


def test_on_a_day_without_a_listing_every_category_is_told_so(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ARXIV_CATEGORIES = ["cs.AI", "cs.LG", "cs.DC"]
    with time_machine.travel(calendar.at(dt.date(2026, 2, 7), dt.time(1)), tick=False):
        tasks.fetch()
    assert states(dt.date(2026, 2, 7)) == dict.fromkeys(["cs.AI", "cs.DC", "cs.LG"], "empty")


def test_the_day_before_is_fetched_again_and_what_is_whole_is_held_against_its_page(
    arxiv: ArxivServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = Calls()
    monkeypatch.setattr(digest_tasks.build, "delay", built)
    covering.expect(MONDAY, arxiv.world.categories)
    covering.expect(TUESDAY, arxiv.world.categories)
    tasks.back_fill()
    assert states(MONDAY) == dict.fromkeys(arxiv.world.categories, "complete")
    assert built == [()]
    tasks.reconcile()  # today is still to be fetched
    assert len(arxiv.requests) == 3
    tasks.fetch()
    tasks.reconcile()
    assert not Coverage.objects.filter(reconciled_at=None, listing=TUESDAY).exists()
    assert set(Coverage.objects.values_list("differences", flat=True)) == {""}


def test_the_commands_fetch_and_say_what_is_not_whole(
    arxiv: ArxivServer, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("ingest", date=str(TUESDAY))
    told = capsys.readouterr().out
    assert "cs.DC: atom, 2026-02-03, " in told
    assert told.count("coverage complete") == 3
    call_command("ingest", date=str(TUESDAY))
    assert capsys.readouterr().out.splitlines()[0] == "cs.DC: 2026-02-03: already whole"
    call_command("ingest", date=str(TUESDAY), replay=True)
    assert "atom cs.DC of 2026-02-03 05:30 UTC: atom, 2026-02-03" in capsys.readouterr().out
    call_command("backfill", str(MONDAY), str(TUESDAY))
    told = capsys.readouterr().out
    assert told.splitlines()[0].startswith("2026-02-02: 3 of 3 categories whole, ")
    assert SectionListing.objects.filter(listing=MONDAY).exists()
    arxiv.during(timezone.now(), timezone.now() + dt.timedelta(1), "/", status(404))
    with pytest.raises(CommandError, match=r"^3 parts are still not whole: 2026-01-30 cs\.DC, "):
        call_command("backfill", "2026-01-30")


@pytest.mark.parametrize(
    ("dates", "reason"),
    [
        (("2026-02-03", "2026-02-02"), "2026-02-02 lies before 2026-02-03"),
        (("2026-02-04",), "the listing of 2026-02-04 is still to come"),
        (("2024-01-01", "2026-02-02"), "more than a year"),
        (("2026-01-31", "2026-02-01"), "there is no listing from 2026-01-31 to 2026-02-01"),
        (("yesterday",), "'yesterday' is not a date"),
    ],
)
@pytest.mark.usefixtures("arxiv")
def test_backfill_refuses_nonsense_in_one_line(dates: tuple[str, ...], reason: str) -> None:
    with pytest.raises(CommandError, match=reason) as refused:
        call_command("backfill", *dates)
    assert "\n" not in str(refused.value)


def test_a_recent_listing_is_built_and_summarised(
    today: dt.date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest_tasks.summarize, "delay", digest_tasks.summarize)
    announce(make_paper(), today)
    digest_tasks.build()
    assert Listing.objects.get(pk=today).status == Listing.Status.READY
    assert SectionListing.objects.filter(listing=today).exists()
    assert Summary.objects.filter(status=Summary.Status.APPROVED).count() == 1


def test_what_is_built_and_summarised_is_left_alone(today: dt.date) -> None:
    announce(make_paper(), today)
    now = timezone.now()
    assert len(catching_up.build_new(now)) == 1
    assert len(catching_up.summarize_new(now)) == 1
    assert (catching_up.build_new(now), catching_up.summarize_new(now)) == ([], [])


def test_a_new_section_is_matched_against_recent_listings(today: dt.date) -> None:
    announce(make_paper(categories=["math.CO"]), today, "math.CO")
    catching_up.build_new(timezone.now())
    section = make_section("math.CO")
    catching_up.build_new(timezone.now())
    assert SectionListing.objects.filter(section=section, listing=today).exists()


def test_old_listings_are_left_to_the_operator() -> None:
    announce(make_paper(), dt.date(2026, 2, 3))
    assert catching_up.build_new(timezone.now()) == []
    assert catching_up.summarize_new(timezone.now()) == []


@pytest.mark.parametrize(
    "task", [digest_tasks.release_due, tasks.plan, tasks.send_due, tasks.sweep]
)
def test_with_nothing_to_do_a_task_does_nothing(task: Any) -> None:
    task()

"""Beat's tasks: thin, and harmless when run twice."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from digest import catching_up, fetching
from digest import tasks as digest_tasks
from digest.arxiv import calendar
from digest.fetching import FetchReport
from digest.models import Coverage, Listing, SectionListing, Summary
from newsletter import followed, tasks
from newsletter.models import Subscriber
from tests.make import announce, make_listing, make_paper, make_section, make_subscriber, subscribe

pytestmark = pytest.mark.django_db


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


def test_only_what_is_not_whole_is_fetched(
    settings: Settings, today: dt.date, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ARXIV_CATEGORIES = ["cs.AI", "cs.LG", "cs.DC"]
    whole = Coverage.Status.COMPLETE
    Coverage.objects.create(listing=make_listing(today), category="cs.AI", status=whole)
    asked = Calls()
    monkeypatch.setattr(tasks.fetch_next, "delay", asked)
    tasks.fetch()
    assert asked == [(today.isoformat(), ["cs.LG", "cs.DC"])]


def test_a_whole_day_is_not_asked_for_again(
    settings: Settings, today: dt.date, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ARXIV_CATEGORIES = ["cs.AI", "cs.LG", "cs.DC"]
    for category in settings.ARXIV_CATEGORIES:
        whole = Coverage.Status.EMPTY
        Coverage.objects.create(listing=make_listing(today), category=category, status=whole)
    asked = Calls()
    monkeypatch.setattr(tasks.fetch_next, "delay", asked)
    tasks.fetch()
    assert asked == []


def test_some_categories_are_fetched_at_a_time_and_then_all_is_built(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fetched, asked, built = Calls(), Calls(), Calls()

    def fetch_listing(date: dt.date, categories: list[str], **options: Any) -> FetchReport:
        fetched(date, categories)
        return FetchReport(())

    monkeypatch.setattr(fetching, "fetch_listing", fetch_listing)
    monkeypatch.setattr(tasks, "CHUNK", 2)
    monkeypatch.setattr(tasks.fetch_next, "delay", asked)
    monkeypatch.setattr(digest_tasks.build, "delay", built)
    tasks.fetch_next("2026-02-03", ["cs.AI", "cs.LG", "cs.DC"])
    assert (fetched.pop(), asked.pop()) == (
        (dt.date(2026, 2, 3), ["cs.AI", "cs.LG"]),
        ("2026-02-03", ["cs.DC"]),
    )
    tasks.fetch_next("2026-02-03", ["cs.DC"])
    assert (asked, built) == ([], [()])


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

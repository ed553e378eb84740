"""Which source is asked for what: feeds first, then the page, and for past days the catch-up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from pytest_django import Settings

from digest import almanac, covering, fetching, pacing
from digest.arxiv import calendar, listing
from digest.fetching import FetchReport, backfilling, completing, fetch_listing, reconciling
from digest.fetching.replaying import replay
from digest.models import Announcement, Coverage, HouseSection, Paper
from tests import make
from tests.arxiv import rendering
from tests.arxiv.server import ArxivServer, empty, says, stale, status, truncated
from tests.arxiv.world import World

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY, WEDNESDAY = (dt.date(2026, 6, day) for day in (15, 16, 17))
SATURDAY = dt.date(2026, 6, 20)
MORNING = dt.time(0, 30)
LATER = dt.timedelta(days=100)


class Clock:
    def __call__(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC)


@pytest.fixture
def arxiv(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[ArxivServer]:
    world = World(almanac.current(), MONDAY, dt.date(2026, 6, 26))
    monkeypatch.setattr(pacing, "INTERVAL", dt.timedelta(0))
    with ArxivServer(world, Clock()) as server:
        settings.ARXIV_BASE_URL = server.url
        yield server


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(calendar.at(TUESDAY, MORNING), tick=False) as traveller:
        yield traveller


def fetch(date: dt.date = TUESDAY, *codes: str) -> FetchReport:
    return fetch_listing(date, codes or ("cs.LG",))


def wrong(server: ArxivServer, path: str, behaviour: object) -> None:
    now = server.clock()
    server.during(now, now + LATER, path, behaviour)  # type: ignore[arg-type]


def had(date: dt.date, category: str) -> set[tuple[str, str]]:
    rows = Announcement.objects.filter(listing=date, category=category)
    return set(rows.values_list("paper__arxiv_id", "announce_type"))


def told(server: ArxivServer, date: dt.date, category: str = "cs.LG") -> set[tuple[str, str]]:
    return {(one.paper.arxiv_id, one.announce_type) for one in server.world.told(date, category)}


def paths(server: ArxivServer) -> list[str]:
    return [request.path.partition("?")[0] for request in server.requests]


def row(date: dt.date = TUESDAY, category: str = "cs.LG") -> Coverage:
    return Coverage.objects.get(listing=date, category=category)


@pytest.mark.usefixtures("clock")
def test_the_atom_feed_is_enough_where_it_is_whole(arxiv: ArxivServer) -> None:
    assert fetch(TUESDAY, "cs.LG", "cs.DC").failed == ()
    assert paths(arxiv) == ["/atom/cs.LG", "/atom/cs.DC"]
    assert had(TUESDAY, "cs.LG") == told(arxiv, TUESDAY)
    assert (row().status, row().source) == ("complete", "atom")
    fetch()
    assert len(arxiv.requests) == 2  # what is whole is not asked for again


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("behaviour", [status(404), says(b"<feed>cut off")])
def test_the_rss_feed_stands_in_for_an_atom_feed_that_cannot_be_read(
    arxiv: ArxivServer, behaviour: object
) -> None:
    wrong(arxiv, "/atom/", behaviour)
    assert fetch().failed == ()
    assert paths(arxiv) == ["/atom/cs.LG", "/rss/cs.LG"]
    assert (row().status, row().source, had(TUESDAY, "cs.LG")) == (
        "complete", "rss", told(arxiv, TUESDAY)
    )  # fmt: skip


@pytest.mark.parametrize("behaviour", [stale, truncated(3), says(b"<feed>cut off")])
def test_the_page_stands_in_for_feeds_that_are_not_whole(
    arxiv: ArxivServer,
    clock: time_machine.Traveller,
    behaviour: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listing, "FEED_LIMIT", 3 if behaviour not in (stale,) else 2000)
    clock.move_to(calendar.at(MONDAY, MORNING))
    monkeypatch.setattr(listing, "FEED_LIMIT", 2000)
    fetch(MONDAY)
    monkeypatch.setattr(listing, "FEED_LIMIT", 2000 if behaviour is stale else 3)
    clock.move_to(calendar.at(TUESDAY, MORNING))
    wrong(arxiv, "/(atom|rss)/", behaviour)
    assert fetch().failed == ()
    assert paths(arxiv)[-1] == "/list/cs.LG/new"
    assert (row().status, row().source) == ("complete", "page")
    assert had(TUESDAY, "cs.LG") == told(arxiv, TUESDAY)


@pytest.mark.usefixtures("clock")
def test_while_nothing_has_been_announced_the_day_is_missing_with_every_reason(
    arxiv: ArxivServer,
) -> None:
    wrong(arxiv, "/(atom|rss|list)/", empty)
    wrong(arxiv, "/catchup/", status(404))
    report = fetch(TUESDAY, "cs.LG", "cs.DC")
    assert [one.category for one in report.failed] == ["cs.LG", "cs.DC"]
    assert row().status == "missing"
    assert row().reason == (
        "Atom: the feed is empty on a day that has a listing; "
        "listing page: is of 2026-06-15, not of 2026-06-16"
    )
    assert paths(arxiv).count("/list/cs.DC/new") == 0  # the pages turn all at once


@pytest.mark.usefixtures("clock")
def test_on_days_without_a_listing_nobody_is_asked(arxiv: ArxivServer) -> None:
    fetch_listing(dt.date(2026, 6, 13), ["cs.LG"])
    assert arxiv.requests == []
    assert row(dt.date(2026, 6, 13)).reason == "no listing on a Saturday"


def test_a_past_day_stands_on_the_catch_up_page(
    arxiv: ArxivServer, clock: time_machine.Traveller
) -> None:
    clock.move_to(calendar.at(dt.date(2026, 6, 24), MORNING))
    assert fetch().failed == ()
    assert paths(arxiv) == ["/catchup/cs.LG/2026-06-16"]
    assert had(TUESDAY, "cs.LG") == told(arxiv, TUESDAY)
    assert (row().status, row().source) == ("complete", "page")


def test_where_no_page_has_the_day_papers_come_by_their_submission(
    arxiv: ArxivServer, clock: time_machine.Traveller
) -> None:
    clock.move_to(calendar.at(TUESDAY + LATER, MORNING))
    report = fetch()
    assert report.failed[0].error.startswith("known by submission date only")
    assert {path.rpartition("/")[0] for path in paths(arxiv)} == {"/catchup/cs.LG", "/api"}
    new = {one for one in told(arxiv, TUESDAY) if one[1] in {"new", "cross"}}
    assert had(TUESDAY, "cs.LG") == new
    assert (row().status, row().source) == ("missing", "api")
    before = len(arxiv.requests)
    fetch()
    assert had(TUESDAY, "cs.LG") == new
    assert len(arxiv.requests) <= before + 1


@pytest.mark.usefixtures("clock")
def test_one_category_that_fails_breaks_no_other(arxiv: ArxivServer) -> None:
    wrong(arxiv, "cs.AI", status(404))
    report = fetch(TUESDAY, "cs.AI", "cs.DC")
    assert [one.category for one in report.failed] == ["cs.AI"]
    assert row(category="cs.AI").reason.startswith("Atom: HTTP 404; RSS: HTTP 404")
    assert row(category="cs.DC").status == "complete"


@pytest.mark.usefixtures("clock")
def test_once_arxiv_may_not_be_asked_the_rest_is_left(arxiv: ArxivServer) -> None:
    wrong(arxiv, "/", status(429, "900"))
    report = fetch(TUESDAY, "cs.AI", "cs.DC", "cs.LG")
    assert len(arxiv.requests) == 1
    assert report.until is not None
    assert row(category="cs.DC").reason == covering.NOT_FETCHED


def test_a_day_still_to_come_is_refused(clock: time_machine.Traveller) -> None:
    with pytest.raises(fetching.FetchError, match="still to come"):
        fetch(WEDNESDAY)


def test_what_is_followed_is_the_settings_the_houses_sections_and_more(
    settings: Settings,
) -> None:
    settings.ARXIV_CATEGORIES = ["stat.ml", "cs.DC"]
    section = make.make_section("math.NA/cs.DC", "abs:fast")
    HouseSection.objects.create(section=section, label="fast", place=9)
    assert fetching.followed_categories(["hep-th"]) == [
        "stat.ML", "cs.DC", "cs.AI", "cs.LG", "math.NA", "hep-th"
    ]  # fmt: skip


@pytest.mark.usefixtures("clock")
def test_a_listing_is_held_against_its_page_once(arxiv: ArxivServer) -> None:
    fetch()
    now = arxiv.clock()
    assert reconciling.due(now) == [(TUESDAY, "cs.LG")]
    done = reconciling.reconcile(reconciling.due(now))
    assert (done.stored, done.error, row().differences) == (0, "", "")
    assert row().reconciled_at is not None
    assert reconciling.due(now) == []


@pytest.mark.usefixtures("clock")
def test_every_difference_is_named_and_what_only_the_page_has_is_stored(
    arxiv: ArxivServer,
) -> None:
    fetch()
    lost = Announcement.objects.filter(announce_type="new").order_by("paper__arxiv_id")[0]
    name = lost.paper.arxiv_id
    lost.delete()
    wrongly = Announcement.objects.filter(announce_type="cross").first()
    assert wrongly is not None
    Announcement.objects.filter(pk=wrongly.pk).update(announce_type="new")
    make.announce(make.make_paper(arxiv_id="2606.99999"), TUESDAY, "cs.LG")
    assert reconciling.reconcile([(TUESDAY, "cs.LG")]).stored == 1
    assert row().differences.splitlines() == [
        f"{name}: new on the page, not in the feed; now stored from the page",
        f"{wrongly.paper.arxiv_id}: cross on the page, new in the feed",
        "2606.99999: new in the feed, not on the page",
    ]
    assert (name, "new") in had(TUESDAY, "cs.LG")


def test_past_days_that_are_not_whole_are_due_again_after_some_hours(
    clock: time_machine.Traveller,
) -> None:
    covering.expect(MONDAY, ["cs.LG"])
    clock.move_to(calendar.at(WEDNESDAY, MORNING))
    now = calendar.at(WEDNESDAY, MORNING)
    assert backfilling.due(now, ["cs.LG", "cs.DC"]) == [(TUESDAY, "cs.LG"), (MONDAY, "cs.LG")]
    covering.mark_missing(MONDAY, "cs.LG", "HTTP 503")
    covering.mark_missing(TUESDAY, "cs.LG", "HTTP 503")
    assert backfilling.due(now, ["cs.LG"]) == []
    assert len(backfilling.due(now + backfilling.AGAIN, ["cs.LG"])) == 2


def test_papers_without_an_abstract_are_completed_and_unknown_ones_not_asked_for_again(
    arxiv: ArxivServer, clock: time_machine.Traveller
) -> None:
    clock.move_to(calendar.at(SATURDAY, MORNING))
    known = arxiv.world.told(TUESDAY, "cs.LG")[0].paper
    for name in (known.arxiv_id, "2606.99999"):
        make.make_paper(
            arxiv_id=name,
            abstract="",
            categories=[],
            source=Paper.Source.DOCUMENT,
            version=None,
        )
    done = completing.complete_papers(10)
    assert (done.completed, done.unknown, done.error) == (1, ["2606.99999"], "")
    paper = Paper.objects.get(arxiv_id=known.arxiv_id)
    assert (paper.abstract, tuple(paper.categories)) == (known.abstract, known.categories)
    assert completing.complete_papers(10).asked == 0
    clock.shift(completing.AGAIN)
    assert completing.complete_papers(10).asked == 1


@pytest.mark.usefixtures("clock")
def test_what_arxiv_answered_can_be_read_again_without_it(arxiv: ArxivServer) -> None:
    fetch(TUESDAY, "cs.LG", "cs.DC")
    before = had(TUESDAY, "cs.LG")
    asked = len(arxiv.requests)
    Announcement.objects.all().delete()
    assert all(one.ingested for one in replay(TUESDAY))
    assert had(TUESDAY, "cs.LG") == before
    assert len(arxiv.requests) == asked
    assert list(replay(MONDAY)) == []


@pytest.mark.usefixtures("clock")
def test_a_captcha_is_no_day_without_papers(arxiv: ArxivServer) -> None:
    wrong(arxiv, "/", says(rendering.CAPTCHA))
    assert fetch().failed
    assert row().status == "missing"
    assert "Automated Access Detected" in row().reason

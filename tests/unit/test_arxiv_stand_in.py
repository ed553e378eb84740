"""The stand-in of arXiv says, in every shape, what its world holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import httpx
import pytest

from digest.arxiv import api, calendar, feed, listing_page, queries
from digest.arxiv.calendar import Calendar
from digest.arxiv.listing import Entry
from tests.arxiv import rendering
from tests.arxiv.server import ArxivServer, broken, empty, says, stale, status, truncated
from tests.arxiv.world import World

MONDAY, TUESDAY = dt.date(2026, 6, 15), dt.date(2026, 6, 16)
SATURDAY = dt.date(2026, 6, 20)
HOLIDAY = Calendar({dt.date(2026, 6, 19): "Juneteenth"})
WORLD = World(HOLIDAY, MONDAY, dt.date(2026, 6, 26))


class Clock:
    now = calendar.at(TUESDAY, dt.time(0, 30))

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(clock: Clock) -> Iterator[ArxivServer]:
    with ArxivServer(WORLD, clock) as running:
        yield running


def get(url: str, **headers: str) -> httpx.Response:
    return httpx.get(url, headers=headers, trust_env=False)


def told(entries: tuple[Entry, ...]) -> list[tuple[str, str | None, int | None]]:
    return [(one.arxiv_id, one.announce_type, one.version) for one in entries]


def expected(date: dt.date, category: str) -> list[tuple[str, str, int]]:
    listed = WORLD.told(date, category)
    return [(one.paper.arxiv_id, one.announce_type, one.version) for one in listed]


@pytest.mark.parametrize("category", WORLD.categories)
def test_every_source_gives_the_same_announcements(server: ArxivServer, category: str) -> None:
    for url in (queries.atom_url(server.url, category), queries.rss_url(server.url, category)):
        parsed = feed.parse(get(url).content)
        assert (parsed.date, parsed.asked, parsed.malformed) == (TUESDAY, (category,), ())
        assert told(parsed.entries) == expected(TUESDAY, category)
    for url in (
        queries.list_url(server.url, category),
        queries.catchup_url(server.url, category, TUESDAY),
    ):
        page = listing_page.parse(get(url).content)
        assert (page.date, page.category, page.is_whole) == (TUESDAY, category, True)
        assert told(page.entries) == expected(TUESDAY, category)


def test_a_paper_reads_the_same_from_every_source(server: ArxivServer) -> None:
    one = WORLD.told(TUESDAY, "cs.LG")[0].paper
    found = [
        feed.parse(get(queries.atom_url(server.url, "cs.LG")).content).entries[0],
        feed.parse(get(queries.rss_url(server.url, "cs.LG")).content).entries[0],
        listing_page.parse(get(queries.list_url(server.url, "cs.LG")).content).entries[0],
        api.parse(get(queries.ids_url(server.url, [one.arxiv_id])).content).entries[0],
    ]
    for entry in found:
        assert (entry.title, entry.abstract) == (one.title, one.abstract)
        assert tuple(author.name for author in entry.authors) == one.authors
        assert entry.categories == one.categories


def test_days_without_a_listing_are_empty_and_the_page_stays(
    server: ArxivServer, clock: Clock
) -> None:
    for date in (SATURDAY, dt.date(2026, 6, 22)):
        clock.now = calendar.at(date, dt.time(12))
        parsed = feed.parse(get(queries.rss_url(server.url, "cs.DC")).content)
        assert (parsed.date, parsed.total) == (date, 0)
        page = listing_page.parse(get(queries.list_url(server.url, "cs.DC")).content)
        assert page.date == dt.date(2026, 6, 19)


def test_the_api_finds_papers_by_submission_and_leaves_out_unknown_ones(
    server: ArxivServer, clock: Clock
) -> None:
    clock.now = calendar.at(SATURDAY, dt.time(12))
    first, last = HOLIDAY.submission_window(TUESDAY)
    answer = api.parse(get(queries.window_url(server.url, "cs.DC", first, last)).content)
    new = {one[0] for one in expected(TUESDAY, "cs.DC") if one[1] in {"new", "cross"}}
    assert {entry.arxiv_id for entry in answer.entries} == new
    ids = [*sorted(new), "2601.99999"]
    assert len(api.parse(get(queries.ids_url(server.url, ids)).content).entries) == len(new)


def test_what_goes_wrong_does_so_in_its_time_only(server: ArxivServer, clock: Clock) -> None:
    url = queries.atom_url(server.url, "cs.DC")
    end = clock.now + dt.timedelta(hours=1)
    server.during(clock.now, end, "/atom/", status(429, "60"))
    answer = get(url)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
    clock.now = end
    assert get(url).status_code == 200


@pytest.mark.parametrize("behaviour", [stale, empty, truncated(2)])
def test_a_feed_can_be_wrong_under_todays_date(server: ArxivServer, behaviour: object) -> None:
    server.during(server.clock(), server.clock() + dt.timedelta(1), "/", behaviour)  # type: ignore[arg-type]
    parsed = feed.parse(get(queries.rss_url(server.url, "cs.LG")).content)
    assert parsed.date == TUESDAY
    assert told(parsed.entries) in (
        expected(MONDAY, "cs.LG"), [], expected(TUESDAY, "cs.LG")[-2:]
    )  # fmt: skip


def test_an_answer_can_break_off_or_be_no_feed_at_all(server: ArxivServer) -> None:
    begun, end = server.clock(), server.clock() + dt.timedelta(1)
    server.during(begun, end, "/rss/", broken)
    server.during(begun, end, "/atom/", says(rendering.CAPTCHA))
    with pytest.raises(httpx.RemoteProtocolError):
        get(queries.rss_url(server.url, "cs.DC"))
    assert b"Automated Access" in get(queries.atom_url(server.url, "cs.DC")).content


def test_who_has_it_already_is_told_so_and_every_request_is_kept(server: ArxivServer) -> None:
    url = queries.atom_url(server.url, "cs.DC")
    tag = get(url).headers["etag"]
    assert get(url, **{"If-None-Match": tag}).status_code == 304
    assert [asked.path for asked in server.requests] == ["/atom/cs.DC"] * 2
    assert server.requests[1].headers["If-None-Match"] == tag

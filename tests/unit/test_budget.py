"""A mail never outgrows its budget, and no paper is lost on the way."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.compose.budget import (
    FIRST_ENTRIES,
    MAX_DECODED,
    MAX_ENCODED,
    Layout,
    Size,
    Sizes,
    fit,
)
from newsletter.compose.choosing import Digest, WantedSection, choose_days

DAY = dt.date(2026, 2, 3)


def digest_of(*sections: list[int], cards: bool = True, limit: int | None = None) -> Digest:
    wanted = [
        WantedSection(number, f"s{number}", cards=cards, is_keyword=True, limit=limit)
        for number in range(len(sections))
    ]
    return Digest(DAY, DAY, choose_days(wanted, {DAY: dict(enumerate(sections))}))


def sizes_of(
    *, card: int = 1200, line: int = 200, heading: int = 150, frame: int = 6000, more: int = 150
) -> Sizes:
    def size(decoded: int) -> Size:
        return Size(decoded, decoded + decoded // 14)

    return Sizes(
        frame=size(frame),
        day=size(150),
        heading=lambda label: size(heading),
        more=size(more),
        dropped=size(more),
        cards=defaultdict(lambda: size(card)),
        lines=defaultdict(lambda: size(line)),
    )


def weight(digest: Digest, layout: Layout, sizes: Sizes) -> Size:
    """Counted anew, apart from the code under test."""
    total = sizes.frame
    for _ in digest.days:
        total += sizes.day
    for section in layout.sections:
        total += sizes.heading(section.section.label)
        for index, paper in enumerate(section.entries):
            total += (sizes.cards if index < section.cards else sizes.lines)[paper]
        total += sizes.more if section.more else Size()
    return total + (sizes.dropped if layout.dropped_sections else Size())


def papers(start: int, number: int) -> list[int]:
    return list(range(start, start + number))


def cards_of(layout: Layout) -> list[int]:
    return [section.cards for section in layout.sections]


def shown_of(layout: Layout) -> list[int]:
    return [len(section.entries) for section in layout.sections]


def test_what_fits_is_shown_whole() -> None:
    layout = fit(digest_of(papers(1, 20), papers(101, 10)), sizes_of())
    assert cards_of(layout) == shown_of(layout) == [20, 10]
    assert layout.more == 0


def test_the_last_cards_turn_into_lines_first_and_nothing_is_dropped() -> None:
    layout = fit(digest_of(papers(1, 50), papers(101, 50)), sizes_of())
    assert shown_of(layout) == [50, 50]
    first, second = cards_of(layout)
    assert first == 50
    assert 0 < second < 50


def test_the_longest_sections_lose_first() -> None:
    layout = fit(digest_of(papers(1, 900), papers(1001, 8)), sizes_of())
    assert cards_of(layout) == [0, 0]
    assert shown_of(layout)[1] == 8
    assert layout.sections[0].more == 900 - shown_of(layout)[0] > 0


def test_every_section_keeps_its_heading_and_first_entries() -> None:
    digest = digest_of(*[papers(1000 * number, 100) for number in range(60)])
    layout = fit(digest, sizes_of())
    assert len(layout.sections) == 60
    assert min(shown_of(layout)) >= FIRST_ENTRIES


def test_where_even_those_do_not_fit_headings_stay_before_papers() -> None:
    digest = digest_of(*[papers(1000 * number, 100) for number in range(200)])
    layout = fit(digest, sizes_of())
    assert len(layout.sections) == 200
    assert layout.shown + layout.more == digest.total


def test_where_not_even_the_headings_fit_the_last_are_counted_together() -> None:
    digest = digest_of(*[papers(1000 * number, 2) for number in range(900)])
    layout = fit(digest, sizes_of())
    assert layout.dropped_sections == 900 - len(layout.sections) > 0
    assert layout.shown + layout.more == digest.total


def test_a_paper_cut_above_may_show_below() -> None:
    digest = digest_of(papers(1, 900), [899, 900])
    layout = fit(digest, sizes_of())
    assert layout.sections[1].entries == (899, 900)
    assert layout.sections[1].above == 0
    assert layout.shown + layout.more == digest.total


def test_stand_above_counts_only_what_is_visible_above() -> None:
    layout = fit(digest_of(papers(1, 900), [1, 900, 2001]), sizes_of())
    assert layout.sections[1].above == 1
    assert layout.sections[1].entries == (900, 2001)


def test_a_limit_cuts_what_is_shown_and_the_rest_is_counted() -> None:
    layout = fit(digest_of(papers(1, 10), limit=3), sizes_of())
    assert shown_of(layout) == [3]
    assert layout.sections[0].more == 7


def test_a_paper_beyond_a_limit_may_show_below() -> None:
    layout = fit(digest_of([1, 2, 3], [3, 4], limit=2), sizes_of())
    assert [section.entries for section in layout.sections] == [(1, 2), (3, 4)]
    assert layout.more == 0


def test_encoded_bytes_count_too() -> None:
    sizes = sizes_of()
    wide = Sizes(
        frame=sizes.frame,
        day=sizes.day,
        heading=sizes.heading,
        more=sizes.more,
        dropped=sizes.dropped,
        cards=defaultdict(lambda: Size(1000, 3000)),
        lines=defaultdict(lambda: Size(200, 600)),
    )
    digest = digest_of(papers(1, 60))
    layout = fit(digest, wide)
    assert 0 < layout.sections[0].cards < 60
    assert weight(digest, layout, wide).encoded <= MAX_ENCODED


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.integers(1, 400), unique=True, max_size=150), min_size=1, max_size=70),
    st.integers(300, 6000),
    st.integers(120, 1200),
    st.sampled_from([None, 1, 7, 40]),
    st.integers(1, 6),
)
def test_never_over_budget_and_every_paper_shown_or_counted_once(
    sections: list[list[int]], card: int, line: int, limit: int | None, days: int
) -> None:
    wanted = [
        WantedSection(number, f"s{number}", cards=number % 2 == 0, is_keyword=True, limit=limit)
        for number in range(len(sections))
    ]
    found = {DAY + dt.timedelta(day): dict(enumerate(sections[day:])) for day in range(days)}
    digest = Digest(DAY, DAY + dt.timedelta(6), choose_days(wanted, found))
    sizes = sizes_of(card=max(card, line), line=line)
    layout = fit(digest, sizes)
    total = weight(digest, layout, sizes)
    assert total.decoded <= MAX_DECODED
    assert total.encoded <= MAX_ENCODED
    shown = [paper for section in layout.sections for paper in section.entries]
    assert len(shown) == len(set(shown))
    assert layout.shown + layout.more == digest.total


@pytest.mark.parametrize("number", [0, 1])
def test_small_digests_pass_through(number: int) -> None:
    assert fit(digest_of(papers(1, number)), sizes_of()).shown == number

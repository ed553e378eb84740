"""What a digest holds, and what its numbers say."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from newsletter.compose.choosing import Digest, DigestDay, WantedSection, choose_days

MONDAY, TUESDAY = dt.date(2026, 2, 2), dt.date(2026, 2, 3)
CATEGORY = WantedSection(1, "cs.DC", cards=True, is_keyword=False)
LEARNING = WantedSection(2, "learning", cards=False, is_keyword=True)
SPEED = WantedSection(3, "speed", cards=False, is_keyword=True)


def one_day(wanted: list[WantedSection], found: dict[int, list[int]]) -> DigestDay:
    (day,) = choose_days(wanted, {MONDAY: found})
    return day


def test_a_keyword_section_leaves_out_what_a_category_above_it_holds() -> None:
    category, learning = one_day([CATEGORY, LEARNING], {1: [10, 11], 2: [11, 12]}).sections
    assert category.paper_ids == (10, 11)
    assert learning.paper_ids == (12,)
    assert (learning.total, learning.above) == (1, 0)


def test_a_keyword_section_above_a_category_keeps_its_papers() -> None:
    learning, category = one_day([LEARNING, CATEGORY], {1: [10, 11], 2: [11, 12]}).sections
    assert learning.paper_ids == (11, 12)
    assert (category.total, category.shown, category.above) == (2, (10,), 1)


def test_a_paper_of_two_keyword_sections_counts_in_both_and_is_shown_in_the_first() -> None:
    learning, speed = one_day([LEARNING, SPEED], {2: [1, 2, 3], 3: [3, 4]}).sections
    assert learning.shown == (1, 2, 3)
    assert (speed.total, speed.shown, speed.above) == (2, (4,), 1)


def test_a_limit_does_not_change_the_total() -> None:
    limited = WantedSection(1, "cs.DC", cards=True, is_keyword=False, limit=1)
    (section,) = one_day([limited], {1: [1, 2, 3]}).sections
    assert (section.total, section.limit) == (3, 1)


def test_a_section_that_found_nothing_of_its_own_is_left_out() -> None:
    day = one_day([CATEGORY, LEARNING], {1: [1, 2], 2: [2]})
    assert [section.label for section in day.sections] == ["cs.DC"]


def test_a_day_without_papers_is_left_out() -> None:
    assert choose_days([CATEGORY], {MONDAY: {}, TUESDAY: {9: [1]}}) == ()


def test_days_stand_in_order() -> None:
    days = choose_days([CATEGORY], {TUESDAY: {1: [2]}, MONDAY: {1: [1]}})
    assert [day.date for day in days] == [MONDAY, TUESDAY]


def test_a_paper_on_two_days_of_a_week_is_shown_on_the_first() -> None:
    first, second = choose_days([CATEGORY], {MONDAY: {1: [1, 2]}, TUESDAY: {1: [2, 3]}})
    assert first.sections[0].shown == (1, 2)
    assert (second.sections[0].total, second.sections[0].shown) == (2, (3,))
    assert second.total == 2


def test_a_category_takes_papers_from_keyword_sections_of_its_own_day_only() -> None:
    _, second = choose_days(
        [CATEGORY, LEARNING], {MONDAY: {1: [1]}, TUESDAY: {1: [2], 2: [1, 2, 3]}}
    )
    learning = second.sections[1]
    assert (learning.total, learning.above, learning.shown) == (2, 1, (3,))


@given(
    st.lists(st.booleans(), min_size=1, max_size=5),
    st.lists(st.lists(st.lists(st.integers(1, 30), unique=True), min_size=5, max_size=5)),
)
def test_every_paper_found_is_shown_exactly_once(
    keyword: list[bool], listed: list[list[list[int]]]
) -> None:
    wanted = [
        WantedSection(number, str(number), cards=True, is_keyword=is_keyword)
        for number, is_keyword in enumerate(keyword)
    ]
    found = {MONDAY + dt.timedelta(index): dict(enumerate(day)) for index, day in enumerate(listed)}
    digest = Digest(MONDAY, TUESDAY, choose_days(wanted, found))
    of_wanted = {
        paper for day in found.values() for number in range(len(wanted)) for paper in day[number]
    }
    assert sorted(digest.paper_ids) == sorted(of_wanted)
    assert all(section.total == section.above + len(section.shown) for section in digest.sections)

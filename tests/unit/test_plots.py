"""Plots: well-formed SVG whatever the numbers, readable without colour and without eyes."""

from __future__ import annotations

import datetime as dt
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter import plots
from newsletter.admin.pace_picture import picture, told
from newsletter.delivery.pace import Minute, Pace
from newsletter.plots import Bars, Line, Plot

SVG = "{http://www.w3.org/2000/svg}"
_numbers = st.floats(0, 1e9, allow_nan=False)


def plot(*series: Bars | Line, title: str = "Mails", description: str = "Few.") -> Plot:
    return Plot(title, description, series, x_label=str, y_label=str)


def parsed(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)  # noqa: S314 (our own)


def places(text: str) -> list[float]:
    """Every number of the paths."""
    paths = [one.get("d", "") for one in parsed(text).iter(f"{SVG}path")]
    return [float(number) for path in paths for number in re.findall(r"-?\d+\.?\d*", path)]


@given(
    st.lists(st.tuples(_numbers, _numbers), max_size=30),
    st.lists(st.tuples(_numbers, st.none() | _numbers), max_size=30),
    st.floats(0, 1e6),
)
def test_any_numbers_give_a_drawing_within_its_frame(
    bars: list[tuple[float, float]], line: list[tuple[float, float | None]], width: float
) -> None:
    drawn = plots.svg(plot(Bars(sorted(bars), width), Line(sorted(line, key=lambda p: p[0]), "x")))
    assert parsed(drawn).get("viewBox") == f"0 0 {plots.WIDTH} {plots.HEIGHT}"
    assert all(-plots.HEIGHT <= place <= plots.WIDTH + 1 for place in places(drawn))


@given(
    st.floats(-1e9, 1e9), st.floats(1e-3, 1e9), st.integers(1, 10),
    st.sampled_from([plots.ROUND, plots.ROUND_TIMES]),
)  # fmt: skip
def test_ticks_are_few_and_within_the_range(
    least: float, span: float, count: int, steps: tuple[float, ...]
) -> None:
    most = least + span
    found = plots.ticks(least, most, count, steps)
    assert len(found) <= count + 1
    slack = 1e-9 * max(abs(least), abs(most), 1)
    assert all(least - slack <= value <= most + slack for value in found)


def test_ticks_of_a_day_are_whole_hours() -> None:
    assert plots.ticks(0, 86400, 6, plots.ROUND_TIMES) == [0, 21600, 43200, 64800, 86400]
    assert plots.ticks(0, 37, 4) == [0, 10, 20, 30]
    assert plots.ticks(5, 5, 4) == [5]


def test_title_and_description_are_said_to_those_who_cannot_see_it() -> None:
    drawn = parsed(plots.svg(plot(Line([(0, 1)], "mean"), title="A & <b>", description='"q"')))
    assert drawn.get("role") == "img"
    ids = drawn.get("aria-labelledby", "").split()
    found = {one.get("id"): one.text for one in drawn if one.tag in {f"{SVG}title", f"{SVG}desc"}}
    assert [found[one] for one in ids] == ["A & <b>", '"q"']


def test_colours_are_the_pages_own_and_nothing_runs() -> None:
    drawn = plots.svg(plot(Bars([(0, 1)], 1), Line([(0, 1), (1, 2)], "mean", is_dashed=True)))
    assert set(re.findall(r'(?:fill|stroke)="([^"]+)"', drawn)) == {"currentColor", "none"}
    assert not re.search(r"<script|<style|\bon\w+=|href", drawn)
    assert "stroke-dasharray" in drawn


def test_a_gap_is_not_bridged() -> None:
    drawn = parsed(plots.svg(plot(Line([(0, 1), (1, 1), (2, None), (3, 1)], "mean"))))
    last = list(drawn.iter(f"{SVG}path"))[-1].get("d", "")
    assert last.count("M") == 2
    assert last.count("L") == 1


# The pace of an issue


def pace(*minutes: tuple[int, int]) -> Pace:
    start = dt.datetime(2026, 2, 3, 7, tzinfo=dt.UTC)
    rows = [Minute(start + dt.timedelta(minutes=at), sent, 5.0, 9) for at, sent in minutes]
    return Pace(tuple(rows), 4, 8, 9)


def test_an_issue_of_which_nothing_was_sent_says_so() -> None:
    assert picture(Pace()) == "Nothing has been sent."


@pytest.mark.parametrize("minutes", [[(0, 3)], [(0, 9), (1, 12), (5, 1)], [(0, 1), (9000, 1)]])
def test_a_picture_has_two_plots_and_the_numbers_as_a_table(
    minutes: list[tuple[int, int]],
) -> None:
    drawn = picture(pace(*minutes))
    whole = parsed(f"<x>{drawn}</x>")
    assert len(list(whole.iter(f"{SVG}svg"))) == 2
    table = {row[0].text: row[1].text for row in whole.iter("tr")}
    assert table["Sent"] == f"{sum(sent for _, sent in minutes)}"
    assert table["Latency, 95 of 100 within"] == "8 s"
    assert len(drawn) < 20_000


def test_a_long_issue_is_drawn_in_few_bars_and_says_what_one_stands_for() -> None:
    drawn = picture(pace(*((at, 60) for at in range(1440))))
    assert "each bar the average of 11 minutes" in drawn
    (bars,) = re.findall(r'<path d="([^"]+)" fill="currentColor" fill-opacity', drawn)
    assert bars.count("M") <= 140


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (119, "119 s"), (120, "2 min"), (5400, "90 min"), (9000, "2.5 h"),
     (172800, "2 d")],
)  # fmt: skip
def test_lengths_of_time_are_told_in_the_unit_that_suits_them(seconds: int, text: str) -> None:
    assert told(seconds) == text

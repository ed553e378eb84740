"""How long arXiv is left alone."""

from __future__ import annotations

import datetime as dt

import pytest

from digest import breaker

SECOND, MINUTE = dt.timedelta(seconds=1), dt.timedelta(minutes=1)


@pytest.mark.parametrize(("failures", "seconds"), [(1, 30), (2, 60), (3, 120), (4, 240)])
def test_each_answer_that_says_busy_doubles_the_pause(failures: int, seconds: int) -> None:
    pause = breaker.pause(failures, busy=True)
    assert seconds * SECOND <= pause <= seconds * 1.2 * SECOND


@pytest.mark.parametrize(
    ("failures", "minutes"), [(4, 0), (5, 15), (6, 30), (7, 60), (8, 60), (900, 60)]
)
def test_five_failures_of_any_kind_bring_a_rest(failures: int, minutes: int) -> None:
    pause = breaker.pause(failures)
    assert minutes * MINUTE <= pause <= minutes * 1.2 * MINUTE


def test_the_server_may_ask_for_longer_but_not_for_ever() -> None:
    assert breaker.pause(1, busy=True, retry_after=10 * MINUTE) == 10 * MINUTE
    assert breaker.pause(1, busy=True, retry_after=SECOND) >= 30 * SECOND
    assert breaker.pause(1, busy=True, retry_after=-5 * MINUTE) >= 30 * SECOND
    assert breaker.pause(1, busy=True, retry_after=dt.timedelta(days=9)) == breaker.LONGEST


def test_pauses_differ_so_that_not_all_come_back_at_once() -> None:
    assert len({breaker.pause(1, busy=True) for _ in range(20)}) > 10

"""Pausing: an issue whose mails fail one after another waits for the operator's word."""

from __future__ import annotations

import datetime as dt
import itertools
import threading

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries, Settings

from newsletter.compose.notices import compose_notice
from newsletter.delivery import notices, pausing
from newsletter.delivery.pausing import Ended
from newsletter.models import Issue, Notice
from tests.db.mailing import NOON, make_reader, planned
from tests.make import DAY

REPLY = "550 5.7.1 not from you"


@pytest.fixture(autouse=True)
def operator(settings: Settings) -> None:
    settings.ADMIN_EMAIL = "operator@example.org"
    settings.PAUSE_AFTER_FAILURES = 3


def make_issue(day: int = 0) -> Issue:
    date = DAY + dt.timedelta(days=day)
    return Issue.objects.create(cadence="daily", first_date=date, last_date=date)


def chunk(issue: Issue, outcomes: str) -> list[Ended]:
    """``s`` was sent, ``f`` failed, ``b`` was blocked."""
    return [Ended(issue.pk, one != "s", REPLY, one == "b") for one in outcomes]


def is_paused(issue: Issue) -> bool:
    return Issue.objects.get(pk=issue.pk).paused_at is not None


@given(st.text("sf", max_size=40), st.lists(st.integers(0, 40), max_size=5))
def test_runs_are_counted_the_same_however_outcomes_are_cut_into_chunks(
    outcomes: str, cuts: list[int]
) -> None:
    at_once = pausing.in_a_row(0, (one == "f" for one in outcomes))
    edges = [0, *sorted(cuts), len(outcomes)]
    longest = run = 0
    for start, end in itertools.pairwise(edges):
        most, run = pausing.in_a_row(run, (one == "f" for one in outcomes[start:end]))
        longest = max(longest, most)
    assert (longest, run) == at_once
    assert longest == max(map(len, outcomes.split("s")))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("chunks", "pauses"),
    [
        (["fff"], True),
        (["sssfffs"], True),
        (["ff", "f"], True),
        (["sff", "fs"], True),
        (["ff", "s", "ff"], False),
        (["ff", "sff"], False),
        (["ffs", "ffs"], False),
        (["ssbss"], True),
        (["sss"], False),
        ([""], False),
    ],
)
def test_so_many_failures_in_a_row_or_a_block_pause(chunks: list[str], pauses: bool) -> None:
    issue = make_issue()
    paused = [pausing.look(chunk(issue, one), NOON) for one in chunks]
    assert is_paused(issue) == pauses
    assert paused[-1] == ([issue.pk] if pauses else [])


@pytest.mark.django_db
def test_each_issue_of_a_chunk_is_counted_by_itself() -> None:
    one, other = make_issue(0), make_issue(1)
    mixed = [
        ended for pair in zip(chunk(one, "fff"), chunk(other, "fsf"), strict=True) for ended in pair
    ]
    assert pausing.look(mixed, NOON) == [one.pk]
    assert not is_paused(other)


@pytest.mark.django_db
def test_the_operator_is_told_once_what_happened_and_where_the_button_is(
    settings: Settings,
) -> None:
    settings.SITE_URL = "https://post.example.org"
    issue = planned(make_reader(), make_reader())
    pausing.look(chunk(issue, "fff"), NOON)
    pausing.look(chunk(issue, "fff"), NOON)
    assert not pausing.pause(issue, "again", NOON)
    alert = Notice.objects.get()
    assert (alert.kind, alert.address, alert.status) == (
        "alert", "operator@example.org", "queued",
    )  # fmt: skip
    text = alert.context["text"]
    assert alert.context["subject"] == "the issue daily 2026-02-03 is paused"
    assert "3 deliveries in a row failed" in text
    assert "2 of its deliveries wait" in text
    assert REPLY in text
    assert f"https://post.example.org/admin/newsletter/issue/{issue.pk}/change/" in text
    alert.mail_date, alert.message_id = NOON, "<x@localhost>"
    assert b"the issue daily 2026-02-03 is paused" in compose_notice(alert).raw
    issue.refresh_from_db()
    assert issue.paused_because == f"3 deliveries in a row failed; the last reply: {REPLY}"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["", "nonsense"])
def test_an_issue_is_paused_also_where_nobody_can_be_told(address: str, settings: Settings) -> None:
    settings.ADMIN_EMAIL = address
    issue = make_issue()
    assert pausing.look(chunk(issue, "b"), NOON) == [issue.pk]
    assert not Notice.objects.exists()


@pytest.mark.django_db
def test_a_pause_and_its_alert_come_together_or_not_at_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(notices, "queue", broken)
    issue = make_issue()
    with pytest.raises(RuntimeError):
        pausing.pause(issue, "why", NOON)
    assert not is_paused(issue)


@pytest.mark.django_db
def test_after_going_on_old_failures_do_not_count() -> None:
    issue = make_issue()
    pausing.look(chunk(issue, "fff"), NOON)
    assert pausing.go_on(issue, NOON)
    assert not pausing.go_on(issue, NOON)
    issue.refresh_from_db()
    assert (issue.paused_at, issue.paused_because, issue.resumed_at) == (None, "", NOON)
    assert pausing.look(chunk(issue, "ff"), NOON) == []
    assert pausing.look(chunk(issue, "f"), NOON) == [issue.pk]


@pytest.mark.django_db
def test_after_going_on_a_single_block_is_one_failure_like_others() -> None:
    issue = make_issue()
    pausing.look(chunk(issue, "b"), NOON)
    pausing.go_on(issue, NOON)
    assert pausing.look(chunk(issue, "sbsbs"), NOON) == []
    assert pausing.look(chunk(issue, "bbb"), NOON) == [issue.pk]


@pytest.mark.django_db
def test_paused_issues_are_left_out_until_somebody_says_go_on() -> None:
    one, other = make_issue(0), make_issue(1)
    pausing.pause(one, "why", NOON)
    assert list(pausing.not_paused(Issue.objects.all())) == [other]
    pausing.go_on(one, NOON)
    assert set(pausing.not_paused(Issue.objects.all())) == {one, other}


@pytest.mark.django_db
def test_a_chunk_without_a_failure_costs_one_read(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    issue = make_issue()
    with django_assert_num_queries(1):
        pausing.look(chunk(issue, "s" * 200), NOON)
    with django_assert_num_queries(0):
        pausing.look([], NOON)


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_time_count_together_and_pause_once(settings: Settings) -> None:
    settings.PAUSE_AFTER_FAILURES = 20
    issue = make_issue()
    paused: list[int] = []
    at_once = threading.Barrier(4)

    def work() -> None:
        at_once.wait()
        try:
            for _ in range(5):
                paused.extend(pausing.look(chunk(issue, "f"), NOON))
        finally:
            connection.close()

    # A database in memory, as the tests on SQLite have it, belongs to one thread.
    if connection.vendor == "sqlite":
        for _ in range(20):
            paused.extend(pausing.look(chunk(issue, "f"), NOON))
    else:
        workers = [threading.Thread(target=work) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    assert Issue.objects.get().failures_in_a_row == 20
    assert paused == [issue.pk]
    assert Notice.objects.count() == 1

"""Who got what: how fast an issue went out, how late, what came back, what a reader was sent."""

from __future__ import annotations

import datetime as dt
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from newsletter.delivery import pace, reporting
from newsletter.models import Bounce, Complaint, Delivery, Issue, Subscriber
from tests.db.mailing import NOON, make_reader, planned, release
from tests.make import DAY, make_listing

SECOND = dt.timedelta(seconds=1)
DUE = dt.datetime(2026, 2, 3, 7, tzinfo=dt.UTC)  # the hour that readers have by default


@given(st.lists(st.integers(0, 500), min_size=1, max_size=300))
def test_quantiles_are_those_of_the_sorted_values(values: list[int]) -> None:
    counted = [(value, values.count(value)) for value in sorted(set(values))]
    ordered = sorted(values)
    expected = [ordered[-(-len(values) * share // 100) - 1] for share in (50, 95, 100)]
    assert list(pace.quantiles(counted, len(values))) == expected


def test_quantiles_of_nothing_are_zero() -> None:
    assert pace.quantiles([], 0) == (0, 0, 0)


def sent(*seconds: int) -> Issue:
    """An issue planned before it was due, whose mails went out so many seconds after that."""
    readers = [make_reader() for _ in seconds]
    issue = planned(*readers, now=DUE - dt.timedelta(minutes=30))
    make_listing(DAY, status="released", released_at=DUE - dt.timedelta(minutes=40))
    for row, late in zip(Delivery.objects.order_by("pk"), seconds, strict=True):
        Delivery.objects.filter(pk=row.pk).update(
            status="sent", sent_at=DUE + late * SECOND + SECOND / 3, reply="250 ok", attempts=1
        )
    return issue


@pytest.mark.django_db
def test_mails_are_counted_by_the_minute_and_latencies_from_when_they_were_due() -> None:
    speed = pace.pace(sent(0, 10, 59, 60, 300))
    assert [(minute.at, minute.sent) for minute in speed.minutes] == [
        (DUE, 3),
        (DUE + 60 * SECOND, 1),
        (DUE + 300 * SECOND, 1),
    ]
    assert speed.minutes[0].mean_latency == pytest.approx(23)
    assert speed.minutes[0].longest_latency == 59
    assert (speed.p50, speed.p95, speed.longest) == (59, 300, 300)
    assert (speed.peak, speed.sent) == (3, 5)
    assert speed.mean == pytest.approx(5 / 3)


@pytest.mark.django_db
def test_a_late_release_or_a_late_planning_is_no_latency_of_the_mail() -> None:
    issue = sent(3600)
    make_listing(DAY, status="released", released_at=DUE + 3590 * SECOND)
    assert pace.pace(issue).longest == 10
    Delivery.objects.update(created_at=DUE + 3595 * SECOND)
    assert pace.pace(issue).longest == 5
    make_listing(DAY, status="released", released_at=DUE + 4000 * SECOND)
    assert pace.pace(issue).longest == 0


@pytest.mark.django_db
def test_an_issue_of_which_nothing_was_sent_has_no_pace() -> None:
    assert pace.pace(planned(make_reader())) == pace.Pace()


@pytest.mark.django_db
def test_the_pace_costs_three_queries_whatever_the_number_of_mails(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    issue = sent(*range(30))
    with django_assert_num_queries(3):
        pace.pace(issue)


@pytest.mark.django_db
def test_of_many_reasons_the_commonest_are_told_and_the_rest_is_counted() -> None:
    issue = planned(*(make_reader() for _ in range(30)))
    for number, row in enumerate(Delivery.objects.all()):
        reason = "refused: 550 no" if number < 5 else f"refused: 550 <{number}@example.org>"
        Delivery.objects.filter(pk=row.pk).update(status="failed", reason=reason)
    reasons = reporting.report(issue).reasons["failed"]
    assert reasons.pop("refused: 550 no") == 5
    assert reasons.pop(reporting.OTHER_REASONS) == 25 - (reporting.MOST_REASONS - 1)
    assert set(reasons.values()) == {1}


@pytest.mark.django_db
def test_what_is_not_kept_any_more_is_still_counted() -> None:
    issue = planned(make_reader())
    issue.counts = {"sent": 7, "queued": 1}
    issue.save()
    assert reporting.report(issue).counts["sent"] == 7
    assert reporting.report(issue).counts["queued"] == 2
    assert reporting.tally([issue]) == {issue.pk: {"sent": 7, "queued": 2}}


# The command


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("delivery_report", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_the_report_says_how_fast_how_late_and_what_came_back() -> None:
    issue = sent(1, 2, 90)
    row = Delivery.objects.all()[0]
    Bounce.objects.create(subscriber=row.subscriber, delivery=row, kind="hard", received_at=NOON)
    Complaint.objects.create(subscriber=row.subscriber, delivery=row, received_at=NOON)
    Issue.objects.filter(pk=issue.pk).update(paused_at=NOON, paused_because="3 in a row")
    told = run("--date", "2026-02-03")
    assert "  mails per minute: 2 at most, 2 on average\n" in told
    assert "  latency: p50 2 s, p95 90 s, max 90 s\n" in told
    assert "  came back since: 1 hard, 0 soft, 1 complaints\n" in told
    assert "  paused since 2026-02-03 12:00 UTC: 3 in a row\n" in told
    (found,) = json.loads(run("--date", "2026-02-03", "--format", "json"))
    assert found["mails_per_minute"] == {"peak": 2, "mean": 1.5}
    assert found["latency_seconds"] == {"p50": 2, "p95": 90, "max": 90}
    assert (found["bounces"], found["complaints"]) == ({"hard": 1, "soft": 0}, 1)
    assert found["minutes"][0] == {"at": "2026-02-03T07:00:00Z", "sent": 2}
    assert (found["paused_because"], found["total"]) == ("3 in a row", 3)
    assert len(found["deliveries"]) == 3


@pytest.mark.django_db
@pytest.mark.parametrize("readers", [0, 1, 2, 3])
def test_json_is_whole_whatever_the_number_of_issues_and_rows(readers: int) -> None:
    release()
    for cadence in ("daily", "weekly"):
        first = DAY if cadence == "daily" else DAY - dt.timedelta(days=6)
        issue = Issue.objects.create(cadence=cadence, first_date=first, last_date=DAY)
        for number in range(readers):
            Delivery.objects.create(
                issue=issue, subscriber=make_reader(f"ü{number}.{cadence}@example.org"),
                due_at=NOON, next_attempt_at=NOON,
            )  # fmt: skip
    found = json.loads(run("--date", "2026-02-03", "--format", "json"))
    assert [issue["cadence"] for issue in found] == ["daily", "weekly"]
    assert [len(issue["deliveries"]) for issue in found] == [readers, readers]


@pytest.mark.django_db
def test_one_subscribers_history_is_told_latest_first() -> None:
    reader = make_reader("one@example.org")
    planned(reader)
    Delivery.objects.update(status="skipped", reason="empty: 9 papers looked at")
    later = DAY + dt.timedelta(days=1)
    other = Issue.objects.create(cadence="daily", first_date=later, last_date=later)
    tomorrow = NOON + dt.timedelta(days=1)
    Delivery.objects.create(
        issue=other, subscriber=reader, due_at=tomorrow, next_attempt_at=tomorrow,
        status="sent", sent_at=tomorrow, attempts=3, reply="250 ok",
    )  # fmt: skip
    head, first, second = run("--to", "One@Example.org").splitlines()
    assert head == "one@example.org: active"
    told = "sent 2026-02-04 12:00 daily 2026-02-04 250 ok (3 attempts)"
    assert first.split() == told.split()
    assert second.split()[:3] == ["skipped", "daily", "2026-02-03"]
    assert "empty: 9 papers looked at" in second
    found = json.loads(run("--to", "one@example.org", "--format", "json"))
    assert [row["last_date"] for row in found["deliveries"]] == ["2026-02-04", "2026-02-03"]
    (issue,) = json.loads(
        run("--date", "2026-02-03", "--to", "one@example.org", "--format", "json")
    )
    assert [row["status"] for row in issue["deliveries"]] == ["skipped"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "give --date, or --to"),
        (["--to", "nobody@example.org"], "no subscriber has the address"),
        (["--to", "nonsense"], "no subscriber has the address nonsense"),
    ],
)
def test_bad_input_ends_with_one_clear_line(arguments: list[str], complaint: str) -> None:
    with pytest.raises(CommandError, match=complaint):
        run(*arguments)


@pytest.mark.django_db
def test_the_report_of_a_large_issue_costs_as_many_queries_as_that_of_a_small_one(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    sent(1)
    with django_assert_max_num_queries(20) as few:
        run("--date", "2026-02-03", "--format", "json")
    Subscriber.objects.all().delete()
    sent(*range(50))
    with django_assert_max_num_queries(len(few)):
        run("--date", "2026-02-03", "--format", "json")

"""Pausing: nothing before the date, then the latest issue, nothing twice."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from newsletter import followed, tasks
from newsletter.delivery import planning, suppression
from newsletter.models import Delivery, Subscriber, Suppression
from newsletter.signup import pausing, subscribing
from tests.db.mailing import NOON, UTC, Wire, compose, make_reader, planned, release, send_due
from tests.make import DAY, make_section, make_subscriber, subscribe

pytestmark = pytest.mark.django_db
Status = Subscriber.Status
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
WEDNESDAY = DAY + dt.timedelta(days=1)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=UTC)


def paused(until: dt.date | None = DAY, **fields: Any) -> Subscriber:
    reader = make_reader(**fields)
    pausing.pause(reader, until)
    reader.refresh_from_db()
    return reader


def test_a_pause_ends_at_the_readers_own_hour_of_that_day_and_the_latest_issue_is_due() -> None:
    reader = paused(timezone="Asia/Kathmandu", send_hour=18)  # 12:15 in UTC
    issue = planned(make_reader())
    assert pausing.resume_due(at("2026-02-03T12:19")) == 0
    assert Delivery.objects.filter(subscriber=reader).count() == 0
    now = at("2026-02-03T12:20")
    assert pausing.resume_due(now) == 1
    reader.refresh_from_db()
    assert (reader.status, reader.paused_until) == (Status.ACTIVE, None)
    delivery = Delivery.objects.get(subscriber=reader)
    assert (delivery.issue, delivery.due_at, delivery.next_attempt_at) == (issue, now, now)


@pytest.mark.parametrize(
    ("zone", "hour", "comes_back"),
    [
        ("Pacific/Kiritimati", 0, "2026-02-02T10:05"),
        ("Pacific/Pago_Pago", 23, "2026-02-04T10:05"),
        ("Europe/Berlin", 7, "2026-02-03T06:05"),
        ("No/Such_Zone", 7, "2026-02-03T07:05"),
    ],
)
def test_the_day_is_that_of_the_readers_zone(zone: str, hour: int, comes_back: str) -> None:
    paused(timezone=zone, send_hour=hour)
    assert pausing.resume_due(at(comes_back) - MINUTE) == 0
    assert pausing.resume_due(at(comes_back)) == 1


@pytest.mark.parametrize(
    ("zone", "comes_back"),
    [("Europe/Berlin", "2026-02-03T06:05"), ("Pacific/Pago_Pago", "2026-02-04T06:05")],
)
def test_who_reads_at_the_release_comes_back_with_the_first_of_that_day(
    zone: str, comes_back: str
) -> None:
    paused(timezone=zone, send_when="release")
    assert pausing.resume_due(at(comes_back) - MINUTE) == 0
    assert pausing.resume_due(at(comes_back)) == 1


def test_resuming_twice_changes_nothing() -> None:
    paused()
    planned(make_reader())
    assert pausing.resume_due(NOON) == 1
    before = list(Delivery.objects.order_by("pk").values())
    assert pausing.resume_due(NOON + HOUR) == 0
    assert list(Delivery.objects.order_by("pk").values()) == before


def test_a_pause_without_end_is_ended_by_nobody_else() -> None:
    paused(until=None)
    assert pausing.resume_due(at("2036-02-03T12:00")) == 0


def test_a_date_long_gone_is_a_date_that_has_come() -> None:
    for until in (dt.date(1, 1, 1), dt.date(2026, 1, 1)):
        paused(until, timezone="Pacific/Kiritimati")
    paused(dt.date(9999, 12, 31), timezone="Pacific/Pago_Pago")
    assert pausing.resume_due(NOON) == 2


def test_one_issue_follows_a_pause_even_where_another_is_due_at_that_very_hour() -> None:
    reader = paused(timezone="Europe/Berlin", send_hour=7)  # 06:00, the release
    make_reader()
    planning.issue_for("daily", release(dt.date(2026, 2, 2)).date)
    release()
    for minute in range(-10, 30):
        now = at("2026-02-03T06:00") + minute * MINUTE
        pausing.resume_due(now)
        if minute >= 0:
            planning.plan_released(now)
    assert [row.issue.last_date for row in reader.deliveries.all()] == [DAY]


def test_nobody_gets_an_issue_again_after_a_pause() -> None:
    reader = make_reader(send_hour=7)
    planned(reader)
    wire = Wire()
    send_due(NOON, transport=wire, compose=compose)
    pausing.pause(reader, WEDNESDAY)
    assert pausing.resume_due(NOON + 24 * HOUR) == 1
    send_due(NOON + 24 * HOUR, transport=wire, compose=compose)
    assert len(wire.sent) == 1


def test_a_waiting_mail_is_taken_back_and_is_the_latest_issue_when_they_come_back() -> None:
    reader = make_reader(send_hour=18)
    issue = planned(reader)
    pausing.pause(reader, WEDNESDAY)
    wire, evening = Wire(), NOON + 7 * HOUR
    send_due(evening, transport=wire, compose=compose)
    assert not wire.sent
    assert pausing.resume_due(evening + 24 * HOUR) == 1
    send_due(evening + 24 * HOUR, transport=wire, compose=compose)
    assert [mail.recipient for mail in wire.sent] == [reader.address]
    assert reader.deliveries.get().issue == issue


@pytest.mark.parametrize(
    "fields", [{"attempts": 1}, {"message_id": "<x@y>"}, {"status": "failed", "reason": "no"}]
)
def test_a_pause_takes_nothing_back_that_was_tried(fields: dict[str, Any]) -> None:
    reader = make_reader()
    planned(reader)
    Delivery.objects.update(**fields)
    pausing.pause(reader)
    assert Delivery.objects.count() == 1


def test_a_weekly_reader_gets_the_latest_of_their_weekday() -> None:
    release()
    issue = planning.issue_for("weekly", dt.date(2026, 2, 8))  # sent on a Monday
    reader = paused(dt.date(2026, 2, 11), cadence="weekly", weekday=0, send_hour=7)
    other = paused(dt.date(2026, 2, 11), cadence="weekly", weekday=1, send_hour=7)
    assert pausing.resume_due(at("2026-02-11T07:05")) == 2
    assert reader.deliveries.get().issue == issue
    assert not other.deliveries.exists()


def test_resuming_by_hand_gives_the_latest_issue_at_once() -> None:
    planned(make_reader())
    reader = paused(until=None)
    assert pausing.resume(reader, NOON)
    assert reader.deliveries.get().due_at == NOON
    assert not pausing.resume(reader, NOON)


def test_who_may_not_be_written_to_comes_back_without_a_mail() -> None:
    planned(make_reader())
    suppression.suppress(paused(), Suppression.Reason.OPERATOR)
    pausing.pause(make_subscriber(), DAY)  # follows nothing
    before = Delivery.objects.count()
    assert pausing.resume_due(NOON) == 2
    assert Delivery.objects.count() == before


def test_only_an_active_subscriber_pauses_and_only_a_paused_one_resumes() -> None:
    for status in (Status.UNSUBSCRIBED, Status.PENDING):
        subscriber = make_subscriber(status=status)
        assert not pausing.pause(subscriber, DAY)
        assert not pausing.resume(subscriber, NOON)
        subscriber.refresh_from_db()
        assert (subscriber.status, subscriber.paused_until) == (status, None)


def test_the_date_of_a_pause_can_be_changed_and_taken_away() -> None:
    reader = paused()
    for until in (WEDNESDAY, None):
        pausing.pause(reader, until)
        reader.refresh_from_db()
        assert (reader.status, reader.paused_until) == (Status.PAUSED, until)


def test_who_leaves_or_signs_up_anew_is_not_paused_any_more() -> None:
    gone, back = paused(), paused()
    subscribing.unsubscribe(gone)
    subscribing.activate(back, NOON)
    assert not Subscriber.objects.filter(paused_until__isnull=False).exists()
    assert pausing.resume_due(NOON) == 0


def test_what_they_follow_is_fetched_while_they_are_to_come_back() -> None:
    subscribe(paused(), make_section("astro-ph.GA"))
    subscribe(paused(until=None), make_section("math.CO"))
    assert followed.subscribed_categories() == ["astro-ph.GA", "cs.DC"]


def test_many_come_back_in_a_handful_of_statements(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    planned(make_reader())
    section, many = make_section("cs.DC"), 60
    for _ in range(many):
        subscribe(make_subscriber(status="paused", paused_until=DAY), section)
    with django_assert_max_num_queries(20):
        assert pausing.resume_due(NOON) == many
    assert Delivery.objects.filter(due_at=NOON).count() == many


def test_more_than_a_chunk_come_back_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pausing, "_CHUNK", 3)
    planned(make_reader())
    for _ in range(7):
        paused()
    assert pausing.resume_due(NOON) == 7
    assert Delivery.objects.filter(due_at=NOON).count() == 7


def test_beat_resumes_whose_date_has_come() -> None:
    paused()
    tasks.resume()
    assert Subscriber.objects.get().status == Status.ACTIVE

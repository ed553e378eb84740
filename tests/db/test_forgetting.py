"""Forgetting: of an old issue only counts are kept, and nobody gets it twice for that."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db.models import QuerySet
from django.utils import timezone
from pytest_django import Settings

from newsletter import tasks
from newsletter.delivery import forgetting, planning
from newsletter.models import Bounce, Delivery, Fragment, Frame, Issue, Part
from tests.db.mailing import NOON, make_reader, planned
from tests.make import DAY, announce, make_paper

pytestmark = pytest.mark.django_db

OLD = NOON + dt.timedelta(days=91)
STATES = {"sent": 5, "failed": 2, "skipped": 1}


@pytest.fixture
def issue() -> Issue:
    """An issue with eight deliveries."""
    issue = planned(*(make_reader() for _ in range(sum(STATES.values()))))
    rows = list(Delivery.objects.order_by("pk"))
    for state, count in STATES.items():
        for _ in range(count):
            Delivery.objects.filter(pk=rows.pop().pk).update(
                status=state, sent_at=NOON, reason="" if state == "sent" else "x"
            )
    return issue


def counts(issue: Issue) -> dict[str, int]:
    return dict(Issue.objects.get(pk=issue.pk).counts)


def test_an_old_issue_keeps_its_counts_alone(issue: Issue) -> None:
    Bounce.objects.create(
        subscriber=Delivery.objects.all()[0].subscriber, delivery=Delivery.objects.all()[0],
        kind="hard", received_at=NOON,
    )  # fmt: skip
    assert not forgetting.forget(OLD, step=3)
    assert counts(issue) == STATES
    assert not Delivery.objects.exists()
    assert Bounce.objects.get().delivery is None


def test_a_younger_issue_is_kept_whole_and_the_days_are_a_setting(
    issue: Issue, settings: Settings
) -> None:
    assert not forgetting.forget(NOON + dt.timedelta(days=90))
    assert (counts(issue), Delivery.objects.count()) == ({}, 8)
    settings.DELIVERIES_KEPT_DAYS = 10
    forgetting.forget(NOON + dt.timedelta(days=11))
    assert counts(issue) == STATES


def test_running_it_again_changes_nothing(issue: Issue) -> None:
    forgetting.forget(OLD)
    forgetting.forget(OLD)
    assert counts(issue) == STATES


@pytest.mark.parametrize("killed_at", range(6))
def test_cut_off_anywhere_it_counts_nothing_twice_and_loses_nothing(
    issue: Issue, killed_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between the counting and the deletion of its n-th step."""
    steps = 0
    delete = QuerySet.delete

    def dying(rows: QuerySet[Delivery]) -> object:
        nonlocal steps
        steps += 1
        if steps == killed_at:
            raise KeyboardInterrupt
        return delete(rows)

    with monkeypatch.context() as patch:
        patch.setattr(QuerySet, "delete", dying)
        try:
            forgetting.forget(OLD, step=2)
        except KeyboardInterrupt:
            kept = sum(counts(issue).values()) + Delivery.objects.count()
            assert kept == sum(STATES.values())
    forgetting.forget(OLD, step=2)
    assert counts(issue) == STATES


def test_it_stops_when_its_time_is_up_and_says_that_there_is_more(issue: Issue) -> None:
    assert forgetting.forget(OLD, longest=dt.timedelta(0), step=3)
    assert (sum(counts(issue).values()), Delivery.objects.count()) == (3, 5)
    while forgetting.forget(OLD, longest=dt.timedelta(0), step=3):
        pass
    assert counts(issue) == STATES


def test_what_a_worker_has_in_its_hands_is_left(issue: Issue) -> None:
    sent = Delivery.objects.filter(status="sent")[0]
    Delivery.objects.filter(pk=sent.pk).update(status="sending", claim="0" * 32, lease_until=OLD)
    assert not forgetting.forget(OLD)
    assert list(Delivery.objects.all()) == [sent]


def test_nobody_gets_an_issue_again_because_it_was_forgotten(issue: Issue) -> None:
    reader = Delivery.objects.all()[0].subscriber
    forgetting.forget(OLD)
    issue.refresh_from_db()
    assert planning.plan(issue, OLD) == 0
    assert planning.plan_latest(reader, OLD) is None
    with pytest.raises(CommandError, match="is not kept any more, only how many did"):
        call_command("send_issue", "--date", "2026-02-03", "--missed")
    assert not Delivery.objects.exists()


def test_the_task_asks_for_the_rest(issue: Issue, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    left = iter([True, False])
    monkeypatch.setattr(forgetting, "forget", lambda now: next(left))
    monkeypatch.setattr(tasks.forget, "delay", lambda: asked.append(True))
    tasks.forget()
    tasks.forget()
    assert asked == [True]


# Fragments


def make_fragment(date: dt.date, made_at: dt.datetime) -> Fragment:
    paper = make_paper()
    announce(paper, date)
    fragment = Fragment.objects.create(
        paper=paper, style="card", content_key="k", template_version="1", html=b"", html_length=0,
        text=b"", text_length=0,
    )  # fmt: skip
    Fragment.objects.filter(pk=fragment.pk).update(created_at=made_at)
    return fragment


def test_a_fragment_goes_when_no_kept_delivery_can_show_it() -> None:
    old = make_fragment(DAY, NOON)
    announced_again = make_fragment(DAY, NOON)
    announce(announced_again.paper, OLD.date(), category="cs.LG", announce_type="cross")
    young = make_fragment(DAY, OLD)
    forgetting.forget(OLD)
    assert set(Fragment.objects.all()) == {announced_again, young}
    assert old.pk not in Fragment.objects.values_list("pk", flat=True)


def test_a_fragment_stays_as_long_as_a_kept_issue_carries_its_listing(issue: Issue) -> None:
    shown = make_fragment(DAY, NOON)
    Delivery.objects.filter(status="sent").update(status="sending", claim="0" * 32, lease_until=OLD)
    forgetting.forget(OLD)
    assert Fragment.objects.get() == shown
    Delivery.objects.update(status="queued", claim=None, lease_until=None)
    forgetting.forget(OLD)
    assert not Fragment.objects.exists()


def test_frames_and_parts_go_when_no_kept_mail_can_be_made_of_them() -> None:
    made = [Frame.objects.create(key=f"f{n}", content=b"x") for n in range(2)]
    parts = [Part.objects.create(key=f"p{n}", html=b"x", text=b"x") for n in range(2)]
    now = timezone.now()
    Frame.objects.filter(pk=made[0].pk).update(created_at=now - dt.timedelta(days=110))
    Part.objects.filter(pk=parts[0].pk).update(created_at=now - dt.timedelta(days=140))
    Part.objects.filter(pk=parts[1].pk).update(created_at=now - dt.timedelta(days=110))
    assert not forgetting.forget(now)
    assert list(Frame.objects.values_list("key", flat=True)) == ["f1"]
    assert list(Part.objects.values_list("key", flat=True)) == ["p1"]

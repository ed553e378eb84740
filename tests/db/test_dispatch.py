"""Many workers at one issue: who is asked, what is ready for them, and what they remember."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import DjangoAssertNumQueries

from digest.models import Paper
from newsletter import env, tasks
from newsletter.compose import composer, fragments, preparing
from newsletter.compose.memory import KEPT, Memory
from newsletter.delivery import claiming, handover, issues, lean, sending
from newsletter.models import Delivery, Fragment, Issue
from tests import make
from tests.db.mailing import NOON, Wire, compose, make_reader, planned
from tests.make import DAY

pytestmark = pytest.mark.django_db


def issue_of(number: int) -> tuple[Issue, list[Paper]]:
    """An issue of one section with so many papers, for one reader who has it as cards."""
    papers = [make.make_paper() for _ in range(number)]
    for paper in papers:
        make.announce(paper)
    section = make.make_section()
    make.make_section_listing(section, papers)
    reader = make.make_subscriber()
    make.subscribe(reader, section, style="cards")
    return planned(reader), papers


def test_a_tick_asks_a_worker_for_each_chunk_that_is_due_and_not_without_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[dict[str, int]] = []
    monkeypatch.setattr(tasks.send_due, "apply_async", lambda **options: asked.append(options))
    monkeypatch.setattr(sending, "CHUNK", 2)
    tasks.dispatch()
    assert asked == []
    planned(*(make_reader() for _ in range(5)))
    tasks.dispatch()
    assert len(asked) == 3
    assert claiming.chunks_due(NOON, 2, 2) == 2


def test_what_an_issue_shows_is_made_when_it_is_planned_and_nothing_else() -> None:
    issue, papers = issue_of(3)
    other = make.make_paper()
    make.announce(other)
    make.make_section_listing(make.make_section("cs.LG"), [other])
    assert preparing.prepare(issue, issues.readers(issue)) == 3
    assert set(Fragment.objects.values_list("paper", flat=True)) == {paper.pk for paper in papers}
    assert Fragment.objects.count() == 6
    preparing.prepare(issue, issues.readers(issue))
    assert Fragment.objects.count() == 6


def test_a_prepared_issues_mails_render_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    issue, _ = issue_of(3)
    preparing.prepare(issue, issues.readers(issue))
    monkeypatch.setattr(fragments, "_fragment", lambda *args: pytest.fail("rendered again"))
    fragments.forget()
    wire = Wire()
    assert sending.send_deliveries(NOON, transport=wire).sent == 1


def test_a_curators_word_counts_after_two_seconds() -> None:
    issue_of(1)
    memory = Memory()
    row = Delivery.objects.select_related("issue", "subscriber").get()
    row.mail_date, row.message_id = NOON, "<x@y>"
    before = composer.compose([row], memory=memory.at(NOON))[0].mail
    Paper.objects.update(title="A better title", updated_at=NOON)
    at_once = composer.compose([row], memory=memory.at(NOON + KEPT / 2))[0].mail
    later = composer.compose([row], memory=memory.at(NOON + KEPT))[0].mail
    assert before is not None
    assert at_once is not None
    assert later is not None
    assert at_once.raw == before.raw
    assert b"A better title" in later.raw


def test_a_chunk_that_takes_too_long_is_left_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """So a worker that is asked to end has ended soon."""
    planned(*(make_reader() for _ in range(4)))
    monkeypatch.setattr(handover, "LONGEST", dt.timedelta(0))
    wire = Wire()
    tally = sending.send_deliveries(NOON, transport=wire, compose=compose)
    assert (tally.sent, tally.returned) == (0, 4)
    assert set(Delivery.objects.values_list("status", "attempts")) == {("queued", 0)}


def test_a_row_as_read_for_sending_has_the_rest_when_it_is_touched(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    planned(make_reader("one@example.org"))
    with django_assert_num_queries(2):
        (row,) = lean.deliveries(Delivery.objects.all())
        assert (row.subscriber.address, row.issue.last_date) == ("one@example.org", DAY)
    with django_assert_num_queries(1):
        assert row.due_at < NOON


def test_a_policy_that_does_not_exist_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNCERTAIN_MAILS", "maybe")
    with pytest.raises(ImproperlyConfigured, match="UNCERTAIN_MAILS must be again or hold"):
        env.choice("UNCERTAIN_MAILS", ("again", "hold"))
    monkeypatch.setenv("UNCERTAIN_MAILS", "HOLD")
    assert env.choice("UNCERTAIN_MAILS", ("again", "hold")) == "hold"

"""What curators decide on a listing, in every mail and page that shows it."""

from __future__ import annotations

import datetime as dt
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.test import Client

from digest.archive.exporting import export_week, week_document
from digest.archive.week_json import as_json
from digest.curation import deciding
from digest.models import Listing, Paper, Placement, Summary
from digest.sections.building import build_listing
from newsletter.compose import previewing
from newsletter.models import Subscriber
from tests.desk import make_day
from tests.make import DAY, announce, make_paper, make_section, make_subscriber, subscribe

pytestmark = pytest.mark.django_db
MONDAY = DAY - dt.timedelta(days=1)
_KINDS = Placement.Kind


@pytest.fixture
def papers() -> list[Paper]:
    made = make_day(3, status=Summary.Status.APPROVED)
    Listing.objects.filter(pk=DAY).update(status="released", released_at=dt.datetime.now(dt.UTC))
    return made


def reader(**fields: Any) -> Subscriber:
    subscriber = make_subscriber(**fields)
    subscribe(subscriber, make_section("cs.DC"), label="cs.DC")
    return subscriber


def parts(subscriber: Subscriber, cadence: str = "daily", date: dt.date = DAY) -> tuple[str, str]:
    """The plain text and the HTML of the mail."""
    composed = previewing.preview(subscriber, date, cadence)
    assert composed.mail, composed.reason
    message = message_from_bytes(composed.mail.raw, policy=policy.default)
    found = [message.get_body((kind,)) for kind in ("plain", "html")]
    plain, html = (str(part.get_content()) for part in found if part)
    return plain.replace("\r\n", "\n"), html


def test_a_hidden_paper_is_in_no_mail_page_or_document_and_not_counted(
    papers: list[Paper], client: Client
) -> None:
    deciding.place(DAY, papers[1].pk, _KINDS.HIDDEN)
    plain, html = parts(reader())
    day = client.get(f"/archive/{DAY}/").content.decode()
    markdown, data = export_week(MONDAY), as_json(week_document(MONDAY))
    for shown in (plain, html, day, markdown, data):
        assert papers[0].title in shown
        assert papers[1].title not in shown
    for shown in (plain, html, day, markdown):
        assert "cs.DC total: 2" in shown


def test_taken_back_it_stands_where_it_stood(papers: list[Paper]) -> None:
    before = export_week(MONDAY)
    deciding.place(DAY, papers[0].pk, _KINDS.HIDDEN)
    assert export_week(MONDAY) != before
    deciding.place(DAY, papers[0].pk, _KINDS.PLAIN)
    assert export_week(MONDAY) == before


def test_a_pinned_paper_leads_every_section_that_holds_it(
    papers: list[Paper], client: Client
) -> None:
    deciding.place(DAY, papers[2].pk, _KINDS.PINNED)
    plain, html = parts(reader())
    for shown in (plain, html, client.get(f"/archive/{DAY}/").content.decode()):
        assert shown.index(papers[2].title) < shown.index(papers[0].title)


def test_what_is_hidden_above_stands_below_nowhere_either(papers: list[Paper]) -> None:
    both = make_paper(title="Both", abstract="We study quorums.", categories=["cs.DC"])
    announce(both)
    section = make_section("cs.DC", "quorums")
    build_listing(DAY)
    subscriber = make_subscriber()
    subscribe(subscriber, section, label="quorums", place=1)
    subscribe(subscriber, make_section("cs.DC"), label="cs.DC", place=2)
    plain, _ = parts(subscriber)
    assert "cs.DC total: 4 · 1 stands above" in plain
    deciding.place(DAY, both.pk, _KINDS.HIDDEN)
    plain, _ = parts(subscriber)
    assert "quorums total" not in plain
    assert "cs.DC total: 3\n" in plain


def test_the_same_decision_again_changes_nothing(papers: list[Paper]) -> None:
    assert deciding.place(DAY, papers[0].pk, _KINDS.PINNED)
    assert not deciding.place(DAY, papers[0].pk, _KINDS.PINNED)
    assert not deciding.place(DAY, papers[1].pk, _KINDS.PLAIN)
    assert Placement.objects.count() == 1


def test_the_note_stands_in_mail_and_archive(papers: list[Paper], client: Client) -> None:
    deciding.write_note(DAY, "A *quiet* day: see [this](https://example.org/x).")
    plain, html = parts(reader())
    assert "A quiet day: see this (https://example.org/x)." in plain
    assert "<em>quiet</em>" in html
    assert 'href="https://example.org/x"' in html
    for page in (f"/archive/{DAY}/", "/archive/20260202-20260208/"):
        assert "<em>quiet</em>" in client.get(page).content.decode()


def test_in_a_weekly_mail_each_note_stands_under_its_date(papers: list[Paper]) -> None:
    other = DAY + dt.timedelta(days=1)
    announce(make_paper(), other)
    build_listing(other)
    deciding.write_note(DAY, "Tuesday's.")
    deciding.write_note(other, "Wednesday's.")
    plain, html = parts(reader(), "weekly", MONDAY + dt.timedelta(days=6))
    head = plain.split("cs.DC total")[0]
    assert head.index("Tuesday, 3 February 2026:") < head.index("Tuesday's.")
    assert head.index("Tuesday's.") < head.index("Wednesday, 4 February 2026:")
    assert "<b>Wednesday, 4 February 2026</b>" in html


def test_a_note_is_72_columns_wide_and_hangs_its_lists(papers: list[Paper]) -> None:
    deciding.write_note(DAY, f"{'words ' * 40}\n\n- {'item ' * 30}\n- two")
    plain, _ = parts(reader())
    note = plain.split("View on the web")[0]
    assert all(len(line) <= 72 for line in note.splitlines())
    assert "\n- item item" in note
    assert "\n  item" in note


def test_a_note_cannot_do_harm_or_fill_a_slot(papers: list[Paper], client: Client) -> None:
    deciding.write_note(DAY, "<script>x</script> %%UNSUBSCRIBE%% [a](javascript:x) .\n.\n..")
    plain, html = parts(reader())
    for shown in (html, client.get(f"/archive/{DAY}/").content.decode()):
        assert "<script>x" not in shown
        assert 'href="javascript' not in shown
    assert "%%UNSUBSCRIBE%%" in plain


def test_a_long_note_takes_its_room_from_the_papers(papers: list[Paper]) -> None:
    for number in range(120):
        paper = make_paper(abstract="words " * 300, title=f"Filler {number}")
        announce(paper)
    build_listing(DAY)
    subscriber = reader()
    without = parts(subscriber)[1].count("<h3")
    deciding.write_note(DAY, "note " * 399)
    _, html = parts(subscriber)
    assert len(html.encode()) <= 95_000
    assert 0 < html.count("<h3") < without


def test_of_two_notes_written_at_once_the_second_is_refused(papers: list[Paper]) -> None:
    deciding.write_note(DAY, "One.", seen_revision=0)
    with pytest.raises(deciding.DecisionRefused, match="Somebody else"):
        deciding.write_note(DAY, "Two.", seen_revision=0)
    assert deciding.note_of(DAY).text == "One."

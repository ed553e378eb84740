"""Papers that arrive after their listing's release: late, and to every reader exactly once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from digest import releasing
from digest.archive import weekly
from digest.archive.documents import import_week
from digest.archive.week import Card, Day, WeekDocument, WeekSection
from digest.models import Announcement, Listing, Paper, SectionListing
from digest.sections.building import build_listing, build_news
from newsletter.compose import digests, wording
from newsletter.compose.choosing import Digest, DigestDay
from newsletter.delivery import planning, sending
from newsletter.delivery.settling import settle
from newsletter.models import Issue, IssueListing, Subscriber
from tests import make
from tests.db.mailing import Wire
from tests.make import make_paper, make_section, make_subscriber, subscribe

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY, WEDNESDAY = (dt.date(2026, 2, day) for day in (2, 3, 4))
SUNDAY = dt.date(2026, 2, 8)
NEXT_MONDAY, NEXT_SUNDAY = dt.date(2026, 2, 9), dt.date(2026, 2, 15)


def reader(*sections: tuple[str, str], **fields: Any) -> Subscriber:
    subscriber = make_subscriber(**fields)
    for categories, expression in sections or (("cs.DC", ""),):
        subscribe(subscriber, make_section(categories, expression))
    return subscriber


def out(date: dt.date, *papers: Paper) -> None:
    """Announce, match and release a listing."""
    for paper in papers or (make_paper(),):
        make.announce(paper, date)
    build_listing(date)
    releasing.release(date)


def late(date: dt.date, paper: Paper | None = None, category: str = "cs.DC") -> Paper:
    """One more paper for a listing that is out, as ingest announces it."""
    listing = Listing.objects.get(date=date)
    listing.batches += 1
    listing.save()
    paper = paper or make_paper()
    make.announce(paper, date, category, batch=listing.batches)
    build_news(date)
    return paper


def issue(last: dt.date, cadence: str = "daily") -> Issue:
    made = planning.issue_for(cadence, last)
    settle(made)
    return made


def shown(digest: Digest, *, is_late: bool = False) -> list[str]:
    """Identifiers, as they stand in the digest."""
    days: list[DigestDay] = [day for day in digest.days if day.is_late == is_late]
    keys = [paper for day in days for section in day.sections for paper in section.shown]
    ids = dict(Paper.objects.values_list("pk", "arxiv_id"))
    return [ids[key] for key in keys]


def test_a_paper_that_comes_after_the_release_is_carried_by_the_next_issue_as_late() -> None:
    one = reader()
    on_time = make_paper()
    out(MONDAY, on_time)
    monday = issue(MONDAY)
    came = late(MONDAY)
    out(TUESDAY, second := make_paper())
    tuesday = issue(TUESDAY)
    digest = digests.digest_for(one, monday)
    assert (shown(digest), shown(digest, is_late=True)) == ([on_time.arxiv_id], [])
    digest = digests.digest_for(one, tuesday)
    assert shown(digest) == [second.arxiv_id]
    assert shown(digest, is_late=True) == [came.arxiv_id]
    assert wording.day_heading(digest.days[1]) == "Announced on Monday, 2 February 2026, late"
    sentence = wording.plain_words(wording.numbers(digest, [0, 0]))
    assert sentence.endswith("1 in cs.DC, 1 late from Monday, 2 February.")


def test_nobody_gets_a_late_paper_twice_whatever_comes_later_still() -> None:
    one = reader()
    out(MONDAY)
    issue(MONDAY)
    came = [late(MONDAY)]
    out(TUESDAY)
    tuesday = issue(TUESDAY)
    came.append(late(MONDAY))
    out(WEDNESDAY)
    wednesday = issue(WEDNESDAY)
    came.append(late(MONDAY))
    found = [shown(digests.digest_for(one, made), is_late=True) for made in (tuesday, wednesday)]
    assert found == [[came[0].arxiv_id], [came[1].arxiv_id]]


def test_settling_twice_changes_nothing_whatever_has_arrived_in_between() -> None:
    out(MONDAY)
    monday = issue(MONDAY)
    before = list(IssueListing.objects.values())
    late(MONDAY)
    settle(monday)
    assert list(IssueListing.objects.values()) == before


def test_what_arrived_between_release_and_planning_is_in_the_issue_itself() -> None:
    one = reader()
    out(MONDAY, first := make_paper(arxiv_id="2602.10001"))
    second = late(MONDAY, make_paper(arxiv_id="2602.10002"))
    monday = issue(MONDAY)
    out(TUESDAY)
    assert shown(digests.digest_for(one, monday)) == [first.arxiv_id, second.arxiv_id]
    assert shown(digests.digest_for(one, issue(TUESDAY)), is_late=True) == []


def test_a_late_paper_that_nobody_has_matched_yet_is_matched_when_the_issue_is_settled() -> None:
    one = reader()
    out(MONDAY)
    issue(MONDAY)
    listing = Listing.objects.get(date=MONDAY)
    came = make_paper()
    make.announce(came, MONDAY, batch=1)
    Listing.objects.filter(pk=listing.pk).update(batches=1)
    out(TUESDAY)
    assert shown(digests.digest_for(one, issue(TUESDAY)), is_late=True) == [came.arxiv_id]


def test_late_in_one_category_is_not_late_for_who_has_had_it_in_another() -> None:
    both = reader(("cs.DC", ""), ("cs.LG", ""))
    only = reader(("cs.LG", ""))
    paper = make_paper(categories=["cs.DC", "cs.LG"])
    out(MONDAY, paper)
    issue(MONDAY)
    late(MONDAY, paper, "cs.LG")
    out(TUESDAY)
    tuesday = issue(TUESDAY)
    assert shown(digests.digest_for(both, tuesday), is_late=True) == []
    assert shown(digests.digest_for(only, tuesday), is_late=True) == [paper.arxiv_id]


def test_a_weekly_issue_has_what_came_late_within_its_week_in_its_day() -> None:
    one = reader(cadence="weekly")
    out(MONDAY, first := make_paper(arxiv_id="2602.10001"))
    came = late(MONDAY, make_paper(arxiv_id="2602.10002"))
    week = issue(SUNDAY, "weekly")
    digest = digests.digest_for(one, week)
    assert shown(digest) == [first.arxiv_id, came.arxiv_id]
    assert shown(digest, is_late=True) == []


def test_what_comes_after_the_week_is_carried_by_the_next_one_of_the_weekday() -> None:
    one = reader(cadence="weekly")
    out(MONDAY)
    issue(SUNDAY, "weekly")
    came = late(MONDAY)
    out(NEXT_MONDAY)
    of_another_weekday = issue(NEXT_SUNDAY - dt.timedelta(1), "weekly")
    following = issue(NEXT_SUNDAY, "weekly")
    assert shown(digests.digest_for(one, of_another_weekday), is_late=True) == []
    assert shown(digests.digest_for(one, following), is_late=True) == [came.arxiv_id]


def test_a_day_held_while_its_week_went_out_comes_whole_with_the_next() -> None:
    one = reader(cadence="weekly")
    out(MONDAY)
    held = make_paper()
    make.announce(held, TUESDAY)
    build_listing(TUESDAY)
    releasing.hold(TUESDAY)
    week = issue(SUNDAY, "weekly")
    digest = digests.digest_for(one, week)
    assert [left.date for left in digest.left_out] == [TUESDAY]
    releasing.release(TUESDAY)
    assert held.arxiv_id not in shown(digests.digest_for(one, week))
    out(NEXT_MONDAY)
    following = digests.digest_for(one, issue(NEXT_SUNDAY, "weekly"))
    assert shown(following, is_late=True) == [held.arxiv_id]


def test_a_listing_that_no_issue_was_about_is_not_carried_in_part() -> None:
    one = reader()
    out(MONDAY)
    late(MONDAY)
    out(TUESDAY)
    assert shown(digests.digest_for(one, issue(TUESDAY)), is_late=True) == []


def test_an_issue_from_before_this_was_written_down_counts_as_having_carried_its_day() -> None:
    one = reader()
    out(MONDAY)
    Issue.objects.create(cadence="daily", first_date=MONDAY, last_date=MONDAY)
    came = late(MONDAY)
    out(TUESDAY)
    assert shown(digests.digest_for(one, issue(TUESDAY)), is_late=True) == [came.arxiv_id]


def test_a_digest_of_late_papers_alone_is_sent() -> None:
    one = reader()
    out(MONDAY)
    issue(MONDAY)
    late(MONDAY)
    out(TUESDAY, make_paper(categories=["math.CO"]))
    digest = digests.digest_for(one, issue(TUESDAY))
    assert digest.total == 1
    sentence = wording.plain_words(wording.numbers(digest, [0]))
    assert sentence == "1 paper for you: 1 late from Monday, 2 February."


def test_the_papers_looked_at_count_the_late_ones_but_not_as_announced() -> None:
    one = reader()
    out(MONDAY)
    issue(MONDAY)
    late(MONDAY)
    out(TUESDAY)
    digest = digests.digest_for(one, issue(TUESDAY))
    assert (digest.announced, digest.seen) == (1, 2)
    assert Announcement.objects.count() == 3
    assert SectionListing.objects.get(listing=MONDAY).total == 2


def document(*papers: Paper) -> str:
    """A weekly document with one section of cards on Monday."""
    cards = tuple(
        Card(
            title=paper.title,
            link=paper.pdf_url,
            number=0,
            tags=None,
            authors="Ada One",
            institutions="",
            text_label="",
            text="",
        )
        for paper in papers
    )
    day = Day(
        date=MONDAY, sections=(WeekSection(label="cs.DC", entries=cards, number=0),), number=0
    )
    return weekly.format(WeekDocument(monday=MONDAY, days=(day,)))


def test_what_a_document_adds_to_a_listing_that_is_out_comes_late_and_once() -> None:
    one = reader()
    other = reader(("cs.DC/cs.LG", ""))
    out(MONDAY, on_time := make_paper(arxiv_id="2602.10001"))
    monday = issue(MONDAY)
    added = Paper(arxiv_id="2602.10002", title="Known first from a document")
    for _ in range(2):
        import_week(document(on_time, added))
    assert Listing.objects.get(date=MONDAY).batches == 1
    out(TUESDAY)
    tuesday = issue(TUESDAY)
    import_week(document(on_time, added))
    out(WEDNESDAY)
    wednesday = issue(WEDNESDAY)
    for subscriber in (one, other):
        assert shown(digests.digest_for(subscriber, monday)) == [on_time.arxiv_id]
        assert shown(digests.digest_for(subscriber, tuesday), is_late=True) == [added.arxiv_id]
        assert shown(digests.digest_for(subscriber, wednesday), is_late=True) == []


def test_a_rule_followed_after_the_listing_was_matched_is_in_the_mail_that_goes_out_next() -> None:
    one = reader(timezone="UTC", send_when="release")
    out(MONDAY, make_paper(), wanted := make_paper(categories=["cs.PL"]))
    now = dt.datetime(2026, 2, 3, 12, tzinfo=dt.UTC)
    planning.plan(issue(MONDAY), now)
    subscribe(one, make_section("cs.PL"))
    wire = Wire()
    sending.send_deliveries(now, transport=wire)
    [mail] = wire.sent
    assert wanted.title.encode() in mail.raw

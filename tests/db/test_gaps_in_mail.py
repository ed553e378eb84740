"""What is not complete stands in a digest's foot, in one line, for whom it concerns."""

from __future__ import annotations

import datetime as dt

import pytest

from digest.models import Coverage
from newsletter.compose import digests
from newsletter.compose.composer import compose
from newsletter.models import Issue, Subscriber
from tests.db.mail_reading import ReadMail
from tests.db.test_composer import an_ordinary_day, delivery_to, reader
from tests.make import DAY, make_listing, make_section, make_subscriber, subscribe

pytestmark = pytest.mark.django_db

LINE = "Not complete: cs.DC (cut by arXiv at 2,000 entries)"


def gap(category: str, status: str = "truncated", date: dt.date = DAY) -> None:
    Coverage.objects.create(listing=make_listing(date), category=category, status=status)


def follower(*rules: tuple[str, str]) -> Subscriber:
    subscriber = make_subscriber()
    for categories, expression in rules:
        subscribe(subscriber, make_section(categories, expression))
    return subscriber


def issue(first: dt.date = DAY) -> Issue:
    cadence = "daily" if first == DAY else "weekly"
    return Issue(cadence=cadence, first_date=first, last_date=first)


def test_the_foot_of_the_mail_says_what_is_not_complete_in_both_parts() -> None:
    an_ordinary_day()
    gap("cs.DC")
    result = compose([delivery_to(reader())])[0]
    assert result.mail is not None
    mail = ReadMail(result.mail.raw)
    assert f"{LINE}." in mail.visible
    assert f"{LINE}." in " ".join(mail.text.split())
    assert "announced:" not in mail.visible  # of how many is not known


def test_a_whole_listing_is_not_spoken_of() -> None:
    an_ordinary_day()
    gap("cs.DC", "complete")
    result = compose([delivery_to(reader())])[0]
    assert result.mail is not None
    assert "complete" not in ReadMail(result.mail.raw).visible


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([("cs.DC", "")], LINE),
        ([("cs.LG", ""), ("cs.AI/cs.DC", "agents")], LINE),
        ([("cs.LG", "")], ""),
        ([("", "agents")], "Not complete: cs.DC, math.CO (cut by arXiv at 2,000 entries)"),
    ],
)
def test_only_what_the_reader_follows_is_named(rules: list[tuple[str, str]], expected: str) -> None:
    make_listing(status="released")
    gap("cs.DC")
    gap("math.CO")
    assert digests.digest_for(follower(*rules), issue()).gaps == expected


def test_a_weekly_digest_names_the_day() -> None:
    make_listing(status="released")
    make_listing(DAY + dt.timedelta(1), status="released")
    gap("cs.DC")
    week = Issue(cadence="weekly", first_date=DAY, last_date=DAY + dt.timedelta(6))
    assert digests.digest_for(follower(("cs.DC", "")), week).gaps == (
        "Not complete: Tuesday, 3 February 2026: cs.DC (cut by arXiv at 2,000 entries)"
    )

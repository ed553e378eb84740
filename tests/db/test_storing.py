from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from digest import json_table
from digest.arxiv import feed
from digest.ingesting import ingest
from digest.models import Announcement, Listing, Paper
from tests import feeds, make

pytestmark = pytest.mark.django_db


def _statements(*entries: str, **fields: Any) -> int:
    parsed = feed.parse(feeds.atom(*entries, **fields))
    with CaptureQueriesContext(connection) as queries:
        ingest(parsed)
    return len(queries)


def _many(count: int, **fields: Any) -> list[str]:
    version = fields.pop("version", 1)
    return [feeds.entry(f"2602.{number:05}v{version}", **fields) for number in range(count)]


def test_the_number_of_statements_does_not_grow_with_the_entries() -> None:
    assert _statements(*_many(400)) <= 20
    assert _statements(*_many(400)) <= 10  # again, with nothing new


def test_a_day_of_replacements_is_written_in_a_handful_of_statements() -> None:
    _statements(*_many(300))
    replaced = _many(300, version=2, title="Better", announce_type="replace")
    assert _statements(*replaced, date=dt.date(2026, 2, 4)) <= 40
    assert set(Paper.objects.values_list("title", "version")) == {("Better", 2)}


def test_rows_as_json_come_back_as_they_were_given() -> None:
    given = {
        "arxiv_id": "2602.00001",
        "version": 3,
        "title": 'Quotes " and \\ and \u2028, 100%s, $x<1$, Ł𝒪',
        "abstract": "one\ntwo\ttabbed",
        "authors": [{"name": "Jérôme O'Neil", "affiliations": ["A, B"]}],
        "categories": ["cs.DC"],
        "source": "atom",
        "raw": {"title": "\\'e", "n": [1, None, True, {"deep": "é"}]},
    }
    json_table.insert(Paper, [given])
    paper = Paper.objects.get()
    assert {name: getattr(paper, name) for name in given} == given
    assert (paper.comments, paper.doi, paper.asked_at) == ("", "", None)
    assert paper.created_at.tzinfo is not None


def test_a_row_that_is_there_already_stays_as_it_is() -> None:
    paper = make.make_paper()
    values = {"arxiv_id": paper.arxiv_id, "title": "Another", "source": "atom"}
    other = values | {"arxiv_id": "2602.77777"}
    json_table.insert(Paper, [values, other])
    paper.refresh_from_db()
    assert paper.title != "Another"
    assert Paper.objects.count() == 2


def test_dates_and_keys_of_other_rows_go_in_too() -> None:
    paper, listing = make.make_paper(), make.make_listing()
    row = {"paper": paper.pk, "listing": listing.pk, "category": "cs.DC", "announce_type": "new"}
    json_table.insert(Announcement, [row, row])
    announcement = Announcement.objects.get()
    assert (announcement.paper, announcement.listing) == (paper, listing)
    assert (announcement.version, announcement.batch) == (None, 0)
    assert Listing.objects.get(announcements=announcement) == listing

"""The addresses by which arXiv is asked."""

from __future__ import annotations

import datetime as dt
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.arxiv import queries, taxonomy

BASE = "https://arxiv.example"
CATEGORIES = st.sampled_from(sorted(taxonomy.CATEGORIES))


def test_each_source_has_its_address() -> None:
    date = dt.date(2026, 2, 3)
    assert queries.atom_url(BASE, "cs.DC") == f"{BASE}/atom/cs.DC"
    assert queries.rss_url(BASE, "math-ph") == f"{BASE}/rss/math-ph"
    assert queries.list_url(BASE, "cs.DC") == f"{BASE}/list/cs.DC/new"
    assert queries.catchup_url(BASE, "cs.DC", date) == f"{BASE}/catchup/cs.DC/2026-02-03?abs=True"
    assert queries.catchup_url(BASE, "cs.DC", date, 2).endswith("?abs=True&page=2")


def test_papers_are_asked_for_by_identifier_in_bounded_numbers() -> None:
    url = queries.ids_url(BASE, ["2602.00001", "math/0601001"])
    assert url == f"{BASE}/api/query?id_list=2602.00001,math/0601001&max_results=2"
    with pytest.raises(ValueError, match="101 identifiers"):
        queries.ids_url(BASE, ["2602.00001"] * 101)


@given(CATEGORIES, st.datetimes(timezones=st.just(dt.UTC)), st.integers(0, 30_000))
def test_a_window_is_asked_for_in_gmt(category: str, first: dt.datetime, start: int) -> None:
    new_york = dt.timezone(dt.timedelta(hours=-5))
    last = first.replace(year=2026, month=2, day=3)
    asked = parse_qs(
        urlsplit(queries.window_url(BASE, category, last.astimezone(new_york), last, start)).query
    )
    minute = f"{last:%Y%m%d%H%M}"
    assert asked["search_query"] == [f"cat:{category} AND submittedDate:[{minute} TO {minute}]"]
    assert asked["start"] == [str(start)]

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
NEW_IDS = st.builds(
    "{:02}{:02}.{:05}".format, st.integers(15, 99), st.integers(1, 12), st.integers(0, 99_999)
)
OLD_IDS = st.builds("{}/{:07}".format, st.sampled_from(["math", "hep-th"]), st.integers(0, 9999999))
ZONES = st.builds(dt.timezone, st.timedeltas(dt.timedelta(hours=-12), dt.timedelta(hours=14)))
DAYS = st.dates(dt.date(1991, 1, 2), dt.date(2099, 12, 30))
INSTANTS = st.builds(dt.datetime.combine, DAYS, st.times(), ZONES)


def asked(url: str) -> dict[str, str]:
    """What an address asks for; each thing is asked for once."""
    parts = urlsplit(url)
    assert (parts.scheme, parts.netloc, parts.fragment) == ("https", "arxiv.example", "")
    assert url.isascii()
    assert not set(url) & set(' "<>[]\\')
    found = parse_qs(parts.query, strict_parsing=True)
    assert all(len(values) == 1 for values in found.values())
    return {name: values[0] for name, values in found.items()}


def test_each_source_has_its_address() -> None:
    date = dt.date(2026, 2, 3)
    assert queries.atom_url(BASE, "cs.DC") == f"{BASE}/atom/cs.DC"
    assert queries.rss_url(BASE, "math-ph") == f"{BASE}/rss/math-ph"
    assert queries.list_url(BASE, "cs.DC") == f"{BASE}/list/cs.DC/new"
    assert queries.catchup_url(BASE, "cs.DC", date) == f"{BASE}/catchup/cs.DC/2026-02-03?abs=True"


@given(CATEGORIES, st.dates(dt.date(1991, 1, 1)), st.integers(1, 20))
def test_a_category_is_asked_for_by_its_own_code(category: str, date: dt.date, page: int) -> None:
    for make in (queries.atom_url, queries.rss_url):
        assert urlsplit(make(BASE, category)).path.split("/")[2:] == [category]
    assert urlsplit(queries.list_url(BASE, category)).path == f"/list/{category}/new"
    url = queries.catchup_url(BASE, category, date, page)
    assert urlsplit(url).path == f"/catchup/{category}/{date.isoformat()}"
    assert asked(url) == {"abs": "True"} | ({"page": str(page)} if page > 1 else {})


def test_papers_are_asked_for_by_identifier_in_bounded_numbers() -> None:
    url = queries.ids_url(BASE, ["2602.00001", "math/0601001"])
    assert url == f"{BASE}/api/query?id_list=2602.00001,math/0601001&max_results=2"
    with pytest.raises(ValueError, match="101 identifiers"):
        queries.ids_url(BASE, ["2602.00001"] * 101)
    with pytest.raises(ValueError, match="no identifiers"):
        queries.ids_url(BASE, [])


@given(st.lists(NEW_IDS | OLD_IDS, min_size=1, max_size=queries.MOST_IDS))
def test_every_identifier_comes_back_out_of_the_address(arxiv_ids: list[str]) -> None:
    found = asked(queries.ids_url(BASE, arxiv_ids))
    assert found == {"id_list": ",".join(arxiv_ids), "max_results": str(len(arxiv_ids))}


@given(CATEGORIES, INSTANTS, INSTANTS, st.integers(0, 30_000))
def test_a_window_is_asked_for_in_gmt_to_the_minute(
    category: str, first: dt.datetime, last: dt.datetime, start: int
) -> None:
    found = asked(queries.window_url(BASE, category, first, last, start))
    code, _, window = found["search_query"].partition(" AND submittedDate:")
    assert code == f"cat:{category}"
    for instant, said in zip((first, last), window.strip("[]").split(" TO "), strict=True):
        read = dt.datetime.strptime(said, "%Y%m%d%H%M").replace(tzinfo=dt.UTC)
        assert dt.timedelta() <= instant - read < dt.timedelta(minutes=1)
    assert (found["start"], found["max_results"]) == (str(start), str(queries.MOST_RESULTS))
    assert (found["sortBy"], found["sortOrder"]) == ("submittedDate", "ascending")


def test_a_time_without_a_zone_is_no_instant() -> None:
    """It would be read in the zone of whatever machine this is."""
    naive = dt.datetime(2026, 2, 3, 14)  # noqa: DTZ001 - the mistake itself
    with pytest.raises(ValueError, match="without a time zone"):
        queries.window_url(BASE, "cs.DC", naive, naive)

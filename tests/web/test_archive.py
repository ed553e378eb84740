"""The public archive."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from digest.archive.documents import import_week
from digest.models import HouseSection, Listing, Paper
from digest.releasing import release
from tests.make import (
    announce,
    make_listing,
    make_paper,
    make_section_listing,
    make_summary,
)
from tests.unit.test_weekly import DOCUMENT, MONDAY

pytestmark = pytest.mark.django_db
WEDNESDAY = MONDAY + dt.timedelta(days=2)
DAY_PAGE = "/archive/2026-03-02/"
WEEK_PAGE = "/archive/20260302-20260308/"


@pytest.fixture
def week() -> None:
    """The two days of a document, both released."""
    import_week(DOCUMENT)
    release(MONDAY)
    release(WEDNESDAY)


def body(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def headings(html: str) -> list[str]:
    found = re.findall(r'<h\d class="heading"[^>]*>(.*?)</h\d>', html)
    return [text.replace("&quot;", '"') for text in found]


def matched_day(papers: int = 3, **fields: Any) -> list[Paper]:
    made = [make_paper(**fields) for _ in range(papers)]
    cards = HouseSection.objects.select_related("section")[0]
    make_section_listing(cards.section, made, MONDAY)
    for paper in made:
        announce(paper, MONDAY)
    release(MONDAY)
    return made


def test_the_routes_have_their_names() -> None:
    assert reverse("archive") == "/archive/"
    assert reverse("archive_day", args=["2026-03-02"]) == DAY_PAGE
    assert reverse("archive_day", args=[MONDAY]) == DAY_PAGE
    assert reverse("archive_week", args=[MONDAY]) == WEEK_PAGE
    assert reverse("archive_week_md", args=["20260302-20260308"]) == WEEK_PAGE[:-1] + ".md"
    assert reverse("archive_week_json", args=[MONDAY]) == WEEK_PAGE[:-1] + ".json"
    assert reverse("paper", args=["math/0611800"]) == "/papers/math/0611800/"


@pytest.mark.usefixtures("week")
def test_the_index_lists_days_with_their_counts(client: Client) -> None:
    html = body(client, "/archive/")
    assert "2 to 8 March 2026" in html
    assert html.index("Wed 4 Mar") < html.index("Mon 2 Mar")
    assert '<td class="number">2</td>' in html
    assert "cs.AI/cs.LG contains &quot;clock&quot;: 1" in html


def test_an_empty_archive_says_so(client: Client) -> None:
    make_listing(MONDAY)
    html = body(client, "/archive/")
    assert "Nothing has gone out yet" in html
    assert "2026" not in html


@pytest.mark.usefixtures("week")
def test_an_imported_day_has_the_documents_sections(client: Client) -> None:
    html = body(client, DAY_PAGE)
    assert headings(html) == [
        "cs.DC total: 2",
        'cs.AI/cs.LG contains "clock" total: 1',
        'cs.AI/cs.LG contains "drift" total: 0',
    ]
    assert "Clocks agree if x &lt; y and {a, b} holds." in html
    assert 'id="2603.00001"' in html
    assert 'id="math/0611800"' in html
    assert "https://arxiv.org/pdf/2603.00001" in html
    assert "3 papers:" in html


def test_a_matched_day_has_the_houses_sections(client: Client) -> None:
    papers = matched_day()
    make_summary(papers[0])
    html = body(client, DAY_PAGE)
    assert [heading.rsplit(" ", 1)[1] for heading in headings(html)] == ["3", "0", "0"]
    assert "University of Testing" in html
    assert "From the abstract:" in html
    assert "TBD" in html


def test_a_draft_is_not_shown(client: Client) -> None:
    (paper,) = matched_day(1, abstract="")
    make_summary(paper, status="draft", text="Not yet looked at.", topic="secret topic")
    html = body(client, DAY_PAGE) + body(client, f"/papers/{paper.arxiv_id}/")
    assert "Not yet looked at" not in html
    assert "secret topic" not in html


def test_many_authors_are_cut_and_titles_can_be_read(client: Client) -> None:
    authors = [{"name": f"Author {number}", "affiliations": []} for number in range(1, 12)]
    (paper,) = matched_day(1, authors=authors, title=r"Bounds of $\alpha^2$ <b>")
    html = body(client, DAY_PAGE)
    assert "Author 8 and 3 more" in html
    assert "Bounds of α² &lt;b&gt;" in html
    assert "Author 11" in body(client, f"/papers/{paper.arxiv_id}/")


@pytest.mark.usefixtures("week")
def test_days_and_weeks_lead_to_their_neighbours(client: Client) -> None:
    assert 'rel="next" href="/archive/2026-03-04/"' in body(client, DAY_PAGE)
    assert 'rel="prev" href="/archive/2026-03-02/"' in body(client, "/archive/2026-03-04/")
    assert f'href="{WEEK_PAGE}"' in body(client, DAY_PAGE)


@pytest.mark.usefixtures("week")
def test_a_week_stands_as_page_markdown_and_json(client: Client) -> None:
    html = body(client, WEEK_PAGE)
    assert html.index('id="2026-03-02"') < html.index('id="2026-03-04"')
    anchors = re.findall(r' id="([^"]+)"', html)
    assert len(anchors) == len(set(anchors))
    markdown = client.get(WEEK_PAGE[:-1] + ".md")
    assert markdown.content == DOCUMENT.encode()
    assert markdown["Content-Type"] == "text/markdown; charset=utf-8"
    assert json.loads(body(client, WEEK_PAGE[:-1] + ".json"))["week"] == "20260302-20260308"


def test_only_what_is_released_is_public(client: Client) -> None:
    import_week(DOCUMENT)
    Listing.objects.filter(date=WEDNESDAY).update(status=Listing.Status.HELD)
    hidden = [DAY_PAGE, WEEK_PAGE, WEEK_PAGE[:-1] + ".md", WEEK_PAGE[:-1] + ".json"]
    hidden += ["/papers/2603.00001/", "/papers/2603.00004/"]
    assert [client.get(address).status_code for address in hidden] == [404] * 6
    release(MONDAY)
    assert [client.get(address).status_code for address in hidden] == [200] * 5 + [404]
    assert "2026-03-04" not in body(client, WEEK_PAGE[:-1] + ".md")
    assert client.get("/archive/2026-03-04/").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/archive/2026-02-30/",
        "/archive/2026-03-09/",
        "/archive/20260303-20260309/",
        "/archive/20260302-20260307/",
        "/archive/99999999-99999999/",
        "/archive/99991227-00000102/",
        "/archive/20260309-20260315.md",
        "/papers/nothing/",
        "/papers/2603.99999/",
        "/papers/2603.00001%00/",
    ],
)
@pytest.mark.usefixtures("week")
def test_what_is_not_there_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.usefixtures("week")
def test_a_paper_has_a_page_by_any_form_of_its_identifier(client: Client) -> None:
    html = body(client, "/papers/math/0611800/")
    assert "A Paper Without Anything" in html
    assert "https://arxiv.org/abs/math/0611800" in html
    assert "Monday, 2 March 2026" in html
    moved = client.get("/papers/math.CA/0611800v2/")
    assert (moved.status_code, moved["Location"]) == (302, "/papers/math/0611800/")


@pytest.mark.usefixtures("week")
def test_an_unchanged_page_is_not_sent_again(client: Client) -> None:
    for address in ("/archive/", DAY_PAGE, WEEK_PAGE, WEEK_PAGE[:-1] + ".md"):
        etag = client.get(address)["ETag"]
        again = client.get(address, headers={"if-none-match": etag})
        assert (again.status_code, again.content) == (304, b"")


@pytest.mark.usefixtures("week")
@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/archive/", 4),
        (DAY_PAGE, 6),
        (WEEK_PAGE, 6),
        (WEEK_PAGE[:-1] + ".md", 5),
        ("/papers/2603.00001/", 3),
    ],
)
def test_a_page_takes_few_queries(
    client: Client, django_assert_max_num_queries: Any, address: str, queries: int
) -> None:
    with django_assert_max_num_queries(queries):
        client.get(address)


@pytest.mark.usefixtures("week")
def test_nothing_is_posted_to_the_archive(client: Client) -> None:
    assert client.post(DAY_PAGE).status_code == 405

"""The public archive."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from digest.archive.documents import import_week
from digest.models import Coverage, HouseSection, Listing, Paper
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
        ("/archive/", 6),
        (DAY_PAGE, 9),
        (WEEK_PAGE, 9),
        (WEEK_PAGE[:-1] + ".md", 6),
        ("/papers/2603.00001/", 5),
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


def make_gap(category: str, status: str, reason: str) -> None:
    Coverage.objects.create(listing_id=MONDAY, category=category, status=status, reason=reason)


@pytest.mark.usefixtures("week")
def test_what_is_not_complete_is_said_on_the_day_and_marked_elsewhere(client: Client) -> None:
    make_gap("cs.LG", "truncated", "2,000 entries")
    make_gap("math.AG", "missing", "HTTPStatusError: 503 for https://rss.example.org/atom <x>")
    make_gap("math.AT", "complete", "")
    html = body(client, DAY_PAGE)
    assert "Not complete: cs.LG (cut by arXiv at 2,000 entries), math.AG (not fetched: " in html
    for page in (html, body(client, "/archive/"), body(client, WEEK_PAGE)):
        assert page.lower().count("not complete") >= 1
        assert "rss.example.org" not in page
        assert "HTTPStatusError" not in page
        assert "<x>" not in page
    assert "ot complete" not in body(client, "/archive/2026-03-04/")


@pytest.mark.usefixtures("week")
def test_a_whole_archive_has_no_marks(client: Client) -> None:
    for page in ("/archive/", DAY_PAGE, WEEK_PAGE):
        assert "ot complete" not in body(client, page)


def absent(client: Client, date: str) -> str:
    response = client.get(f"/archive/{date}/")
    assert response.status_code == 404
    return response.content.decode()


@pytest.mark.usefixtures("week")
@pytest.mark.parametrize(
    ("date", "why"),
    [
        ("2026-03-07", "No listing on a Saturday."),
        ("2026-03-08", "No listing on a Sunday."),
        ("2026-06-22", "No announcement on Juneteenth, 19 June 2026."),
        ("2026-03-03", "The listing of this day has not gone out here."),
        ("2026-03-05", "The listing of this day has not gone out yet."),
        ("2026-03-06", "The listing of Friday, 6 March 2026 will be announced on"
                       " Thursday, 5 March 2026 at 20:00 in New York."),
    ],
)  # fmt: skip
def test_a_day_without_a_listing_says_why(client: Client, date: str, why: str) -> None:
    with time_machine.travel(dt.datetime(2026, 3, 5, 17, tzinfo=dt.UTC), tick=False):
        html = absent(client, date)
    assert f'<p class="lead">{why}</p>' in html
    assert 'rel="prev" href="/archive/2026-03-0' in html


@pytest.mark.usefixtures("week")
def test_a_day_without_a_listing_leads_to_its_neighbours(client: Client) -> None:
    html = absent(client, "2026-03-03")
    assert f'rel="prev" href="{DAY_PAGE}"' in html
    assert 'rel="next" href="/archive/2026-03-04/"' in html


@pytest.mark.parametrize("date", ["0001-01-01", "1991-08-13", "9999-12-31", "2099-01-01"])
def test_a_date_nobody_would_ask_for_is_plainly_not_found(client: Client, date: str) -> None:
    assert "This page does not exist" in absent(client, date)


def test_a_day_that_is_held_tells_no_more_than_one_that_was_never_fetched(client: Client) -> None:
    held, unknown = dt.date(2026, 3, 2), dt.date(2026, 3, 3)
    make_listing(held, status="held")
    paper = make_paper(title="A secret")
    announce(paper, held)
    Coverage.objects.create(listing_id=held, category="cs.DC", status="missing", reason="secret")
    pages = [absent(client, date.isoformat()) for date in (held, unknown)]
    assert pages[0].replace("Monday, 2 March", "Tuesday, 3 March") == pages[1]

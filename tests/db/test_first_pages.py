"""Page one of papers' PDFs: fetched with manners, never kept, and what it adds."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from digest.fetching import first_pages
from digest.fetching.client import Arxiv, Hosts, connect
from digest.models import Answer, FetchSlot, FirstPage, Paper, Summary
from digest.sections.building import build_listing
from digest.summaries import editing
from digest.summaries.card_pages import add_institutions, read_pages
from digest.summaries.writing import summarize
from tests.first_pages import PAGES
from tests.make import DAY, announce, make_paper

pytestmark = pytest.mark.django_db
PAGE = PAGES[0]


@pytest.fixture
def arxiv(httpserver: HTTPServer) -> Iterator[Arxiv]:
    address = httpserver.url_for("").rstrip("/")
    with connect(Hosts.of(address), interval=dt.timedelta(0)) as opened:
        yield opened


def paper_of_page(**fields: Any) -> Paper:
    authors = [{"name": name, "affiliations": []} for name in PAGE.authors]
    return make_paper(title=PAGE.title, authors=authors, **fields)


def serve(httpserver: HTTPServer, paper: Paper, body: bytes, **response: Any) -> None:
    address = f"/pdf/{paper.arxiv_id}v{paper.version}"
    response.setdefault("content_type", "application/pdf")
    httpserver.expect_request(address).respond_with_data(body, **response)


def of(paper: Paper) -> FirstPage:
    return FirstPage.objects.get(paper=paper)


def test_the_text_is_stored_and_the_file_is_not(
    httpserver: HTTPServer, arxiv: Arxiv, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    paper = paper_of_page()
    serve(httpserver, paper, PAGE.pdf())
    assert first_pages.fetch_missing([paper], 10, arxiv) == 1
    assert "University of Testing" in of(paper).text
    assert not Answer.objects.exists()
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_not_fetched_again(httpserver: HTTPServer, arxiv: Arxiv) -> None:
    paper = paper_of_page()
    serve(httpserver, paper, PAGE.pdf())
    first_pages.fetch_missing([paper], 10, arxiv)
    assert first_pages.fetch_missing([paper], 10, arxiv) == 0
    assert len(httpserver.log) == 1
    Paper.objects.filter(pk=paper.pk).update(version=2)
    paper.refresh_from_db()
    serve(httpserver, paper, PAGE.pdf())
    assert first_pages.fetch_missing([paper], 10, arxiv) == 1


@pytest.mark.parametrize(
    ("body", "kind", "words", "again"),
    [
        (b"<html><title>Access denied</title></html>", "text/html", "web page", True),
        (b"hello", "application/pdf", "no PDF", False),
        (b"%PDF-1.4 nonsense", "application/pdf", "not a PDF that can be read", False),
    ],
)
def test_what_is_no_pdf_has_a_reason(
    httpserver: HTTPServer, arxiv: Arxiv, body: bytes, kind: str, words: str, again: bool
) -> None:
    paper = paper_of_page()
    serve(httpserver, paper, body, content_type=kind)
    assert first_pages.fetch_missing([paper], 10, arxiv) == 0
    assert words in of(paper).reason
    assert (of(paper).next_try_at is not None) is again


def test_a_file_that_claims_two_gigabytes_is_refused_before_it_is_read(
    httpserver: HTTPServer, arxiv: Arxiv
) -> None:
    paper = paper_of_page()

    def claim(request: Request) -> Response:
        response = Response(b"%PDF", content_type="application/pdf")
        response.headers["Content-Length"] = str(2_000_000_000)
        response.automatically_set_content_length = False
        return response

    httpserver.expect_request(f"/pdf/{paper.arxiv_id}v1").respond_with_handler(claim)
    first_pages.fetch_missing([paper], 10, arxiv)
    assert "2,000,000,000 bytes" in of(paper).reason
    assert of(paper).next_try_at is None


def test_a_file_that_grows_past_the_limit_is_cut_off(
    httpserver: HTTPServer, arxiv: Arxiv, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_pages, "MOST_BYTES", 100_000)
    paper = paper_of_page()

    def grow(request: Request) -> Response:
        return Response((b"%PDF" + b" " * 50_000 for _ in range(50)), direct_passthrough=True)

    httpserver.expect_request(f"/pdf/{paper.arxiv_id}v1").respond_with_handler(grow)
    first_pages.fetch_missing([paper], 10, arxiv)
    assert "larger than 100,000 bytes" in of(paper).reason


def test_what_failed_is_tried_again_later_each_time_but_not_for_ever(
    httpserver: HTTPServer, arxiv: Arxiv
) -> None:
    paper = paper_of_page()
    serve(httpserver, paper, b"", status=404)
    httpserver.expect_request(f"/pdf/{paper.arxiv_id}v1").respond_with_data(b"", status=418)
    for _ in range(6):
        FirstPage.objects.exclude(next_try_at=None).update(next_try_at=timezone.now())
        first_pages.fetch_missing([paper], 10, arxiv)
    assert of(paper).attempts <= first_pages.MOST_ATTEMPTS
    assert of(paper).next_try_at is None


def test_while_arxiv_is_left_alone_nothing_is_asked_or_counted(
    httpserver: HTTPServer, arxiv: Arxiv
) -> None:
    paper = paper_of_page()
    now = timezone.now()
    later = now + dt.timedelta(minutes=30)
    FetchSlot.objects.create(name="arxiv", free_at=now, blocked_until=later, reason="HTTP 429")
    assert first_pages.fetch_missing([paper], 10, arxiv) == 0
    assert httpserver.log == []
    assert not FirstPage.objects.exists()


def test_institutions_of_page_one_come_into_summaries_that_have_none() -> None:
    paper = paper_of_page()
    announce(paper)
    build_listing(DAY)
    summarize(DAY)
    text = "\n".join((PAGE.title, *PAGE.lines, "Abstract")).replace("^", "")
    FirstPage.objects.create(paper=paper, version=1, text=text, fetched_at=timezone.now())
    assert add_institutions([paper.pk]) == 1
    assert Summary.objects.get().institutions == list(PAGE.truth)
    assert add_institutions([paper.pk]) == 0


@pytest.mark.parametrize("whose", ["a person's", "a document's"])
def test_what_a_person_or_a_document_said_keeps_its_institutions(whose: str) -> None:
    paper = paper_of_page()
    announce(paper)
    build_listing(DAY)
    summarize(DAY)
    if whose == "a person's":
        editing.set_status(Summary.objects.get().pk, Summary.Status.REJECTED)
    else:
        Summary.objects.update(model=Summary.DOCUMENT)
    FirstPage.objects.create(paper=paper, version=1, text="MIT", fetched_at=timezone.now())
    assert add_institutions([paper.pk]) == 0


def test_no_page_is_begun_when_the_time_is_over(httpserver: HTTPServer, arxiv: Arxiv) -> None:
    assert first_pages.fetch_missing([paper_of_page()], 10, arxiv, most_seconds=0) == 0
    assert httpserver.log == []


def test_the_days_number_of_pages_is_kept_to(settings: Any) -> None:
    settings.FIRST_PAGES_PER_DAY = 1
    papers = [paper_of_page() for _ in range(2)]
    for paper in papers:
        announce(paper)
    build_listing(DAY)
    FirstPage.objects.create(paper=papers[0], version=1, text="x", fetched_at=timezone.now())
    assert read_pages(DAY, timezone.now(), 10) == 0
    assert FirstPage.objects.count() == 1


def test_texts_are_let_go_of_with_the_raw_answers() -> None:
    old = timezone.now() - dt.timedelta(days=15)
    FirstPage.objects.create(paper=paper_of_page(), text="x", fetched_at=old)
    FirstPage.objects.create(paper=paper_of_page(), text="y", fetched_at=timezone.now())
    assert first_pages.prune(timezone.now()) == 1
    assert FirstPage.objects.get().text == "y"

from __future__ import annotations

from pathlib import Path

import pytest

from digest.arxiv import api, reading
from digest.arxiv.listing import Author, FeedError
from tests import feeds


def _answer(total: int, *, start: int = 0, entries: str = "") -> bytes:
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" '
        'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">'
        "<id>https://arxiv.org/api/x</id><title>arXiv Query: x</title>"
        f"<opensearch:totalResults>{total}</opensearch:totalResults>"
        f"<opensearch:startIndex>{start}</opensearch:startIndex>{entries}</feed>"
    ).encode()


def test_an_answer_is_read_with_the_affiliations_at_their_authors() -> None:
    parsed = api.parse(feeds.API.read_bytes())
    assert (parsed.source, parsed.date, parsed.asked, parsed.total) == ("api", None, (), 2)
    first = parsed.entries[0]
    assert (first.arxiv_id, first.version) == ("math/0611001", 2)
    assert first.title == "On Wrapped Titles"
    assert first.abstract == "We wrap $x<y$ and go on."
    assert first.authors == (Author("Hal Eighth", ("Testville",)), Author("Ida Ninth"))
    assert first.categories == ("math.CA",)
    assert first.raw["categories"] == ["math.CA", "42B20"]
    assert (first.comments, first.doi) == ("9 pages", "10.1000/wrap.1")
    assert first.journal_reference == "Ann. Wrap. 1 (2007)"
    assert first.announce_type is None
    assert first.raw["title"] == "On\n  Wrapped Titles"


def test_an_answer_is_recognised_by_its_content() -> None:
    assert reading.parse(feeds.API.read_bytes()).source == "api"
    assert reading.parse(feeds.ATOM.read_bytes()).source == "atom"
    assert reading.parse(feeds.RSS.read_bytes()).source == "rss"


def test_an_answer_without_papers_is_fine() -> None:
    assert api.parse(_answer(0)).entries == ()
    assert api.parse(_answer(10, start=10)).entries == ()


def test_papers_that_ought_to_be_there_are_missed() -> None:
    with pytest.raises(FeedError, match="214881 results, but none on this page"):
        api.parse(_answer(214881))


def test_an_error_entry_is_no_paper() -> None:
    error = (
        "<entry><id>https://arxiv.org/api/errors#bad</id><title>Error</title>"
        "<summary>incorrect id format for abc</summary></entry>"
    )
    with pytest.raises(FeedError, match="incorrect id format for abc"):
        api.parse(_answer(1, entries=error))


def test_a_paper_without_title_is_named_and_the_rest_is_kept() -> None:
    good = "<entry><id>http://arxiv.org/abs/2104.12255v1</id><title>0</title></entry>"
    bad = "<entry><id>http://arxiv.org/abs/2104.12256v1</id></entry>"
    parsed = api.parse(_answer(2, entries=good + bad))
    assert [entry.title for entry in parsed.entries] == ["0"]
    assert [str(one) for one in parsed.malformed] == ["http://arxiv.org/abs/2104.12256v1: no title"]


def test_a_feed_is_no_answer() -> None:
    with pytest.raises(FeedError, match="not an answer"):
        api.parse(feeds.ATOM.read_bytes())


def test_every_shared_answer_is_read_or_refused_for_its_reason(shared: Path) -> None:
    refused = {}
    papers = 0
    for file in sorted((shared / "fixtures/api").glob("*.*ml")):
        try:
            parsed = reading.parse(file.read_bytes())
        except FeedError as error:
            refused[file.name.partition("_s0")[0]] = str(error)
            continue
        assert parsed.source == "api"
        assert not parsed.malformed
        papers += len(parsed.entries)
    assert papers > 150
    assert "incorrect id format for abc" in refused.pop("id_abc")
    assert "Automated Access Detected" in refused.pop("james-akl_xiv_captcha.html")
    assert not refused

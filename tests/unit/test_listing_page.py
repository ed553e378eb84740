"""arXiv's listing pages: the date, the counts, and the papers to the letter."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.arxiv import listing_page, reading
from digest.arxiv.listing import Author, FeedError
from digest.arxiv.listing_page import ListingPage

FILE = Path(__file__).resolve().parents[1] / "fixtures" / "pages" / "list_cs.DC_new.html"
NEW = FILE.read_bytes()
# As far as arXiv's other page of a day differs.
CATCHUP = (
    NEW.replace(b"<h3>Showing new listings for Tuesday, 3 February 2026</h3>", b"")
    .replace(
        b"<h1>Distributed, Parallel, and Cluster Computing</h1>",
        b"<h1>Catchup results for Distributed, Parallel, and Cluster Computing (cs.DC) "
        b"on Tue, 03 Feb 2026</h1>",
    )
    .replace(b"/list/cs.DC/recent", b"/archive/cs")
)
NOTHING = b"<html><body><h1>Catchup results for %s on %s</h1>Total of 0 entries %s</body></html>"


@pytest.fixture
def page() -> ListingPage:
    return listing_page.parse(NEW)


def test_the_page_says_its_date_its_category_and_how_many_there_are(page: ListingPage) -> None:
    assert (page.date, page.category) == (dt.date(2026, 2, 3), "cs.DC")
    assert page.counts == {"new": 2, "cross": 1, "replace": 2}
    assert (page.stated, page.is_whole, page.malformed) == (5, True, ())


def test_the_catch_up_page_of_the_day_says_the_same(page: ListingPage) -> None:
    assert listing_page.parse(CATCHUP) == page


def test_types_are_those_of_the_categorys_own_listing(page: ListingPage) -> None:
    assert {entry.arxiv_id: (entry.announce_type, entry.version) for entry in page.entries} == {
        "2602.00901": ("new", 1),
        "2602.00902": ("new", None),
        "math/0601001": ("cross", None),
        "2512.00011": ("replace", 3),
        "2512.00012": ("replace-cross", None),
    }


def test_a_paper_is_read_to_the_letter(page: ListingPage) -> None:
    paper = page.entries[0]
    assert paper.title == r"Waiting for $k<n$ of \emph{n} Servers & the Rest"
    assert paper.authors == (
        Author("Ada Óne"),
        Author("Ben Two", ("Institute of Examples, Sampleton",)),
    )
    assert paper.categories == ("cs.DC", "cs.IT")
    assert paper.journal_reference == "Journal of Examples 1 (2026)"
    assert paper.raw["source"] == "page"


def test_links_that_arxiv_hides_are_shown_as_addresses(page: ListingPage) -> None:
    paper = page.entries[0]
    assert paper.comments == "12 pages. Code at https://example.org/code?a=1&b=2"
    assert paper.abstract.endswith("See https://example.org/more.")


def test_only_the_first_title_is_a_word_of_arxivs(page: ListingPage) -> None:
    assert page.entries[1].title == "Title: a Title"


def test_what_is_not_said_stays_empty(page: ListingPage) -> None:
    assert (page.entries[1].authors, page.entries[1].abstract) == ((), "")
    assert [author.name for author in page.entries[3].authors] == ["Dan Four", "Eve Five"]


def test_a_page_that_shows_less_than_it_counts_is_not_whole() -> None:
    part = listing_page.parse(NEW.replace(b"showing 2 of 2", b"showing first 2 of 90"))
    assert part.counts["new"] == 90
    assert not part.is_whole


def test_the_pages_of_one_day_become_one() -> None:
    more = NEW.replace(b"showing 2 of 2", b"showing first 2 of 3").replace(b"0090", b"0080")
    rest = NEW.replace(b"showing 2 of 2", b"continued, showing last 1 of 3")
    both = listing_page.merged([listing_page.parse(more), listing_page.parse(rest)])
    assert [entry.arxiv_id for entry in both.entries][:2] == ["2602.00801", "2602.00802"]
    assert len(both.entries) == 7
    assert both.counts["new"] == 3


def test_a_day_without_papers_is_valid() -> None:
    said = b"<p>No updates for Sat, 07 Feb 2026</p>"
    empty = listing_page.parse(NOTHING % (b"Logic (cs.LO)", b"Sat, 07 Feb 2026", said))
    assert (empty.date, empty.entries, empty.stated) == (dt.date(2026, 2, 7), (), 0)
    assert empty.is_whole
    assert empty.feed.stated == 0
    silent = listing_page.parse(NOTHING % (b"Logic (cs.LO)", b"Sat, 07 Feb 2026", b""))
    assert silent.feed.stated is None


def test_whoever_knows_the_category_can_say_so() -> None:
    bare = NEW.replace(b"/list/cs.DC/recent", b"")
    assert listing_page.parse(bare, "cs.DC").category == "cs.DC"
    with pytest.raises(FeedError, match="for which category"):
        listing_page.parse(bare)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b" ", "blank"),
        (b"Rate exceeded.", "Rate exceeded"),
        (b"<html><title>Automated Access Detected</title></html>", "Automated Access Detected"),
        (b"<html><h3>Showing new listings</h3></html>", "not a listing with its date: no title"),
        (NEW.replace(b"3 February 2026", b"30 February 2026"), "impossible date"),
        (NEW.replace("Ó".encode(), b"\xff"), "not UTF-8"),
        (NOTHING % (b"Logic (cs.ZZ)", b"Sat, 07 Feb 2026", b""), "cs.ZZ"),
    ],
)
def test_anything_else_is_refused_in_plain_words(data: bytes, reason: str) -> None:
    with pytest.raises(FeedError, match=reason):
        listing_page.parse(data)


def test_entries_without_identifier_or_title_are_named_and_the_rest_is_kept() -> None:
    page = listing_page.parse(
        NEW.replace(b"arXiv:2602.00901", b"arXiv:26o2").replace(b"Title: a Title", b"")
    )
    assert next(entry.arxiv_id for entry in page.entries) == "math/0601001"
    assert len(page.malformed) == 2
    assert page.malformed[1].reason == "no title"
    assert page.is_whole


def test_a_saved_page_is_recognised_among_feeds() -> None:
    feed = reading.parse(NEW)
    assert (feed.source, feed.asked, feed.total) == ("page", ("cs.DC",), 5)


def test_the_real_excerpt_is_read_whole(shared: Path) -> None:
    (file,) = (shared / "fixtures" / "listing_html").glob("*.html")
    page = listing_page.parse(file.read_bytes(), "cs.AI")
    assert (page.date, page.stated) == (dt.date(2026, 8, 12), 6)
    assert page.is_whole
    assert all(entry.abstract and entry.authors for entry in page.entries)


@given(
    at=st.integers(0, len(NEW)),
    length=st.integers(0, 400),
    said=st.sampled_from([b"", b"<dt>", b"</dd>", b"<a>", b"\x00", b"&#0;", b"<h3>", b"(" * 500]),
)
def test_a_damaged_page_is_read_in_part_or_refused(at: int, length: int, said: bytes) -> None:
    try:
        page = listing_page.parse(NEW[:at] + said + NEW[at + length :])
    except FeedError:
        return
    assert all(entry.title for entry in page.entries)

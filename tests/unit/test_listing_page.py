"""arXiv's listing pages: the date, the counts, and the papers to the letter."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.arxiv import listing_page, reading
from digest.arxiv.listing import Author, FeedError
from digest.arxiv.listing_page import ListingPage

FILE = Path(__file__).resolve().parents[1] / "fixtures" / "pages" / "list_cs.DC_new.html"
NEW = FILE.read_bytes()
# As far as arXiv's other page of a day differs: it names the category in words only.
CATCHUP = (
    NEW.replace(b"<h3>Showing new listings for Tuesday, 3 February 2026</h3>", b"")
    .replace(
        b"<h1>Distributed, Parallel, and Cluster Computing</h1>",
        b"<h1>Catchup results for Distributed, Parallel, and Cluster Computing "
        b"on Tue, 03 Feb 2026</h1>",
    )
    .replace(b"/list/cs.DC/recent", b"/archive/cs")
    .replace(b"<div class='paging'>Total of 5 entries", b"<div>Total of 5 entries")
)
# Both cs.LG and stat.ML are called so.
MACHINE_LEARNING = CATCHUP.replace(
    b"Catchup results for Distributed, Parallel, and Cluster Computing",
    b"Catchup results for Machine Learning",
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


def test_a_name_that_two_categories_share_is_told_by_the_new_papers() -> None:
    page = MACHINE_LEARNING.replace(b"(cs.DC)</span>", b"(stat.ML)</span>")
    assert listing_page.parse(page).category == "stat.ML"
    assert listing_page.parse(MACHINE_LEARNING, "cs.LG").category == "cs.LG"
    for other in (MACHINE_LEARNING, page.replace(b"New submissions (", b"Cross submissions (")):
        with pytest.raises(FeedError, match="for which category"):
            listing_page.parse(other)


def test_links_tell_the_category_but_not_those_of_the_papers() -> None:
    onward = b'<h1>x</h1><a href="/catchup/cs.LG/2026-02-04?page=1&amp;abs=True">Continue</a>'
    page = MACHINE_LEARNING.replace(b"<ul>", onward + b"<ul>", 1)
    assert listing_page.parse(page).category == "cs.LG"
    cited = b"<p class='mathjax'>See <a href=\"https://arxiv.org/list/cs.LG/recent\">it</a>. "
    with pytest.raises(FeedError, match="for which category"):
        listing_page.parse(MACHINE_LEARNING.replace(b"<p class='mathjax'>", cited))


@pytest.mark.parametrize("page", [NEW, CATCHUP])
def test_a_page_of_another_category_than_was_asked_for_is_refused(page: bytes) -> None:
    assert listing_page.parse(page, "cs.DC").category == "cs.DC"
    with pytest.raises(FeedError, match=r"is of cs.DC, not of cs.LG"):
        listing_page.parse(page, "cs.LG")


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
    assert paper.abstract.endswith("it waits less. See https://example.org/more.")
    ftp = NEW.replace(b'https://example.org/more">this https', b'ftp://example.org/more">this ftp')
    abstract = listing_page.parse(ftp).entries[0].abstract
    assert abstract.endswith("See ftp://example.org/more.")


def test_only_the_first_title_is_a_word_of_arxivs(page: ListingPage) -> None:
    assert page.entries[1].title == "Title: a Title"


def test_what_is_not_said_stays_empty(page: ListingPage) -> None:
    assert (page.entries[1].authors, page.entries[1].abstract) == ((), "")
    assert [author.name for author in page.entries[3].authors] == ["Dan Four", "Eve Five"]


def test_a_page_that_shows_less_than_it_counts_is_not_whole() -> None:
    part = listing_page.parse(NEW.replace(b"showing 2 of 2", b"showing first 2 of 90"))
    assert part.counts["new"] == 90
    assert not part.is_whole


def test_a_section_that_the_page_leaves_out_is_missed() -> None:
    """The total is of all pages of a day; a section that stands on none of it has no heading."""
    part = listing_page.parse(CATCHUP.replace(b"Total of 5 entries", b"Total of 9 entries"))
    assert (part.stated, part.is_whole, part.feed.stated) == (9, False, 9)
    beyond = NOTHING % (b"Logic", b"Tue, 03 Feb 2026", b"<div>Total of 9 entries <br></div>")
    assert listing_page.parse(beyond).stated == 9
    after_link = beyond.replace(b"<div>Total", b'<div><a href="x">Continue</a><br>Total')
    assert listing_page.parse(after_link).feed.stated == 9


def test_a_total_in_the_words_of_a_paper_is_none_of_the_page() -> None:
    said = NEW.replace(b"They connect again.", b"<div>Total of 900 entries</div>")
    assert listing_page.parse(said).stated == 5


def test_the_pages_of_one_day_become_one() -> None:
    more = NEW.replace(b"showing 2 of 2", b"showing first 2 of 3").replace(b"0090", b"0080")
    rest = NEW.replace(b"showing 2 of 2", b"continued, showing last 1 of 3")
    both = listing_page.merged([listing_page.parse(more), listing_page.parse(rest)])
    assert [entry.arxiv_id for entry in both.entries][:2] == ["2602.00801", "2602.00802"]
    assert len(both.entries) == 7
    assert both.counts["new"] == 3


def test_the_total_of_many_pages_is_met_by_all_of_them_together() -> None:
    first, rest = NEW.split(b"<dl id='articles'>\n<h3>Replacement")
    last = CATCHUP[: CATCHUP.index(b"<dl")] + b"<dl id='articles'>\n<h3>Replacement" + rest
    pages = [listing_page.parse(first), listing_page.parse(last)]
    assert [page.is_whole for page in pages] == [False, False]
    assert listing_page.merged(pages).is_whole
    assert listing_page.merged(pages).entries == listing_page.parse(NEW).entries


def test_the_same_page_twice_is_no_more_than_once() -> None:
    part = NEW.replace(b"Total of 5", b"Total of 6").replace(b"arXiv:2602.00901", b"arXiv:26o2")
    page = listing_page.parse(part)
    assert listing_page.merged([page, page]) == page
    assert not page.is_whole


def test_pages_of_different_days_or_categories_never_become_one(page: ListingPage) -> None:
    later = listing_page.parse(NEW.replace(b"3 February", b"4 February"))
    with pytest.raises(FeedError, match="2026-02-03 and 2026-02-04"):
        listing_page.merged([page, later])
    with pytest.raises(FeedError, match=r"cs.DC and cs.LG"):
        listing_page.merged([page, dataclasses.replace(page, category="cs.LG")])


def test_a_day_without_papers_is_valid() -> None:
    said = b"<p>No updates for Sat, 07 Feb 2026</p>"
    empty = listing_page.parse(NOTHING % (b"Logic (cs.LO)", b"Sat, 07 Feb 2026", said))
    assert (empty.date, empty.entries, empty.stated) == (dt.date(2026, 2, 7), (), 0)
    assert empty.is_whole
    assert empty.feed.stated == 0
    silent = listing_page.parse(NOTHING % (b"Logic (cs.LO)", b"Sat, 07 Feb 2026", b""))
    assert (silent.feed.stated, silent.is_whole) == (None, False)
    bare = listing_page.parse(NOTHING % (b"Logic", b"Sat, 07 Feb 2026", said))
    assert bare.category == "math.LO"


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


@pytest.mark.parametrize("lost", range(NEW.count(b"</div>") - 2))
def test_where_a_line_is_not_closed_nothing_of_another_is_taken_for_it(lost: int) -> None:
    """The first ``</div>`` closes the paging, the last the page."""
    parts = NEW.split(b"</div>")
    damaged = b"</div>".join(
        [*parts[: lost + 1], parts[lost + 1] + parts[lost + 2], *parts[lost + 3 :]]
    )
    whole = {entry.arxiv_id: entry for entry in listing_page.parse(NEW).entries}
    page = listing_page.parse(damaged)
    assert len(page.entries) + len(page.malformed) == 5
    assert [entry for entry in page.entries if entry != whole[entry.arxiv_id]] == []


def test_a_replacement_without_subjects_is_taken_as_it_is_said() -> None:
    page = listing_page.parse(NEW.replace(b"list-subjects", b"list-other"))
    assert [entry.announce_type for entry in page.entries][-2:] == ["replace", "replace"]


@pytest.mark.parametrize("place", [b"<h1>", b"Old Trees", b"arXiv:2602.00901", b"<title>"])
def test_characters_that_no_text_may_hold_do_no_harm(place: bytes) -> None:
    page = listing_page.parse(NEW.replace(place, place + b'<a href="&#1;">this https URL</a>&#1;'))
    assert len(page.entries) + len(page.malformed) == 5


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
    page=st.sampled_from([NEW, CATCHUP]),
    at=st.integers(0, len(NEW)),
    lost=st.integers(0, 400),
    doubled=st.integers(0, 400),
    said=st.sampled_from([b"", b"<dt>", b"</dd>", b"<a>", b"\x00", b"&#1;", b"<h3>", b"(" * 500]),
)
def test_a_damaged_page_is_read_in_part_or_refused(
    page: bytes, at: int, lost: int, doubled: int, said: bytes
) -> None:
    try:
        read = listing_page.parse(page[:at] + said + page[max(0, at - doubled) + lost :])
    except FeedError:
        return
    assert all(entry.title for entry in read.entries)
    assert read.category == "cs.DC"


@pytest.mark.parametrize(
    "odd",
    [b"<h3>" * 240, b"<h1>" + b"Catchup results for " * 100_000, b"<dt><b><dd><div>" * 10_000],
)
def test_an_odd_page_takes_no_longer_than_a_good_one_of_its_size(odd: bytes) -> None:
    many = NEW.replace(b"</dl>", b"<dt></dt><dd><div>x</div></dd>" * 20_000 + b"</dl>", 1)
    began = time.process_time()
    listing_page.parse(many)
    good = time.process_time()
    with contextlib.suppress(FeedError):
        listing_page.parse(many.replace(b"<ul>", odd + b"<ul>", 1))
    assert time.process_time() - good < 5 * (good - began) + 2

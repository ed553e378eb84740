from __future__ import annotations

import datetime as dt
from pathlib import Path
from xml.dom import minidom

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.arxiv import feed, reading
from digest.arxiv.listing import Author, FeedError
from digest.arxiv.tex import to_unicode
from tests import feeds


def test_an_atom_feed_is_read_whole() -> None:
    parsed = feed.parse(feeds.ATOM.read_bytes())
    assert (parsed.source, parsed.date) == ("atom", dt.date(2026, 2, 3))
    assert (parsed.asked, parsed.total, parsed.malformed) == (("cs.DC",), 3, ())
    first = parsed.entries[0]
    assert (first.arxiv_id, first.version, first.announce_type) == ("2602.00101", 1, "new")
    assert first.title == "Queues that Count: $2<N<3$ is Enough for Q&A"
    assert first.abstract == (
        r"We keep $2<N<3$ queues & count them. Our R&D shows that 38\% of <b>all</b> tasks wait."
    )
    assert first.categories == ("cs.DC", "math.NA")
    assert first.listing_date == dt.date(2026, 2, 3)
    assert first.authors == (
        Author("Borja Rodríguez"),
        Author("Ann Other", ("Dept. of Queues, Testville",)),
        Author("Ke (Kevin) Wu Jr."),
    )
    assert first.doi == "10.1000/queues.1"
    assert first.journal_reference == "J. Queues 3 (2026) 1-9"
    assert first.license == "http://creativecommons.org/licenses/by/4.0/"
    assert first.raw["authors"].startswith(r"Borja Rodr\'iguez")
    assert first.raw["categories"] == ["cs.DC", "cs.NA", "math.NA"]
    assert first.raw["source"] == "atom"
    assert "\n" in first.raw["abstract"]


def test_an_rss_feed_over_two_categories_is_read_and_its_bad_entries_are_named() -> None:
    parsed = feed.parse(feeds.RSS.read_bytes())
    assert (parsed.source, parsed.date) == ("rss", dt.date(2026, 2, 3))
    assert parsed.asked == ("cs.AI", "cs.CL")
    assert [entry.arxiv_id for entry in parsed.entries] == [
        "2602.00201",
        "2602.00202",
        "2511.00003",
    ]
    assert parsed.total == 5
    assert [str(malformed) for malformed in parsed.malformed] == [
        "oai:arXiv.org:unknown: no arXiv identifier",
        "oai:arXiv.org:2602.00203v1: no title",
    ]


def test_angle_brackets_and_ampersands_survive_rss() -> None:
    entry = feed.parse(feeds.RSS.read_bytes()).entries[0]
    # The ampersand before "answers" was escaped twice.
    assert entry.abstract == "An agent reads $2<N<3$ papers & answers Q&A."
    assert entry.authors[0] == Author("Eve Fifth", ("eve@example.org",))


def test_an_empty_day_is_a_valid_feed() -> None:
    parsed = feed.parse(feeds.atom(date=dt.date(2026, 2, 7)))
    assert (parsed.entries, parsed.total, parsed.date) == ((), 0, dt.date(2026, 2, 7))


def test_the_date_is_new_yorks_whatever_the_feed_calls_it() -> None:
    data = feeds.atom().replace(b"T12:00:00+00:00", b"T04:59:00+00:00")
    assert feed.parse(data).date == dt.date(2026, 2, 2)


def test_the_type_comes_from_its_element_then_from_the_summary_then_from_nowhere() -> None:
    both = feeds.entry("2602.00001v1", announce_type="cross")
    kept = both.replace("<arxiv:announce_type>cross", "<arxiv:announce_type>new")
    in_summary = both.replace(">cross<", "><")
    nowhere = feeds.entry("2602.00001v1", announce_type="")
    odd = nowhere.replace(
        "<published>", "<arxiv:announce_type>odd</arxiv:announce_type><published>"
    )
    found = [
        feed.parse(feeds.atom(one)).entries[0].announce_type
        for one in (kept, in_summary, nowhere, odd)
    ]
    assert found == ["new", "cross", None, None]


def test_identifier_and_version_come_from_the_guid_then_from_the_summary_then_from_the_link() -> (
    None
):
    whole = feeds.entry("math/0611800v4")
    without_guid = whole.replace("oai:arXiv.org:math/0611800v4", "urn:nothing")
    only_link = without_guid.replace("arXiv:math/0611800v4", "arXiv:nothing")
    for one, version in ((whole, 4), (without_guid, 4), (only_link, None)):
        entry = feed.parse(feeds.atom(one)).entries[0]
        assert (entry.arxiv_id, entry.version) == ("math/0611800", version)


def test_an_entry_that_stands_twice_counts_once() -> None:
    parsed = feed.parse(feeds.atom(feeds.entry("2602.00001v1"), feeds.entry("2602.00001v1")))
    assert len(parsed.entries) == 1
    assert "twice" in parsed.malformed[0].reason


def test_an_archive_asks_for_its_categories_and_a_new_code_is_kept() -> None:
    assert len(feed.parse(feeds.atom(asked="cs")).asked) == 40
    assert feed.parse(feeds.atom(asked="cs.XX+stat.TH")).asked == ("cs.XX", "math.ST")


def test_without_an_address_the_title_tells_the_asked_categories() -> None:
    data = feeds.atom(asked="cs.AI, cs.CL").replace(b"http://rss.arxiv.org/atom/", b"urn:")
    assert feed.parse(data).asked == ("cs.AI", "cs.CL")


def test_entries_where_none_belong_are_refused_so_that_none_is_lost() -> None:
    inner = feeds.entry("2602.00002v1")
    within = feeds.entry("2602.00001v1").replace("<published>", f"{inner}<published>")
    aside = feeds.atom(feeds.entry("2602.00001v1")).replace(
        b"</feed>", f"<source>{inner}</source></feed>".encode()
    )
    in_rss = feeds.RSS.read_bytes().replace(
        b"</channel>", b"</channel><item><title>A</title></item>"
    )
    for data in (feeds.atom(within), aside, in_rss):
        with pytest.raises(FeedError, match="where none belong"):
            feed.parse(data)


def test_elements_within_elements_without_end_are_refused() -> None:
    deep = b"<rights>" * 20_000 + b"</rights>" * 20_000
    with pytest.raises(FeedError, match="without end"):
        feed.parse(feeds.atom().replace(b"</feed>", deep + b"</feed>"))
    inside = feeds.entry("2602.00001v1").replace("<published>", f"{deep.decode()}<published>")
    assert feed.parse(feeds.atom(inside)).entries[0].arxiv_id == "2602.00001"


def test_texts_that_look_like_utf8_read_wrongly_stay_as_they_are() -> None:
    odd = "Â± and Ã©"
    entry = feeds.entry("2602.00001v1", title=odd, categories="cs.DC").replace(
        "<published>", f"<arxiv:journal_reference>{odd}</arxiv:journal_reference><published>"
    )
    parsed = feed.parse(feeds.atom(entry)).entries[0]
    assert (parsed.title, parsed.journal_reference) == (odd, odd)


def test_prefixes_may_be_called_anything() -> None:
    data = feeds.ATOM.read_bytes()
    renamed = data.replace(b"arxiv:", b"ax:").replace(b":arxiv=", b":ax=")
    renamed = renamed.replace(b"dc:", b"dublin:").replace(b":dc=", b":dublin=")
    assert feed.parse(renamed) == feed.parse(data)


def test_the_address_that_counts_is_that_of_the_papers_own_page() -> None:
    entry = feeds.entry("nonsense").replace(
        "<link ", '<link rel="related" href="https://arxiv.org/abs/2602.99999"/><link ', 1
    )
    entry = entry.replace("https://arxiv.org/abs/nonsense", "https://arxiv.org/abs/2602.00001v2")
    parsed = feed.parse(feeds.atom(entry.replace('"related"', '"self"'))).entries[0]
    assert (parsed.arxiv_id, parsed.version) == ("2602.00001", 2)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "blank"),
        (b" \n ", "blank"),
        (b"Rate exceeded.", "Rate exceeded"),
        (b"<!DOCTYPE html><html><title>Are you  human?</title></html>", "Are you human"),
        (b"<html><body>", "web page"),
        (b"{}", "not XML"),
        (feeds.atom(feeds.entry("2602.00001v1"))[:-30], "not well-formed"),
        (feeds.atom().replace(b"updates", b"\xff\xfe"), "not UTF-8 at byte"),
        (feeds.atom().replace(b"UTF-8", b"latin1"), "instead of UTF-8"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "document type"),
        (b"<note/>", "neither Atom nor RSS"),
        (feeds.atom(asked="").replace(b"updates", b""), "which categories"),
    ],
)
def test_what_is_no_feed_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(FeedError, match=reason):
        feed.parse(data)


def test_a_feed_that_says_error_is_refused_with_arxivs_own_reason() -> None:
    data = feeds.atom().replace(
        b"<title>cs.DC updates on arXiv.org", b"<subtitle>Bad class</subtitle><title>Feed error for"
    )
    with pytest.raises(FeedError, match="Bad class"):
        feed.parse(data)


@settings(deadline=None)
@given(
    which=st.sampled_from([feeds.ATOM, feeds.RSS, feeds.API]),
    at=st.floats(0, 1),
    length=st.integers(0, 40),
    put=st.binary(max_size=12)
    | st.sampled_from([b"<", b"&", b"]]>", b"</entry>", b"\x00", b"<id/>"]),
)
def test_mutated_bytes_are_read_or_refused_never_worse(
    which: Path, at: float, length: int, put: bytes
) -> None:
    data = which.read_bytes()
    start = int(at * len(data))
    try:
        parsed = reading.parse(data[:start] + put + data[start + length :])
    except FeedError:
        return
    assert parsed.total >= len(parsed.entries)
    assert all(entry.title and entry.arxiv_id for entry in parsed.entries)


@settings(deadline=None)
@given(st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc", "Co", "Cn"]), max_size=80))
def test_any_abstract_comes_back_as_it_was_sent(text: str) -> None:
    data = feeds.atom(feeds.entry("2602.00001v1", abstract=f"A {text} z"))
    assert feed.parse(data).entries[0].raw["abstract"].split() == f"A {text} z".split()


def _expected(data: bytes) -> list[tuple[str, str, str]]:
    """Title, summary and authors by another parser, straight from the tree."""
    document = minidom.parseString(data)  # noqa: S318 - files of our own

    def text(item: minidom.Element, *names: str) -> str:
        nodes = [node for name in names for node in item.getElementsByTagName(name)]
        return "".join(child.nodeValue or "" for node in nodes for child in node.childNodes)

    return [
        (text(item, "title"), text(item, "summary", "description"), text(item, "dc:creator"))
        for name in ("entry", "item")
        for item in document.getElementsByTagName(name)
    ]


def test_no_character_of_any_shared_feed_is_lost(shared: Path) -> None:
    files = [
        *(shared / "fixtures/feeds").glob("*.xml"),
        *(shared / "fixtures/feeds_reconstructed").glob("*.xml"),
        *(shared / "sample").glob("*.xml"),
    ]
    checked = 0
    for file in files:
        if "ERROR" in file.name or "TRUNCATED" in file.name:  # the latter for its size
            continue
        data = file.read_bytes()
        parsed = feed.parse(data)
        for entry, (title, summary, creators) in zip(parsed.entries, _expected(data), strict=True):
            assert entry.raw["title"] == title.strip()
            assert entry.raw["authors"] == creators.strip()
            assert entry.raw["abstract"] == summary.partition("Abstract: ")[2].strip()
            assert entry.title == to_unicode(title)
            assert entry.abstract == to_unicode(summary.partition("Abstract: ")[2])
            checked += 1
    assert checked > 1500

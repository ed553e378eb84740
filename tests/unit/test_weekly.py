"""The weekly document's grammar."""

from __future__ import annotations

import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.archive import canonical, week, weekly
from digest.archive.week import Card, Day, Line, Tags, WeekDocument, WeekError, WeekSection

MONDAY = dt.date(2026, 3, 2)
DOCUMENT = """\
# 20260302-20260308

## 2026-03-02

**cs.DC total: 2**

- **[arXiv260302] On Clocks that Agree**
  - **tags:** [sys], [clock synchronization], [logical clocks, drift]
  - **authors:** Ada One, Bo Two
  - **institution:** University of Somewhere
  - **link:** https://arxiv.org/pdf/2603.00001
  - **Simple LLM Summary:** Clocks agree if x &lt; y and \\{a, b\\} holds.

- **[arXiv260302] A Paper Without Anything**
  - **tags:** TBD
  - **authors:** Cy Three
  - **institution:** 
  - **link:** https://arxiv.org/pdf/math/0611800


**cs.AI/cs.LG contains "clock" total: 1**
- [arXiv260302] Learning to Tell the Time [link](https://arxiv.org/pdf/2603.00003)

**cs.AI/cs.LG contains "drift" total: 0**

## 2026-03-04

**cs.DC total: 0**


**cs.AI/cs.LG contains "clock" total: 1**
- [arXiv260304] Time Told Twice [link](https://arxiv.org/pdf/2603.00004)
"""  # noqa: W291 - an empty institution leaves its space
LINES = DOCUMENT.split("\n")


def test_a_document_comes_back_byte_for_byte() -> None:
    assert weekly.format(weekly.parse(DOCUMENT)) == DOCUMENT


def test_every_part_is_kept_as_it_stands() -> None:
    first, second = weekly.parse(DOCUMENT).days[0].sections[0].entries
    assert isinstance(first, Card)
    assert isinstance(second, Card)
    assert first.tags == Tags(
        domain="sys", topic="clock synchronization", keywords="logical clocks, drift"
    )
    assert first.text_label == "Simple LLM Summary"
    assert first.text == r"Clocks agree if x &lt; y and \{a, b\} holds."
    assert second.tags is None
    assert second.institutions == second.text == ""
    assert second.arxiv_id == "math/0611800"


def test_a_section_without_papers_is_read() -> None:
    monday, wednesday = weekly.parse(DOCUMENT).days
    assert [section.total for section in monday.sections] == [2, 1, 0]
    assert [section.is_cards for section in wednesday.sections] == [True, False]


@pytest.mark.parametrize("label", week.TEXT_LABELS)
def test_all_three_labels_of_a_text_are_read(label: str) -> None:
    text = DOCUMENT.replace("Simple LLM Summary", label)
    card = weekly.parse(text).days[0].sections[0].entries[0]
    assert isinstance(card, Card)
    assert card.text_label == label
    assert weekly.format(weekly.parse(text)) == text


def without(number: int) -> str:
    return "\n".join(LINES[: number - 1] + LINES[number:])


def with_line(number: int, line: str) -> str:
    return "\n".join([*LINES[: number - 1], line, *LINES[number:]])


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", 1, "empty"),
        ("\n", 1, "empty"),
        ("\ufeff" + DOCUMENT, 1, "byte order mark"),
        (DOCUMENT.replace("\n", "\r\n"), 1, "carriage return"),
        (with_line(9, "  - **authors:** A\x00B"), 9, "sign '\\x00'"),
        (DOCUMENT.removesuffix("\n"), 32, "does not end"),
        (DOCUMENT + "\n", 34, "the document ends where"),
        ("# 20260302-20260308\n", 2, "ends where a blank line"),
        (with_line(1, "# 20260303-20260309"), 1, "not on a Monday"),
        (with_line(1, "# 20260302-20260307"), 1, "20260302-20260308"),
        (with_line(1, "# 20261302-20260308"), 1, "no date"),
        (with_line(1, "20260302-20260308"), 1, "week's heading"),
        (without(2), 2, "blank line"),
        (with_line(3, "## 2026-03-09"), 3, "no day of the week"),
        (with_line(3, "## 2026-02-30"), 3, "no date"),
        (with_line(5, "**cs.DC total: 3**"), 5, "says 3, the section holds 2"),
        (with_line(5, "**cs.DC total: 02**"), 5, "heading"),
        (with_line(5, "cs.DC total: 2"), 5, "heading"),
        (without(6), 6, "a paper as a line expected"),
        (with_line(7, "- **[arXiv260303] On Clocks that Agree**"), 7, "not the day's"),
        (with_line(7, "- **[arXiv260302] **"), 7, "a card"),
        (with_line(8, "  - **tags:** sys, clocks"), 8, "tags"),
        (with_line(8, "  - **tags:** [], [], []"), 8, "tags"),
        (without(8), 8, "'tags'"),
        (without(9), 9, "'authors'"),
        (with_line(9, "  - **authors:** "), 9, "no authors"),
        (without(10), 10, "'institution'"),
        (without(11), 11, "'link'"),
        (with_line(11, "  - **link:** https://arxiv.org/pdf/2603.00001v2"), 11, "link"),
        (with_line(11, "  - **link:** http://arxiv.org/pdf/2603.00001"), 11, "link"),
        (with_line(11, "  - **link:** https://arxiv.org/pdf/nothing"), 11, "link"),
        (with_line(12, "  - **Opinion:** Good."), 12, "unknown part"),
        (with_line(12, "  - **Summary:**  "), 12, "no text"),
        (without(13), 13, "blank line after the card"),
        (with_line(18, "  - **link:** https://arxiv.org/pdf/2603.00001"), 14, "twice"),
        (without(20), 20, "before the next section"),
        (with_line(22, LINES[21].replace("[link]", "")), 22, "a line"),
        (with_line(22, LINES[21].replace(".00003", ".3")), 22, "link"),
        (with_line(22, " " + LINES[21]), 22, "a paper expected"),
        (with_line(14, " " + LINES[13]), 14, "a paper expected"),
        (with_line(14, "\n" + LINES[13]), 14, "blank line stands before a paper"),
        (with_line(26, "## 2026-03-02"), 26, "twice"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_line(text: str, line: int, reason: str) -> None:
    with pytest.raises(WeekError, match=r"^line \d+: ") as raised:
        weekly.parse(text)
    assert (raised.value.line, reason in raised.value.reason) == (line, True), raised.value.reason


def test_days_out_of_order_are_refused() -> None:
    text = DOCUMENT.replace("## 2026-03-02", "## 2026-03-05").replace("arXiv260302", "arXiv260305")
    with pytest.raises(WeekError, match="2026-03-04 stands after 2026-03-05") as raised:
        weekly.parse(text)
    assert raised.value.line == 26


# Documents of every shape

_words = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="*\x85"),
    min_size=1,
).filter(lambda text: text.strip() != "")
_tag = _words.filter(lambda text: "]" not in text)
_numbers = st.lists(st.integers(1, 99_999), max_size=4, unique=True)
_tags = st.none() | st.builds(Tags, domain=_tag, topic=_tag, keywords=_words)
_texts = st.just(("", "")) | st.tuples(st.sampled_from(week.TEXT_LABELS), _words)


def _link(number: int) -> str:
    return f"{week.LINK}2603.{number:05d}"


@st.composite
def _sections(draw: st.DrawFn) -> WeekSection:
    numbers = draw(_numbers)
    label = draw(_words).strip()
    cards = draw(st.booleans())
    entries: list[Line] = []
    for number in numbers:
        title, link = draw(_words), _link(number)
        if cards:
            tags, (text_label, text) = draw(_tags), draw(_texts)
            authors, institutions = draw(_words), draw(st.just("") | _words)
            entries.append(
                Card(
                    title=title,
                    link=link,
                    tags=tags,
                    authors=authors,
                    institutions=institutions,
                    text_label=text_label,
                    text=text,
                )
            )
        else:
            entries.append(Line(title=title, link=link))
    return WeekSection(label=label, entries=tuple(entries))


@st.composite
def _documents(draw: st.DrawFn) -> WeekDocument:
    weekdays = sorted(draw(st.sets(st.integers(0, 6), min_size=1, max_size=3)))
    days = [
        Day(
            date=MONDAY + dt.timedelta(days=weekday),
            sections=tuple(draw(st.lists(_sections(), min_size=1, max_size=3))),
        )
        for weekday in weekdays
    ]
    return WeekDocument(monday=MONDAY, days=tuple(days))


@given(_documents())
def test_what_is_written_is_read_again(document: WeekDocument) -> None:
    text = weekly.format(document)
    assert weekly.parse(text) == document
    assert weekly.format(weekly.parse(text)) == text


@given(st.integers(0, len(DOCUMENT)), st.integers(0, 4), st.text(max_size=3))
def test_a_damaged_document_is_refused_or_comes_back(at: int, cut: int, put: str) -> None:
    damaged = DOCUMENT[:at] + put + DOCUMENT[at + cut :]
    with contextlib.suppress(WeekError):
        assert weekly.format(weekly.parse(damaged)) == damaged


# Escapes and canonical values


@given(st.text())
def test_escapes_are_undone_by_unescaping(text: str) -> None:
    plain = week.unescape(text)
    if not {"&lt;", "&gt;"} & {plain[i : i + 4] for i in range(len(plain))}:
        assert week.unescape(week.escape(plain)) == plain


def test_a_text_is_unescaped_and_a_titles_mathematics_is_not() -> None:
    card = weekly.parse(DOCUMENT).days[0].sections[0].entries[0]
    assert isinstance(card, Card)
    assert canonical.said_by(card).text == "Clocks agree if x < y and {a, b} holds."
    line = Line(title=r"Sets $\{0,1\}$ by Poincar\'e", link=_link(1))
    assert canonical.title_of(line) == r"Sets $\{0,1\}$ by Poincaré"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ()),
        ("TBD", ()),
        ("Not specified", ()),
        ("Not explicitly provided in the text.", ()),
        ("Unknown (no affiliations given; author emails missing)", ()),
        ("(Institution not stated; inferred from nothing)", ()),
        ("Not Yet Labs", ("Not Yet Labs",)),
        ("Example Labs (inferred from email domain)", ("Example Labs",)),
        ("Ada One, Bo Two (inferred from author names)", ()),
        ("Example Centre (EC), Example Centre (EC)", ("Example Centre (EC)",)),
        ("Widgets Co., Ltd., ETH", ("Widgets Co., Ltd.", "ETH")),
        ("University of California, Davis, MIT", ("University of California, Davis", "MIT")),
        ("Lab A, Town; Lab B, City", ("Lab A, Town", "Lab B, City")),
        ("School (Arts, Crafts), Other", ("School (Arts, Crafts)", "Other")),
    ],
)
def test_institutions_are_names_and_never_excuses(text: str, found: tuple[str, ...]) -> None:
    assert canonical.institutions(text, {"Ada One", "Bo Two"}) == found


def test_a_weeks_span_says_a_month_twice_only_where_it_changes() -> None:
    assert week.week_span(dt.date(2026, 2, 2)) == "2 to 8 February 2026"
    assert week.week_span(dt.date(2026, 1, 26)) == "26 January to 1 February 2026"
    assert week.week_span(dt.date(2025, 12, 29)) == "29 December 2025 to 4 January 2026"

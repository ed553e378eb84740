from __future__ import annotations

import gzip
import json
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.arxiv import authors
from digest.arxiv.listing import Author
from digest.arxiv.markup import root_of
from digest.arxiv.tex import to_unicode

_RAW = "{http://arxiv.org/OAI/arXivRaw/}authors"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("A One", (Author("A One"),)),
        ("A One, B Two (Aff, City), C Three", (
            Author("A One"), Author("B Two", ("Aff, City",)), Author("C Three"))),
        ("A One (X (Y, Z)) (W), B", (Author("A One", ("X (Y, Z)", "W")), Author("B"))),
        ("A One, Jr., B Two, III", (Author("A One Jr."), Author("B Two III"))),
        ("A (B, C", (Author("A (B"), Author("C"))),
        ("A) B, C", (Author("A) B"), Author("C"))),
        ("(ATLAS Collaboration), A", (Author("(ATLAS Collaboration)"), Author("A"))),
        (r"J\'er\^ome, {\L}ukasz", (Author("Jérôme"), Author("Łukasz"))),
        ("A,, B,", (Author("A"), Author("B"))),
    ],
)  # fmt: skip
def test_authors_are_split_outside_brackets(text: str, expected: tuple[Author, ...]) -> None:
    assert authors.split(text) == expected


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from(list("AaBb ,()\\'{}é"))))
def test_splitting_authors_loses_no_letter(text: str) -> None:
    def letters(value: str) -> str:
        return "".join(letter for letter in value if letter not in " ,()")

    split = authors.split(text)
    joined = "".join(author.name + "".join(author.affiliations) for author in split)
    assert letters(joined) == letters(to_unicode(text))
    assert all(author.name.strip() for author in split)


_NAME = st.text(st.sampled_from("ABcdéø."), min_size=2, max_size=9).filter(
    lambda name: not authors._SUFFIX.fullmatch(name)
)
_AUTHOR = st.builds(
    Author, _NAME, st.lists(st.text(st.sampled_from("XYz"), min_size=1), max_size=2).map(tuple)
)


@settings(deadline=None)
@given(st.lists(_AUTHOR, max_size=6))
def test_authors_are_read_as_they_were_joined(given: list[Author]) -> None:
    text = ", ".join(
        " ".join([author.name, *(f"({place}, {place})" for place in author.affiliations)])
        for author in given
    )
    expected = [
        Author(author.name, tuple(f"{place}, {place}" for place in author.affiliations))
        for author in given
    ]
    assert list(authors.split(text)) == expected


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("A One and B Two", ["A One", "B Two"]),
        ("A One, B Two and C Three", ["A One", "B Two", "C Three"]),
        ("A One, B Two, and C Three", ["A One", "B Two", "C Three"]),
        ("A One (X and Y) and B Two", ["A One", "B Two"]),
        ("Ferdinand Sand, Anders Andersen, Rand and", ["Ferdinand Sand", "Anders Andersen",
                                                       "Rand and"]),
        ("A One Jr. and B Two, III", ["A One Jr.", "B Two III"]),
        ("A One, Jr. (X), B Two, 2nd", ["A One Jr.", "B Two 2nd"]),
        ("The ACME Collaboration: A. One, B. Two", ["The ACME Collaboration", "A. One", "B. Two"]),
        ("Note: A One", ["Note: A One"]),
        ("A. One and the ACME Collaboration", ["A. One", "the ACME Collaboration"]),
        ("A. One for the ACME Collaboration", ["A. One", "for the ACME Collaboration"]),
        ("A. One, on behalf of the ACME Team", ["A. One", "on behalf of the ACME Team"]),
        ("A. One, for the ACME and BETA Collaborations", [
            "A. One", "for the ACME and BETA Collaborations"]),
        ("ACME Collaboration and BETA Collaboration", [
            "ACME Collaboration", "BETA Collaboration"]),
        ("Salt and Pepper Working Group", ["Salt and Pepper Working Group"]),
        ("A One, B Two, et al.", ["A One", "B Two", "et al."]),
        ("A One et al", ["A One", "et al"]),
    ],
)  # fmt: skip
def test_authors_are_told_from_what_their_names_hold(text: str, names: list[str]) -> None:
    assert [author.name for author in authors.split(text)] == names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A One (for the ACME Collaboration)", (
            Author("A One", ("for the ACME Collaboration",)),)),
        ("A One, B Two (ACME Collaboration)", (
            Author("A One"), Author("B Two", ("ACME Collaboration",)))),
        ("A One (1), B Two (1 and 2), C Three (2) ((1) X, Y, (2) Z)", (
            Author("A One", ("X, Y",)), Author("B Two", ("X, Y", "Z")), Author("C Three", ("Z",)))),
        # A number without a place, and a place without a number: nothing is guessed.
        ("A One (1), B Two (3) ((1) X)", (
            Author("A One", ("1",)), Author("B Two", ("3", "(1) X")))),
        ("A One (1), B Two (1) ((1) X, (2) Y)", (
            Author("A One", ("1",)), Author("B Two", ("1", "(1) X, (2) Y")))),
    ],
)  # fmt: skip
def test_affiliations_stay_with_their_authors(text: str, expected: tuple[Author, ...]) -> None:
    assert authors.split(text) == expected


@pytest.mark.parametrize(
    "text",
    ["(" * 100_000, ")" * 100_000, "A " + "()" * 50_000, "A" + " and" * 25_000, ", " * 50_000,
     "x and " * 20_000 + "Group", "for " * 25_000 + "Team", " et al" * 20_000, ":" * 100_000,
     "A (1)" + ", B (1)" * 15_000 + " ((1) X)", "(" * 50_000 + ")" * 50_000, "{" * 99_999 + "é"],
    ids=lambda text: text[:8],
)  # fmt: skip
def test_hostile_strings_take_no_longer_than_their_length_deserves(text: str) -> None:
    start = time.perf_counter()
    authors.split(text)
    assert time.perf_counter() - start < 5  # it takes a tenth; squared it would take minutes


def test_a_thousand_authors_are_a_thousand() -> None:
    names = [
        f"Author {number} Jr." if number % 7 == 0 else f"A. {number}" for number in range(1323)
    ]
    assert [author.name for author in authors.split(", ".join(names))] == names


def test_real_authors_are_read_as_they_were_joined(shared: Path) -> None:
    differing = 0
    for path in sorted((shared / "fixtures" / "corpus").glob("*.jsonl.gz")):
        for line in gzip.decompress(path.read_bytes()).splitlines():
            names = [to_unicode(name) for name in json.loads(line)["authors"]]
            found = authors.split(", ".join(names))
            # A name that holds brackets of its own gives them as an affiliation.
            whole = [" ".join([a.name, *(f"({p})" for p in a.affiliations)]) for a in found]
            differing += whole != names
    assert differing <= 1  # "and Somebody", joined twice


def test_no_letter_of_a_real_string_of_authors_is_lost(shared: Path) -> None:
    path = shared / "fixtures" / "oai" / "scirate_2014_ListRecords_arXivRaw_page.xml"
    texts = [element.text or "" for element in root_of(path.read_bytes()).iter(_RAW)]
    assert len(texts) == 1000
    for text in texts:
        found = authors.split(text)
        kept = " ".join(" ".join([author.name, *author.affiliations]) for author in found)
        words = set(re.findall(r"[^\W\d_]+", to_unicode(text))) - {"and"}
        assert words <= set(re.findall(r"[^\W\d_]+", kept)), text

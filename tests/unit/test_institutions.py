"""Institutions: one name each, found on page one, in the feed or by mail; nothing invented."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.summaries.institutions import by_rules, checked, from_emails, normalised
from digest.summaries.pages.reading import first_page
from tests.first_pages import ABSTRACT, PAGES, Page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.shape)
def test_each_shape_of_a_first_page_gives_its_institutions_in_order(
    page: Page, tmp_path: Path
) -> None:
    file = tmp_path / "page.pdf"
    file.write_bytes(page.pdf())
    found = by_rules(
        page=first_page(file), authors=page.authors, title=page.title, abstract=ABSTRACT
    )
    assert found == page.truth


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("MIT", "Massachusetts Institute of Technology"),
        ("ETH Zürich", "ETH Zurich"),
        ("ETHZ", "ETH Zurich"),
        ("UC Berkeley", "University of California, Berkeley"),
        ("Ohio State University", "The Ohio State University"),
        ("The University of Hong Kong", "University of Hong Kong"),
        ("Huawei Technologies Co., Ltd.", "Huawei"),
        ("Acme Widgets GmbH", "Acme Widgets"),
        ("UNIVERSITY OF TESTING", "University of Testing"),
        ("2 University of Testing", "University of Testing"),
        ("University of Testing (inferred from email domain)", "University of Testing"),
        ("Université  de\nTest", "Université de Test"),
    ],
)
def test_an_institution_has_one_name(written: str, name: str) -> None:
    assert normalised(written) == name


@pytest.mark.parametrize(
    "prose",
    [
        "Not specified", "not explicitly provided in the given text.", "Unknown", "N/A", "None",
        "-", "", "Not explicitly stated", "No affiliation given", "Independent Researcher",
        "Affiliations are not listed", "unspecified", "ada@example.org", "x" * 500,
    ],
)  # fmt: skip
def test_prose_becomes_empty(prose: str) -> None:
    assert normalised(prose) == ""


@given(st.text(max_size=200))
def test_a_name_once_normalised_stays_as_it_is(text: str) -> None:
    once = normalised(text)
    assert normalised(once) in {once, ""}


def test_mail_domains_tell_universities_labs_and_companies() -> None:
    text = "{a,b}@cs.ox.ac.uk, c@inf.ethz.ch d@google.com, e@gmail.com, f@nobody.example"
    assert from_emails(text) == ("University of Oxford", "ETH Zurich", "Google")


def test_affiliations_of_a_feed_are_named_the_same_way() -> None:
    said = [
        "Dept. of Physics, MIT, Cambridge, USA",
        "CERN",
        "Massachusetts Institute of Technology",
    ]
    assert by_rules(affiliations=said) == ("Massachusetts Institute of Technology", "CERN")


def test_of_a_models_list_only_what_stands_on_the_page_is_kept_in_the_pages_order() -> None:
    page = "Ada Lovelace1, Emmy Noether2\n1MIT 2University of Testing\nemmy@google.com\nAbstract"
    said = [
        "Google", "University of Testing", "Massachusetts Institute of Technology",
        "Stanford University", "Ada Lovelace", "Not specified",
    ]  # fmt: skip
    assert checked(said, page, ["Ada Lovelace"]) == (
        "Massachusetts Institute of Technology",
        "University of Testing",
        "Google",
    )


def test_without_a_page_nothing_of_a_models_list_is_believed() -> None:
    assert checked(["Stanford University"], "") == ()


@given(st.text(alphabet="aA1 ,;@.\n*-{}University ofabstract", max_size=2_000))
def test_any_page_is_read_without_a_crash(text: str) -> None:
    found = by_rules(page=text, authors=["A B"], title=text[:40], abstract=text[40:90])
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    "piece", ["a@b.", "University ", "1A,", "and University of ", "{a,", "x-\n"]
)
def test_a_hostile_page_takes_no_time(piece: str) -> None:
    by_rules(page=piece * (20_000 // len(piece)), authors=["A"], title="T", abstract="A")

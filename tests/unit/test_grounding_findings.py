"""Findings as values, and a guard that no text brings down."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.summaries.grounding import Finding, Kind, Source, check, cleaned
from tests.grounding import PAPER, found_in

_WRITTEN = (
    "10|10^5|3 minutes|GPT-4o|LLMs| |\n|$|\\frac{|}|(|)|<b>|%|×|—|we|I|O(n|½|Ⅷ|٣|語|\u0301|\u200b|"
    ".|1,000|$5M|-|²|₁|e.g. |Radix|RadixTree|half|th"
)
_HOSTILE = (
    "A|a |1 |1,|1-|$|\\frac{|(|O(|<|<!--|[x](|www.|&|**a|I |we |the |\u200b|\u0301|語|A-1-|(1)|@|"
    '{"a|10^|It is so. |RadixTree |FiDo '
)
_PIECES = st.sampled_from(_WRITTEN.split("|"))
TEXTS = st.one_of(st.text(), st.lists(_PIECES, max_size=60).map("".join))


def test_findings_come_back_from_json() -> None:
    findings = found_in("We sort on the H100 in 2 minutes. Say this is it.")
    assert len({finding.kind for finding in findings}) == 4
    data = json.loads(json.dumps([finding.as_data() for finding in findings]))
    assert [Finding.from_data(one) for one in data] == findings


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "name",
        {},
        {"kind": "name"},
        {"kind": "no such kind", "message": "x"},
        {"kind": ["name"], "message": "x"},
        {"kind": "name", "message": 7},
        {"kind": "name", "message": "x", "quote": None},
        {"kind": "name", "message": "x", "start": -1, "end": 2},
        {"kind": "name", "message": "x", "start": 3, "end": 2},
        {"kind": "name", "message": "x", "start": "1", "end": "2"},
        {"kind": "name", "message": "x", "start": True, "end": 2},
        {"kind": "name", "message": "x", "near": 4},
        {"kind": "name", "message": "x", "near": [[1]]},
        {"kind": "name", "message": "x", "near": [[2, 1]]},
    ],
)
def test_nonsense_is_no_finding(data: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        Finding.from_data(data)


def test_a_finding_needs_no_more_than_kind_and_message() -> None:
    finding = Finding.from_data({"kind": "length", "message": "Too short.", "more": 1})
    assert finding == Finding(Kind.LENGTH, 0, 0, "", "Too short.")


@settings(max_examples=150)
@given(TEXTS, TEXTS, TEXTS)
def test_no_text_brings_the_guard_down(text: str, abstract: str, page: str) -> None:
    findings = check(text, Source("A title", abstract, page))
    places = [(finding.start, finding.end) for finding in findings]
    assert places == sorted(places, key=lambda place: place[0])
    for finding in findings:
        assert 0 <= finding.start <= finding.end <= len(text)
        assert finding.end == 0 or finding.quote == text[finding.start : finding.end]
        assert all(0 <= start <= end <= len(abstract) for start, end in finding.near)
        assert Finding.from_data(finding.as_data()) == finding


@given(TEXTS)
def test_all_that_a_paper_says_stands_in_it(text: str) -> None:
    about_words = {Kind.NUMBER, Kind.UNIT, Kind.NAME, Kind.ACRONYM}
    found = [finding for finding in check(text, Source("", text)) if finding.kind in about_words]
    assert found == []


@pytest.mark.parametrize("piece", _HOSTILE.split("|"))
def test_a_hostile_text_costs_no_time(piece: str) -> None:
    text = (piece * 20_000)[:20_000]
    started = time.process_time()
    check(text, PAPER)
    check(cleaned(text), Source(text[:200], text[:2_000], text))
    assert time.process_time() - started < 5  # a second or so on a free machine


def test_a_text_has_a_bounded_number_of_findings() -> None:
    assert len(check(", ".join(f"Name{at}X" for at in range(2_000)), PAPER)) == 60

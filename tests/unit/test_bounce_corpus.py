"""Returned mails as they are seen in the world, in words of our own: address, class, permanence.

``expected.csv`` has a line for every recipient that a mail reports on. A reader's address that
is not named stands as blank.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from newsletter.delivery.returned.reading import read
from newsletter.delivery.returned.reports import Report

CORPUS = Path(__file__).resolve().parents[1] / "fixtures" / "bounces"
TOKEN = "00000000002f3c9e8d41b73c9e8d41b73c9e8d41b7"
MESSAGE_ID = "<4f1c0d9e8b7a6f5e4d3c2b1a09f8e7d6c5b4a392@post.example.org>"
Row = tuple[str, str, str, str]


def _expected() -> dict[str, set[Row]]:
    found: dict[str, set[Row]] = defaultdict(set)
    with (CORPUS / "expected.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            values = row["kind"], row["address"], row["class"], row["permanence"]
            found[row["file"]].add(values)
    return found


EXPECTED = _expected()


def row_of(report: Report) -> Row:
    if report.verdict is None:
        return report.kind, report.address, "", ""
    permanence = "permanent" if report.is_permanent else "temporary"
    return report.kind, report.address, report.verdict.kind, permanence


def test_the_corpus_is_whole() -> None:
    assert {path.name for path in CORPUS.glob("*.eml")} == set(EXPECTED)
    assert len(EXPECTED) >= 40


@pytest.mark.parametrize("name", EXPECTED)
def test_address_class_and_permanence_are_right(name: str) -> None:
    assert {row_of(report) for report in read((CORPUS / name).read_bytes())} == EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_line_ends_and_an_mbox_line_change_nothing(name: str) -> None:
    raw = (CORPUS / name).read_bytes()
    crlf = raw.replace(b"\n", b"\r\n")
    mbox = b"From MAILER-DAEMON Tue Feb  3 07:00:00 2026\n" + raw
    assert read(crlf) == read(raw) == read(mbox)


@pytest.mark.parametrize("name", EXPECTED)
def test_whatever_names_our_mail_is_found(name: str) -> None:
    raw = (CORPUS / name).read_bytes()
    clues = read(raw)[0].clues
    if TOKEN.encode() in raw:
        assert clues.tokens == (TOKEN,)
    if MESSAGE_ID.encode() in raw:
        assert clues.message_ids[0] == MESSAGE_ID

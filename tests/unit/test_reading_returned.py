"""Reading what comes back: whatever it is, it is read, soon, and believed in nothing."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.delivery.returned import by_flufl, mime
from newsletter.delivery.returned.reading import read
from newsletter.delivery.returned.reports import Returned

CORPUS = sorted((Path(__file__).resolve().parents[1] / "fixtures" / "bounces").glob("*.eml"))
DAEMON = b"From: mailer-daemon@mx.example.net\nSubject: failed\n"
# Seconds for a megabyte; on a quiet machine the slowest takes 0.7.
LONGEST = 5

HOSTILE = {
    "parts in parts": b'Content-Type: multipart/mixed; boundary="a"\n\n--a\n' * 20_000,
    "mails in mails": b"Content-Type: message/rfc822\n\n" * 40_000,
    "unclosed tags": DAEMON + b"Content-Type: text/html\n\n" + b"<" * 1_000_000,
    "unclosed scripts": DAEMON + b"Content-Type: text/html\n\n" + b"<script>" * 125_000,
    "at signs": DAEMON + b"\n" + b"@" * 1_000_000,
    "addresses": DAEMON + b"\n" + b"a@b.example\n" * 80_000,
    "one word": DAEMON + b"\n" + b"a" * 1_000_000,
    "empty lines": DAEMON + b"\n" + b"\n" * 1_000_000,
    "headers": b"X: y\n" * 200_000,
    "folds": b"Subject: a\n" + b" b\n" * 300_000,
    "reports": b"Content-Type: message/delivery-status\n\n"
    + b"Final-Recipient: rfc822; a@b.example\nAction: failed\n\n" * 20_000,
    "dashes": DAEMON + b"\n" + b"----------\n" * 90_000,
    "base64": DAEMON + b"Content-Transfer-Encoding: base64\n\n" + b"AAAA\n" * 200_000,
    "encoded words": b"Subject: " + b"=?utf-8?q?" * 100_000,
    "a charset that is none": DAEMON + b'Content-Type: text/plain; charset="punycode"\n\n'
    + b"a-" * 400_000,
    "recipients": b"X-Failed-Recipients: " + b"a@b.example," * 80_000 + b"\n\nmailbox full",
}  # fmt: skip


@given(st.binary(max_size=2000))
def test_any_bytes_are_read(raw: bytes) -> None:
    assert read(raw)


@given(st.data())
def test_a_damaged_mail_is_read_as_far_as_it_can_be(data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from(CORPUS)).read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(raw)))
        length = data.draw(st.integers(0, 200))
        raw[start : start + length] = data.draw(st.binary(max_size=60))
    for report in read(bytes(raw)):
        assert (report.verdict is not None) == (report.kind is Returned.BOUNCE)
        assert len(report.diagnostic) <= 2000
        assert len(report.address) <= 320


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_mail_costs_no_more_than_its_size(name: str) -> None:
    begin = time.process_time()
    read(HOSTILE[name] * 4)
    assert time.process_time() - begin < LONGEST


def test_only_the_beginning_of_an_endless_mail_is_read() -> None:
    long = (CORPUS[0].parent / "postfix_user_unknown.eml").read_bytes() + b"x" * 5_000_000
    assert read(long)[0].address == "ada@example.net"
    assert len(mime.parse(b"\n" * 10 + b"a: b\n\n" + b"x" * 5_000_000).body) < mime.MOST_BYTES


def test_a_mail_that_breaks_flufl_is_still_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(message: object) -> None:
        raise LookupError("unknown charset")

    monkeypatch.setattr(by_flufl, "all_failures", broken)
    raw = DAEMON + b"\n<ada@example.net>: 550 5.1.1 no such user\n"
    assert [report.address for report in read(raw)] == ["ada@example.net"]


def test_words_of_a_person_about_bounces_are_no_bounce() -> None:
    raw = (
        b"From: ada@example.net\nSubject: mail delivery failed?\n\n550 user unknown: b@example.net"
    )
    assert [report.kind for report in read(raw)] == [Returned.UNKNOWN]

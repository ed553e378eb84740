"""Headers say what they should and nothing that was smuggled in."""

from __future__ import annotations

import datetime as dt
from email import message_from_bytes, policy
from email.headerregistry import Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.compose import message
from newsletter.compose.message import HeaderError

STRICT = policy.SMTP


def parsed(name: str, value: str) -> str:
    raw = message.header(name, value) + b"\r\n"
    found = message_from_bytes(raw, policy=STRICT)[name]
    assert not found.defects
    return str(found)


@pytest.mark.parametrize(
    "value", ["x\r\nBcc: evil@example.org", "x\nBcc: y", "x\ry", "x\0", "é", "x\x7f"]
)
def test_a_header_refuses_what_would_break_out(value: str) -> None:
    with pytest.raises(HeaderError):
        message.header("Subject", value)


def test_a_header_refuses_a_line_no_server_takes() -> None:
    with pytest.raises(HeaderError):
        message.header("Subject", "x" * 1000)


@pytest.mark.parametrize("name", ["", "Sub ject", "X:Y", "Sübject"])
def test_a_header_refuses_a_name_that_is_none(name: str) -> None:
    with pytest.raises(HeaderError):
        message.header(name, "x")


@pytest.mark.parametrize(
    "address",
    ["a b@example.org", "a@b@c", "a@example.org\r\nBcc: x@y", "<a@b.org>", "é@example.org", "a"],
)
def test_an_address_that_no_header_can_hold_is_refused(address: str) -> None:
    with pytest.raises(HeaderError):
        message.mailbox(address)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=200))
def test_any_text_survives_as_a_subject(text: str) -> None:
    text = " ".join(text.split())
    value = message.words(text, used=len("Subject: "))
    assert parsed("Subject", value) == text
    lines = message.header("Subject", value).split(b"\r\n")
    assert max(len(line) for line in lines) <= (76 if "=?utf-8" in value else 998)


@pytest.mark.parametrize("name", ["Preprint Post", 'The "Post", Inc.', "Früh & Spät", "漢字" * 7])
def test_only_the_display_name_is_ever_encoded(name: str) -> None:
    value = message.mailbox("digest@example.org", name)
    assert value.endswith("<digest@example.org>")
    raw = message.header("From", value) + b"\r\n"
    header = message_from_bytes(raw, policy=STRICT)["From"]
    assert not header.defects
    assert header.addresses == (Address(name, addr_spec="digest@example.org"),)
    if not name.isascii():
        assert max(len(line) for line in raw.split(b"\r\n")) <= 76


def test_a_long_address_of_unsubscribing_stays_on_one_line() -> None:
    url = "https://a-rather-long-host-name.example.org/unsubscribe/" + "x" * 60 + "/"
    line = message.header("List-Unsubscribe", f"<{url}>")
    assert line == f"List-Unsubscribe: <{url}>\r\n".encode()


def test_the_date_is_in_utc() -> None:
    moment = dt.datetime(2026, 2, 3, 7, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    assert message.date(moment) == "Tue, 03 Feb 2026 06:00:00 +0000"


def test_plain_text_stands_first_and_html_last() -> None:
    raw = message.assemble([("Subject", "x")], b"text\r\n", b"<p>html</p>\r\n")
    mail = message_from_bytes(raw, policy=STRICT)
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    contents = [part.get_content() for part in mail.iter_parts()]
    assert contents == ["text\r\n", "<p>html</p>\r\n"]
    assert "=_" in str(mail.get_boundary())


def test_plain_text_alone_is_one_part() -> None:
    mail = message_from_bytes(message.assemble([("Subject", "x")], b"text\r\n"), policy=STRICT)
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content() == "text\r\n"

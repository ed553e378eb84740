"""Replies of mail servers, and what they become."""

from __future__ import annotations

import pytest

from newsletter.delivery.transports.base import (
    Accepted,
    Later,
    Outcome,
    Refused,
    enhanced_status,
    outcome_of,
)


@pytest.mark.parametrize(
    ("code", "text", "outcome"),
    [
        (250, "2.0.0 Ok: queued as 4F1", Accepted("250 2.0.0 Ok: queued as 4F1")),
        (250, "OK", Accepted("250 OK")),
        (421, "4.7.0 Try again later", Later("4.7.0", "421 4.7.0 Try again later")),
        (450, "Greylisted", Later("", "450 Greylisted")),
        (452, "4.2.2 Mailbox full", Later("4.2.2", "452 4.2.2 Mailbox full")),
        (535, "5.7.8 Bad credentials", Later("5.7.8", "535 5.7.8 Bad credentials")),
        (530, "5.7.0 Login first", Later("5.7.0", "530 5.7.0 Login first")),
        (-1, "no SMTP at all", Later("", "-1 no SMTP at all")),
        (550, "5.1.1 No such user", Refused("5.1.1", "550 5.1.1 No such user", True)),
        (550, "5.1.10 Null MX", Refused("5.1.10", "550 5.1.10 Null MX", True)),
        (550, "5.7.26 Not authenticated", Refused("5.7.26", "550 5.7.26 Not authenticated")),
        (552, "5.2.2 Over quota", Refused("5.2.2", "552 5.2.2 Over quota")),
        (550, "No", Refused("", "550 No")),
        # About our own address, so the reader's is not to be given up.
        (550, "5.1.8 Bad sender's system", Refused("5.1.8", "550 5.1.8 Bad sender's system")),
        (553, "5.1.7 Bad sender", Refused("5.1.7", "553 5.1.7 Bad sender")),
    ],
)
def test_a_reply_becomes_what_to_do_now(code: int, text: str, outcome: Outcome) -> None:
    assert outcome_of(code, text) == outcome


def test_a_refused_sender_gives_nobodys_mail_up() -> None:
    outcome = outcome_of(550, "5.1.1 Unknown", about_recipient=False)
    assert outcome == Later("5.1.1", "550 5.1.1 Unknown")


def test_a_mail_too_big_at_its_announcement_is_refused() -> None:
    outcome = outcome_of(552, "5.3.4 Too big", about_recipient=False)
    assert outcome == Refused("5.3.4", "552 5.3.4 Too big", address_gone=False)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("5.1.1 gone", "5.1.1"),
        ("4.2.2", "4.2.2"),
        (" 2.0.0 ok", "2.0.0"),
        ("5.1.1000 no", ""),
        ("3.1.1 no", ""),
        ("10.5.1.1 is our address", ""),
        ("see 5.1.1", ""),
        ("", ""),
    ],
)
def test_the_enhanced_code_stands_at_the_beginning(text: str, code: str) -> None:
    assert enhanced_status(text) == code

"""What refusals mean: the words of the large providers, and whatever else may be said."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.delivery.verdicts import Kind, judge

GONE, FULL, POLICY = Kind.ADDRESS_GONE, Kind.MAILBOX_FULL, Kind.POLICY
CONTENT, RATE, OTHER = Kind.CONTENT, Kind.RATE, Kind.OTHER

SAID = [
    # Gmail
    (550, "5.1.1", "The email account that you tried to reach does not exist. Please try", GONE),
    (550, "5.2.1", "The email account that you tried to reach is disabled. Learn more", GONE),
    (552, "5.2.2", "The email account that you tried to reach is over quota and inactive", FULL),
    (452, "4.2.2", "The recipient's inbox is out of storage space. Please direct", FULL),
    (450, "4.2.1", "The user you are trying to contact is receiving mail at a rate that", RATE),
    (550, "5.2.1", "The user you are trying to contact is receiving mail too quickly", RATE),
    (550, "5.7.26", "This mail has been blocked because the sender is unauthenticated.", POLICY),
    (421, "4.7.26", "This mail has been rate limited because it is unauthenticated.", POLICY),
    (550, "5.7.25", "The IP address sending this message does not have a PTR record", POLICY),
    (421, "4.7.28", "Gmail has detected an unusual rate of unsolicited mail", RATE),
    (550, "5.7.28", "There is an unusual rate of unsolicited mail from your IP", RATE),
    (421, "4.7.0", "This message is suspicious due to the low reputation of the domain", POLICY),
    (550, "5.7.1", "Our system has detected that this message is likely unsolicited mail", CONTENT),
    (552, "5.7.0", "This message was blocked because its content presents a potential", CONTENT),
    (552, "5.3.4", "Your message exceeded Google's message size limits", CONTENT),
    (550, "5.7.1", "Unauthenticated email is not accepted due to domain's DMARC policy", POLICY),
    # Microsoft
    (550, "5.5.0", "Requested action not taken: mailbox unavailable (S2017062302)", GONE),
    (550, "5.1.10", "RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP lookup", GONE),
    (550, "5.4.1", "Recipient address rejected: Access denied. AS(201806281)", GONE),
    (550, "5.7.515", "Access denied, sending domain example.org doesn't meet the level", POLICY),
    (550, "5.7.509", "Access denied, sending domain does not pass DMARC verification", POLICY),
    (550, "5.7.606", "Access denied, banned sending IP [192.0.2.1]", POLICY),
    (550, "5.7.1", "Unfortunately, messages weren't sent. part of their network is on our block "
     "list (S3140)", POLICY),
    (451, "4.7.650", "The mail server has been temporarily rate limited due to IP", RATE),
    (451, "4.7.500", "Server busy. Please try again later", RATE),
    (554, "5.2.2", "mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException", FULL),
    (550, "5.7.133", "RESOLVER.RST.SenderNotAuthenticatedForGroup; not authorized", POLICY),
    (550, "5.1.8", "Access denied, bad outbound sender AS(42003)", POLICY),
    (432, "4.3.2", "STOREDRV.Deliver; recipient thread limit exceeded", RATE),
    # Yahoo
    (554, "", "delivery error: dd This user doesn't have a yahoo.com account", GONE),
    (554, "", "delivery error: dd Requested mail action aborted, mailbox not found", GONE),
    (552, "", "1 Requested mail action aborted, mailbox is over quota", FULL),
    (421, "4.7.0", "[TSS04] Messages temporarily deferred due to unexpected volume", RATE),
    (553, "5.7.2", "[TSS09] All messages from 192.0.2.1 will be permanently deferred", POLICY),
    (554, "5.7.9", "Message not accepted for policy reasons. See the help pages", POLICY),
    (554, "", "5.7.9 Message not accepted for policy reasons.", POLICY),
    # Others, and the sender's side
    (550, "", "5.1.1 <nobody@example.net>: Recipient address rejected: User unknown", GONE),
    (450, "4.1.1", "<nobody@example.net>: unverified address: user unknown", GONE),
    (450, "4.7.1", "<a@example.net>: Recipient address rejected: Greylisted for 5 min", RATE),
    (451, "", "Greylisting in action, please come back later", RATE),
    (550, "5.1.7", "The sender's address was syntactically invalid", POLICY),
    (550, "", "Sender address rejected: User unknown in virtual mailbox table", POLICY),
    (550, "", "Sender verify failed", POLICY),
    (550, "5.1.0", "<b@post.example.org> Sender rejected: domain does not exist", POLICY),
    (554, "5.7.1", "<a@example.net>: Relay access denied", POLICY),
    (554, "5.7.1", "Service unavailable; Client host blocked using zen.spamhaus.org", POLICY),
    (550, "5.7.23", "The message was rejected because of an SPF violation", POLICY),
    (554, "5.6.0", "Message with an invalid header", CONTENT),
    (554, "5.7.1", "Message rejected: virus found (Eicar-Test-Signature)", CONTENT),
    (552, "", "Message size exceeds fixed maximum message size", CONTENT),
    (550, "", "Spam message rejected because of its content", CONTENT),
    (556, "5.1.10", "Recipient address has null MX", GONE),
    (550, "5.1.2", "Bad destination system address", GONE),
    (None, "5.4.4", "Host or domain name not found. Name service error for name=example.invalid",
     GONE),
    (452, "", "Mailbox size limit exceeded", FULL),
    (450, "", "Connection limit exceeded", RATE),
    (452, "4.3.1", "Insufficient system storage", OTHER),
    (552, "", "Message size limit exceeded", CONTENT),
    (554, "", "Transaction failed Reject due to policy restrictions.", POLICY),
    (550, "", "Message was not accepted -- invalid mailbox. user not found", GONE),
    (550, "", "Requested action not taken: mailbox unavailable", GONE),
    (421, "", "Closing the connection", RATE),
    (554, "", "Transaction failed", OTHER),
    (None, "4.4.1", "connect to mx.example.net: Connection timed out", OTHER),
    (None, "4.4.7", "Delivery time expired", OTHER),
    (None, "", "", OTHER),
]  # fmt: skip


@pytest.mark.parametrize(("reply", "enhanced", "text", "kind"), SAID)
def test_the_words_of_known_servers_are_understood(
    reply: int | None, enhanced: str, text: str, kind: Kind
) -> None:
    verdict = judge(reply, enhanced, text)
    assert verdict.kind is kind
    assert verdict.is_permanent is (enhanced.startswith("5") if reply is None else reply >= 500)


@pytest.mark.parametrize("text", ["<b@post.example.org>: user unknown", "no such mailbox", ""])
@pytest.mark.parametrize("code", ["5.1.7", "5.1.8", "5.7.26", "5.7.515", "5.7.25", "5.7.23"])
def test_trouble_of_the_sender_never_costs_a_readers_address(code: str, text: str) -> None:
    assert judge(550, code, text).kind is Kind.POLICY


def test_a_code_in_the_text_is_better_than_a_vague_one() -> None:
    assert judge(None, "5.0.0", "smtp; 550 5.1.1 <a@example.net> gone").code == "5.1.1"
    assert judge(550, "5.1.1", "550 5.7.1 whatever").code == "5.1.1"
    assert judge(550, "nonsense", "from [192.0.2.1]").code == ""


def test_smtps_own_code_has_the_say_on_whether_it_is_for_good() -> None:
    assert not judge(450, "5.1.1", "user unknown").is_permanent
    assert judge(550, "4.2.2", "full").is_permanent


def test_only_a_gone_address_for_good_is_given_up() -> None:
    assert judge(550, "5.1.1", "").is_hard
    assert not judge(450, "4.1.1", "").is_hard
    assert not judge(552, "5.2.2", "").is_hard


@given(
    st.none() | st.integers(-1, 1000),
    st.text(max_size=12) | st.from_regex(r"[0-9]\.[0-9]{1,4}\.[0-9]{1,4}", fullmatch=True),
    st.text() | st.sampled_from([said[2] for said in SAID]),
)
def test_whatever_a_server_says_there_is_a_verdict(
    reply: int | None, enhanced: str, text: str
) -> None:
    verdict = judge(reply, enhanced, text)
    assert verdict.code == "" or re.fullmatch(r"[245]\.\d{1,3}\.\d{1,3}", verdict.code)
    assert verdict == judge(reply, enhanced, text)


@pytest.mark.parametrize(
    "piece", ["mailbox ", "user is ", "5.1.1.", " sender", "550-", "a" * 50, "\t", "quota", "not "]
)
def test_a_hostile_text_is_read_in_no_time(piece: str) -> None:
    begin = time.process_time()
    judge(None, "", piece * (5_000_000 // len(piece)))
    assert time.process_time() - begin < 0.5

"""DKIM signatures, by the word of another implementation: dkimpy."""

from __future__ import annotations

import email
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import dkim as dkimpy
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from newsletter.compose import message
from newsletter.delivery import dkim
from newsletter.delivery.dkim import Signer, SigningError

SIGNED = {
    "From": message.mailbox("digest@post.example.org", "Preprint Post"),
    "To": "<ada@example.com>",
    "Subject": message.words("Preprint Post of 3 February: 36 papers " * 4, used=9),
    "Date": "Tue, 03 Feb 2026 06:00:00 +0000",
    "Message-ID": "<1.abc@post.example.org>",
    "Reply-To": "<operator@example.org>",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "quoted-printable",
    "List-Id": "Preprint Post daily <daily.post.example.org>",
    "List-Unsubscribe": f"<https://post.example.org/unsubscribe/{'x' * 60}/>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    "Feedback-ID": "20260203:daily:digest:preprintpost",
    "Auto-Submitted": "auto-generated",
}
ONCE = ["From", "To", "Subject", "Date", "Message-ID", "Reply-To", "MIME-Version", "Content-Type"]


@cache
def signer() -> Signer:
    return Signer("post.example.org", "s1", dkim.new_key())


def mail(headers: dict[str, str] | None = None, body: bytes = b"Hello=20\r\n\r\nBye\r\n") -> bytes:
    lines = (message.header(*one) for one in (SIGNED if headers is None else headers).items())
    return b"".join(lines) + b"Precedence: bulk\r\n\r\n" + body


def is_good(raw: bytes) -> bool:
    def dns(name: bytes, timeout: int = 5) -> bytes:
        assert name == b"s1._domainkey.post.example.org."
        return signer().record.encode()

    return bool(dkimpy.verify(raw, dnsfunc=dns, minkey=2048))


def test_a_signed_mail_is_verified_by_another_implementation() -> None:
    signed = signer().sign(mail())
    assert is_good(signed)
    assert signed.endswith(mail())
    assert signed.count(b"DKIM-Signature:") == 1


def test_one_signature_stands_in_front_in_lines_of_no_more_than_78_characters() -> None:
    signed = signer().sign(mail())
    head = signed.removesuffix(mail())
    assert head.startswith(b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/simple;\r\n")
    assert max(len(line) for line in head.split(b"\r\n")) <= 78
    assert all(line.startswith(b" ") for line in head.split(b"\r\n")[1:-1])
    assert email.message_from_bytes(signed)["From"] == SIGNED["From"]


@pytest.mark.parametrize("name", SIGNED)
def test_a_signed_header_that_is_changed_breaks_it(name: str) -> None:
    signed = signer().sign(mail())
    line = message.header(name, SIGNED[name])
    assert line in signed
    assert not is_good(signed.replace(line, line.replace(b": ", b": x", 1)))


@pytest.mark.parametrize("name", SIGNED)
def test_a_signed_header_that_is_taken_away_breaks_it(name: str) -> None:
    signed = signer().sign(mail())
    assert not is_good(signed.replace(b"\r\n" + message.header(name, SIGNED[name]), b"\r\n"))


@pytest.mark.parametrize("place", ["above", "below"])
@pytest.mark.parametrize("name", ONCE)
def test_a_second_one_of_what_readers_see_breaks_it(name: str, place: str) -> None:
    signed = signer().sign(mail())
    line = message.header(name, SIGNED[name])
    another = message.header(name, "<mallory@example.net>")
    added = another + line if place == "above" else line + another
    assert not is_good(signed.replace(line, added))


def test_a_header_that_the_mail_has_not_cannot_be_put_in_afterwards() -> None:
    headers = {name: value for name, value in SIGNED.items() if name != "Reply-To"}
    signed = signer().sign(mail(headers))
    assert is_good(signed)
    assert not is_good(signed.replace(b"\r\nTo:", b"\r\nReply-To: <m@example.net>\r\nTo:"))


def test_what_relays_add_does_not_break_it() -> None:
    signed = signer().sign(mail())
    assert is_good(b"Received: from here by there; Tue, 3 Feb 2026\r\n" + signed)
    assert is_good(signed.replace(b"Precedence: bulk\r\n", b"Precedence: bulk\r\nX-Spam: no\r\n"))


@pytest.mark.parametrize(
    "body",
    [
        b"Hello=20\r\n\r\nBye!\r\n",
        b"Hello=20\r\nBye\r\n",
        b"Hello=20 \r\n\r\nBye\r\n",
        b"",
        b"\r\n",
    ],
)
def test_a_changed_body_breaks_it(body: bytes) -> None:
    assert not is_good(signer().sign(mail()).replace(b"Hello=20\r\n\r\nBye\r\n", body))


@pytest.mark.parametrize(
    "body",
    [b"", b"\r\n", b"\r\n\r\n\r\n", b"x", b"x\r\n", b"x\r\n\r\n\r\n", b"\r\n\r\nx", b" \r\n"],
)
def test_a_body_of_any_shape_is_signed_well(body: bytes) -> None:
    assert is_good(signer().sign(mail(body=body)))


def test_empty_lines_at_the_end_may_come_and_go() -> None:
    signed = signer().sign(mail(body=b"x\r\n"))
    assert is_good(signed + b"\r\n\r\n")
    assert is_good(signer().sign(mail(body=b"x")) + b"\r\n")


def test_a_mail_of_headers_alone_is_signed_as_with_an_empty_body() -> None:
    head = mail(body=b"").removesuffix(b"\r\n")
    assert is_good(signer().sign(head) + b"\r\n")


def test_headers_may_be_folded_anew_on_the_way() -> None:
    signed = signer().sign(mail())
    line = message.header("Subject", SIGNED["Subject"])
    assert line.count(b"\r\n") > 1
    again = line.replace(b"\r\n ", b" ").replace(b" of ", b"\r\n\t of  ").rstrip() + b" \r\n"
    assert is_good(signed.replace(line, again))


def test_of_headers_that_stand_twice_both_are_signed() -> None:
    twice = mail().replace(b"\r\nList-Id:", b"\r\nlist-id: other\r\nList-Id:")
    signed = signer().sign(twice)
    assert is_good(signed)
    assert not is_good(signed.replace(b"list-id: other", b"list-id: others"))


@given(
    st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=300),
    st.lists(st.binary(max_size=90)),
)
def test_any_subject_and_body_are_signed_well(subject: str, lines: list[bytes]) -> None:
    body = b"".join(
        bytes(32 + byte % 95 for byte in line) + b"\r\n" for line in lines
    )  # any printable ASCII
    value = message.words(subject, used=len("Subject: "))
    assert is_good(signer().sign(mail(SIGNED | {"Subject": value}, body)))


def test_the_same_mail_gets_the_same_signature() -> None:
    assert signer().sign(mail()) == signer().sign(mail())


def test_threads_may_share_a_signer() -> None:
    mails = [mail(body=b"%d\r\n" % number) for number in range(64)]
    with ThreadPoolExecutor(8) as pool:
        signed = list(pool.map(signer().sign, mails))
    assert all(one.endswith(raw) for one, raw in zip(signed, mails, strict=True))
    assert all(map(is_good, signed))


def test_a_mail_without_from_is_not_signed() -> None:
    with pytest.raises(SigningError, match="without From"):
        signer().sign(b"Subject: x\r\n\r\nbody\r\n")


def test_a_key_comes_back_from_its_pem() -> None:
    key = dkim.new_key()
    again = dkim.private_key(dkim.as_pem(key))
    assert again.private_numbers() == key.private_numbers()
    old_form = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    assert dkim.private_key(old_form.decode()).key_size == 2048


def too_small() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 1024)  # noqa: S505


def _small() -> str:
    return dkim.as_pem(too_small())


def _locked() -> str:
    lock = BestAvailableEncryption(b"secret")
    return dkim.new_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock).decode()


def _of_another_kind() -> str:
    key = ed25519.Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.mark.parametrize(
    ("pem", "why"),
    [
        (_small(), "has 1024 bits; 2048 are needed"),
        (_locked(), "locked by a password"),
        (_of_another_kind(), "not an RSA key"),
        ("", "not a private key"),
        ("nonsense", "not a private key"),
        ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "not a private key"),
    ],
)
def test_a_key_that_will_not_do_is_refused_without_being_shown(pem: str, why: str) -> None:
    with pytest.raises(SigningError, match=why) as refusal:
        dkim.private_key(pem)
    assert not any(line in str(refusal.value) for line in pem.splitlines() if len(line) > 40)


def test_a_small_key_is_refused_by_the_signer_too() -> None:
    with pytest.raises(SigningError, match="1024 bits"):
        Signer("example.org", "s1", too_small())


@pytest.mark.parametrize("domain", ["", "localhost", "a..org", "x; d=evil.org", "é.org", "a b.org"])
def test_what_is_no_domain_signs_nothing(domain: str) -> None:
    with pytest.raises(SigningError, match="not a domain"):
        Signer(domain, "s1", dkim.new_key())


@pytest.mark.parametrize("selector", ["", "a b", "a;b", "a/b", ".", "a.", "-a"])
def test_what_is_no_selector_signs_nothing(selector: str) -> None:
    with pytest.raises(SigningError, match="not a selector"):
        Signer("example.org", selector, dkim.new_key())


def test_a_long_domain_and_selector_are_signed_well() -> None:
    domain = ".".join(["a" * 60] * 4)
    long = Signer(domain.upper(), "2026.quarter-1", dkim.new_key())
    record = long.record.encode()
    assert dkimpy.verify(long.sign(mail()), dnsfunc=lambda name, timeout=5: record)


def test_a_record_is_cut_into_strings_that_fit_the_dns() -> None:
    strings = dkim.zone_strings(signer().record)
    assert "".join(strings) == signer().record
    assert [len(text) <= 255 for text in strings] == [True, True]

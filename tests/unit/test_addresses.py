"""Addresses: which are taken, and which are the same."""

from __future__ import annotations

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from newsletter.signup.addresses import InvalidAddress, fingerprint, identity, valid

LABEL = st.text(string.ascii_letters + string.digits, min_size=1, max_size=12)
LOCAL = st.text(string.ascii_letters + string.digits + "+-_", min_size=1, max_size=20)
ADDRESS = st.builds(lambda local, label: f"{local}@{label}.example.org", LOCAL, LABEL)


def test_an_ordinary_address_stays_as_it_is() -> None:
    assert valid(" Ada.Lovelace+arxiv@Example.org ") == "Ada.Lovelace+arxiv@example.org"


def test_a_domain_beyond_ascii_becomes_an_a_label() -> None:
    assert valid("ada@bücher.example.org") == "ada@xn--bcher-kva.example.org"


def test_a_sharp_s_in_a_domain_is_not_two_s() -> None:
    assert identity("ada@faß.de") == "ada@xn--fa-hia.de" != identity("ada@fass.de")


def test_an_accent_before_the_at_sign_is_refused_in_plain_words() -> None:
    with pytest.raises(InvalidAddress, match="without accents"):
        valid("jörg@example.org")


def test_a_cyrillic_letter_before_the_at_sign_is_refused() -> None:
    with pytest.raises(InvalidAddress):
        valid("\u0430da@example.org")


def test_full_width_letters_are_the_same_address() -> None:
    assert valid("\uff41da@example.org") == "ada@example.org"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "ada@",
        "@example.org",
        "ada@example",
        "ada@localhost",
        "a b@example.org",
        "ada@example.org\nBcc: eve@example.org",
        "ada\x00@example.org",
        "<ada@example.org>",
        "ada@example..org",
        f"{'a' * 250}@example.org",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidAddress):
        valid(text)


@given(ADDRESS)
def test_case_makes_no_difference_to_the_identity(address: str) -> None:
    assert identity(address) == identity(address.upper()) == identity(address.lower())


@given(ADDRESS)
def test_a_valid_address_is_ascii_and_stays_valid(address: str) -> None:
    once = valid(address)
    assert once.isascii()
    assert valid(once) == once
    assert identity(once) == identity(address)


@given(st.text(max_size=40), LABEL)
def test_the_identity_of_an_identity_is_itself(local: str, label: str) -> None:
    try:
        once = identity(f"{local}@{label}.org")
    except InvalidAddress:
        assume(False)
    assert identity(once) == once


@given(st.text(max_size=300))
def test_any_text_is_taken_or_refused_but_never_breaks(text: str) -> None:
    try:
        taken = valid(text)
    except InvalidAddress:
        return
    assert not set(taken) & set("\r\n\x00<> ")


def test_a_fingerprint_is_sha_256_in_hexadecimal() -> None:
    assert len(fingerprint("ada@example.org")) == 64
    assert fingerprint("ada@example.org") != fingerprint("eva@example.org")

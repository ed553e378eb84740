"""Return paths: each mail's own address, short, of one case, and not to be made up."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.compose import return_path
from newsletter.models import Delivery, Notice
from newsletter.signup import links
from newsletter.signup.links import Purpose

KEYS = st.integers(min_value=1, max_value=2**47)
PURPOSES = st.sampled_from([Purpose.RETURNED_DELIVERY, Purpose.RETURNED_NOTICE])


@pytest.fixture(autouse=True)
def _domain(settings: Any) -> None:
    settings.BOUNCE_DOMAIN = "bounces.post.example.org"


def test_a_return_path_names_its_mail() -> None:
    assert return_path.read(return_path.of(Delivery(pk=7))) == (Purpose.RETURNED_DELIVERY, 7)
    assert return_path.read(return_path.of(Notice(pk=7))) == (Purpose.RETURNED_NOTICE, 7)


def test_without_a_bounce_domain_mails_have_no_path_of_their_own(
    settings: Any,
) -> None:
    settings.BOUNCE_DOMAIN = ""
    assert return_path.of(Delivery(pk=7)) == ""


@given(PURPOSES, KEYS)
def test_a_server_that_folds_the_case_does_no_harm(purpose: Purpose, pk: int) -> None:
    token = return_path.token(purpose, pk)
    address = return_path.return_path(token)
    assert len(token) == return_path.TOKEN_LENGTH
    assert len(address.partition("@")[0]) <= 64
    for spelling in (address, address.upper(), f"<{address}>", f" {address.title()} "):
        assert return_path.read(spelling) == (purpose, pk)


@given(st.text() | st.from_regex(r"b\+[a-z2-7]{34}@bounces\.post\.example\.org", fullmatch=True))
def test_nothing_else_is_taken_for_one(address: str) -> None:
    assert return_path.read(address) is None


def test_a_path_under_another_domain_is_not_ours() -> None:
    token = return_path.token(Purpose.RETURNED_DELIVERY, 1)
    assert return_path.read(f"b+{token}@elsewhere.example") is None


def test_a_changed_token_names_nothing() -> None:
    token = return_path.token(Purpose.RETURNED_DELIVERY, 1)
    assert return_path.named(token[:-2] + "aa") is None
    assert return_path.named(return_path.token(Purpose.UNSUBSCRIBE, 1)) is None


def test_old_keys_still_count(settings: Any) -> None:
    address = return_path.of(Delivery(pk=7))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, as long as one of them wants to be: fifty characters"
    assert return_path.read(address) == (Purpose.RETURNED_DELIVERY, 7)


def test_links_are_what_they_were_before_tokens_had_two_spellings(
    settings: Any,
) -> None:
    settings.SECRET_KEY = "a key of a test"
    assert links.token(Purpose.UNSUBSCRIBE, 42) == "AAAAAAAqZgNjrz97VusapCYKmwxK"


def test_a_return_path_costs_next_to_nothing() -> None:
    row = Delivery(pk=123456)
    return_path.of(row)
    begin = time.process_time()
    for _ in range(2000):
        return_path.of(row)
    assert (time.process_time() - begin) / 2000 < 100e-6  # 10 µs on a quiet machine

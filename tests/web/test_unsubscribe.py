"""Leaving: by the page, and by one click as mail providers send it (RFC 8058)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from newsletter.models import Notice, Subscriber
from newsletter.signup import links
from newsletter.signup.links import Purpose
from tests import make

pytestmark = pytest.mark.django_db

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def provider() -> Client:
    """A mail provider: no cookie, no token of a form, no redirects followed."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def subscriber() -> Subscriber:
    return make.make_subscriber("ada@example.org")


def path(subscriber: Subscriber) -> str:
    return f"/unsubscribe/{links.token(Purpose.UNSUBSCRIBE, subscriber.pk)}/"


def assert_left(answer: Any, subscriber: Subscriber) -> None:
    assert answer.status_code == 200
    assert not answer.cookies
    assert "Set-Cookie" not in answer.headers
    subscriber.refresh_from_db()
    assert subscriber.status == Subscriber.Status.UNSUBSCRIBED


def test_one_click_as_urlencoded_form(provider: Client, subscriber: Subscriber) -> None:
    answer = provider.post(
        path(subscriber),
        "List-Unsubscribe=One-Click",
        content_type="application/x-www-form-urlencoded",
    )
    assert_left(answer, subscriber)


def test_one_click_as_multipart_form(provider: Client, subscriber: Subscriber) -> None:
    # What the test client sends by itself is multipart/form-data.
    assert_left(provider.post(path(subscriber), ONE_CLICK), subscriber)


def test_one_click_with_a_body_that_cannot_be_read(
    provider: Client, subscriber: Subscriber
) -> None:
    answer = provider.post(path(subscriber), b"\xff\x00", content_type="multipart/form-data")
    assert_left(answer, subscriber)


def test_one_click_twice_is_answered_alike_and_says_goodbye_once(
    provider: Client, subscriber: Subscriber
) -> None:
    for _ in range(2):
        assert_left(provider.post(path(subscriber), ONE_CLICK), subscriber)
    assert Notice.objects.filter(kind=Notice.Kind.GOODBYE).count() == 1


def test_the_page_has_one_button_and_changes_nothing(
    provider: Client, subscriber: Subscriber
) -> None:
    answer = provider.get(path(subscriber))
    assert answer.content.count(b"<button") == 1
    assert not answer.cookies
    subscriber.refresh_from_db()
    assert subscriber.status == Subscriber.Status.ACTIVE


@pytest.mark.parametrize("method", ["get", "head", "options", "put", "patch", "delete", "trace"])
def test_nothing_but_post_unsubscribes(
    provider: Client, subscriber: Subscriber, method: str
) -> None:
    getattr(provider, method)(path(subscriber))
    subscriber.refresh_from_db()
    assert subscriber.status == Subscriber.Status.ACTIVE


def test_the_button_works_without_cookies(provider: Client, subscriber: Subscriber) -> None:
    answer = provider.post(path(subscriber))
    assert_left(answer, subscriber)
    assert "You are unsubscribed" in answer.content.decode()


def test_a_bad_link_is_told_kindly(provider: Client, subscriber: Subscriber) -> None:
    token = links.token(Purpose.PREFERENCES, subscriber.pk)
    answer = provider.post(f"/unsubscribe/{token}/", ONE_CLICK)
    assert answer.status_code == 404
    assert b"/link/" in answer.content

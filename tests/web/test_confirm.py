"""The page behind the link of the mail to confirm."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from newsletter.models import Notice, OptIn, Subscriber, Suppression
from newsletter.signup import choices, links, subscribing
from newsletter.signup.choices import Choices
from newsletter.signup.evidence import Evidence
from newsletter.signup.links import Purpose

pytestmark = pytest.mark.django_db


@pytest.fixture
def opt_in() -> OptIn:
    wanted = Choices(sections=(choices.category_section("cs.DC"),), timezone="Europe/Berlin")
    made = subscribing.request("ada@example.org", wanted, Evidence(), timezone.now())
    assert made is not None
    return made


def path(opt_in: OptIn) -> str:
    return f"/confirm/{links.token(Purpose.CONFIRM, opt_in.pk)}/"


def test_opening_the_link_shows_what_will_be_sent_and_changes_nothing(
    client: Client, opt_in: OptIn
) -> None:
    page = client.get(path(opt_in)).content.decode()
    assert "cs.DC" in page
    assert "daily at 07:00 (Europe/Berlin)" in page
    assert "Yes, send it to me" in page
    assert Subscriber.objects.get().status == Subscriber.Status.PENDING


def test_the_button_confirms_and_says_what_comes(client: Client, opt_in: OptIn) -> None:
    page = client.post(path(opt_in), REMOTE_ADDR="192.0.2.5").content.decode()
    assert "You are subscribed" in page
    assert "after arXiv’s next announcement" in page
    assert "/preferences/" in page
    opt_in.refresh_from_db()
    assert opt_in.confirmed_from == "192.0.2.5"
    assert opt_in.subscriber.status == Subscriber.Status.ACTIVE


def test_confirming_twice_is_harmless(client: Client, opt_in: OptIn) -> None:
    client.post(path(opt_in))
    answer = client.post(path(opt_in))
    assert answer.status_code == 200
    assert "confirmed already" in answer.content.decode()


def test_a_link_older_than_seven_days_offers_a_new_one(client: Client, opt_in: OptIn) -> None:
    OptIn.objects.update(requested_at=timezone.now() - dt.timedelta(days=8))
    Notice.objects.update(created_at=timezone.now() - dt.timedelta(days=8))
    assert "older than seven days" in client.post(path(opt_in)).content.decode()
    assert Subscriber.objects.get().status == Subscriber.Status.PENDING
    assert "We have sent a mail" in client.post(path(opt_in), {"again": "1"}).content.decode()
    newer = OptIn.objects.latest("pk")
    assert newer.choices == opt_in.choices
    assert Notice.objects.filter(context={"opt_in": newer.pk}).exists()


def test_an_address_suppressed_meanwhile_is_told_so(client: Client, opt_in: OptIn) -> None:
    fingerprint = opt_in.subscriber.fingerprint
    Suppression.objects.create(fingerprint=fingerprint, reason="hard_bounce")
    assert "We cannot write to this address" in client.post(path(opt_in)).content.decode()


@pytest.mark.parametrize("token", ["x", "AAAAAAABlTT-DG7gsO0IETls_4CY", "%00", "A" * 500])
def test_a_bad_link_leads_to_a_kind_page(client: Client, token: str) -> None:
    answer = client.get(f"/confirm/{token}/")
    assert answer.status_code == 404
    assert b"/link/" in answer.content


def test_a_link_for_another_purpose_does_not_confirm(client: Client, opt_in: OptIn) -> None:
    token = links.token(Purpose.PREFERENCES, opt_in.pk)
    assert client.post(f"/confirm/{token}/").status_code == 404


def test_the_page_is_not_stored_listed_or_leaked(client: Client, opt_in: OptIn) -> None:
    answer = client.get(path(opt_in))
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"
    # Stricter than this, browsers would send the button's POST without an origin.
    assert answer["Referrer-Policy"] == "same-origin"

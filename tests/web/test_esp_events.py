"""The ESP's webhook: known by its secret, and its events filed as returned mails are."""

from __future__ import annotations

import base64
import json
import types
from collections.abc import Iterator
from typing import Any

import pytest
from anymail.signals import tracking
from django.test import Client

from newsletter import esp_events
from newsletter.models import Bounce, Complaint, Delivery, Notice, Subscriber, Suppression
from newsletter.urls import urlpatterns
from tests.db.mailing import NOON, make_reader, planned

pytestmark = pytest.mark.django_db

SECRET = "post:a-long-secret"
URL = "/anymail/postmark/tracking/"


@pytest.fixture(autouse=True)
def _esp(settings: Any) -> Iterator[None]:
    """Mail goes through Postmark, whose webhook has nothing but the secret in its address."""
    settings.EMAIL_URL = "postmark"
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
    urls = types.ModuleType("urls_with_an_esp")
    urls.urlpatterns = [*esp_events.routes(), *urlpatterns]  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = urls
    yield
    tracking.disconnect(dispatch_uid="newsletter.esp_events")


@pytest.fixture
def reader() -> Subscriber:
    reader = make_reader("ada@example.net")
    planned(reader)
    Delivery.objects.update(status="sent", sent_at=NOON, reply="queued esp-1")
    return reader


def tell(client: Client, secret: str = SECRET, **event: Any) -> int:
    body = {"MessageID": "esp-1", "Recipient": "ada@example.net", "ID": 42, **event}
    known = base64.b64encode(secret.encode()).decode()
    response = client.post(
        URL, json.dumps(body), "application/json", headers={"Authorization": f"Basic {known}"}
    )
    return response.status_code


def bounce(kind: str = "HardBounce", **event: Any) -> dict[str, Any]:
    return {
        "RecordType": "Bounce", "Type": kind, "Email": "ada@example.net",
        "Details": "smtp;550 5.1.1 The email account that you tried to reach does not exist",
        "BouncedAt": "2026-02-03T12:00:00Z", **event,
    }  # fmt: skip


def reasons() -> list[str]:
    return list(Suppression.objects.values_list("reason", flat=True))


@pytest.mark.usefixtures("reader")
def test_a_hard_bounce_suppresses_once(client: Client) -> None:
    assert [tell(client, **bounce()), tell(client, **bounce())] == [200, 200]
    row = Bounce.objects.get()
    assert (row.kind, row.cause, row.enhanced_code) == ("hard", "address gone", "5.1.1")
    assert (row.source, row.counts) == ("postmark", True)
    assert row.delivery == Delivery.objects.get()
    assert '"HardBounce"' in row.report
    assert reasons() == ["hard_bounce"]


@pytest.mark.usefixtures("reader")
def test_without_words_the_esps_own_class_counts(client: Client) -> None:
    tell(client, **bounce("SoftBounce", Details="", Description=""))
    assert (Bounce.objects.get().kind, reasons()) == ("soft", [])
    tell(client, **bounce("HardBounce", Details="", Description="", ID=43))
    assert reasons() == ["hard_bounce"]


@pytest.mark.usefixtures("reader")
def test_a_refusal_of_ours_costs_nobodys_address(client: Client) -> None:
    tell(client, **bounce(Details="smtp;550 5.7.26 This mail is unauthenticated"))
    assert (Bounce.objects.get().cause, reasons()) == ("policy", [])


def test_a_complaint_unsubscribes_and_suppresses(client: Client, reader: Subscriber) -> None:
    tell(client, RecordType="SpamComplaint", Type="SpamComplaint", Email="ada@example.net")
    assert Complaint.objects.get().feedback_type == "abuse"
    reader.refresh_from_db()
    assert (reader.status, reasons()) == ("unsubscribed", ["complaint"])


def test_who_unsubscribes_at_the_esp_is_unsubscribed_here(
    client: Client, reader: Subscriber
) -> None:
    tell(
        client, RecordType="SubscriptionChange", SuppressSending=True,
        SuppressionReason="ManualSuppression", Recipient="ada@example.net",
    )  # fmt: skip
    reader.refresh_from_db()
    assert (reader.status, reasons()) == ("unsubscribed", [])


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize("kind", ["Transient", "AutoResponder"])
def test_a_delay_or_an_answer_of_a_machine_changes_nothing(client: Client, kind: str) -> None:
    assert tell(client, **bounce(kind)) == 200
    assert not Bounce.objects.exists()


def test_of_strangers_nothing_is_kept(client: Client) -> None:
    assert tell(client, **bounce()) == 200
    assert reasons() == []


def test_a_notice_to_somebody_who_is_no_subscriber_is_not_repeated(client: Client) -> None:
    Notice.objects.create(
        kind="confirm", address="ada@example.net", fingerprint="x", due_at=NOON,
        next_attempt_at=NOON, expires_at=NOON,
    )  # fmt: skip
    tell(client, **bounce())
    assert reasons() == ["hard_bounce"]


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize("secret", ["post:guessed", ":", ""])
def test_without_the_secret_nothing_is_believed(client: Client, secret: str) -> None:
    assert tell(client, secret, **bounce()) == 400
    assert not Bounce.objects.exists()


def test_only_the_webhook_of_the_esp_in_use_is_open(client: Client) -> None:
    assert client.post("/anymail/mailgun/tracking/").status_code == 404
    assert client.post("/anymail/postmark/inbound/").status_code == 404


def test_without_an_esp_or_a_secret_there_is_no_webhook(settings: Any) -> None:
    settings.ANYMAIL = {}
    assert esp_events.routes() == []
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
    for other in ("smtp://mx.example.org", "outbox:///tmp/x", "some.module.EmailBackend"):
        settings.EMAIL_URL = other
        assert esp_events.routes() == []

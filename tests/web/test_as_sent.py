"""The operator sees a digest as it was handed over."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from newsletter.delivery import sending
from newsletter.models import Delivery, Fragment
from tests import make
from tests.db.mailing import NOON, Wire, planned

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent() -> tuple[Delivery, bytes]:
    paper = make.make_paper(title="Queues that count")
    make.announce(paper)
    section = make.make_section()
    make.make_section_listing(section, [paper])
    subscriber = make.make_subscriber()
    make.subscribe(subscriber, section, label="cs.DC")
    planned(subscriber)
    wire = Wire()
    sending.send_deliveries(NOON, transport=wire)
    return Delivery.objects.get(), wire.sent[0].raw


def page(delivery: Delivery, view: str = "") -> str:
    return f"/admin/newsletter/delivery/{delivery.pk}/mail/{'?view=' if view else ''}{view}"


def test_it_is_shown_as_html_as_text_and_as_the_file(
    admin_client: Client, sent: tuple[Delivery, bytes]
) -> None:
    delivery, raw = sent
    assert b"Queues that count" in admin_client.get(page(delivery)).content
    text = admin_client.get(page(delivery, "plain"))
    assert (text["Content-Type"], b"Queues that count" in text.content) == (
        "text/plain; charset=utf-8",
        True,
    )
    file = admin_client.get(page(delivery, "source"))
    assert file.content == raw
    assert file["X-As-Sent"] == "to the byte"


def test_a_signed_one_has_its_signature(
    admin_client: Client, settings: Settings, tmp_path: Path, sent: tuple[Delivery, bytes]
) -> None:
    delivery, _ = sent
    settings.DATA_DIR = tmp_path
    settings.FROM_EMAIL = "digest@post.example.org"
    call_command("dkim_key", selector="s1", verbosity=0)
    settings.DKIM_KEY = (tmp_path / "dkim-s1.pem").read_text()
    settings.DKIM_SELECTOR = "s1"
    settings.EMAIL_URL = "smtp://127.0.0.1:25"
    Delivery.objects.update(status="queued", sent_at=None, next_attempt_at=NOON)
    wire = Wire()
    sending.send_deliveries(NOON, transport=wire)
    assert wire.sent[0].raw.startswith(b"DKIM-Signature:")
    assert admin_client.get(page(delivery, "source")).content == wire.sent[0].raw


def test_what_is_not_kept_any_more_is_said(
    admin_client: Client, sent: tuple[Delivery, bytes]
) -> None:
    Fragment.objects.all().delete()
    assert admin_client.get(page(sent[0])).status_code == 404


def test_nobody_but_a_superuser_sees_a_readers_own_links(
    client: Client, sent: tuple[Delivery, bytes]
) -> None:
    staff = User.objects.create_user("staff", password="x", is_staff=True)
    client.force_login(staff)
    assert client.get(page(sent[0])).status_code == 403


def test_the_deliverys_page_leads_there(admin_client: Client, sent: tuple[Delivery, bytes]) -> None:
    shown = admin_client.get(f"/admin/newsletter/delivery/{sent[0].pk}/change/")
    assert page(sent[0]) in shown.content.decode()

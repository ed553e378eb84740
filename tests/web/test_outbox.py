"""The local outbox on the web."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from newsletter.compose.mail import Mail
from newsletter.delivery.transports.outbox import Outbox, key_of

pytestmark = pytest.mark.django_db

STRANGER = {"REMOTE_ADDR": "192.0.2.1"}


def put(folder: Path, number: int = 1, *, html: str = "<p>Hello <b>you</b></p>") -> str:
    message = EmailMessage()
    message["From"] = "digest@example.org"
    message["To"] = "ada@example.org"
    message["Subject"] = f"Number {number} <i>"
    message["Date"] = "Tue, 03 Feb 2026 06:00:00 +0000"
    message["Message-ID"] = f"<{number}@example.org>"
    message.set_content("Hello in plain text <script>")
    if html:
        message.add_alternative(f"<html><head></head><body>{html}</body></html>", subtype="html")
    mail = Mail(
        "digest@example.org", "ada@example.org", message.as_bytes(), f"<{number}@example.org>"
    )
    with Outbox(folder).connection() as connection:
        connection.send(mail)
    return key_of(mail.message_id)


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.EMAIL_URL = f"outbox://{tmp_path}"
    return tmp_path


def test_the_list_names_each_mail(client: Client, folder: Path) -> None:
    put(folder)
    page = client.get("/outbox/").content.decode()
    assert "Number 1 &lt;i&gt;" in page
    assert "ada@example.org" in page
    assert "3 Feb 2026, 06:00" in page


def test_an_empty_outbox_says_so(client: Client, folder: Path) -> None:
    assert "It is empty" in client.get("/outbox/").content.decode()


def test_the_html_stands_in_a_frame_that_can_do_nothing(client: Client, folder: Path) -> None:
    key = put(folder)
    page = client.get(f"/outbox/{key}/").content.decode()
    assert f'src="/outbox/{key}/html/"' in page
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    frame = client.get(f"/outbox/{key}/html/")
    assert "default-src 'none'" in frame["Content-Security-Policy"]
    assert "sandbox" in frame["Content-Security-Policy"]
    assert "allow-scripts" not in frame["Content-Security-Policy"]
    assert b"Hello <b>you</b>" in frame.content
    assert b'<base target="_blank">' in frame.content


def test_plain_and_source_are_shown_as_text(client: Client, folder: Path) -> None:
    key = put(folder)
    plain = client.get(f"/outbox/{key}/?view=plain").content.decode()
    assert "Hello in plain text &lt;script&gt;" in plain
    source = client.get(f"/outbox/{key}/?view=source").content.decode()
    assert "Content-Type: multipart/alternative" in source


def test_a_mail_without_html_shows_its_text(client: Client, folder: Path) -> None:
    key = put(folder, html="")
    page = client.get(f"/outbox/{key}/").content.decode()
    assert "Hello in plain text" in page
    assert "view=html" not in page
    assert client.get(f"/outbox/{key}/html/").status_code == 404


@pytest.mark.parametrize("key", ["0" * 40, "..", "x"])
def test_what_is_not_there_is_not_found(client: Client, folder: Path, key: str) -> None:
    for path in (f"/outbox/{key}/", f"/outbox/{key}/html/"):
        assert client.get(path).status_code == 404


def test_an_unknown_view_is_not_found(client: Client, folder: Path) -> None:
    assert client.get(f"/outbox/{put(folder)}/?view=raw").status_code == 404


@pytest.mark.parametrize("path", ["/outbox/", "/outbox/{key}/", "/outbox/{key}/html/"])
def test_only_staff_and_this_machine_may_look(client: Client, folder: Path, path: str) -> None:
    path = path.format(key=put(folder))
    assert client.get(path).status_code == 200
    assert client.get(path, REMOTE_ADDR="::1").status_code == 200
    assert client.get(path, **STRANGER).status_code == 403  # type: ignore[arg-type]
    client.force_login(User.objects.create_user("reader"))
    assert client.get(path, **STRANGER).status_code == 403  # type: ignore[arg-type]
    client.force_login(User.objects.create_user("operator", is_staff=True))
    assert client.get(path, **STRANGER).status_code == 200  # type: ignore[arg-type]


@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "x-real-ip", "via"])
def test_a_proxy_on_this_machine_is_not_this_machine(
    client: Client, folder: Path, header: str
) -> None:
    assert client.get("/outbox/", headers={header: "127.0.0.1"}).status_code == 403


def test_behind_a_trusted_proxy_only_staff_may_look(
    client: Client, folder: Path, settings: Any
) -> None:
    settings.PROXIES = 1
    assert client.get("/outbox/").status_code == 403


def test_there_is_no_outbox_when_mail_goes_out(client: Client, settings: Any) -> None:
    settings.EMAIL_URL = "smtp://mail.example.org"
    assert client.get("/outbox/").status_code == 404
    assert client.get(f"/outbox/{'0' * 40}/").status_code == 404

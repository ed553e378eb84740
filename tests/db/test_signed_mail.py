"""What arrives of signed mails: real digests and notices, over a real conversation."""

from __future__ import annotations

from dataclasses import replace

import dkim as dkimpy
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pytest_django import Settings

from newsletter.compose import fragments
from newsletter.compose.mail import Mail
from newsletter.compose.notices import compose_notice
from newsletter.delivery import dkim, signing, transports
from newsletter.delivery.dkim import Signer
from newsletter.delivery.transports import kept
from newsletter.delivery.transports.base import Accepted
from tests.db import test_composer
from tests.db.test_notices_mail import KINDS, a_notice
from tests.live.machine import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def signer(settings: Settings) -> Signer:
    fragments.forget()
    settings.FROM_EMAIL = "digest@post.example.org"
    settings.EMAIL_URL = "smtp://127.0.0.1:25?starttls=off"
    settings.DKIM_KEY, settings.DKIM_SELECTOR = dkim.as_pem(dkim.new_key()), "s1"
    made = signing.signer()
    assert made is not None
    return made


def is_good(raw: bytes, signer: Signer) -> bool:
    return bool(dkimpy.verify(raw, dnsfunc=lambda name, timeout=5: signer.record.encode()))


class Received:
    """The server's handler: what stood between DATA and the final dot, dots undone."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.mails.append(envelope.content)
        return "250 taken"


def sent(mail: Mail) -> bytes:
    handler = Received()
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        transport = transports.from_url(f"smtp://127.0.0.1:{port}?starttls=off")
        ((_, outcome),) = transport.send_all([mail], lambda mail: None)
        assert isinstance(outcome, Accepted)
        kept.forget()
    finally:
        controller.stop()
    return handler.mails[0]


@pytest.mark.parametrize(
    "make", [test_composer.daily, test_composer.weekly, test_composer.plain, test_composer.hostile]
)
def test_every_digest_arrives_with_a_good_signature(
    make: test_composer.MakeMail, signer: Signer
) -> None:
    raw = make().raw
    mail = Mail("digest@post.example.org", "ada@example.com", signer.sign(raw), "<1@example.org>")
    arrived = sent(mail)
    assert arrived == mail.raw
    assert is_good(arrived, signer)
    assert not is_good(arrived.replace(b"One-Click", b"Two-Clicks"), signer)


@KINDS
def test_a_notice_arrives_with_a_good_signature(kind: str, signer: Signer) -> None:
    mail = compose_notice(a_notice(kind))
    arrived = sent(replace(mail, raw=signer.sign(mail.raw)))
    assert is_good(arrived, signer)

"""Transports: the local outbox, real SMTP conversations, and Django's mail backends."""

from __future__ import annotations

import asyncio
import mailbox
import os
import smtplib
import socket
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused
from django.core import mail as django_mail
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from hypothesis import given
from hypothesis import strategies as st

from newsletter.compose.mail import Mail
from newsletter.delivery import transports
from newsletter.delivery.transports import kept, outbox
from newsletter.delivery.transports.base import (
    Accepted,
    Later,
    Outcome,
    Refused,
    Unclear,
    Unreachable,
)
from newsletter.delivery.transports.django_backend import DjangoBackend, as_django
from newsletter.delivery.transports.outbox import Outbox
from newsletter.delivery.transports.relay import Relay
from newsletter.delivery.transports.smtp import Smtp
from newsletter.delivery.transports.wire import as_data

UNSUBSCRIBE = "https://post.example.org/unsubscribe/" + "x" * 60 + "/"


def make_mail(number: int = 1, recipient: str = "reader@example.org", body: bytes = b"") -> Mail:
    name = f"<mail{number}@example.org>"
    raw = (
        b"From: Preprint Post <digest@example.org>\r\n"
        b"To: " + recipient.encode() + b"\r\n"
        b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?= " + str(number).encode() + b"\r\n"
        b"Date: Tue, 03 Feb 2026 12:00:00 +0000\r\n"
        b"Message-ID: " + name.encode() + b"\r\n"
        b"List-Unsubscribe: <" + UNSUBSCRIBE.encode() + b">\r\n"
        b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
        b"MIME-Version: 1.0\r\n"
        b'Content-Type: multipart/alternative; boundary="=_b"\r\n\r\n'
        b"--=_b\r\nContent-Type: text/plain; charset=utf-8\r\n"
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe\r\n" + body + b"\r\n"
        b"--=_b\r\nContent-Type: text/html; charset=utf-8\r\n"
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n<p>Gr=C3=BC=C3=9Fe</p>\r\n"
        b"--=_b--\r\n"
    )
    return Mail("bounce@example.org", recipient, raw, name)


def send(transport: Any, *mails: Mail) -> list[Outcome]:
    """In the order of the mails, whatever the order of the answers."""
    wanted = mails or (make_mail(),)
    outcomes = [(id(mail), outcome) for mail, outcome in transport.send_all(wanted, ignore)]
    found = dict(outcomes)
    assert len(found) == len(outcomes)
    return [found[id(mail)] for mail in wanted]


def ignore(mail: Mail) -> None:
    pass


# The outbox


def test_the_outbox_is_a_maildir_that_others_can_read(tmp_path: Path) -> None:
    one, two = make_mail(1), make_mail(2)
    outcomes = send(Outbox(tmp_path / "out"), one, two)
    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    found = mailbox.Maildir(tmp_path / "out", create=False)
    assert sorted(map(found.get_bytes, found.iterkeys())) == [one.raw, two.raw]
    assert not list((tmp_path / "out" / "tmp").iterdir())


def test_the_same_mail_sent_twice_stands_once(tmp_path: Path) -> None:
    box = Outbox(tmp_path)
    send(box, make_mail(), make_mail())
    send(box)
    (file,) = (tmp_path / "new").iterdir()
    file.rename(tmp_path / "cur" / f"{file.name}:2,S")  # as a mail reader does
    send(box)
    assert len(outbox.entries(tmp_path)) == 1


def test_the_outbox_lists_the_newest_first_and_gives_back_the_bytes(tmp_path: Path) -> None:
    mails = [make_mail(number) for number in range(3)]
    send(Outbox(tmp_path), *mails)
    for number, mail in enumerate(mails):
        os.utime(tmp_path / "new" / outbox.key_of(mail.message_id), (1000 + number, 1000 + number))
    entries = outbox.entries(tmp_path)
    assert [entry.subject for entry in entries] == ["Grüße 2", "Grüße 1", "Grüße 0"]
    assert [entry.subject for entry in outbox.entries(tmp_path, 1)] == ["Grüße 2"]
    newest = entries[0]
    assert newest.recipient == "reader@example.org"
    assert newest.date.isoformat() == "2026-02-03T12:00:00+00:00"
    assert (newest.message_id, newest.size) == (mails[2].message_id, len(mails[2].raw))
    assert outbox.raw(tmp_path, newest.key) == mails[2].raw


def test_a_mail_without_a_date_has_that_of_its_file(tmp_path: Path) -> None:
    mail = Mail("a@example.org", "b@example.org", b"Subject: x\r\nDate: soon\r\n\r\n", "<x@y>")
    send(Outbox(tmp_path), mail)
    assert outbox.entries(tmp_path)[0].date.tzinfo is not None


@pytest.mark.parametrize(
    "key", ["", "..", "../secret", "/etc/passwd", "a" * 40, "new/" + "a" * 40, "A" * 40, "a" * 41]
)
def test_a_key_that_is_no_key_opens_nothing(tmp_path: Path, key: str) -> None:
    (tmp_path / "secret").write_text("secret")
    send(Outbox(tmp_path))
    with pytest.raises(outbox.NoSuchMail):
        outbox.raw(tmp_path, key)


def test_a_link_in_the_outbox_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    send(Outbox(tmp_path))
    (tmp_path / "new" / ("b" * 40)).symlink_to(tmp_path / "secret")
    assert len(outbox.entries(tmp_path)) == 1
    with pytest.raises(outbox.NoSuchMail):
        outbox.raw(tmp_path, "b" * 40)


def test_an_outbox_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert outbox.entries(tmp_path / "none") == []


def test_an_outbox_that_cannot_be_made_is_unreachable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unreachable, match="Not a directory"):
        send(Outbox(tmp_path / "file" / "out"))


# SMTP


def hang_up(server: SMTP) -> None:
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()


class Server:
    """A mail server of the tests: answers by recipient, keeps what it takes."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.sessions: set[int] = set()
        self.port = 0
        self.most_per_connection = 0  # without limit
        self.taken_over: Counter[str] = Counter()  # by connection

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("nosender"):
            return "550 5.1.1 sender unknown"
        if 0 < self.most_per_connection <= self.taken_over[str(session.peer)]:
            return "421 4.7.0 enough for one connection"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.sessions.add(id(session))
        answers = {
            "busy": "450 4.2.1 come back",
            "gone": "550 5.1.1 no such user",
            "full": "552 5.2.2 mailbox full",
            "closing": "421 4.7.0 closing",
        }
        name = address.partition("@")[0]
        if name == "hangup":
            hang_up(server)
        if name in answers:
            return answers[name]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if envelope.rcpt_tos[0].startswith("drop"):
            hang_up(server)
        if envelope.rcpt_tos[0].startswith("spam"):
            return "554 5.7.1 looks like spam"
        self.taken.append(envelope)
        self.taken_over[str(session.peer)] += 1
        return "250 2.0.0 queued"


@pytest.fixture
def server() -> Iterator[Server]:
    handler = Server()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        handler.port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    yield handler
    kept.forget()
    controller.stop()


def smtp(server: Server, options: str = "starttls=off") -> Any:
    return transports.from_url(f"smtp://127.0.0.1:{server.port}?timeout=5&{options}")


def to(name: str) -> Mail:
    return make_mail(recipient=f"{name}@example.org")


def test_smtp_hands_over_the_bytes_as_they_are(server: Server) -> None:
    body = b".\r\n..two\r\n.one\r\n"
    mail = make_mail(body=body)
    assert send(smtp(server), mail) == [Accepted("250 2.0.0 queued")]
    (envelope,) = server.taken
    assert envelope.content == mail.raw
    assert (envelope.mail_from, envelope.rcpt_tos) == ("bounce@example.org", [mail.recipient])
    assert f"SIZE={len(mail.raw)}" in envelope.mail_options


def test_smtp_keeps_one_connection_for_a_chunk(server: Server) -> None:
    one_lane = smtp(server, "starttls=off&connections=1")
    send(one_lane, *(make_mail(number) for number in range(20)))
    assert (len(server.taken), len(server.sessions)) == (20, 1)


def test_a_server_that_takes_few_mails_a_connection_gets_the_rest_over_another(
    server: Server,
) -> None:
    server.most_per_connection = 2
    outcomes = send(
        smtp(server, "starttls=off&connections=1"), *(make_mail(number) for number in range(6))
    )
    assert outcomes == [Accepted("250 2.0.0 queued")] * 6
    assert list(server.taken_over.values()) == [2, 2, 2]


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("busy", Later("4.2.1", "450 4.2.1 come back")),
        ("gone", Refused("5.1.1", "550 5.1.1 no such user", address_gone=True)),
        ("full", Refused("5.2.2", "552 5.2.2 mailbox full")),
        ("spam", Refused("5.7.1", "554 5.7.1 looks like spam")),
        ("closing", Later("4.7.0", "421 4.7.0 closing")),
    ],
)
def test_a_refusal_is_told_and_the_next_mail_goes_out(
    server: Server, name: str, outcome: Outcome
) -> None:
    outcomes = send(smtp(server), to(name), to("reader"))
    assert outcomes == [outcome, Accepted("250 2.0.0 queued")]


def test_a_refused_sender_gives_up_no_mail(server: Server) -> None:
    mail = Mail("nosender@example.org", "reader@example.org", make_mail().raw, "<x@y>")
    assert send(smtp(server), mail) == [Later("5.1.1", "550 5.1.1 sender unknown")]


def test_a_connection_lost_after_the_mail_is_unclear(server: Server) -> None:
    first, second = send(smtp(server), to("drop"), to("reader"))
    assert isinstance(first, Unclear)
    assert isinstance(second, Accepted)
    # This server had taken it, and could not say so.
    assert [envelope.rcpt_tos[0] for envelope in server.taken] == [
        "drop@example.org",
        "reader@example.org",
    ]


def test_a_connection_lost_before_the_mail_is_for_later(server: Server) -> None:
    first, second = send(smtp(server), to("hangup"), to("reader"))
    assert isinstance(first, Later)
    assert isinstance(second, Accepted)


def test_a_server_that_hung_up_meanwhile_is_called_again(server: Server) -> None:
    transport = smtp(server, "starttls=off&connections=1")
    send(transport, to("reader"))
    ((lane,),) = kept._lanes.values()
    lane.socket.shutdown(socket.SHUT_RDWR)
    assert send(transport, to("other")) == [Accepted("250 2.0.0 queued")]
    assert len(server.sessions) == 2


def test_without_a_server_it_is_unreachable() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Unreachable, match=f"127.0.0.1:{port}: .*refused"):
        send(transports.from_url(f"smtp://127.0.0.1:{port}?starttls=off"))


def test_a_server_without_starttls_gets_nothing_in_the_clear(server: Server) -> None:
    with pytest.raises(Unreachable, match="STARTTLS"):
        send(smtp(server, "starttls=on"))
    assert server.taken == []


@pytest.mark.parametrize("address", ["", "a b@example.org", "a>@x.org", "a@x\r\nDATA", "ü@x.org"])
def test_an_address_that_is_none_never_reaches_the_wire(server: Server, address: str) -> None:
    mail = Mail("bounce@example.org", address, b"x", "<x@y>")
    (outcome,) = send(smtp(server), mail)
    assert isinstance(outcome, Refused)
    assert not outcome.address_gone


@given(st.lists(st.sampled_from([b".", b"..", b"x", b"\r\n", b".\r\n"]), max_size=20))
def test_dots_survive_the_way(parts: list[bytes]) -> None:
    raw = b"".join(parts)
    data = as_data(Mail("a@x", "b@x", raw, "<x@y>"))
    assert data.endswith(b"\r\n")
    lines = data.split(b"\r\n")
    assert b"." not in lines
    undone = b"\r\n".join(line[1:] if line.startswith(b".") else line for line in lines)
    assert undone in {raw, raw + b"\r\n"}


# Django's mail backends


class Broken(BaseEmailBackend):
    """A backend that fails as the subject says."""

    def send_messages(self, email_messages: Any) -> int:
        raise ERRORS[email_messages[0].to[0].partition("@")[0]]


ERRORS: dict[str, Exception] = {
    "busy": smtplib.SMTPRecipientsRefused({"x": (450, b"4.2.1 busy")}),
    "gone": smtplib.SMTPRecipientsRefused({"x": (550, b"5.1.1 gone")}),
    "sender": smtplib.SMTPSenderRefused(550, b"5.1.1 unknown", "x"),
    "lost": smtplib.SMTPServerDisconnected("lost"),
    "disk": OSError("disk full"),
    "limit": AnymailAPIError("slow down", status_code=429, response=type("R", (), {"reason": "x"})),
    "key": AnymailAPIError("bad key", status_code=401, response=type("R", (), {"reason": "x"})),
    "bad": AnymailAPIError("bad mail", status_code=422, response=type("R", (), {"reason": "x"})),
    "net": AnymailAPIError("no answer"),
    "refused": AnymailRecipientsRefused(),
    "odd": RuntimeError("out of order"),
}


@pytest.mark.parametrize(
    ("name", "kind", "code"),
    [
        ("busy", Later, "4.2.1"),
        ("gone", Refused, "5.1.1"),
        ("sender", Later, "5.1.1"),
        ("lost", Unclear, None),
        ("disk", Later, ""),
        ("limit", Later, ""),
        ("key", Later, ""),
        ("bad", Refused, ""),
        ("net", Unclear, None),
        ("refused", Refused, ""),
        ("odd", Unclear, None),
    ],
)
def test_a_backends_error_becomes_what_to_do_now(
    name: str, kind: type[Outcome], code: str | None
) -> None:
    (outcome,) = send(DjangoBackend(f"{__name__}.Broken"), to(name))
    assert isinstance(outcome, kind)
    assert getattr(outcome, "code", None) == code
    assert getattr(outcome, "address_gone", False) is (name == "gone")


def test_django_gets_every_header_and_both_parts() -> None:
    (outcome,) = send(transports.from_url("django.core.mail.backends.locmem.EmailBackend"))
    assert isinstance(outcome, Accepted)
    (message,) = django_mail.outbox
    check_message(message)
    sent = message.message()
    assert f"<{UNSUBSCRIBE}>" in sent.as_string()
    assert sent["Message-ID"] == "<mail1@example.org>"
    assert sent["Date"] == "Tue, 03 Feb 2026 12:00:00 +0000"


def test_an_esp_of_anymail_gets_them_too() -> None:
    (outcome,) = send(transports.from_url("test"))
    assert outcome == Accepted("sent 0")
    (message,) = django_mail.outbox
    check_message(message)
    given = message.anymail_test_params["extra_headers"]  # type: ignore[union-attr]
    assert given["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def check_message(message: EmailMessage) -> None:
    assert message.subject == "Grüße 1"
    assert message.from_email == "Preprint Post <digest@example.org>"
    assert message.to == ["reader@example.org"]
    assert message.body == "Grüße\n"
    (html,) = message.alternatives  # type: ignore[attr-defined]
    assert (html[0], html[1]) == ("<p>Grüße</p>", "text/html")
    assert set(message.extra_headers) == {
        "Date",
        "Message-ID",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
    }


def test_a_plain_mail_has_no_alternative() -> None:
    raw = (
        b"From: a@example.org\r\nTo: b@example.org\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: text/plain; charset=utf-8\r\n\r\nplain\r\n"
    )
    message = as_django(Mail("a@example.org", "b@example.org", raw, "<x@y>"))
    assert message.body == "plain\n"
    assert message.alternatives == []


# EMAIL_URL


def test_what_email_url_can_be(tmp_path: Path) -> None:
    assert transports.from_url(f"outbox://{tmp_path}") == Outbox(tmp_path)
    assert transports.from_url("smtps://me:p%40ss@mail.example.org") == Smtp(
        (Relay("mail.example.org", 465, "me", "p@ss", implicit_tls=True),)
    )
    assert transports.from_url("smtp://me:x@mail.example.org") == Smtp(
        (Relay("mail.example.org", 587, "me", "x"),)
    )
    assert transports.from_url("smtp://127.0.0.1:2525?starttls=off") == Smtp(
        (Relay("127.0.0.1", 2525, starttls=False),)
    )
    assert transports.from_url("postmark") == DjangoBackend(
        "anymail.backends.postmark.EmailBackend"
    )


def test_a_password_is_not_shown() -> None:
    assert "secret" not in repr(transports.from_url("smtp://me:secret@mail.example.org"))


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("", "it must be outbox:///folder"),
        ("ftp://x", "begins with 'ftp'"),
        ("outbox://", "needs a folder"),
        ("smtp://", "must read smtp://"),
        ("smtp://host:port", "port must be a number"),
        ("smtp://host:99999", "port must be a number"),
        ("smtp://host/path", "must read smtp://"),
        ("smtp://host?starttls=perhaps", "starttls must be on or off"),
        ("smtp://host?timeout=0", "timeout must be 1 to 60"),
        ("smtp://host?tls=on", "unknown option 'tls'"),
        ("carrier_pigeon", "anymail knows no ESP 'carrier_pigeon'"),
        ("no.such.module.EmailBackend", "No module named"),
        ("pathlib.Path", "is not a Django mail backend"),
    ],
)
def test_nonsense_in_email_url_is_refused_clearly(url: str, complaint: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL") as error:
        transports.from_url(url)
    assert complaint in str(error.value)


def test_the_outboxs_folder_is_known_only_while_there_is_one(settings: Any) -> None:
    settings.EMAIL_URL = "outbox:///srv/out"
    assert transports.outbox_path() == Path("/srv/out")
    settings.EMAIL_URL = "smtp://mail.example.org"
    assert transports.outbox_path() is None

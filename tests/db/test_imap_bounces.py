"""Returned mail in a mailbox: read over verified TLS, and marked only after it is filed."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from newsletter.delivery.returned import fetching, sources
from newsletter.delivery.returned.filing import Filed
from newsletter.delivery.returned.imap import Imap
from newsletter.delivery.returned.sources import ImapUrl, NotReadable
from newsletter.models import Bounce
from tests.db.mailing import NOON
from tests.db.test_fetching_bounces import raw_bounce
from tests.imap_server import ImapServer, make_certificate

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["imaps", "imap"])
def server(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ImapServer]:
    """One with TLS from the beginning, and one with STARTTLS; both trusted."""
    certificate = make_certificate(tmp_path, "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with ImapServer(context, implicit_tls=request.param == "imaps").running() as running:
        yield running


def source(server: ImapServer, host: str = "localhost") -> Imap:
    scheme = "imaps" if server._implicit_tls else "imap"
    url = sources.parse(f"{scheme}://bounces:p%20w@{host}:{server.port}/Returned")
    assert isinstance(url, ImapUrl)
    return Imap(url)


def test_what_lies_in_a_mailbox_is_filed_and_marked_as_seen(server: ImapServer) -> None:
    server.put(7, raw_bounce(1))
    server.put(9, raw_bounce(2))
    assert fetching.fetch(source(server), NOON) == Filed(2, bounces=2)
    assert server.flags == {7: {"\\Seen"}, 9: {"\\Seen"}}
    assert fetching.fetch(source(server), NOON) == Filed()
    assert 'LOGIN bounces "p w"' in server.said
    assert 'SELECT "Returned"' in server.said


def test_a_mail_is_marked_only_after_it_is_filed(
    server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.put(7, raw_bounce(1))

    def away(*args: Any) -> None:
        raise OperationalError("no connection")

    with monkeypatch.context() as during:
        during.setattr(fetching, "file_mail", away)
        with pytest.raises(OperationalError):
            fetching.fetch(source(server), NOON)
    assert server.flags == {7: set()}
    assert fetching.fetch(source(server), NOON).bounces == 1


def test_a_mark_that_fails_costs_a_second_reading_and_no_more(server: ImapServer) -> None:
    server.put(7, raw_bounce(1))
    server.refuses = "UID STORE"
    with pytest.raises(NotReadable, match="not today"):
        fetching.fetch(source(server), NOON)
    server.refuses = ""
    assert fetching.fetch(source(server), NOON) == Filed(1, known=1)
    assert Bounce.objects.count() == 1


def test_of_a_huge_mail_only_the_beginning_is_asked_for(server: ImapServer) -> None:
    server.put(7, raw_bounce(1) + b"x" * 3_000_000)
    assert fetching.fetch(source(server), NOON).bounces == 1


@pytest.mark.parametrize("command", ["LOGIN", "SELECT"])
def test_a_server_that_says_no_is_named(server: ImapServer, command: str) -> None:
    server.refuses = command
    with pytest.raises(NotReadable, match=r"localhost: .*not today"):
        fetching.fetch(source(server), NOON)


def test_a_certificate_of_another_host_is_refused_before_the_password_is_said(
    server: ImapServer,
) -> None:
    with pytest.raises(NotReadable, match="CERTIFICATE_VERIFY_FAILED"):
        fetching.fetch(source(server, "127.0.0.1"), NOON)
    assert not [said for said in server.said if said.startswith("LOGIN")]


def test_a_server_that_is_not_there_is_named(server: ImapServer) -> None:
    url = sources.parse("imaps://bounces:pw@127.0.0.1:1")
    assert isinstance(url, ImapUrl)
    with pytest.raises(NotReadable, match=r"127\.0\.0\.1: .*refused"):
        fetching.fetch(Imap(url), NOON)

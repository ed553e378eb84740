"""The resolver against a name server of the test's own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.resolver
import dns.rrset
import pytest

from newsletter.records import resolver
from newsletter.records.resolver import Dns, Unanswered

RECORDS = {
    (".", "NS"): ["a.root-servers.net."],
    ("s1._domainkey.example.org.", "TXT"): ['"v=DKIM1; " "k=rsa; p=AA" "AA"', '"other"'],
    ("example.org.", "MX"): ["20 b.example.org.", "10 A.example.org."],
    ("nomail.example.org.", "MX"): ["0 ."],
    ("a.example.org.", "A"): ["198.51.100.1"],
    ("a.example.org.", "AAAA"): ["2001:db8::1"],
    ("1.100.51.198.in-addr.arpa.", "PTR"): ["A.example.org."],
    (f"1.{'0.' * 23}8.b.d.0.1.0.0.2.ip6.arpa.", "PTR"): ["a.example.org."],
}


def answer(wire: bytes) -> bytes | None:
    """None for names that begin with "silent"; those that begin with "broken" fail."""
    query = dns.message.from_wire(wire)
    [question] = query.question
    name = question.name.to_text()
    if name.startswith("silent"):
        return None
    reply = dns.message.make_response(query)
    reply.flags |= dns.flags.RA
    found = RECORDS.get((name, dns.rdatatype.to_text(question.rdtype)))
    if name.startswith("broken"):
        reply.set_rcode(dns.rcode.SERVFAIL)
    elif found:
        reply.answer.append(
            dns.rrset.from_text_list(question.name, 60, "IN", question.rdtype, found)
        )
    elif not any(known == name for known, _ in RECORDS):
        reply.set_rcode(dns.rcode.NXDOMAIN)
    return reply.to_wire()


@pytest.fixture
def asked() -> Iterator[Dns]:
    """A resolver that asks only the server of this test."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))

        def serve() -> None:
            while (received := server.recvfrom(4096))[0] != b"end":
                if reply := answer(received[0]):
                    server.sendto(reply, received[1])

        thread = threading.Thread(target=serve)
        thread.start()
        own = dns.resolver.Resolver(configure=False)
        own.nameservers = ["127.0.0.1"]
        own.port = server.getsockname()[1]
        made = Dns()
        made.__dict__["_resolver"] = own
        yield made
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.sendto(b"end", server.getsockname())
        thread.join()


def test_texts_are_joined_from_their_strings(asked: Dns) -> None:
    texts = asked.texts("s1._domainkey.example.org")
    assert sorted(texts) == ["other", "v=DKIM1; k=rsa; p=AAAA"]


def test_mail_servers_come_in_their_order_and_a_dot_is_blank(asked: Dns) -> None:
    assert asked.mail_servers("example.org") == ["a.example.org", "b.example.org"]
    assert asked.mail_servers("nomail.example.org") == [""]


def test_addresses_are_of_both_kinds_and_lead_back(asked: Dns) -> None:
    assert asked.addresses("a.example.org") == ["198.51.100.1", "2001:db8::1"]
    for address in asked.addresses("a.example.org"):
        assert asked.pointers(address) == ["a.example.org"]


def test_what_is_not_there_is_empty_and_no_trouble(asked: Dns) -> None:
    assert asked.texts("nobody.example.org") == []
    assert asked.texts("a.example.org") == []


def test_the_dns_of_a_closed_network_is_no_answer(
    asked: Dns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(RECORDS, (".", "NS"))
    with pytest.raises(Unanswered, match=r"TXT of nobody\.example\.org"):
        asked.texts("nobody.example.org")
    assert asked.addresses("a.example.org") == ["198.51.100.1", "2001:db8::1"]


def test_a_server_that_fails_or_is_silent_is_not_taken_for_an_answer(
    asked: Dns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resolver, "PATIENCE", 0.2)
    for name in ("broken.example.org", "silent.example.org"):
        with pytest.raises(Unanswered, match=name):
            asked.texts(name)


def test_names_that_there_cannot_be_are_empty(asked: Dns) -> None:
    assert asked.addresses("a..b") == []
    assert asked.mail_servers(f"{'x' * 80}.org") == []


def test_a_machine_without_name_servers_answers_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def configured() -> None:
        raise dns.resolver.NoResolverConfiguration

    monkeypatch.setattr(dns.resolver, "Resolver", configured)
    with pytest.raises(Unanswered, match=r"PTR of 1\.100\.51\.198"):
        Dns().pointers("198.51.100.1")


def test_a_question_takes_two_seconds_at_most() -> None:
    assert resolver.PATIENCE == 2.0

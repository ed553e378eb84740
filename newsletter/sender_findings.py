"""What `doctor` finds of the sender in the DNS: SPF, DKIM, DMARC, PTR, and where returns go.

Nothing is asked while mail stays on this machine. Where nobody answers that is one note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings

from newsletter import relay_findings
from newsletter.checks import check_transport, sends_for_real
from newsletter.delivery import signing
from newsletter.findings import Finding
from newsletter.records import dkim_record, dmarc, spf
from newsletter.records.resolver import Dns, Resolver, Unanswered

# After so many questions without an answer no more are asked: there is no DNS here.
_MOST_UNANSWERED = 2
_SMTP = re.compile(r"[\s,]+(?=smtps?://)")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who receivers see. ``relays`` are the hosts of EMAIL_URL; none where an ESP sends."""

    author: str  # the domain of From
    envelope: str  # that of the return path
    signs: str  # d= of our own signature; blank where it is not made here
    relays: tuple[str, ...]


def examine(resolver: Resolver | None = None) -> Iterator[Finding]:
    if not sends_for_real() or any(check_transport(None)):
        return  # the latter is said among the settings
    sender = _sender()
    if "." not in sender.author:
        yield Finding(
            f"FROM_EMAIL is at {sender.author or 'no domain'}, which no receiver can look up.",
            "Set it to an address in a domain of your own.",
        )
        return
    yield from _asked(sender, resolver or Dns())


def _sender() -> Sender:
    author = parseaddr(settings.FROM_EMAIL)[1].rpartition("@")[2].lower()
    url = settings.EMAIL_URL
    relays = [urlsplit(one).hostname or "" for one in _SMTP.split(url)] if "://" in url else []
    return Sender(
        author=author,
        envelope=settings.BOUNCE_DOMAIN.lower() or author,
        signs=signing.domain() if settings.DKIM_KEY and signing.keeps_bytes() else "",
        relays=tuple(relays),
    )


def _asked(sender: Sender, resolver: Resolver) -> Iterator[Finding]:
    unanswered = []
    for topic in (_spf, _dkim, _dmarc, _returns, _names):
        try:
            yield from topic(sender, resolver)
        except Unanswered as error:
            unanswered.append(str(error))
            if len(unanswered) == _MOST_UNANSWERED:
                break
    if unanswered:
        yield Finding(
            f"The DNS did not answer: {', '.join(dict.fromkeys(unanswered))}.",
            "Run `doctor` again where it can be asked; SPF, DKIM, DMARC and PTR were not all seen.",
            note=True,
        )


def _spf(sender: Sender, resolver: Resolver) -> Iterator[Finding]:
    domain, by_esp = sender.envelope, not sender.relays
    reading = spf.read(domain, resolver)
    if not reading.records:
        # With an ESP the return path is often a domain of its own, whose SPF is its own affair.
        yield Finding(
            f"{domain} has no SPF record.",
            f'Publish one as TXT at {domain}, such as "v=spf1 a:your.relay.example -all", which '
            "names whatever hands your mail to the world.",
            note=by_esp,
        )
    elif reading.records > 1:
        yield Finding(
            f"{domain} has {reading.records} SPF records, so none counts (RFC 7208, 4.5).",
            "Make one of them.",
        )
    else:
        yield from _read_spf(domain, reading)


def _read_spf(domain: str, reading: spf.Reading) -> Iterator[Finding]:
    for fault in reading.faults:
        yield Finding(f"SPF: {fault}; receivers take that for no record.", "Put it right there.")
    if reading.lookups > spf.MOST_LOOKUPS:
        yield Finding(
            f"The SPF record of {domain} takes more than {spf.MOST_LOOKUPS} questions, after which "
            "receivers give up.",
            "Replace include, a and mx by ip4 and ip6 where you can.",
        )
        return
    if reading.open:
        yield Finding(
            f"The SPF record of {domain} lets everybody send (+all).", "End it with -all or ~all."
        )
    elif reading.ending in {"", "?"} and not reading.faults:
        yield Finding(
            f"The SPF record of {domain} says of others neither yes nor no.",
            "End it with -all or ~all.",
            note=True,
        )
    elif not reading.permits and not reading.faults:
        yield Finding(
            f"The SPF record of {domain} lets nobody send.", "Name your relay before its all."
        )


def _dkim(sender: Sender, resolver: Resolver) -> Iterator[Finding]:
    if not sender.signs:
        if sender.relays:
            yield Finding(
                f"Mails are not signed here, so the relay has to (DKIM, d={sender.author}).",
                "See that a mail received elsewhere has a DKIM-Signature whose h= names "
                "list-unsubscribe-post; docs/operating.md shows how, under Signing and DNS.",
                note=True,
            )
        return
    if any(signing.faults()):
        return  # said among the settings
    signer = signing.signer()
    if signer is None:
        return
    if fault := dkim_record.fault_of(resolver.texts(signer.record_name), signer.public_key):
        yield Finding(
            f"The DKIM record {signer.record_name} {fault}.",
            f'There must be one TXT: "{signer.record}"',
        )


def _dmarc(sender: Sender, resolver: Resolver) -> Iterator[Finding]:
    policy = dmarc.policy_for(sender.author, resolver)
    if policy is None:
        several = len(dmarc.records_at(sender.author, resolver)) > 1
        yield Finding(
            f"{sender.author} has {'more than one' if several else 'no'} DMARC record.",
            f'There must be one TXT at _dmarc.{sender.author}, such as "v=DMARC1; p=none; '
            f'rua=mailto:postmaster@{sender.author}".',
        )
        return
    where = f"The DMARC record _dmarc.{policy.found_at}"
    if policy.asked not in dmarc.POLICIES:
        yield Finding(
            f"{where} asks for {policy.asked!r}, which does not exist.",
            f"p= and sp= are one of {', '.join(dmarc.POLICIES)}.",
        )
    elif policy.asked == "none":
        yield Finding(
            f"{where} asks for nothing (p=none).",
            "When its reports show that all your mail passes, ask for p=quarantine.",
            note=True,
        )
    yield from _alignment(sender, policy, resolver)


def _alignment(sender: Sender, policy: dmarc.Policy, resolver: Resolver) -> Iterator[Finding]:
    """One of the two is enough for DMARC; both make it outlive forwarding and a lost record."""
    author = sender.author
    signed = bool(sender.signs) and dmarc.is_aligned(
        sender.signs, author, resolver, strict=policy.strict_dkim
    )
    if sender.signs and not signed:
        yield Finding(
            f"DKIM signs as {sender.signs}, which DMARC does not count for {author}"
            f" ({_manner(policy.strict_dkim)}).",
            "Leave DKIM_DOMAIN empty, or give FROM_EMAIL the same domain.",
        )
    if not dmarc.is_aligned(sender.envelope, author, resolver, strict=policy.strict_spf):
        other = "take aspf=s from the record" if policy.strict_spf else f"name one below {author}"
        yield Finding(
            f"The return path is at {sender.envelope}, which DMARC does not count for {author}"
            f" ({_manner(policy.strict_spf)}).",
            f"Leave BOUNCE_DOMAIN empty, or {other}.",
            note=signed or not sender.relays,
        )


def _manner(strict: bool) -> str:
    return "strict: the same domain" if strict else "relaxed: the same organisation"


def _returns(sender: Sender, resolver: Resolver) -> Iterator[Finding]:
    if not sender.relays and not settings.BOUNCE_DOMAIN:
        return
    name = "BOUNCE_DOMAIN" if settings.BOUNCE_DOMAIN else "FROM_EMAIL"
    servers = resolver.mail_servers(sender.envelope)
    if servers and not any(servers):
        what = f"{sender.envelope} takes no mail (its MX is a dot), so returned mail is lost."
    elif not servers and not resolver.addresses(sender.envelope):
        what = f"{sender.envelope} has no MX, so returned mail is lost."
    else:
        return
    yield Finding(what, f"Publish an MX for it, or set {name} to a domain that has one.")


def _names(sender: Sender, resolver: Resolver) -> Iterator[Finding]:
    yield from relay_findings.examine(sender.relays, settings.SITE_HOST, resolver)

"""DMARC (RFC 9989): the policy for a domain, and which domains belong together.

An organisation's domain is found by walking up the DNS, with no list of public suffixes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from newsletter.records.resolver import Resolver
from newsletter.records.tags import tags_of

#: At most so many labels are asked for, beside the whole name (RFC 9989, 4.10).
MOST_LABELS = 7
POLICIES = ("none", "quarantine", "reject")


@dataclass(frozen=True, slots=True)
class Record:
    """A valid record and the domain at which it stands."""

    domain: str
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds for a From domain; ``asked`` is none, quarantine, reject, or as it stands."""

    found_at: str
    asked: str
    strict_spf: bool
    strict_dkim: bool


def records_at(domain: str, resolver: Resolver) -> list[Record]:
    """The DMARC records of one name; more than one count as none."""
    texts = resolver.texts(f"_dmarc.{domain}")
    # v= comes first, and "DMARC1" is written so.
    read = [tags_of(text) for text in texts if text.partition(";")[0].split("=")[0].strip() == "v"]
    return [Record(domain, tags) for tags in read if tags.get("v") == "DMARC1"]


def policy_for(domain: str, resolver: Resolver) -> Policy | None:
    """That of the domain itself, else of its organisation, else of a public suffix above."""
    found = list(_walk(domain, resolver))
    if not found:
        return None
    own = next((record for record in found if record.domain == domain), None)
    record = own or _chosen(domain, found)
    asked = record.tags.get("p", "none")  # as RFC 9989 reads a record without
    if record is not own:
        asked = record.tags.get("sp", asked)
    return Policy(
        found_at=record.domain,
        asked=asked.lower(),
        strict_spf=record.tags.get("aspf", "r").lower() == "s",
        strict_dkim=record.tags.get("adkim", "r").lower() == "s",
    )


def organisation_of(domain: str, resolver: Resolver) -> str:
    """The domain that says for all below it that they are one sender."""
    found = list(_walk(domain, resolver))
    if not found:
        return domain
    chosen = _chosen(domain, found)
    if chosen.tags.get("psd") == "y" and chosen.domain != domain:
        above = chosen.domain.count(".") + 1
        return ".".join(domain.split(".")[-above - 1 :])
    return chosen.domain


def is_aligned(domain: str, from_domain: str, resolver: Resolver, *, strict: bool) -> bool:
    """Whether a domain that SPF or DKIM speaks for counts for the From domain."""
    if domain == from_domain:
        return True
    if strict:
        return False
    return organisation_of(domain, resolver) == organisation_of(from_domain, resolver)


def _chosen(domain: str, found: list[Record]) -> Record:
    """Of the records of a walk the one that names the organisation (RFC 9989, 4.10.2)."""
    for record in found:
        psd = record.tags.get("psd", "u")
        if psd == "n" or (psd == "y" and record.domain != domain):
            return record
    return found[-1]


def _walk(domain: str, resolver: Resolver) -> Iterator[Record]:
    """From the name upwards to the last label."""
    for name in _names(domain):
        records = records_at(name, resolver)
        if len(records) != 1:
            continue
        yield records[0]
        psd = records[0].tags.get("psd", "u")
        if psd == "n" or (psd == "y" and name != domain):
            return


def _names(domain: str) -> Iterator[str]:
    yield domain
    labels = domain.split(".")
    shorter = labels[1:] if len(labels) <= MOST_LABELS else labels[-MOST_LABELS:]
    while shorter:
        yield ".".join(shorter)
        shorter = shorter[1:]

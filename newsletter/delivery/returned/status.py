"""Delivery status notifications (RFC 3464): one report a recipient."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter.delivery.returned import mime
from newsletter.delivery.returned.mime import Headers, Part
from newsletter.delivery.returned.reports import Report, Returned, address_in
from newsletter.delivery.verdicts import Kind, Verdict, judge

TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
_BLOCKS = re.compile(r"\n[ \t>]*\n")
_QUOTED = re.compile(r"^[ \t]*>[> \t]*", re.MULTILINE)
_IN_TEXT = re.compile(r"^[ \t>]{0,10}(?:final|original)-recipient:", re.IGNORECASE | re.MULTILINE)
_CODE = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_LONGEST_WORDS = 2000
# RFC 3464, 2.3.3: what is not a failure.
_ON_ITS_WAY = ("delayed", "delivered", "relayed", "expanded")


def reports(mail: Part, words: str) -> list[Report]:
    """``words`` is what the mail says to humans, for notifications that say little else."""
    found = [
        report
        for part in mail.walk()
        if part.content_type in TYPES
        for report in _of_text(part.text, words)
    ]
    if found:
        return found
    # The parts could not be told apart, or somebody has forwarded it as text.
    plain = (part.text for part in mail.walk() if part.content_type.startswith("text/"))
    texts = [text for text in plain if _IN_TEXT.search(text)]
    return [report for text in texts for report in _of_text(_QUOTED.sub("", text), words)]


def _of_text(text: str, words: str) -> Iterator[Report]:
    for block in _BLOCKS.split(text):
        fields = mime.parse_headers(block)
        names = {name for name, _ in fields}
        if names & {"final-recipient", "original-recipient"} or (
            {"action", "status"} <= names and "reporting-mta" not in names
        ):
            yield _report(fields, words)


def _report(fields: Headers, words: str) -> Report:
    # What we wrote to, if it is told; the final one may be where that address is forwarded.
    recipients = [mime.header(fields, name) for name in ("Original-Recipient", "Final-Recipient")]
    address = next(filter(None, map(address_in, recipients)), "")
    diagnostic = mime.header(fields, "Diagnostic-Code")
    given = mime.header(fields, "Status")
    code = _CODE.search(given)
    status = code[0] if code else ""
    if not _has_failed(mime.header(fields, "Action").lower(), status):
        return Report(Returned.NOTHING, address, diagnostic=diagnostic or given)
    verdict = _verdict(status, diagnostic or given, words)
    return Report(Returned.BOUNCE, address, verdict, diagnostic or given or words[:_LONGEST_WORDS])


def _has_failed(action: str, status: str) -> bool:
    if "failed" in action:
        return True
    if any(word in action for word in _ON_ITS_WAY):
        return False
    return not status.startswith(("2.", "4."))


def _verdict(status: str, diagnostic: str, words: str) -> Verdict:
    verdict = judge(None, status, diagnostic, is_over=True)
    if verdict.kind is not Kind.OTHER or not words:
        return verdict
    # Some servers give the reason to humans only.
    told = judge(None, status, words[:_LONGEST_WORDS], is_over=True)
    return Verdict(told.kind, verdict.is_permanent, verdict.code)

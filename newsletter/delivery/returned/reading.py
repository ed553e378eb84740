"""Reading: the bytes of a returned mail to what they report. Pure; never raises, never answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from newsletter.delivery.returned import clues, feedback, mime, prose, replies, status
from newsletter.delivery.returned.mime import Part
from newsletter.delivery.returned.reports import Clues, Report, Returned

_LONGEST_DIAGNOSTIC = 2000
_MOST_REPORTS = 50


def read(raw: bytes) -> list[Report]:
    """One report a recipient, at least one; of an unreadable mail one of kind UNKNOWN."""
    mail = mime.parse(raw)
    found = clues.gather(mail)
    reports = _reports(mail, raw, found) or [Report(Returned.UNKNOWN)]
    return [_tidy(report, found) for report in _distinct(reports)]


def _reports(mail: Part, raw: bytes, found: Clues) -> list[Report]:
    """By the standards first; what is left is told by its words."""
    words = _words(mail)
    complaint = feedback.report(mail, found)
    if complaint is not None:
        return [complaint]
    told = status.reports(mail, words)
    if told:
        return told
    is_bounce = replies.is_from_a_server(mail) or bool(mail.header("X-Failed-Recipients"))
    if not is_bounce and replies.is_automatic(mail):
        return [Report(Returned.AUTO_REPLY)]
    if "disposition-notification" in mail.header("Content-Type").lower():
        return [Report(Returned.NOTHING)]
    return prose.reports(mail, raw, words, found)


def _words(mail: Part) -> str:
    """What it says to humans: its first text, plain if there is one, not that of the original."""
    own = [part for part in _own_parts(mail) if part.content_type.startswith("text/")]
    plain = [part for part in own if part.content_type != "text/html"]
    for part in plain + own:
        if part.text.strip():
            return part.text
    return ""


def _own_parts(mail: Part) -> Iterable[Part]:
    """Those of the mail itself, without those of messages enclosed in it."""
    yield mail
    for part in mail.parts:
        if not mail.content_type.startswith("message/"):
            yield from _own_parts(part)


def _distinct(reports: Iterable[Report]) -> list[Report]:
    """The first of each kind and recipient: some servers say it several times."""
    kept: dict[tuple[Returned, str], Report] = {}
    for report in reports:
        kept.setdefault((report.kind, report.address.lower()), report)
    return list(kept.values())[:_MOST_REPORTS]


def _tidy(report: Report, found: Clues) -> Report:
    diagnostic = " ".join(report.diagnostic[: 2 * _LONGEST_DIAGNOSTIC].split())
    return replace(
        report,
        address=report.address or (found.written_to if report.kind is Returned.BOUNCE else ""),
        diagnostic=diagnostic[:_LONGEST_DIAGNOSTIC],
        clues=found,
    )

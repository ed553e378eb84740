"""Bounces that are written for humans alone: qmail's, Exim's, and those of many older servers."""

from __future__ import annotations

import re

from newsletter.delivery.returned import by_flufl, replies
from newsletter.delivery.returned.mime import Part
from newsletter.delivery.returned.reports import ADDRESS, Clues, Report, Returned, address_in
from newsletter.delivery.verdicts import judge

_MOST_ADDRESSES = 20
_LONGEST_WORDS = 1500
# Where the server's own words end and the mail that it returns begins.
_COPY = re.compile(
    r"^[ \t>]{0,10}[-=_*]{2,40}[^\n]{0,60}(copy of|original message|returned message|"
    r"unsent message|message header|original mail|message follows|urspr|"
    r"message d'origine|mensaje original)|"
    r"^[ \t]{0,10}(original message (headers|follows)|reporting-mta:|return-path: <|received: from|"
    r"here is a copy|[^\n]{0,60}(copy of the (original )?(message|mail)|message headers follow))",
    re.IGNORECASE | re.MULTILINE,
)
_FAILURE = re.compile(
    r"undeliver|(un)?deliver\w* (status|failure|fail|problem|report|notification)|returned mail|"
    r"failure notice|failed|(could|can) ?not be delivered|mail delivery|non[- ]?deliver|"
    r"returned to sender|rejected|bounce|unzustell|nicht zugestellt|fehlgeschlagen|non remis|"
    r".chec|non distribu|"
    r"no (se )?(ha podido )?entreg|sin entregar|mancat|mancato recapito|onbestelbaar|n.o entregue|"
    r"недостав|не доставлен|не удалось|配信|配達|送達|不能|エラー|退信|无法投递",
    re.IGNORECASE,
)
_ONLY_DELAYED = re.compile(
    r"warning message only|do not need to resend|(has been|is being|message|delivery) delayed|"
    r"still being retried|will (be retried|keep trying|continue|retry)|not yet been delivered|"
    r"attempts? (to deliver )?(the message )?will continue|delivery of your message is delayed|"
    r"delayed (for )?\d+ hours|noch nicht zugestellt|wird weiter versucht",
    re.IGNORECASE,
)
_TIRED = re.compile(
    r"retry time(out)?|timed? ?out|expired|too (old|long)|for (more|longer) than|"
    r"\d+ (hours|days|stunden|tagen)|in the queue|tempor",
    re.IGNORECASE,
)
_AT_A_LINES_BEGINNING = re.compile(
    r"^[ \t>*|-]{0,10}(?:to:|recipient:|address:|an:)?[ \t]{0,4}<?" + ADDRESS.pattern,
    re.IGNORECASE | re.MULTILINE,
)
_NEVER_A_READER = re.compile(r"(mailer-daemon|postmaster|b\+[0-9a-f]{42})@", re.IGNORECASE)


def reports(mail: Part, raw: bytes, words: str, clues: Clues) -> list[Report]:
    """Those of a mail that is neither a notification by RFC 3464 nor a complaint."""
    named = [part.strip() for part in mail.header("X-Failed-Recipients")[:5000].split(",")]
    told = [address for text in named if (address := address_in(text))]
    if not told and not _is_bounce(mail):
        return []
    server_words = _before_the_copy(words)
    if _ONLY_DELAYED.search(server_words) or _ONLY_DELAYED.search(replies.subject(mail)):
        return [Report(Returned.NOTHING, clues.written_to)]
    found = told or _known(by_flufl.addresses(raw), mail) or _listed(server_words, mail)
    if not found and (clues.tokens or clues.message_ids or clues.links):
        found = [clues.written_to]
    return [_report(address, server_words, found) for address in found[:_MOST_ADDRESSES]]


def _is_bounce(mail: Part) -> bool:
    if replies.is_from_a_server(mail):
        return True
    has_no_sender = mail.header("Return-Path").strip() == "<>"
    return has_no_sender and _FAILURE.search(replies.subject(mail)) is not None


def _before_the_copy(words: str) -> str:
    match = _COPY.search(words)
    return words[: match.start()] if match and words[: match.start()].strip() else words


def _known(found: list[str], mail: Part) -> list[str]:
    ours = {one.lower() for name in ("To", "From") for one in ADDRESS.findall(mail.header(name))}
    kept = dict.fromkeys(one.strip(".") for one in found if one.lower() not in ours)
    return [one for one in kept if not _NEVER_A_READER.match(one)]


def _listed(words: str, mail: Part) -> list[str]:
    first = _known(_AT_A_LINES_BEGINNING.findall(words), mail)
    return first or _known(ADDRESS.findall(words), mail)[:1]


def _report(address: str, words: str, addresses: list[str]) -> Report:
    """The reason is what stands behind the address, or all that is said."""
    low = words.lower()
    start = low.find(address.lower()) if address else -1
    own = ""
    if start >= 0:
        begin = start + len(address)
        ends = (low.find(other.lower(), begin) for other in addresses if other != address)
        end = min((end for end in ends if end >= 0), default=len(words))
        own = words[begin : min(end, begin + _LONGEST_WORDS)].strip(" \t\r\n>:;,.")
    said = own if len(own.split()) > 2 else words[:_LONGEST_WORDS].strip()
    verdict = judge(None, "", said, is_over=not _TIRED.search(said))
    return Report(Returned.BOUNCE, address, verdict, said)

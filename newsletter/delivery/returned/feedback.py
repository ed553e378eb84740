"""Complaints: the feedback loops of providers (RFC 5965), and Microsoft's own form of them."""

from __future__ import annotations

import re

from newsletter.delivery.returned import mime
from newsletter.delivery.returned.mime import Headers, Part
from newsletter.delivery.returned.reports import Clues, Report, Returned, address_in

TYPE = "message/feedback-report"
_IN_TEXT = re.compile(r"^feedback-type:[^\n]{0,100}\n", re.IGNORECASE | re.MULTILINE)
# "Not spam" is the opposite; authentication failures (RFC 6591) are about domains.
_NO_COMPLAINT = frozenset({"not-spam", "auth-failure", "dmarc"})
_MICROSOFT = "X-HmXmrOriginalRecipient"
_RECIPIENTS = ("original-rcpt-to", "removal-recipient", "redacted-address")


def report(mail: Part, clues: Clues) -> Report | None:
    """The complaint that this mail is, if it is one."""
    for part in mail.walk():
        if part.content_type == TYPE:
            return _of_fields(mime.parse_headers(part.text), clues)
        if address := address_in(part.header(_MICROSOFT)):
            return Report(Returned.COMPLAINT, address, feedback_type="abuse")
    for part in mail.walk():
        # A feedback report whose type was lost on the way.
        if part.content_type.startswith("text/") and (match := _IN_TEXT.search(part.text)):
            fields = mime.parse_headers(part.text[match.start() :].partition("\n\n")[0])
            if mime.header(fields, "user-agent") or mime.header(fields, "version"):
                return _of_fields(fields, clues)
    return None


def _of_fields(fields: Headers, clues: Clues) -> Report:
    feedback_type = mime.header(fields, "feedback-type").lower()[:32] or "abuse"
    kind = Returned.NOTHING if feedback_type in _NO_COMPLAINT else Returned.COMPLAINT
    told = (address_in(mime.header(fields, name)) for name in _RECIPIENTS)
    address = next((one for one in told if one and "redacted" not in one), clues.written_to)
    agent = mime.header(fields, "user-agent")
    return Report(kind, address, diagnostic=agent, feedback_type=feedback_type)

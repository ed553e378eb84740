"""The head and foot of a digest's mail, in both parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from django.conf import settings

from newsletter.compose import notes, plain, skeleton, wording
from newsletter.compose.body import Body
from newsletter.compose.budget import Size
from newsletter.compose.choosing import Digest
from newsletter.compose.skeleton import Encoded
from newsletter.compose.wording import Words
from newsletter.models import Delivery
from newsletter.signup import links
from newsletter.signup.links import Purpose

# What is not known before the cut, at its longest: the preheader (four bytes a character) and
# the reader's reason (a time zone's name has at most 64 characters).
_LATER = Size(4 * wording.PREHEADER_LENGTH + 300, 12 * wording.PREHEADER_LENGTH + 400)
_NOTE = '<p class="note" style="margin:18px 0 0;padding:12px 16px;background:#e6f0f1">{}</p>'
_JUMP = '<a href="#{}" style="color:#0f5c6e">{}</a>'

Values = dict[str, bytes]
Draft = dict[str, Encoded]


@dataclass(frozen=True, slots=True)
class OwnLinks:
    """The addresses that belong to one reader, encoded; of one length for everybody."""

    web: Encoded
    preferences: Encoded
    unsubscribe: Encoded
    unsubscribe_url: str

    @classmethod
    def of(cls, delivery: Delivery) -> OwnLinks:
        unsubscribe = links.url(Purpose.UNSUBSCRIBE, delivery.subscriber_id)
        return cls(
            web=Encoded.of(links.url(Purpose.DIGEST, delivery.pk or 0)),
            preferences=Encoded.of(links.url(Purpose.PREFERENCES, delivery.subscriber_id)),
            unsubscribe=Encoded.of(unsubscribe),
            unsubscribe_url=unsubscribe,
        )

    def slots(self) -> Draft:
        return {
            "WEB": self.web,
            "PREFERENCES": self.preferences,
            "UNSUBSCRIBE": self.unsubscribe,
        }


def draft(digest: Digest) -> Draft:
    """The HTML's slots that all readers of this digest share, before the cut.

    The cut only ever lowers what stands above, so the numbers are at their longest here.
    """
    note = wording.left_out(digest.left_out)
    postal = plain.one_line(settings.POSTAL_ADDRESS)
    site_name = plain.one_line(settings.SITE_NAME)
    above = [section.above for section in digest.sections]
    return {
        "TITLE": Encoded.of(escape(wording.subject(site_name, digest))),
        "BRAND": _once(escape(site_name)),
        "DATE": _once(wording.heading(digest)),
        "NUMBERS": _numbers(wording.numbers(digest, above)),
        "NOTE": _once((_NOTE.format(escape(note)) if note else "") + notes.html(digest)),
        "COVERAGE": _once(f"<br>{escape(_sentence(digest.gaps))}" if digest.gaps else ""),
        "POSTAL": _once(f"<br>{escape(postal)}" if postal else ""),
    }


def size(drafted: Draft, own: OwnLinks) -> Size:
    """Of the HTML around the papers, never less than it will be."""
    return skeleton.compiled("digest").size(drafted | own.slots()) + _LATER


def finish(drafted: Draft, digest: Digest, body: Body) -> tuple[Values, Values]:
    """What all readers of this digest share, in the text's slots and in the HTML's."""
    numbers = wording.numbers(digest, body.above)
    html = drafted | {
        "NUMBERS": _numbers(numbers),
        "PREHEADER": Encoded.of(escape(wording.preheader(digest, body.layout, body.titles))),
    }
    said = filter(None, (plain.wrap(wording.left_out(digest.left_out)), notes.text(digest)))
    note = "\n\n".join(said)
    text = {
        "BRAND": _once(plain.one_line(settings.SITE_NAME)),
        "DATE": _once(wording.heading(digest)),
        "NUMBERS": Encoded.of(plain.wrap(wording.plain_words(numbers))),
        "NOTE": _once(f"\n{note}\n" if note else ""),
        "COVERAGE": _once(f"\n{plain.wrap(_sentence(digest.gaps))}\n" if digest.gaps else ""),
        "POSTAL": _once(plain.wrap(settings.POSTAL_ADDRESS)),
    }
    return _raw(text), _raw(html)


def fill(
    delivery: Delivery, body: Body, own: OwnLinks, text: Values, html: Values
) -> tuple[bytes, bytes]:
    """The whole text and HTML part of one reader's mail."""
    year = delivery.issue.last_date.year
    reason = wording.reason(delivery.subscriber, delivery.issue.cadence, year)
    personal = _raw(own.slots())
    web = own.web.raw
    text_only = {"REASON": _once(plain.wrap(reason)).raw, "BODY": web.join(body.text)}
    html_only = {"REASON": _once(escape(reason)).raw, "BODY": web.join(body.html)}
    return (
        skeleton.text("digest").fill(text | personal | text_only),
        skeleton.compiled("digest").fill(html | personal | html_only),
    )


def _sentence(line: str) -> str:
    return f"{line}."


def _numbers(words: Sequence[Words]) -> Encoded:
    return Encoded.of(
        "".join(
            _JUMP.format(run.anchor, escape(run.text)) if run.anchor else escape(run.text)
            for run in words
        )
    )


@lru_cache(maxsize=1024)
def _once(text: str) -> Encoded:
    """Encoded once for the many mails that say the same."""
    return Encoded.of(text)


def _raw(encoded: Draft) -> Values:
    return {slot: value.raw for slot, value in encoded.items()}

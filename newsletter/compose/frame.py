"""A digest's mail around the papers: headers, head and foot of both parts, as bytes with slots.

What all readers of an issue share is filled in and encoded once; what is a reader's own stays a
slot. A frame is stored, so that a mail can be made again after the templates have changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from django.conf import settings

from newsletter.compose import headers, message, notes, plain, skeleton, slots, stored, wording
from newsletter.compose.budget import Size
from newsletter.compose.choosing import Digest
from newsletter.compose.skeleton import Encoded, Skeleton
from newsletter.compose.slots import Slotted
from newsletter.models import Frame as Row
from newsletter.signup import links
from newsletter.signup.links import Purpose

# What is not known before the cut, at its longest: the preheader (four bytes a character) and
# the reader's reason (a time zone's name has at most 64 characters).
_LATER = Size(4 * wording.PREHEADER_LENGTH + 300, 12 * wording.PREHEADER_LENGTH + 400)
_NOTE = '<p class="note" style="margin:18px 0 0;padding:12px 16px;background:#e6f0f1">{}</p>'
#: Slots of the reader's tokens, by the slot that a skeleton has for the whole address.
TOKENS = {
    "WEB": (slots.WEB, Purpose.DIGEST),
    "PREFERENCES": ("PREFERENCES", Purpose.PREFERENCES),
    "UNSUBSCRIBE": ("UNSUBSCRIBE", Purpose.UNSUBSCRIBE),
}
_TOKEN_SIZE = Size(links.TOKEN_LENGTH, links.TOKEN_LENGTH + len("=\r\n"))
# Slots of the skeletons under the names that they have in the whole mail.
_HTML = {"TITLE": "TITLE", "PREHEADER": "PREHEADER", "NUMBERS": "NUMBERS", "REASON": "REASON",
         "BODY": slots.BODY}  # fmt: skip
_TEXT = {"NUMBERS": "NUMBERSTEXT", "REASON": "REASONTEXT", "BODY": slots.BODY_TEXT}
_MOST_KEPT = 500


@dataclass(frozen=True, slots=True)
class Frame:
    """``pk`` is 0 where it is not stored; ``size`` is that of the HTML around the papers, less
    that of the numbers."""

    pk: int
    slotted: Slotted
    size: Size


_kept: dict[tuple[object, ...], Frame] = {}


def forget() -> None:
    """Empty the cache of this process."""
    _kept.clear()


def frame_for(
    digest: Digest, cadence: str, site: tuple[str, ...], *, as_html: bool, store: bool
) -> Frame:
    """The frame of this digest's mail; written down, unless it is there or not to be stored.

    ``site`` are ``surroundings``, asked for once for many mails.
    """
    said = digest.left_out, digest.notes, digest.gaps
    key = digest.first_date, digest.last_date, said, cadence, as_html, store, site
    if key not in _kept:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        content, size = _made(digest, cadence, as_html=as_html)
        pk = stored.keep(Row, {key: {"content": content}})[key] if store else 0
        _kept[key] = Frame(pk, slots.read(content), size)
    return _kept[key]


def surroundings() -> tuple[str, ...]:
    """The settings that stand in a frame."""
    return settings.SITE_NAME, settings.SITE_URL, settings.FROM_EMAIL, settings.POSTAL_ADDRESS


def _made(digest: Digest, cadence: str, *, as_html: bool) -> tuple[bytes, Size]:
    html, size = _filled(skeleton.compiled("digest"), _html_values(digest), _HTML)
    text, _ = _filled(skeleton.text("digest"), _text_values(digest), _TEXT)
    unsubscribe = links.url_around(Purpose.UNSUBSCRIBE)
    own: dict[str, bytes] = {
        "To": slots.slot("TO"),
        "Subject": slots.slot("SUBJECT"),
        "Date": slots.slot("DATED"),
        "Message-ID": slots.slot("NAME"),
        "List-Unsubscribe": f"<{unsubscribe[0]}".encode("ascii")
        + slots.slot("UNSUBSCRIBE")
        + f"{unsubscribe[1]}>".encode("ascii"),
    }
    head = b"".join(
        _line(name, own[name]) if name in own else message.header(name, value)
        for name, value in headers.of_digest(cadence, digest.last_date)
    )
    return message.assembled(head, text, html if as_html else None), size + _LATER


def _line(name: str, value: bytes) -> bytes:
    return name.encode("ascii") + b": " + value + b"\r\n"


def _html_values(digest: Digest) -> dict[str, str]:
    note = wording.left_out(digest.left_out)
    postal = plain.one_line(settings.POSTAL_ADDRESS)
    return {
        "BRAND": escape(plain.one_line(settings.SITE_NAME)),
        "DATE": wording.heading(digest),
        "NOTE": (_NOTE.format(escape(note)) if note else "") + notes.html(digest),
        "COVERAGE": f"<br>{escape(_sentence(digest.gaps))}" if digest.gaps else "",
        "POSTAL": f"<br>{escape(postal)}" if postal else "",
    }


def _text_values(digest: Digest) -> dict[str, str]:
    said = filter(None, (plain.wrap(wording.left_out(digest.left_out)), notes.text(digest)))
    note = "\n\n".join(said)
    return {
        "BRAND": plain.one_line(settings.SITE_NAME),
        "DATE": wording.heading(digest),
        "NOTE": f"\n{note}\n" if note else "",
        "COVERAGE": f"\n{plain.wrap(_sentence(digest.gaps))}\n" if digest.gaps else "",
        "POSTAL": plain.wrap(settings.POSTAL_ADDRESS),
    }


def _filled(
    source: Skeleton, values: Mapping[str, str], kept: Mapping[str, str]
) -> tuple[bytes, Size]:
    """With these values in their slots; of addresses with a token only the token stays open."""
    done: list[bytes] = []
    size, open_text = Size(), source.sources[0]

    def close() -> None:
        nonlocal size
        encoded = Encoded.of(open_text)
        done.append(encoded.raw)
        size += encoded.size

    for name, following in zip(source.slots, source.sources[1:], strict=True):
        if name in values:
            open_text += values[name] + following
        elif name in TOKENS:
            slot, purpose = TOKENS[name]
            before, after = links.url_around(purpose)
            open_text += before
            close()
            done += [slots.slot(slot), b"=\r\n"]
            size += _TOKEN_SIZE
            open_text = after + following
        else:
            close()
            done.append(slots.slot(kept[name]))
            open_text = following
    close()
    return b"".join(done), size


def _sentence(line: str) -> str:
    return f"{line}."

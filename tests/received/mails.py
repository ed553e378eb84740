"""The rows of the mails that are checked whole, and their way to the reader.

The daily and the weekly digest are of the sample that a new installation begins with, which
tells of real papers; the others are of ``texts``.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.db import transaction
from django.test import override_settings

from digest import releasing
from digest.archive.documents import import_week
from digest.arxiv import tex
from digest.models import Paper
from newsletter.compose import cards, composer, fragments, headers
from newsletter.compose.notices import compose_notice
from newsletter.delivery import notices, planning
from newsletter.models import Delivery, Fragment, Notice, Subscriber
from newsletter.preparing import SAMPLE
from newsletter.signup import adding, choices, links, subscribing
from newsletter.signup.adding import Wish
from newsletter.signup.choices import Choices, SectionChoice
from newsletter.signup.links import Purpose
from tests import make
from tests.db.mailing import send_due
from tests.received import texts
from tests.received.post import Post, Received, Shown, post
from tests.received.texts import Text

MONDAY, TUESDAY = dt.date(2026, 2, 2), dt.date(2026, 2, 3)
SUNDAY = dt.date(2026, 2, 8)
MORNING = dt.datetime(2026, 2, 3, 7, 0, 4, tzinfo=dt.UTC)
NEXT_MONDAY = dt.datetime(2026, 2, 9, 7, 0, 4, tzinfo=dt.UTC)
ASKED = dt.datetime(2026, 1, 14, 18, 21, tzinfo=dt.UTC)

SETTINGS = {
    "SITE_NAME": "Preprint Post",
    "SITE_URL": "https://post.example.org",
    "FROM_EMAIL": "digest@post.example.org",
    "POSTAL_ADDRESS": "Preprint Post, 12 Harbour Lane, Exampletown EX1 2PL",
}


class _Kind(NamedTuple):
    """Papers of one digest: the last is shown as a line, those before as cards."""

    texts: Sequence[Text]
    domain: str
    category: str
    line_category: str
    line_label: str


_KINDS = {
    "minimal": _Kind(texts.MINIMAL, "instruments", "", "astro-ph.IM", "astro-ph.IM"),
    "cjk": _Kind(
        texts.CHINESE_JAPANESE_KOREAN,
        "language",
        "cs.CL",
        "cs.IR",
        'cs.IR contains "漢字かな交じり文"',
    ),
    "tex": _Kind(
        texts.TEX_HEAVY,
        "analysis",
        "math.NT",
        "hep-ph",
        r'hep-ph contains "$\alpha_s$ < 1 & more"',
    ),
    "rtl": _Kind(texts.RIGHT_TO_LEFT, "language", "cs.CY", "cs.DL", 'cs.DL contains "فهرس"'),
    "authors": _Kind(texts.MANY_AUTHORS, "particles", "hep-ex", "astro-ph.HE", "astro-ph.HE"),
}
DIGESTS = ("daily", "weekly", *_KINDS)
NOTICES = ("confirm",)
NAMES = DIGESTS + NOTICES
# Whose domain goes on its way as an A-label, and whose local part keeps its capitals.
ADDRESSES = {"rtl": "Reader@bücher.example.net"}
ASKING = "asking@reader.example.net"


def receive(at: dt.datetime | None = None) -> dict[str, Received]:
    """Each mail by its name, sent at ``at`` or else each at its due time in February 2026.

    The database, which holds no papers and no readers yet, is left as it was.
    """
    with transaction.atomic(), override_settings(**SETTINGS):
        try:
            return _receive(at or MORNING, at or NEXT_MONDAY)
        finally:
            transaction.set_rollback(True)
            fragments.forget()  # the rows it knows are gone


def _receive(morning: dt.datetime, next_monday: dt.datetime) -> dict[str, Received]:
    numbers = itertools.count(90_001)  # far from those of the sample
    for kind in _KINDS.values():
        _announce(kind, numbers)
    import_week(SAMPLE.read_text(encoding="utf-8"))
    readers = {name: _reader(name) for name in DIGESTS}
    for date in (MONDAY, TUESDAY):
        releasing.release(date)
    fragments.forget()
    with post() as office:
        _send(office, morning, next_monday)
    fragments.forget()
    mails = {name: _digest(office, name, reader) for name, reader in readers.items()}
    return mails | {"confirm": _notice(office)}


def _announce(kind: _Kind, numbers: Iterator[int]) -> None:
    *as_cards, as_line = kind.texts
    for text in as_cards:
        make.announce(_paper(text, next(numbers), kind.category, kind.domain), TUESDAY)
    make.announce(_paper(as_line, next(numbers), kind.line_category, kind.domain), TUESDAY)


def _paper(text: Text, number: int, category: str, domain: str) -> Paper:
    paper = make.make_paper(
        arxiv_id=f"2602.{number}",
        title=tex.to_unicode(text.title),
        abstract=tex.to_unicode(text.abstract),
        authors=[{"name": tex.to_unicode(name), "affiliations": []} for name in text.authors],
        categories=[category],
    )
    if text.summary:
        make.make_summary(
            paper,
            domain=domain,
            topic="",
            keywords=[tex.to_unicode(word) for word in text.keywords],
            institutions=[tex.to_unicode(name) for name in text.institutions],
            text=tex.to_unicode(text.summary),
        )
    return paper


def _reader(name: str) -> Subscriber:
    if name in _KINDS:
        kind = _KINDS[name]
        sections = [SectionChoice(kind.line_category, label=kind.line_label, style="lines")]
        if kind.category:
            sections.insert(0, SectionChoice(kind.category, label=kind.category))
    else:
        sections = choices.house_sections()
    address = ADDRESSES.get(name, f"{name}@reader.example.net")
    wish = Wish(tuple(sections), {"cadence": "weekly" if name == "weekly" else "daily"})
    return adding.add(address, wish, ASKED, active=True).subscriber


def _send(office: Post, morning: dt.datetime, next_monday: dt.datetime) -> None:
    choice = Choices(sections=tuple(choices.house_sections()))
    asking = make.make_subscriber(ASKING, status=Subscriber.Status.PENDING, activated_at=None)
    opt_in = subscribing.opted_in(asking, choice, adding.BY_HAND, morning)
    notices.queue(
        Notice.Kind.CONFIRM, subscriber=asking, context={"opt_in": opt_in.pk}, now=morning
    )
    for cadence, date, now in (("daily", TUESDAY, morning), ("weekly", SUNDAY, next_monday)):
        planning.plan(planning.issue_for(cadence, date), now)
        told = send_due(now, transport=office.transport)
        assert not told.unreachable, told.unreachable


def _digest(office: Post, name: str, reader: Subscriber) -> Received:
    row = Delivery.objects.select_related("issue", "subscriber").get(subscriber=reader)
    assert row.status == Delivery.Status.SENT, f"{name}: {row.status}: {row.reason or row.reply}"
    envelope = office.taken[headers.address_of(reader)]
    again = composer.compose([row])[0].mail
    assert again is not None
    shown = Fragment.objects.select_related("paper").in_bulk(_papers(row))
    return Received(
        name=name,
        raw=envelope.original_content or b"",
        sender=envelope.mail_from or "",
        recipient=envelope.rcpt_tos[0],
        again=again.raw,
        message_id=row.message_id,
        subscriber_id=reader.pk,
        own_urls={
            Purpose.UNSUBSCRIBE: links.url(Purpose.UNSUBSCRIBE, reader.pk),
            Purpose.PREFERENCES: links.url(Purpose.PREFERENCES, reader.pk),
            Purpose.DIGEST: links.url(Purpose.DIGEST, row.pk),
        },
        papers=tuple(_shown(shown[pk]) for pk in _papers(row)),
    )


def _shown(fragment: Fragment) -> Shown:
    paper = fragment.paper
    is_card = fragment.style == Fragment.Style.CARD
    urls = (paper.abs_url, paper.pdf_url) if is_card else (paper.abs_url,)
    return Shown(cards.readable_title(paper.title), urls)


def _notice(office: Post) -> Received:
    row = Notice.objects.select_related("subscriber").get()
    envelope = office.taken[ASKING]
    return Received(
        name="confirm",
        raw=envelope.original_content or b"",
        sender=envelope.mail_from or "",
        recipient=envelope.rcpt_tos[0],
        again=compose_notice(row).raw,
        message_id=row.message_id,
        own_urls={Purpose.CONFIRM: links.url(Purpose.CONFIRM, row.context["opt_in"])},
    )


def _papers(row: Delivery) -> list[int]:
    """The fragments of papers that it was joined from; those below zero are headings."""
    return [pk for pk in row.fragment_ids if pk > 0]

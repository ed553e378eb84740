"""Fetching: mail after mail out of the source into rows, and reports forgotten in time."""

from __future__ import annotations

import datetime as dt
import logging

from django.conf import settings
from django.db import DataError

from newsletter.delivery.returned import sources
from newsletter.delivery.returned.filing import Filed, file_mail
from newsletter.delivery.returned.imap import Imap
from newsletter.delivery.returned.maildir import Maildir
from newsletter.delivery.returned.sources import MaildirUrl, Source, Waiting
from newsletter.models import Bounce, Complaint

logger = logging.getLogger(__name__)

# As many as a task files in a minute or two; the next tick takes the rest.
CHUNK = 1000


def configured() -> Source | None:
    """What BOUNCES_URL names, or None. Raises ImproperlyConfigured."""
    url = sources.parse(settings.BOUNCES_URL)
    if url is None:
        return None
    return Maildir(url.folder) if isinstance(url, MaildirUrl) else Imap(url)


def fetch(source: Source, now: dt.datetime, most: int = CHUNK) -> Filed:
    """File what waits there, each mail in a transaction of its own. Raises NotReadable."""
    filed = Filed()
    with source.waiting(most) as mails:
        for mail in mails:
            filed += _file(mail, now)
    return filed


def forget_reports(now: dt.datetime) -> int:
    """Empty the raw reports that have been kept long enough; how many. Their rows stay."""
    before = now - dt.timedelta(days=settings.REPORTS_KEPT_DAYS)
    old = {"received_at__lt": before}
    return sum(
        rows.filter(**old).exclude(report="").update(report="")
        for rows in (Bounce.objects.all(), Complaint.objects.all())
    )


def run(now: dt.datetime) -> bool:
    """What beat asks for; whether there is probably more. Nothing where BOUNCES_URL is empty."""
    forget_reports(now)
    source = configured()
    if source is None:
        return False
    try:
        return fetch(source, now).mails >= CHUNK
    except sources.NotReadable as error:
        logger.warning("returned mail cannot be read: %s", error)
        return False


def _file(mail: Waiting, now: dt.datetime) -> Filed:
    try:
        filed = file_mail(mail.raw, now)
    except (DataError, ValueError):
        # One that the database does not take must not stand in the way of all others.
        logger.exception("a returned mail cannot be filed: %s", mail.name)
        mail.put_aside()
        return Filed(mails=1, unplaced=1)
    mail.done()
    return filed

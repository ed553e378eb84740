"""How a choice of digests is said in words on the pages."""

from __future__ import annotations

import datetime as dt
import zoneinfo

from newsletter.compose import wording
from newsletter.signup.choices import Choices


def rhythm(choices: Choices) -> str:
    """When mails come, to stand after "a digest"."""
    return wording.rhythm(
        cadence=choices.cadence,
        weekday=choices.weekday,
        send_when=choices.send_when,
        send_hour=choices.send_hour,
        timezone=choices.timezone,
    )


def instant(when: dt.datetime, timezone: str) -> str:
    """Such as "Tuesday 3 February at 07:00 (Europe/Berlin)"."""
    local = when.astimezone(zoneinfo.ZoneInfo(timezone))
    return f"{local:%A} {local.day} {local:%B} at {local:%H:%M} ({timezone})"

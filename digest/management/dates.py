"""Dates as commands take them."""

from __future__ import annotations

import datetime as dt
import re

from django.core.management.base import CommandError


def listing_date(text: str) -> dt.date:
    """A date such as 2026-02-03; raises CommandError for anything else."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            pass
    raise CommandError(f"{text!r} is not a date such as 2026-02-03")

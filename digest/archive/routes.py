"""How dates and weeks stand in addresses."""

from __future__ import annotations

import datetime as dt

from digest.archive.week import week_name


class DateConverter:
    """Such as 2026-02-03."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> dt.date:
        return dt.date.fromisoformat(value)

    def to_url(self, value: dt.date | str) -> str:
        return str(value)


class WeekConverter:
    """Such as 20260202-20260208, given as its Monday."""

    regex = r"\d{8}-\d{8}"

    def to_python(self, value: str) -> dt.date:
        monday = dt.date.fromisoformat(value[:8])
        try:
            is_week = monday.weekday() == 0 and week_name(monday) == value
        except OverflowError:  # the calendar's last week, whose Sunday no date can say
            is_week = False
        if not is_week:
            raise ValueError(f"{value} is no week")
        return monday

    def to_url(self, value: dt.date | str) -> str:
        return value if isinstance(value, str) else week_name(value)

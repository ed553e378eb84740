"""The days on whose evening arXiv announces nothing, as far as its lists are known."""

from __future__ import annotations

import datetime as dt

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

HOLIDAYS = [
    (dt.date(2025, 11, 27), "Thanksgiving"),
    (dt.date(2026, 1, 1), "New Year's Day"),
    (dt.date(2026, 1, 19), "Martin Luther King Jr. Day"),
    (dt.date(2026, 6, 19), "Juneteenth"),
    (dt.date(2026, 7, 3), "Independence Day (observed)"),
    (dt.date(2026, 9, 7), "Labor Day"),
    (dt.date(2026, 11, 26), "Thanksgiving"),
    (dt.date(2026, 12, 25), "Christmas Day"),
    (dt.date(2026, 12, 29), "winter holidays"),
    (dt.date(2026, 12, 31), "New Year's Eve"),
]


def make_holidays(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    holiday_model = apps.get_model("digest", "Holiday")
    for date, name in HOLIDAYS:
        holiday_model.objects.get_or_create(date=date, defaults={"name": name})


class Migration(migrations.Migration):
    dependencies = [("digest", "0004_listings_one_can_trust")]
    operations = [migrations.RunPython(make_holidays, migrations.RunPython.noop)]

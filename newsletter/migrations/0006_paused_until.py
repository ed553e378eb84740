"""Pauses that end on a date."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("newsletter", "0005_returned")]
    operations = [
        migrations.AddField(
            model_name="subscriber",
            name="paused_until",
            field=models.DateField(
                blank=True,
                help_text="Of a pause: the first day with mail again, in their zone.",
                null=True,
            ),
        ),
        migrations.AddIndex(
            model_name="subscriber",
            index=models.Index(
                condition=models.Q(("paused_until__isnull", False)),
                fields=["paused_until"],
                name="subscriber_paused_until",
            ),
        ),
    ]

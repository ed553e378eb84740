"""The row under which the whole installation keeps to arXiv's pace."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("digest", "0002_house")]
    operations = [
        migrations.CreateModel(
            name="FetchSlot",
            fields=[
                ("name", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("claim", models.UUIDField(blank=True, null=True)),
                ("free_at", models.DateTimeField()),
            ],
        ),
    ]

"""What each issue carries of which listing."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("digest", "0004_listings_one_can_trust"),
        ("newsletter", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="IssueListing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_batch", models.PositiveIntegerField(default=0)),
                ("last_batch", models.PositiveIntegerField(default=0)),
                ("is_late", models.BooleanField(default=False)),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="listings",
                        to="newsletter.issue",
                    ),
                ),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="digest.listing",
                    ),
                ),
            ],
            options={
                "ordering": ["issue", "listing"],
                "constraints": [
                    models.UniqueConstraint(fields=("issue", "listing"), name="issue_listing_once"),
                    models.CheckConstraint(
                        condition=models.Q(("first_batch__lte", models.F("last_batch"))),
                        name="issue_listing_in_order",
                    ),
                ],
            },
        ),
    ]

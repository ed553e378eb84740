"""Holidays, late papers, answers kept, variants, and an index of the words of each listing."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("digest", "0003_fetch_slot"),
    ]

    operations = [
        migrations.CreateModel(
            name="Holiday",
            fields=[
                ("date", models.DateField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100)),
            ],
            options={
                "ordering": ["-date"],
            },
        ),
        migrations.CreateModel(
            name="VariantGroup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("term", models.CharField(max_length=200, unique=True)),
                ("same", models.JSONField(blank=True, default=list)),
                ("narrower", models.JSONField(blank=True, default=list)),
            ],
            options={
                "ordering": ["term"],
            },
        ),
        migrations.AddField(
            model_name="announcement",
            name="batch",
            field=models.PositiveIntegerField(
                default=0, help_text="0 before the release; else with which arrival after it."
            ),
        ),
        migrations.AddField(
            model_name="coverage",
            name="differences",
            field=models.TextField(
                blank=True, help_text="Where arXiv's listing page says otherwise, one a line."
            ),
        ),
        migrations.AddField(
            model_name="coverage",
            name="reconciled_at",
            field=models.DateTimeField(
                blank=True, help_text="When it was held against the listing page.", null=True
            ),
        ),
        migrations.AddField(
            model_name="coverage",
            name="source",
            field=models.CharField(blank=True, help_text="What it was read from.", max_length=16),
        ),
        migrations.AddField(
            model_name="fetchslot",
            name="blocked_until",
            field=models.DateTimeField(
                blank=True,
                help_text="No request before, as arXiv is unwell or asked for it.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="fetchslot",
            name="failures",
            field=models.PositiveIntegerField(default=0, help_text="In a row, up to now."),
        ),
        migrations.AddField(
            model_name="fetchslot",
            name="reason",
            field=models.TextField(blank=True, help_text="Of the last failure."),
        ),
        migrations.AddField(
            model_name="listing",
            name="batches",
            field=models.PositiveIntegerField(default=0, help_text="Arrivals after the release."),
        ),
        migrations.AddField(
            model_name="listing",
            name="matched_sections_to",
            field=models.PositiveBigIntegerField(
                default=0, help_text="Key of the last section that was matched."
            ),
        ),
        migrations.AddField(
            model_name="listing",
            name="matched_to",
            field=models.PositiveBigIntegerField(
                default=0,
                help_text="Key of the last announcement that sections were matched against.",
            ),
        ),
        migrations.AddField(
            model_name="paper",
            name="asked_at",
            field=models.DateTimeField(
                blank=True, help_text="When the API was last asked for what is missing.", null=True
            ),
        ),
        migrations.AddField(
            model_name="sectionlisting",
            name="late",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="Of these papers, those that arrived after the release, by batch.",
            ),
        ),
        migrations.AlterField(
            model_name="paper",
            name="source",
            field=models.CharField(
                choices=[
                    ("document", "Document"),
                    ("api", "Api"),
                    ("page", "Page"),
                    ("rss", "Rss"),
                    ("atom", "Atom"),
                ],
                max_length=16,
            ),
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("url", models.CharField(max_length=2000)),
                ("etag", models.CharField(blank=True, max_length=255)),
                ("last_modified", models.CharField(blank=True, max_length=64)),
                ("body", models.BinaryField()),
                ("length", models.PositiveIntegerField(help_text="Bytes before gzip.")),
                ("fetched_at", models.DateTimeField()),
                (
                    "confirmed_at",
                    models.DateTimeField(help_text="When arXiv last said that it still holds."),
                ),
            ],
            options={
                "ordering": ["-fetched_at"],
                "indexes": [
                    models.Index(fields=["url", "-fetched_at"], name="digest_answ_url_f2064a_idx")
                ],
            },
        ),
        migrations.CreateModel(
            name="ListingIndex",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.CharField(help_text="Of how words are cut and stored.", max_length=64),
                ),
                ("revision", models.UUIDField(help_text="Another with every change.")),
                (
                    "matched_to",
                    models.PositiveBigIntegerField(help_text="As of the listing when it was made."),
                ),
                ("papers", models.PositiveIntegerField()),
                ("body", models.BinaryField()),
                (
                    "listing",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="index",
                        to="digest.listing",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "listing indexes",
            },
        ),
    ]

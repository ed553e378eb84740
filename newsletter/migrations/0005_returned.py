"""What returned mails say: class, source, diagnostic, and a key that files each once."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("newsletter", "0004_recipes"),
    ]

    operations = [
        migrations.AddField(
            model_name="bounce",
            name="cause",
            field=models.CharField(
                choices=[
                    ("address gone", "Address Gone"),
                    ("mailbox full", "Mailbox Full"),
                    ("policy", "Policy"),
                    ("content", "Content"),
                    ("rate", "Rate"),
                    ("other", "Other"),
                ],
                default="other",
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="bounce",
            name="counts",
            field=models.BooleanField(
                default=True,
                help_text="Proven to be about a mail of ours; else it has no consequences.",
            ),
        ),
        migrations.AddField(
            model_name="bounce",
            name="diagnostic",
            field=models.TextField(blank=True, help_text="The server's own words."),
        ),
        migrations.AddField(
            model_name="bounce",
            name="key",
            field=models.CharField(
                blank=True, editable=False, max_length=64, null=True, unique=True
            ),
        ),
        migrations.AddField(
            model_name="bounce",
            name="source",
            field=models.CharField(
                default="session",
                help_text="A session, a returned mail, or the ESP.",
                max_length=32,
            ),
        ),
        migrations.AddField(
            model_name="complaint",
            name="counts",
            field=models.BooleanField(
                default=True,
                help_text="Proven to be about a mail of ours; else it has no consequences.",
            ),
        ),
        migrations.AddField(
            model_name="complaint",
            name="diagnostic",
            field=models.TextField(blank=True, help_text="The server's own words."),
        ),
        migrations.AddField(
            model_name="complaint",
            name="feedback_type",
            field=models.CharField(blank=True, help_text="RFC 5965, as abuse.", max_length=32),
        ),
        migrations.AddField(
            model_name="complaint",
            name="key",
            field=models.CharField(
                blank=True, editable=False, max_length=64, null=True, unique=True
            ),
        ),
        migrations.AddField(
            model_name="complaint",
            name="source",
            field=models.CharField(
                default="session",
                help_text="A session, a returned mail, or the ESP.",
                max_length=32,
            ),
        ),
        migrations.AddIndex(
            model_name="bounce",
            index=models.Index(fields=["received_at"], name="newsletter__receive_51c6b4_idx"),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(fields=["received_at"], name="newsletter__receive_019c9c_idx"),
        ),
    ]

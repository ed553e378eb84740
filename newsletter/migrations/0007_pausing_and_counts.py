"""Issues that can be paused, and the counts of those whose deliveries are not kept any more."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

_RESUME = "Can pause an issue, go on with it, send to the missed"


def give_to_operators(apps: Any, schema_editor: Any) -> None:
    """Django makes permissions after all migrations, so the one that is named is made here."""
    types = apps.get_model("contenttypes", "ContentType").objects
    content_type, _ = types.get_or_create(app_label="newsletter", model="issue")
    permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type, codename="resume_issue", defaults={"name": _RESUME}
    )
    operators, _ = apps.get_model("auth", "Group").objects.get_or_create(name="Operator")
    operators.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("newsletter", "0006_paused_until")]

    operations = [
        migrations.AlterModelOptions(
            name="issue",
            options={
                "ordering": ["-last_date", "cadence"],
                "permissions": [("resume_issue", _RESUME)],
            },
        ),
        migrations.AddField(
            model_name="issue",
            name="paused_at",
            field=models.DateTimeField(
                blank=True, help_text="Nothing of it is sent since then.", null=True
            ),
        ),
        migrations.AddField(
            model_name="issue", name="paused_because", field=models.TextField(blank=True)
        ),
        migrations.AddField(
            model_name="issue",
            name="resumed_at",
            field=models.DateTimeField(
                blank=True, help_text="When somebody last said to go on.", null=True
            ),
        ),
        migrations.AddField(
            model_name="issue",
            name="failures_in_a_row",
            field=models.PositiveIntegerField(
                default=0, help_text="Deliveries that failed since the last one that was sent."
            ),
        ),
        migrations.AddField(
            model_name="issue",
            name="counts",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="By state: deliveries that are not kept any more.",
            ),
        ),
        migrations.RunPython(give_to_operators, migrations.RunPython.noop),
    ]

"""The groups of variants to start with."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from digest.sections.variant_names import GROUPS


def make_variants(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    group_model = apps.get_model("digest", "VariantGroup")
    for group in GROUPS:
        group_model.objects.get_or_create(
            term=group.term,
            defaults={"same": list(group.same), "narrower": list(group.narrower)},
        )


class Migration(migrations.Migration):
    dependencies = [("digest", "0005_holidays")]
    operations = [migrations.RunPython(make_variants, migrations.RunPython.noop)]

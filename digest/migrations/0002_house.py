"""The house's sections to start with: those of the reference document."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

HOUSE = [
    ("cs.DC", "", "cs.DC", "cards"),
    (
        "cs.AI/cs.LG",
        'abs:"reinforcement learning"',
        'cs.AI/cs.LG contains "reinforcement learning"',
        "lines",
    ),
    ("cs.AI/cs.LG", "abs:accelerat*", 'cs.AI/cs.LG contains "accelerate"', "lines"),
]


def make_house(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    section_model = apps.get_model("digest", "Section")
    house_model = apps.get_model("digest", "HouseSection")
    for place, (categories, expression, label, style) in enumerate(HOUSE, start=1):
        section, _ = section_model.objects.get_or_create(
            categories=categories, expression=expression
        )
        house_model.objects.get_or_create(
            section=section, defaults={"label": label, "place": place, "style": style}
        )


class Migration(migrations.Migration):
    dependencies = [("digest", "0001_initial")]
    operations = [migrations.RunPython(make_house, migrations.RunPython.noop)]

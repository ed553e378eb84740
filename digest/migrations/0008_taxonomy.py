"""The taxonomy to start with; what an editor made of it meanwhile is left alone."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from digest.summaries.starting_taxonomy import STARTING


def make_taxonomy(apps: Any, schema_editor: Any) -> None:
    domains = apps.get_model("digest", "Domain").objects
    topics = apps.get_model("digest", "Topic").objects
    if domains.exists():
        return
    for place, rule in enumerate(STARTING.domains):
        domain = domains.create(
            name=rule.name,
            place=place,
            description=rule.description,
            aliases=list(rule.aliases),
            signs=list(rule.signs),
        )
        for row, topic in enumerate(rule.topics):
            topics.create(
                domain=domain,
                name=topic.name,
                place=row,
                aliases=list(topic.aliases),
                pattern=topic.pattern,
                strongest=topic.strongest,
            )


class Migration(migrations.Migration):
    dependencies = [("digest", "0007_summaries_and_desk")]
    operations = [migrations.RunPython(make_taxonomy, migrations.RunPython.noop)]

"""Who may do what: curators at the desk, editors also beyond it, operators everywhere."""

from __future__ import annotations

from typing import Any

from django.db import migrations

_ALL = ("view", "add", "change", "delete")
_CURATOR: dict[str, dict[str, tuple[str, ...]]] = {
    "digest": {
        "listing": ("view",), "paper": ("view",), "summary": ("view", "change"),
        "placement": ("view", "add", "change"), "editornote": ("view", "add", "change"),
    },
}  # fmt: skip
_EDITOR: dict[str, dict[str, tuple[str, ...]]] = {
    "digest": {
        **_CURATOR["digest"],
        "housesection": _ALL, "section": ("view", "add"), "domain": _ALL, "topic": _ALL,
        "variantgroup": _ALL, "sectionlisting": ("view",), "coverage": ("view",),
        "announcement": ("view",), "documententry": ("view",), "writercall": ("view",),
        "firstpage": ("view",),
    },
}  # fmt: skip
_OURS = ("digest", "newsletter")
_ACCOUNTS: dict[str, dict[str, tuple[str, ...]]] = {
    "auth": {"user": _ALL, "group": _ALL},
    "axes": {"accessattempt": ("view", "delete")},
}


def make_roles(apps: Any, schema_editor: Any) -> None:
    """Django makes permissions after all migrations, so those that are named are made here."""
    models: dict[str, dict[str, tuple[str, ...]]] = {
        app: {model._meta.model_name: _ALL for model in apps.get_app_config(app).get_models()}
        for app in _OURS
    }
    desk = _extra(
        apps, [("curate_listing", "Can work at the desk: edit, approve, hide, pin, write the note")]
    )
    out = _extra(apps, [("release_listing", "Can release and hold listings")])
    _group(apps, "Curator", _permissions(apps, _CURATOR) + desk)
    _group(apps, "Editor", _permissions(apps, _EDITOR) + desk + out)
    _group(apps, "Operator", _permissions(apps, models | _ACCOUNTS) + desk + out)


def _group(apps: Any, name: str, permissions: list[Any]) -> None:
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=name)
    group.permissions.add(*permissions)


def _permissions(apps: Any, wanted: dict[str, dict[str, tuple[str, ...]]]) -> list[Any]:
    return [
        _permission(apps, app, model, f"{verb}_{model}", f"Can {verb} {model}")
        for app, models in wanted.items()
        for model, verbs in models.items()
        for verb in verbs
    ]


def _extra(apps: Any, named: list[tuple[str, str]]) -> list[Any]:
    return [_permission(apps, "digest", "listing", code, name) for code, name in named]


def _permission(apps: Any, app: str, model: str, codename: str, name: str) -> Any:
    types = apps.get_model("contenttypes", "ContentType").objects
    content_type, _ = types.get_or_create(app_label=app, model=model)
    permissions = apps.get_model("auth", "Permission").objects
    return permissions.get_or_create(
        content_type=content_type, codename=codename, defaults={"name": name}
    )[0]


class Migration(migrations.Migration):
    dependencies = [
        ("newsletter", "0002_issue_listings"),
        ("digest", "0007_summaries_and_desk"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]

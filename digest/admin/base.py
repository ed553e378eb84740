"""What every admin page of the house shares: windows on rows that nobody edits by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.decorators import display as unfold_display

# Unfold carries no types; its classes stand where Django's stand.
if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin, TabularInline
else:
    from unfold.admin import ModelAdmin, TabularInline

__all__ = ["ModelAdmin", "TabularInline"]

_Row = TypeVar("_Row", bound=Model)
_Parent = TypeVar("_Parent", bound=Model)
LONGEST_IN_A_LIST = 100


class RecordAdmin(ModelAdmin[_Row]):
    """Rows that say what happened: to be found and read, never written."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: _Row | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: _Row | None = None) -> bool:
        return False


class RecordInline(TabularInline[_Row, _Parent]):
    """The same beside the row they belong to."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def label(
    description: str, colours: dict[str, str], ordering: str
) -> Callable[[Callable[..., str]], Callable[..., str]]:
    """A column whose value, a state, stands as a coloured word."""
    decorate: Callable[[Callable[..., str]], Callable[..., str]] = unfold_display(
        description=description, label=colours, ordering=ordering
    )
    return decorate


def link(url: str, text: object) -> SafeString:
    return format_html('<a class="underline" href="{}">{}</a>', url, text)


def row_link(row: Model, text: object = "") -> SafeString:
    """A link to the row's own page in the admin."""
    meta = row._meta
    route = f"admin:{meta.app_label}_{meta.model_name}_change"
    return link(reverse(route, args=[row.pk]), text or row)


def list_link(model: type[Model], text: object, **filters: object) -> SafeString:
    """A link to the model's list in the admin, narrowed by ``filters``."""
    meta = model._meta
    url = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    return link(f"{url}?{query}", text)


def short(text: str) -> str:
    """As much of a text as a list has room for."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_IN_A_LIST else f"{text[: LONGEST_IN_A_LIST - 1]}…"


def one_per_line(rows: Iterable[object]) -> SafeString:
    return format_html_join("", "<div>{}</div>", ((row,) for row in rows))


def preformatted(text: str) -> SafeString:
    return format_html('<pre class="whitespace-pre-wrap break-words text-xs">{}</pre>', text)


def as_json(value: object) -> SafeString:
    return preformatted(json.dumps(value, indent=2, ensure_ascii=False, default=str))

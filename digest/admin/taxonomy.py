"""Domains and topics: the closed lists that every paper's tags come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminTextareaWidget

from digest.admin.base import ModelAdmin
from digest.models import Domain, Topic
from digest.summaries import editing
from digest.summaries.patterns import regular

if TYPE_CHECKING:
    _DomainForm = forms.ModelForm[Domain]
    _TopicForm = forms.ModelForm[Topic]
else:
    _DomainForm = _TopicForm = forms.ModelForm


def _lines_field(rows: int, help_text: str) -> forms.CharField:
    widget = UnfoldAdminTextareaWidget({"rows": rows})
    return forms.CharField(required=False, widget=widget, help_text=help_text)


class DomainForm(_DomainForm):
    """A domain as one types it: other names and signs one a line."""

    aliases = _lines_field(4, "One a line: other names that a model may give it.")
    signs = _lines_field(
        8,
        "One a line: regular expressions over lower-case text. A paper in which three of them "
        "are found belongs here; ai, sys and mlsys weigh theirs with the categories.",
    )

    class Meta:
        model = Domain
        fields = ["name", "place", "description"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["aliases"] = editing.as_lines(self.instance.aliases)
        self.initial["signs"] = editing.as_lines(self.instance.signs)

    def clean_aliases(self) -> list[str]:
        return list(editing.lines(self.cleaned_data["aliases"]))

    def clean_signs(self) -> list[str]:
        return [_pattern(line) for line in self.cleaned_data["signs"].splitlines() if line.strip()]


class TopicForm(_TopicForm):
    """A topic as one types it."""

    aliases = _lines_field(6, "One a line: other names that a model may give it.")

    class Meta:
        model = Topic
        fields = ["domain", "name", "place", "pattern", "strongest"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["aliases"] = editing.as_lines(self.instance.aliases)

    def clean_aliases(self) -> list[str]:
        return list(editing.lines(self.cleaned_data["aliases"]))

    def clean_pattern(self) -> str:
        return _pattern(self.cleaned_data["pattern"])

    def clean_strongest(self) -> str:
        return _pattern(self.cleaned_data["strongest"])


def _pattern(typed: str) -> str:
    try:
        return regular(typed)
    except ValueError as error:
        raise forms.ValidationError(str(error)) from error


@admin.register(Domain)
class DomainAdmin(ModelAdmin[Domain]):
    """A change counts for what is tagged from then on."""

    form = DomainForm
    list_display = ["name", "place", "description"]
    search_fields = ["name", "aliases"]
    fields = ["name", "place", "description", "aliases", "signs"]

    def save_model(self, request: HttpRequest, obj: Domain, form: DomainForm, change: bool) -> None:
        obj.aliases, obj.signs = form.cleaned_data["aliases"], form.cleaned_data["signs"]
        super().save_model(request, obj, form, change)


@admin.register(Topic)
class TopicAdmin(ModelAdmin[Topic]):
    """A change counts for what is tagged from then on."""

    form = TopicForm
    list_display = ["name", "domain", "place", "also"]
    list_filter = ["domain"]
    list_select_related = ["domain"]
    search_fields = ["name", "aliases"]
    fields = ["domain", "name", "place", "aliases", "pattern", "strongest"]

    @admin.display(description="also called")
    def also(self, topic: Topic) -> str:
        return ", ".join(topic.aliases)

    def save_model(self, request: HttpRequest, obj: Topic, form: TopicForm, change: bool) -> None:
        obj.aliases = form.cleaned_data["aliases"]
        super().save_model(request, obj, form, change)

"""Groups of words that mean one thing, for keyword rules that begin with a tilde."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.widgets import UnfoldAdminTextareaWidget

from digest import catching_up
from digest.admin.base import ModelAdmin
from digest.models import VariantGroup
from digest.sections.variants import terms_of
from digest.summaries import editing

if TYPE_CHECKING:
    _VariantGroupForm = forms.ModelForm[VariantGroup]
else:
    _VariantGroupForm = forms.ModelForm


class VariantGroupForm(_VariantGroupForm):
    """A group as one types it, a form a line."""

    same = forms.CharField(
        required=False,
        widget=UnfoldAdminTextareaWidget({"rows": 6}),
        help_text=(
            "One a line. Whoever asks for the term or for one of these finds all of them. "
            'Acronyms count in capitals alone, with their plural; "in quotes" exactly.'
        ),
    )
    narrower = forms.CharField(
        required=False,
        widget=UnfoldAdminTextareaWidget({"rows": 8}),
        help_text="One a line. Found with the term; asked for themselves they find no more.",
    )

    class Meta:
        model = VariantGroup
        fields = ["term"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["same"] = editing.as_lines(self.instance.same)
        self.initial["narrower"] = editing.as_lines(self.instance.narrower)

    def clean_term(self) -> str:
        term = " ".join(str(self.cleaned_data["term"]).split())
        _check(term)
        return term

    def clean_same(self) -> list[str]:
        return _forms(self.cleaned_data["same"])

    def clean_narrower(self) -> list[str]:
        return _forms(self.cleaned_data["narrower"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned["same"] and not cleaned["narrower"]:
            raise forms.ValidationError("A group needs another form beside its term.")
        return cleaned


def _forms(text: str) -> list[str]:
    found = list(editing.lines(text))
    for form in found:
        _check(form)
    return found


def _check(form: str) -> None:
    if not terms_of(form):
        raise forms.ValidationError(f"There is no word in {form!r}.")


@admin.register(VariantGroup)
class VariantGroupAdmin(ModelAdmin[VariantGroup]):
    """What ``~`` adds to a rule. A change counts for listings that are not released yet."""

    form = VariantGroupForm
    list_display = ["term", "also", "narrower_forms"]
    search_fields = ["term", "same", "narrower"]
    fields = ["term", "same", "narrower"]

    @admin.display(description="the same")
    def also(self, group: VariantGroup) -> str:
        return ", ".join(group.same)

    @admin.display(description="narrower")
    def narrower_forms(self, group: VariantGroup) -> str:
        return ", ".join(group.narrower)

    def save_model(
        self, request: HttpRequest, obj: VariantGroup, form: VariantGroupForm, change: bool
    ) -> None:
        obj.same, obj.narrower = form.cleaned_data["same"], form.cleaned_data["narrower"]
        super().save_model(request, obj, form, change)
        catching_up.match_variants(timezone.now())

    def delete_model(self, request: HttpRequest, obj: VariantGroup) -> None:
        super().delete_model(request, obj)
        catching_up.match_variants(timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[VariantGroup]) -> None:
        super().delete_queryset(request, queryset)
        catching_up.match_variants(timezone.now())

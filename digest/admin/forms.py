"""Forms of the admin: lists one per line, rules as one types them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Max
from django.utils.html import format_html
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from digest.models import HouseSection, Section, Summary
from digest.sections import rules
from digest.sections.expressions import ExpressionError
from digest.summaries import editing

if TYPE_CHECKING:
    _SummaryForm = forms.ModelForm[Summary]
    _HouseSectionForm = forms.ModelForm[HouseSection]
else:
    _SummaryForm = _HouseSectionForm = forms.ModelForm


class SummaryForm(_SummaryForm):
    """A Summary as a curator edits it."""

    keywords = forms.CharField(
        required=False, widget=UnfoldAdminTextareaWidget({"rows": 7}), help_text="One per line."
    )
    institutions = forms.CharField(
        required=False, widget=UnfoldAdminTextareaWidget({"rows": 7}), help_text="One per line."
    )
    seen_revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Summary
        fields = ["domain", "topic", "text", "status"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["keywords"] = editing.as_lines(self.instance.keywords)
        self.initial["institutions"] = editing.as_lines(self.instance.institutions)
        self.initial["seen_revision"] = self.instance.revision

    def clean_keywords(self) -> list[str]:
        return list(editing.lines(self.cleaned_data["keywords"]))

    def clean_institutions(self) -> list[str]:
        return list(editing.lines(self.cleaned_data["institutions"]))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        seen = cleaned.get("seen_revision")
        if seen is not None and seen != self.instance.revision:
            raise forms.ValidationError(editing.CHANGED_MEANWHILE)
        try:
            editing.check(self.wanted())
        except editing.EditRefused as error:
            raise forms.ValidationError({"text": str(error)}) from error
        return cleaned

    def wanted(self) -> editing.Edit:
        values = self.cleaned_data
        return editing.Edit(
            domain=values["domain"].strip(),
            topic=values["topic"].strip(),
            keywords=tuple(values["keywords"]),
            institutions=tuple(values["institutions"]),
            text=values["text"].strip(),
            status=Summary.Status(values["status"]),
        )


class HouseSectionForm(_HouseSectionForm):
    """A house section with its rule as one types it."""

    categories = forms.CharField(
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text='Such as "cs.DC" or "cs.AI/cs.LG"; none means all that are fetched.',
    )
    expression = forms.CharField(
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text='Blank for a whole category; else such as abs:"reinforcement learning".',
    )

    class Meta:
        model = HouseSection
        fields = ["label", "style", "place"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "label" in self.fields:
            self.fields["label"].required = False
            self.fields["label"].help_text = "Blank for the rule in its default form."
        if self.instance.pk:
            self.initial["categories"] = self.instance.section.categories
            self.initial["expression"] = self.instance.section.expression
        elif "place" in self.fields:
            last = HouseSection.objects.aggregate(last=Max("place"))["last"] or 0
            self.initial["place"] = last + 1

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors or "categories" not in cleaned:
            return cleaned
        section = _section(cleaned["categories"], cleaned["expression"])
        if HouseSection.objects.filter(section=section).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("The house has this rule already.")
        self.instance.section = section
        cleaned["label"] = cleaned["label"] or rules.default_label(section, cleaned["expression"])
        return cleaned


def _pointed(error: ExpressionError) -> tuple[str, str]:
    suggestion = f"Did you mean {error.suggestion}?" if error.suggestion else ""
    return "\n".join(error.pointed()), suggestion


def _section(categories: str, expression: str) -> Section:
    codes = categories.replace(",", "/").replace(" ", "/").split("/")
    codes = [code for code in codes if code]
    if not codes and not expression.strip():
        raise forms.ValidationError("A rule needs a category or an expression.")
    try:
        return rules.section_for(codes, expression)
    except ExpressionError as error:
        told = format_html("{}.<pre>{}</pre>{}", error.reason, *_pointed(error))
        raise forms.ValidationError({"expression": told}) from error
    except ValueError as error:
        raise forms.ValidationError(str(error)) from error

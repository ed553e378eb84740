"""The days on which arXiv announces nothing, entered year by year."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from digest import almanac, covering
from digest.admin.base import ModelAdmin
from digest.arxiv import calendar
from digest.models import Holiday

if TYPE_CHECKING:
    _HolidayForm = forms.ModelForm[Holiday]
else:
    _HolidayForm = forms.ModelForm


class HolidayForm(_HolidayForm):
    """A holiday by its date, which it keeps: to move one, delete it and add it anew."""

    class Meta:
        model = Holiday
        fields = ["date", "name"]
        help_texts = {
            "date": (
                "The day on whose evening arXiv announces nothing: the listing of the next"
                " weekday falls away, and its papers come with the one after. arXiv publishes"
                f' the days of each year in <a class="underline" href="{almanac.HOLIDAYS_URL}">'
                "its help pages</a>."
            ),
            "name": 'As readers will see it: "No announcement on Juneteenth, 19 June 2026."',
        }

    def clean_date(self) -> dt.date:
        date: dt.date = self.cleaned_data["date"]
        known = Holiday.objects.filter(date=date).first()
        if known:
            raise forms.ValidationError(f"{date} is entered already, as {known.name}.")
        if date < calendar.FIRST:
            raise forms.ValidationError("arXiv announced nothing before 14 August 1991.")
        return date


class YearFilter(admin.SimpleListFilter):
    title = "year"
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        years = Holiday.objects.order_by("-date__year").values_list("date__year", flat=True)
        return [(str(year), str(year)) for year in years.distinct()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Holiday]) -> QuerySet[Holiday]:
        if self.value() not in {year for year, _ in self.lookup_choices}:
            return queryset
        return queryset.filter(date__year=self.value())


@admin.register(Holiday)
class HolidayAdmin(ModelAdmin[Holiday]):
    """Whoever changes the calendar changes what is expected of the listings it touches."""

    form = HolidayForm
    list_display = ["date", "weekday", "name", "takes_away"]
    list_filter = [YearFilter]
    search_fields = ["date", "name"]
    search_help_text = "Name, or date such as 2026-12"
    ordering = ["-date"]

    def get_fields(self, request: HttpRequest, obj: Holiday | None = None) -> Any:
        return ["date", "name", "takes_away"] if obj else ["date", "name"]

    def get_readonly_fields(self, request: HttpRequest, obj: Holiday | None = None) -> list[str]:
        return ["date", "takes_away"] if obj else []

    @admin.display(description="day", ordering="date")
    def weekday(self, holiday: Holiday) -> str:
        return f"{holiday.date:%A}"

    @admin.display(description="takes away the listing of", ordering="date")
    def takes_away(self, holiday: Holiday) -> str:
        date = calendar.weekday_after(holiday.date)
        return f"{date:%A}, {calendar.spoken(date)}"

    def save_model(self, request: HttpRequest, obj: Holiday, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        covering.follow_calendar(calendar.weekday_after(obj.date))

    def delete_model(self, request: HttpRequest, obj: Holiday) -> None:
        date = calendar.weekday_after(obj.date)
        super().delete_model(request, obj)
        covering.follow_calendar(date)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Holiday]) -> None:
        dates = {calendar.weekday_after(holiday.date) for holiday in queryset}
        super().delete_queryset(request, queryset)
        for date in sorted(dates):
            covering.follow_calendar(date)

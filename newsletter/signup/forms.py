"""Forms: what is typed on the pages, checked and turned into Choices."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from digest.models import Style
from digest.sections.expressions import ExpressionError
from newsletter.models import Cadence, Subscriber, Weekday
from newsletter.signup import addresses, choices
from newsletter.signup.choices import Choices, InvalidChoice, SectionChoice

MOST_KEYWORDS = 50
AS_RELEASED = "release"
LONGEST_PAUSE = dt.timedelta(days=2 * 365)
_POINTED_WIDTH = 44  # characters, as a phone has room for
_EMPTY_ROWS = 2  # for who adds keywords without JavaScript
_FORMATS = [(Subscriber.Format.HTML, "HTML"), (Subscriber.Format.PLAIN, "Plain text")]
_HOURS = [(str(hour), f"{hour:02}:00") for hour in range(24)]


@dataclass(slots=True)
class KeywordRow:
    """One row of the keyword list, kept as typed, with what is wrong with it."""

    typed: str = ""
    categories: str = ""
    error: str = ""
    pointed: str = ""  # what was typed, and a caret under the place
    suggestion: str = ""


class AddressField(forms.CharField):
    """An address, given back in the form that mail goes to."""

    widget = forms.EmailInput(
        attrs={"autocomplete": "email", "placeholder": "reader@example.org", "inputmode": "email"}
    )

    def clean(self, value: Any) -> str:
        try:
            return addresses.valid(str(super().clean(value)))
        except addresses.InvalidAddress as error:
            raise forms.ValidationError(str(error)) from error


class ChoicesForm(forms.Form):
    """Sections, rhythm and format; ``sections_chosen`` is filled by a successful clean."""

    category = forms.MultipleChoiceField(
        required=False, choices=[(code, code) for code in choices.all_categories()]
    )
    codes = forms.CharField(required=False, max_length=2000)
    cadence = forms.ChoiceField(choices=Cadence.choices, widget=forms.RadioSelect)
    weekday = forms.TypedChoiceField(choices=Weekday.choices, coerce=int)
    hour = forms.ChoiceField(choices=[*_HOURS, (AS_RELEASED, "at release")])
    timezone = forms.CharField(max_length=64)
    format = forms.ChoiceField(choices=_FORMATS, widget=forms.RadioSelect)

    def __init__(self, data: QueryDict | None = None, start: Choices | None = None) -> None:
        start = start or Choices()
        super().__init__(data, initial=_initial(start), label_suffix="")
        self.start = start
        self.keyword_rows = _keyword_rows(data)
        self.sections_chosen: tuple[SectionChoice, ...] = ()

    def clean_codes(self) -> list[str]:
        try:
            return choices.read_codes(self.cleaned_data["codes"])
        except InvalidChoice as error:
            raise forms.ValidationError(str(error)) from error

    def clean_timezone(self) -> str:
        name = str(self.cleaned_data["timezone"]).strip()
        if name not in zoneinfo.available_timezones():
            raise forms.ValidationError("Choose a time zone from the list, such as Europe/Berlin.")
        return name

    def clean(self) -> dict[str, Any]:
        if len(self.keyword_rows) > MOST_KEYWORDS + _EMPTY_ROWS:
            self.add_error(None, f"Choose at most {MOST_KEYWORDS} keywords.")
            return self.cleaned_data
        keywords = [found for row in self.keyword_rows if (found := self._keyword(row))]
        codes = [*self.cleaned_data.get("category", ()), *self.cleaned_data.get("codes", ())]
        try:
            self.sections_chosen = self.arrange(keywords, [*map(choices.category_section, codes)])
        except InvalidChoice as error:
            self.add_error(None, str(error))
        if not self.sections_chosen and not self.errors:
            self.add_error(None, "Choose at least one category or keyword.")
        return self.cleaned_data

    def arrange(
        self, keywords: list[SectionChoice], categories: list[SectionChoice]
    ) -> tuple[SectionChoice, ...]:
        return choices.arranged(keywords, categories)

    def choices(self) -> Choices:
        """What was chosen; only after is_valid()."""
        values = self.cleaned_data
        as_released = values["hour"] == AS_RELEASED
        return Choices(
            sections=self.sections_chosen,
            cadence=values["cadence"],
            weekday=values["weekday"],
            send_when=Subscriber.SendWhen.RELEASE if as_released else Subscriber.SendWhen.HOUR,
            send_hour=self.start.send_hour if as_released else int(values["hour"]),
            timezone=values["timezone"],
            format=values["format"],
        )

    def ticked(self) -> set[str]:
        """The categories whose boxes are ticked when the form is shown."""
        return set(self.data.getlist("category")) if isinstance(self.data, QueryDict) else set()

    def _keyword(self, row: KeywordRow) -> SectionChoice | None:
        if not row.typed:
            if row.categories:
                self._refuse(row, "Which words should these categories be searched for?")
            return None
        try:
            return choices.keyword_section(row.typed, choices.read_codes(row.categories))
        except ExpressionError as error:
            row.pointed = "\n".join(error.pointed(_POINTED_WIDTH))
            row.suggestion = error.suggestion
            self._refuse(row, f"{str(error)[:1].upper()}{str(error)[1:]}.")
        except ValueError as error:
            self._refuse(row, str(error))
        return None

    def _refuse(self, row: KeywordRow, message: str) -> None:
        row.error = message
        self.add_error(None, forms.ValidationError(message, code="keyword"))


class SignupForm(ChoicesForm):
    """The form of the front page. ``website`` is hidden from people; who fills it is none."""

    address = AddressField(max_length=addresses.LONGEST)
    house = forms.BooleanField(required=False)
    website = forms.CharField(required=False)

    def arrange(
        self, keywords: list[SectionChoice], categories: list[SectionChoice]
    ) -> tuple[SectionChoice, ...]:
        house = choices.house_sections() if self.cleaned_data.get("house") else []
        return choices.arranged(house, keywords, categories)


class LinkForm(forms.Form):
    """Who lost the link gives the address."""

    address = AddressField(max_length=addresses.LONGEST)


class PauseForm(forms.Form):
    """Until when; blank for a pause without end. ``today`` is the subscriber's."""

    until = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: QueryDict | None, today: dt.date) -> None:
        super().__init__(data)
        self.first, self.last = today + dt.timedelta(days=1), today + LONGEST_PAUSE
        bounds = {"min": self.first.isoformat(), "max": self.last.isoformat()}
        self.fields["until"].widget.attrs |= bounds

    def clean_until(self) -> dt.date | None:
        until: dt.date | None = self.cleaned_data["until"]
        if until is not None and not self.first <= until <= self.last:
            raise forms.ValidationError("Choose a day from tomorrow on, within two years.")
        return until


@dataclass(frozen=True, slots=True)
class SectionRow:
    """One followed section as the preferences page shows it."""

    number: int
    choice: SectionChoice
    place: str
    style: str
    dropped: bool


class PreferencesForm(ChoicesForm):
    """The followed sections, each with place and style or dropped, and new ones after them."""

    def section_rows(self) -> list[SectionRow]:
        """The rows as typed, or as they stand."""
        data = self.data if self.is_bound else {}
        return [
            SectionRow(
                number=number,
                choice=choice,
                place=str(data.get(f"place-{number}", number)),
                style=str(data.get(f"style-{number}", choice.style)),
                dropped=f"drop-{number}" in data,
            )
            for number, choice in enumerate(self.start.sections, start=1)
        ]

    def arrange(
        self, keywords: list[SectionChoice], categories: list[SectionChoice]
    ) -> tuple[SectionChoice, ...]:
        rows = [row for row in self.section_rows() if not row.dropped]
        for row in rows:
            if not row.place.isdecimal() or len(row.place) > 4 or row.style not in Style.values:
                raise InvalidChoice(f"{row.choice.label}: its place must be a number such as 1.")
        rows.sort(key=lambda row: int(row.place))
        kept = [choices.with_style(row.choice, row.style) for row in rows]
        return choices.arranged(kept, keywords, categories)


def _initial(start: Choices) -> dict[str, Any]:
    as_released = start.send_when == Subscriber.SendWhen.RELEASE
    return {
        "cadence": start.cadence,
        "weekday": start.weekday,
        "hour": AS_RELEASED if as_released else str(start.send_hour),
        "timezone": start.timezone,
        "format": start.format,
    }


def _keyword_rows(data: QueryDict | None) -> list[KeywordRow]:
    typed = data.getlist("keyword") if data else []
    categories = data.getlist("keyword_categories") if data else []
    categories += [""] * (len(typed) - len(categories))
    pairs = [(word.strip(), codes.strip()) for word, codes in zip(typed, categories, strict=False)]
    rows = [KeywordRow(word, codes) for word, codes in pairs if word or codes]
    return rows + [KeywordRow() for _ in range(_EMPTY_ROWS)]

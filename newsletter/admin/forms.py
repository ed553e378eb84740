"""Forms of the admin: time zones that exist, labels by default, addresses to suppress."""

from __future__ import annotations

import zoneinfo
from typing import TYPE_CHECKING, Any

from django import forms
from unfold.widgets import UnfoldAdminTextInputWidget

from digest.sections import rules
from newsletter.models import Subscriber, Subscription, Suppression
from newsletter.signup import addresses

if TYPE_CHECKING:
    _SubscriberForm = forms.ModelForm[Subscriber]
    _SubscriptionForm = forms.ModelForm[Subscription]
    _SuppressionForm = forms.ModelForm[Suppression]
else:
    _SubscriberForm = _SubscriptionForm = _SuppressionForm = forms.ModelForm


class SubscriberForm(_SubscriberForm):
    """Preferences as the operator may correct them."""

    class Meta:
        model = Subscriber
        fields = ["cadence", "weekday", "format", "send_when", "send_hour", "timezone"]

    def clean_timezone(self) -> str:
        name = str(self.cleaned_data["timezone"])
        if name not in zoneinfo.available_timezones():
            raise forms.ValidationError(f"No time zone is called {name!r}.")
        return name


class SubscriptionForm(_SubscriptionForm):
    """One followed section; a blank label becomes the rule in its default form."""

    class Meta:
        model = Subscription
        fields = ["section", "label", "style", "limit", "place"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "label" in self.fields:
            self.fields["label"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("section") and not cleaned.get("label"):
            cleaned["label"] = rules.default_label(cleaned["section"])
        return cleaned


class SuppressionForm(_SuppressionForm):
    """An address that is never to be written to."""

    address = forms.CharField(max_length=320, widget=UnfoldAdminTextInputWidget)

    class Meta:
        model = Suppression
        fields = ["address", "reason", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("reason", Suppression.Reason.OPERATOR)

    def clean_address(self) -> str:
        try:
            address = addresses.valid(self.cleaned_data["address"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        fingerprint = addresses.fingerprint(addresses.identity(address))
        if Suppression.objects.filter(fingerprint=fingerprint).exists():
            raise forms.ValidationError("This address is suppressed already.")
        return address

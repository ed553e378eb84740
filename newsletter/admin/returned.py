"""What comes back, and the addresses never written to."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from digest.admin.base import ModelAdmin, RecordAdmin, RecordInline, preformatted, short
from newsletter.admin.forms import SuppressionForm
from newsletter.delivery import suppression
from newsletter.models import Bounce, Complaint, Subscriber, Suppression


@admin.register(Suppression)
class SuppressionAdmin(ModelAdmin[Suppression]):
    """Added by address; removed by deleting, which is the operator's word alone."""

    form = SuppressionForm
    list_display = ["__str__", "reason", "note", "created_at", "created_by"]
    list_filter = ["reason"]
    list_select_related = ["created_by"]
    list_per_page = 50
    date_hierarchy = "created_at"
    search_fields = ["address", "fingerprint", "note"]
    add_fieldsets = [(None, {"fields": ["address", "reason", "note"]})]
    fields = ["address", "fingerprint", "reason", "note", "created_at", "created_by"]
    readonly_fields = ["fingerprint", "created_at", "created_by"]

    def has_change_permission(self, request: HttpRequest, obj: Suppression | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Suppression, form: Any, change: bool) -> None:
        by = User.objects.get(username=request.user.get_username())
        reason = Suppression.Reason(obj.reason)
        obj.pk = suppression.suppress(obj.address, reason, note=obj.note, by=by).pk


@admin.register(Bounce)
class BounceAdmin(RecordAdmin[Bounce]):
    """A mail that came back."""

    list_display = [
        "subscriber", "kind", "cause", "enhanced_code", "said", "source", "counts",
        "delivery_issue", "received_at",
    ]  # fmt: skip
    list_filter = ["cause", "kind", "source", "counts", "enhanced_code"]
    list_select_related = ["subscriber", "delivery__issue"]
    date_hierarchy = "received_at"
    search_fields = ["subscriber__address", "enhanced_code", "diagnostic", "report"]
    fields = [
        "subscriber", "delivery", ("kind", "cause", "enhanced_code"), ("source", "counts"),
        "received_at", "diagnostic", "raw_report",
    ]  # fmt: skip

    @admin.display(description="issue", ordering="delivery__issue")
    def delivery_issue(self, bounce: Bounce) -> str:
        return str(bounce.delivery.issue) if bounce.delivery else ""

    @admin.display(description="the server's words", ordering="diagnostic")
    def said(self, bounce: Bounce) -> str:
        return short(bounce.diagnostic)

    @admin.display(description="report")
    def raw_report(self, bounce: Bounce) -> SafeString:
        return preformatted(bounce.report)


@admin.register(Complaint)
class ComplaintAdmin(RecordAdmin[Complaint]):
    """A reader's word to their provider that our mail is unwanted."""

    list_display = [
        "subscriber", "feedback_type", "source", "counts", "delivery_issue", "received_at",
    ]  # fmt: skip
    list_select_related = ["subscriber", "delivery__issue"]
    list_filter = ["feedback_type", "source", "counts", "received_at"]
    date_hierarchy = "received_at"
    search_fields = ["subscriber__address", "diagnostic", "report"]
    fields = [
        "subscriber", "delivery", "feedback_type", ("source", "counts"), "received_at",
        "diagnostic", "raw_report",
    ]  # fmt: skip

    @admin.display(description="issue", ordering="delivery__issue")
    def delivery_issue(self, complaint: Complaint) -> str:
        return str(complaint.delivery.issue) if complaint.delivery else ""

    @admin.display(description="report")
    def raw_report(self, complaint: Complaint) -> SafeString:
        return preformatted(complaint.report)


class BounceInline(RecordInline[Bounce, Subscriber]):
    """Beside the subscriber, with the report as it came."""

    model = Bounce
    fields = ["received_at", "kind", "cause", "enhanced_code", "counts", "raw_report"]
    readonly_fields = ["raw_report"]

    @admin.display(description="report")
    def raw_report(self, bounce: Bounce) -> SafeString:
        return _folded(bounce.diagnostic, bounce.report)


class ComplaintInline(RecordInline[Complaint, Subscriber]):
    model = Complaint
    fields = ["received_at", "feedback_type", "source", "counts", "raw_report"]
    readonly_fields = ["raw_report"]

    @admin.display(description="report")
    def raw_report(self, complaint: Complaint) -> SafeString:
        return _folded(complaint.diagnostic, complaint.report)


def _folded(diagnostic: str, report: str) -> SafeString:
    """The server's words, and behind them, for who opens it, all that came."""
    words = short(diagnostic)
    if not report:
        return format_html("{}", words)
    return format_html(
        "<details><summary>{}</summary>{}</details>", words or "as it came", preformatted(report)
    )

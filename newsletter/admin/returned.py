"""What comes back, and the addresses never written to."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.safestring import SafeString

from digest.admin.base import ModelAdmin, RecordAdmin, preformatted
from newsletter.admin.forms import SuppressionForm
from newsletter.delivery import suppression
from newsletter.models import Bounce, Complaint, Suppression


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

    list_display = ["subscriber", "kind", "enhanced_code", "delivery_issue", "received_at"]
    list_filter = ["kind", "enhanced_code"]
    list_select_related = ["subscriber", "delivery__issue"]
    date_hierarchy = "received_at"
    search_fields = ["subscriber__address", "enhanced_code", "report"]
    fields = ["subscriber", "delivery", "kind", "enhanced_code", "received_at", "raw_report"]

    @admin.display(description="issue", ordering="delivery__issue")
    def delivery_issue(self, bounce: Bounce) -> str:
        return str(bounce.delivery.issue) if bounce.delivery else ""

    @admin.display(description="report")
    def raw_report(self, bounce: Bounce) -> SafeString:
        return preformatted(bounce.report)


@admin.register(Complaint)
class ComplaintAdmin(RecordAdmin[Complaint]):
    """A reader's word to their provider that our mail is unwanted."""

    list_display = ["subscriber", "delivery_issue", "received_at"]
    list_select_related = ["subscriber", "delivery__issue"]
    list_filter = ["received_at"]
    date_hierarchy = "received_at"
    search_fields = ["subscriber__address", "report"]
    fields = ["subscriber", "delivery", "received_at", "raw_report"]

    @admin.display(description="issue", ordering="delivery__issue")
    def delivery_issue(self, complaint: Complaint) -> str:
        return str(complaint.delivery.issue) if complaint.delivery else ""

    @admin.display(description="report")
    def raw_report(self, complaint: Complaint) -> SafeString:
        return preformatted(complaint.report)

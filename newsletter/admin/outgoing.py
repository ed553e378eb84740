"""Issues and the mails of them: a window, with one lever."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from digest.admin.base import RecordAdmin, RecordInline, as_json, label, list_link, row_link, short
from newsletter.delivery import ledger, states
from newsletter.models import Delivery, Issue, IssueListing, Notice, Outgoing

if TYPE_CHECKING:
    from django.contrib.admin.views.main import ChangeList
else:
    from unfold.views import ChangeList

OUTGOING_COLOURS = {
    Outgoing.Status.QUEUED.value: "info",
    Outgoing.Status.SENDING.value: "primary",
    Outgoing.Status.SENT.value: "success",
    Outgoing.Status.UNCERTAIN.value: "warning",
    Outgoing.Status.FAILED.value: "danger",
    Outgoing.Status.SKIPPED.value: "",
}
_ISSUES_OFFERED = 20
_Mail = TypeVar("_Mail", Delivery, Notice)


class IssueList(ChangeList):
    """A page of issues with the states of their deliveries counted in one query."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        tallies = tally(self.result_list)
        for issue in self.result_list:
            issue.tally = tallies[issue.pk]


def tally(issues: Any) -> dict[int, Counter[str]]:
    """By issue: how many deliveries are in each state."""
    rows = (
        Delivery.objects.filter(issue__in=[issue.pk for issue in issues])
        .order_by()
        .values_list("issue_id", "status")
        .annotate(n=Count("pk"))
    )
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for issue_id, status, count in rows:
        found[issue_id][status] = count
    return found


class IssueListingInline(RecordInline[IssueListing, Issue]):
    """What it carries of which listing."""

    model = IssueListing
    fields = ["listing", "is_late", "first_batch", "last_batch"]
    verbose_name_plural = "listings carried"
    show_change_link = False


@admin.register(Issue)
class IssueAdmin(RecordAdmin[Issue]):
    """One dated number, and how far its deliveries are."""

    list_display = ["number", "cadence", *Outgoing.Status.values, "created_at"]
    list_filter = ["cadence"]
    date_hierarchy = "last_date"
    search_fields = ["last_date", "first_date"]
    search_help_text = "Date, such as 2026-02"
    fields = ["cadence", "first_date", "last_date", "created_at", *Outgoing.Status.values]
    readonly_fields = Outgoing.Status.values
    inlines = [IssueListingInline]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return IssueList

    def get_object(self, *args: Any, **kwargs: Any) -> Issue | None:
        issue = super().get_object(*args, **kwargs)
        if issue is not None:
            issue.tally = tally([issue])[issue.pk]  # type: ignore[attr-defined]
        return issue

    @admin.display(description="issue", ordering="last_date")
    def number(self, issue: Issue) -> str:
        return str(issue)

    def queued(self, issue: Any) -> SafeString | str:
        return self._count(issue, "queued")

    def sending(self, issue: Any) -> SafeString | str:
        return self._count(issue, "sending")

    def sent(self, issue: Any) -> SafeString | str:
        return self._count(issue, "sent")

    def uncertain(self, issue: Any) -> SafeString | str:
        return self._count(issue, "uncertain")

    def failed(self, issue: Any) -> SafeString | str:
        return self._count(issue, "failed")

    def skipped(self, issue: Any) -> SafeString | str:
        return self._count(issue, "skipped")

    def _count(self, issue: Any, status: str) -> SafeString | str:
        count = issue.tally[status]
        if not count:
            return "0"
        return list_link(Delivery, count, issue__id__exact=issue.pk, status__exact=status)


class IssueFilter(admin.SimpleListFilter):
    """The deliveries of one of the last issues."""

    title = "issue"
    parameter_name = "issue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(issue.pk), str(issue)) for issue in Issue.objects.all()[:_ISSUES_OFFERED]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value() or ""
        return queryset.filter(issue=int(value)) if value.isdecimal() else queryset


class OutgoingAdmin(RecordAdmin[_Mail]):
    """What Delivery and Notice share: their states, and the one lever."""

    compressed_fields = False
    actions = ["requeue"]

    def has_requeue_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    @admin.action(description="Send uncertain ones again", permissions=["requeue"])
    def requeue(self, request: HttpRequest, chosen: QuerySet[_Mail]) -> None:
        again = {"next_attempt_at": timezone.now()}
        count = ledger.move(chosen, states.UNCERTAIN, states.QUEUED, **again)
        self.message_user(request, f"{count} queued again, of {len(chosen)} chosen.")

    @label("status", OUTGOING_COLOURS, "status")
    def status_label(self, mail: _Mail) -> str:
        return mail.status

    @admin.display(description="reason or reply")
    def why(self, mail: _Mail) -> str:
        return short(mail.reason or mail.reply)


@admin.register(Delivery)
class DeliveryAdmin(OutgoingAdmin[Delivery]):
    """One digest to one subscriber: what became of it, and why."""

    list_display = [
        "issue", "subscriber", "status_label", "due_at", "sent_at", "attempts", "papers_shown",
        "why",
    ]  # fmt: skip
    list_filter = ["status", IssueFilter, "issue__cadence"]
    list_select_related = ["issue", "subscriber"]
    search_fields = ["subscriber__address", "message_id", "reason", "reply"]
    search_help_text = "Address, Message-ID, reason or server's reply"
    date_hierarchy = "due_at"
    fieldsets = [
        (None, {"fields": [("issue", "subscriber_link"), ("status", "reason"), "reply"]}),
        ("When", {"fields": [("due_at", "next_attempt_at"), ("mail_date", "sent_at")]}),
        (
            "What",
            {"fields": [("papers_seen", "papers_shown", "size"), ("message_id", "fragments")]},
        ),
        ("Whose hands", {"fields": [("attempts", "claim", "lease_until"), "created_at"]}),
    ]

    @admin.display(description="subscriber")
    def subscriber_link(self, delivery: Delivery) -> SafeString:
        return row_link(delivery.subscriber)

    @admin.display(description="fragments")
    def fragments(self, delivery: Delivery) -> str:
        return f"joined from {len(delivery.fragment_ids)}"


@admin.register(Notice)
class NoticeAdmin(OutgoingAdmin[Notice]):
    """One mail outside an issue."""

    list_display = ["kind", "address", "status_label", "due_at", "sent_at", "attempts", "why"]
    list_filter = ["status", "kind"]
    list_select_related = ["subscriber"]
    search_fields = ["address", "message_id", "reason", "reply"]
    date_hierarchy = "due_at"
    fieldsets = [
        (None, {"fields": [("kind", "address"), ("status", "reason"), "reply", "subscriber"]}),
        (
            "When",
            {"fields": [("due_at", "next_attempt_at", "expires_at"), ("mail_date", "sent_at")]},
        ),
        ("What", {"fields": [("message_id", "size"), "context_json"]}),
        ("Whose hands", {"fields": [("attempts", "claim", "lease_until"), "created_at"]}),
    ]

    @admin.display(description="context")
    def context_json(self, notice: Notice) -> SafeString:
        return as_json(notice.context)

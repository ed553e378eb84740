"""Deliveries and notices: a window, with few levers."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from digest.admin.base import RecordAdmin, as_json, label, row_link, short
from newsletter import hints, mail_showing
from newsletter.admin.issues import RESUME
from newsletter.compose.remaking import Forgotten
from newsletter.delivery import ledger, missed, states
from newsletter.delivery.as_sent import as_sent
from newsletter.models import Delivery, Issue, Notice, Outgoing

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
        now = timezone.now()
        count = ledger.move(chosen, states.UNCERTAIN, states.QUEUED, next_attempt_at=now)
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

    actions = ["requeue", "send_missed"]
    change_form_outer_before_template = "admin/newsletter/delivery/levers.html"

    def has_resume_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(RESUME)

    @admin.action(
        description="Send to the missed (failed, skipped, uncertain)", permissions=["resume"]
    )
    def send_missed(self, request: HttpRequest, chosen: QuerySet[Delivery]) -> None:
        rows = Delivery.objects.filter(pk__in=list(chosen.values_list("pk", flat=True)))
        count = missed.send_again(rows, timezone.now())
        hints.send_soon()
        self.message_user(request, f"{count} back in the queue.")

    def get_urls(self) -> list[URLPattern]:
        again = self.admin_site.admin_view(self.again)
        mail = self.admin_site.admin_view(self.mail)
        return [
            path("<int:pk>/again/", again, name="newsletter_delivery_again"),
            path("<int:pk>/mail/", mail, name="newsletter_delivery_mail"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = dict(extra_context or {})
        if request.user.is_superuser and object_id.isdecimal():
            sent = Delivery.objects.filter(pk=object_id, status=states.SENT)
            if sent.exists():
                context["again_url"] = reverse("admin:newsletter_delivery_again", args=[object_id])
        return super().change_view(request, object_id, form_url, context)

    def again(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks first; a mail that was sent goes once more only after a second word."""
        if not request.user.is_superuser:
            raise PermissionDenied
        rows = Delivery.objects.select_related("issue", "subscriber")
        delivery = get_object_or_404(rows, pk=pk)
        page = reverse("admin:newsletter_delivery_change", args=[pk])
        if request.method == "POST" or delivery.status != states.SENT:
            if request.method == "POST" and missed.send_once_more(delivery, timezone.now()):
                hints.send_soon()
                self.message_user(request, "It is in the queue again.")
            return HttpResponseRedirect(page)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Send again",
            "delivery": delivery,
            "back_url": page,
        }
        return TemplateResponse(request, "admin/newsletter/delivery/again.html", context)

    def mail(self, request: HttpRequest, pk: int) -> HttpResponse:
        """As it was sent, in HTML, as plain text or as a file. It holds its reader's own links."""
        if not request.user.is_superuser:
            raise PermissionDenied
        delivery = get_object_or_404(Delivery.objects.select_related("issue", "subscriber"), pk=pk)
        try:
            sent = as_sent(delivery)
        except Forgotten as error:
            raise Http404(str(error)) from error
        view, message = request.GET.get("view", "html"), mail_showing.message_of(sent.raw)
        html = mail_showing.part(message, "html")
        if view == "html" and html is not None:
            return mail_showing.framed(html)
        if view == "source":
            response = HttpResponse(sent.raw, content_type="message/rfc822")
            response["Content-Disposition"] = f'attachment; filename="delivery-{pk}.eml"'
            response["X-As-Sent"] = "to the byte" if sent.is_whole else "signed otherwise"
            return response
        text = mail_showing.part(message, "plain") or ""
        return HttpResponse(text, content_type="text/plain; charset=utf-8")

    @admin.display(description="subscriber")
    def subscriber_link(self, delivery: Delivery) -> SafeString:
        return row_link(delivery.subscriber)

    @admin.display(description="the mail as it was sent")
    def fragments(self, delivery: Delivery) -> SafeString | str:
        joined = f"joined from {len(delivery.fragment_ids)} pieces"
        if not delivery.filled:
            return joined
        page = reverse("admin:newsletter_delivery_mail", args=[delivery.pk])
        return format_html(
            '{} · <a href="{}">HTML</a> · <a href="{}?view=plain">plain text</a> · '
            '<a href="{}?view=source">file</a>',
            *(joined, page, page, page),
        )


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

"""Subscribers: found, read, paused, unsubscribed. Their state changes by actions, never by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString

from digest.admin.base import (
    ModelAdmin,
    RecordAdmin,
    RecordInline,
    TabularInline,
    as_json,
    label,
    list_link,
)
from newsletter.admin.forms import SubscriberForm, SubscriptionForm
from newsletter.admin.returned import BounceInline, ComplaintInline
from newsletter.admin.sent_to import sent_to
from newsletter.delivery import moving, suppression
from newsletter.models import Bounce, Delivery, OptIn, Subscriber, Subscription, Suppression
from newsletter.signup import pausing, subscribing

SUBSCRIBER_COLOURS = {
    Subscriber.Status.PENDING.value: "info",
    Subscriber.Status.ACTIVE.value: "success",
    Subscriber.Status.PAUSED.value: "warning",
    Subscriber.Status.UNSUBSCRIBED.value: "danger",
}


class SubscriptionInline(TabularInline[Subscription, Subscriber]):
    model = Subscription
    form = SubscriptionForm
    fields = ["section", "label", "style", "limit", "place"]
    autocomplete_fields = ["section"]
    ordering_field = "place"
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subscription]:
        return super().get_queryset(request).select_related("section")


class OptInInline(RecordInline[OptIn, Subscriber]):
    model = OptIn
    fields = [
        "requested_at",
        "requested_from",
        "form_version",
        "confirmed_at",
        "confirmed_from",
    ]


@admin.register(Subscriber)
class SubscriberAdmin(ModelAdmin[Subscriber]):
    form = SubscriberForm
    compressed_fields = False
    list_display = [
        "address",
        "status_label",
        "cadence",
        "when",
        "timezone",
        "sections",
        "suppressed",
    ]
    list_filter = ["status", "cadence", "format", "send_when", "weekday"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["address", "identity"]
    search_help_text = "Address"
    ordering = ["-created_at", "-pk"]
    inlines = [SubscriptionInline, OptInInline, BounceInline, ComplaintInline]
    change_form_outer_after_template = "admin/newsletter/subscriber/sent.html"
    actions = ["pause", "resume", "unsubscribe", "record_complaint"]
    readonly_fields = [
        "address", "identity", "fingerprint", "status", "paused_until", "suppressed", "mails",
        "returned", "activated_at", "created_at", "updated_at",
    ]  # fmt: skip
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("address", "status", "paused_until"),
                    ("mails", "returned", "suppressed"),
                ]
            },
        ),
        (
            "What they get, and when",
            {
                "fields": [
                    ("cadence", "weekday", "format"),
                    ("send_when", "send_hour", "timezone"),
                ]
            },
        ),
        (
            "Identity",
            {
                "classes": ["collapse"],
                "fields": [
                    "identity",
                    "fingerprint",
                    ("created_at", "activated_at", "updated_at"),
                ],
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subscriber]:
        suppressed = Suppression.objects.filter(fingerprint=OuterRef("fingerprint"))
        return (
            super()
            .get_queryset(request)
            .annotate(section_count=Count("subscriptions"), is_suppressed=Exists(suppressed))
        )

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = dict(extra_context or {})
        reader = self.get_object(request, object_id)
        if reader is not None and self.has_view_permission(request, reader):
            context["sent_to"] = sent_to(reader)
        return super().change_view(request, object_id, form_url, context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # double opt-in: people sign up, or the operator uses add_subscriber

    def has_delete_permission(self, request: HttpRequest, obj: Subscriber | None = None) -> bool:
        return False  # what was sent to whom would go with it

    def save_model(
        self, request: HttpRequest, obj: Subscriber, form: SubscriberForm, change: bool
    ) -> None:
        before = moving.wishes_of(Subscriber.objects.get(pk=obj.pk))
        super().save_model(request, obj, form, change)
        moving.move_waiting(obj, before, timezone.now())

    @admin.action(description="Pause", permissions=["change"])
    def pause(self, request: HttpRequest, chosen: QuerySet[Subscriber]) -> None:
        # Who has paused until a date keeps it.
        self._each(request, chosen.filter(status="active"), pausing.pause, "paused")

    @admin.action(description="Resume after a pause", permissions=["change"])
    def resume(self, request: HttpRequest, chosen: QuerySet[Subscriber]) -> None:
        now = timezone.now()
        self._each(
            request, chosen, lambda subscriber: pausing.resume(subscriber, now), "active again"
        )

    @admin.action(description="Unsubscribe", permissions=["change"])
    def unsubscribe(self, request: HttpRequest, chosen: QuerySet[Subscriber]) -> None:
        self._each(request, chosen, subscribing.unsubscribe, "unsubscribed")

    @admin.action(
        description="Record a complaint: unsubscribe and suppress", permissions=["change"]
    )
    def record_complaint(self, request: HttpRequest, chosen: QuerySet[Subscriber]) -> None:
        now = timezone.now()
        self._each(
            request,
            chosen,
            lambda subscriber: suppression.record_complaint(subscriber, now),
            "suppressed after a complaint",
        )

    def _each(
        self,
        request: HttpRequest,
        chosen: QuerySet[Subscriber],
        act: Callable[[Subscriber], Any],
        done: str,
    ) -> None:
        people = list(chosen)
        for subscriber in people:
            act(subscriber)
        self.message_user(request, f"{len(people)} {done}.")

    @label("status", SUBSCRIBER_COLOURS, "status")
    def status_label(self, subscriber: Subscriber) -> str:
        return subscriber.status

    @admin.display(description="when", ordering="send_hour")
    def when(self, subscriber: Subscriber) -> str:
        if subscriber.send_when == Subscriber.SendWhen.RELEASE:
            hour = "as soon as released"
        else:
            hour = f"{subscriber.send_hour:02d}:00"
        weekly = subscriber.cadence == "weekly"
        return f"{subscriber.get_weekday_display()} {hour}" if weekly else hour

    @admin.display(description="sections", ordering="section_count")
    def sections(self, subscriber: Any) -> int:
        return int(subscriber.section_count)

    @label("suppressed", {"suppressed": "danger"}, "is_suppressed")
    def suppressed(self, subscriber: Any) -> str:
        return "suppressed" if subscriber.is_suppressed else ""

    @admin.display(description="deliveries")
    def mails(self, subscriber: Subscriber) -> SafeString:
        count = subscriber.deliveries.count()
        return list_link(Delivery, count, subscriber__id__exact=subscriber.pk)

    @admin.display(description="bounces")
    def returned(self, subscriber: Subscriber) -> SafeString:
        count = subscriber.bounces.count()
        return list_link(Bounce, count, subscriber__id__exact=subscriber.pk)


@admin.register(OptIn)
class OptInAdmin(RecordAdmin[OptIn]):
    """The evidence that somebody asked, and that it was they."""

    list_display = ["subscriber", "requested_at", "requested_from", "form_version", "confirmed_at"]
    list_filter = [("confirmed_at", admin.EmptyFieldListFilter), "form_version"]
    list_select_related = ["subscriber"]
    date_hierarchy = "requested_at"
    search_fields = ["subscriber__address", "requested_from", "confirmed_from"]
    fields = [
        "subscriber", "requested_at", "requested_from", "requested_with", "form_version",
        "confirmed_at", "confirmed_from", "confirmed_with", "choices_json",
    ]  # fmt: skip

    @admin.display(description="choices")
    def choices_json(self, opt_in: OptIn) -> SafeString:
        return as_json(opt_in.choices)

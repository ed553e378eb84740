"""Issues: how far each is, how fast it went, and the levers: pause, go on, send to the missed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from digest.admin.base import RecordAdmin, RecordInline, label, list_link
from newsletter import hints
from newsletter.admin.pace_picture import picture
from newsletter.delivery import by_hand, missed, pausing, planning, reporting
from newsletter.delivery.pace import pace
from newsletter.models import Delivery, Issue, IssueListing, Outgoing

if TYPE_CHECKING:
    from django.contrib.admin.views.main import ChangeList
else:
    from unfold.views import ChangeList

RESUME = "newsletter.resume_issue"


class IssueList(ChangeList):
    """A page of issues with the states of their deliveries counted in one query."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        tallies = reporting.tally(self.result_list)
        for issue in self.result_list:
            issue.tally = tallies[issue.pk]


class IssueListingInline(RecordInline[IssueListing, Issue]):
    """What it carries of which listing."""

    model = IssueListing
    fields = ["listing", "is_late", "first_batch", "last_batch"]
    verbose_name_plural = "listings carried"
    show_change_link = False


@admin.register(Issue)
class IssueAdmin(RecordAdmin[Issue]):
    """One dated number, and how far its deliveries are."""

    list_display = ["number", "cadence", "pause_label", *Outgoing.Status.values, "created_at"]
    list_filter = ["cadence", ("paused_at", admin.EmptyFieldListFilter)]
    date_hierarchy = "last_date"
    search_fields = ["last_date", "first_date"]
    search_help_text = "Date, such as 2026-02"
    compressed_fields = False
    fields = [
        ("cadence", "first_date", "last_date", "created_at"),
        tuple(Outgoing.Status.values),
        "pace",
    ]
    readonly_fields = [*Outgoing.Status.values, "pace"]
    inlines = [IssueListingInline]
    actions = ["pause", "go_on", "send_missed"]
    change_form_outer_before_template = "admin/newsletter/issue/levers.html"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return IssueList

    def get_object(self, *args: Any, **kwargs: Any) -> Issue | None:
        issue = super().get_object(*args, **kwargs)
        if issue is not None:
            issue.tally = reporting.tally([issue])[issue.pk]  # type: ignore[attr-defined]
        return issue

    # The levers

    def get_urls(self) -> list[URLPattern]:
        lever = self.admin_site.admin_view(require_POST(self.lever))
        return [
            path("<int:pk>/lever/", lever, name="newsletter_issue_lever"),
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
        if self.has_resume_permission(request) and object_id.isdecimal():
            counts = reporting.tally(Issue.objects.filter(pk=object_id))[int(object_id)]
            context["levers"] = {
                "url": reverse("admin:newsletter_issue_lever", args=[object_id]),
                "states": [
                    (state, counts[state], state in missed.MISSED) for state in missed.CHOICES
                ],
            }
        return super().change_view(request, object_id, form_url, context)

    def lever(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Does what a button of the page says."""
        if not self.has_resume_permission(request):
            raise PermissionDenied
        issue = get_object_or_404(Issue, pk=pk)
        which = request.POST.get("lever")
        if which == "pause":
            self._pause(request, issue)
        elif which == "go_on":
            self._go_on(request, issue)
        elif which == "missed":
            chosen = set(request.POST.getlist("state")) & set(missed.CHOICES)
            self._send_missed(request, issue, chosen, bool(request.POST.get("unplanned")))
        return HttpResponseRedirect(reverse("admin:newsletter_issue_change", args=[pk]))

    def has_resume_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(RESUME)

    @admin.action(description="Pause", permissions=["resume"])
    def pause(self, request: HttpRequest, chosen: QuerySet[Issue]) -> None:
        self._each(request, chosen, self._pause)

    @admin.action(description="Go on", permissions=["resume"])
    def go_on(self, request: HttpRequest, chosen: QuerySet[Issue]) -> None:
        self._each(request, chosen, self._go_on)

    @admin.action(
        description="Send to the missed (failed, skipped, uncertain, without a delivery)",
        permissions=["resume"],
    )
    def send_missed(self, request: HttpRequest, chosen: QuerySet[Issue]) -> None:
        self._each(request, chosen, self._send_missed)

    def _each(
        self,
        request: HttpRequest,
        chosen: QuerySet[Issue],
        act: Callable[[HttpRequest, Issue], None],
    ) -> None:
        for issue in chosen:
            act(request, issue)

    def _pause(self, request: HttpRequest, issue: Issue) -> None:
        why = f"by {request.user.get_username()}"
        done = pausing.pause(issue, why, timezone.now(), tell=False)
        self.message_user(request, f"{issue} is {'' if done else 'already '}paused.")

    def _go_on(self, request: HttpRequest, issue: Issue) -> None:
        if pausing.go_on(issue, timezone.now()):
            hints.send_soon()
            self.message_user(request, f"{issue} goes on.")
        else:
            self.message_user(request, f"{issue} was not paused.")

    def _send_missed(
        self,
        request: HttpRequest,
        issue: Issue,
        chosen: set[str] | None = None,
        unplanned: bool = True,
    ) -> None:
        if issue.counts:
            told = f"Who got {issue} is not kept any more, only how many did."
            self.message_user(request, told, messages.ERROR)
            return
        now = timezone.now()
        planned = planning.plan(issue, now) if unplanned else 0
        states = missed.MISSED if chosen is None else chosen
        again = by_hand.put_back(issue, None, now, states)
        hints.send_soon()
        self.message_user(request, f"{issue}: {planned} planned, {again} back in the queue.")

    # What is shown

    @admin.display(description="issue", ordering="last_date")
    def number(self, issue: Issue) -> str:
        return str(issue)

    @label("state", {"paused": "warning"}, "paused_at")
    def pause_label(self, issue: Issue) -> str:
        return "paused" if issue.paused_at else ""

    @admin.display(description="how fast, how late")
    def pace(self, issue: Issue) -> SafeString:
        return picture(pace(issue))

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
        if not count or issue.counts:  # not kept any more: there is no list to lead to
            return str(count)
        return list_link(Delivery, count, issue__id__exact=issue.pk, status__exact=status)

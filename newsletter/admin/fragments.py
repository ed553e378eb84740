"""Fragments, decoded for the eye."""

from __future__ import annotations

import quopri

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from digest.admin.base import RecordAdmin, preformatted, row_link, short
from newsletter.models import Fragment


@admin.register(Fragment)
class FragmentAdmin(RecordAdmin[Fragment]):
    """One paper's card or line, as it goes into every mail."""

    list_display = ["arxiv_id", "title", "style", "html_length", "text_length", "created_at"]
    list_filter = ["style", "template_version"]
    list_select_related = ["paper"]
    date_hierarchy = "created_at"
    search_fields = ["paper__arxiv_id", "paper__title", "content_key"]
    ordering = ["-pk"]
    fields = [
        "arxiv_id", "style", "shown", "html_source", "plain_text", "content_key",
        "template_version", "html_length", "text_length", "created_at",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Fragment]:
        return super().get_queryset(request).defer("html", "text", "paper__abstract", "paper__raw")

    @admin.display(description="paper", ordering="paper__arxiv_id")
    def arxiv_id(self, fragment: Fragment) -> SafeString:
        return row_link(fragment.paper, fragment.paper.arxiv_id)

    @admin.display(description="title")
    def title(self, fragment: Fragment) -> str:
        return short(fragment.paper.title)

    @admin.display(description="as shown")
    def shown(self, fragment: Fragment) -> SafeString:
        # The empty sandbox: nothing in it runs, loads as us or leaves the frame.
        return format_html(
            '<iframe sandbox="" title="The fragment as shown" srcdoc="{}" '
            'style="width:100%;height:20rem;background:#fff"></iframe>',
            f'<table role="presentation">{decoded(fragment.html)}</table>',
        )

    @admin.display(description="HTML")
    def html_source(self, fragment: Fragment) -> SafeString:
        return preformatted(decoded(fragment.html))

    @admin.display(description="plain text")
    def plain_text(self, fragment: Fragment) -> SafeString:
        return preformatted(decoded(fragment.text))


def decoded(stored: bytes | memoryview) -> str:
    """Quoted-printable bytes as text; PostgreSQL hands them over as a memoryview."""
    return quopri.decodestring(bytes(stored)).decode("utf-8", "replace").replace("\r\n", "\n")

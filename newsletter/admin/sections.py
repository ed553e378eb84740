"""Sections with their followers; it stands here because digest knows nothing of subscribers."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from digest.admin.base import RecordAdmin, list_link
from digest.models import HouseSection, Section, SectionListing
from newsletter.models import Subscription


class KindFilter(admin.SimpleListFilter):
    title = "kind"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("category", "category"), ("keyword", "keyword")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "category":
            return queryset.filter(expression="")
        if self.value() == "keyword":
            return queryset.exclude(expression="")
        return queryset


@admin.register(Section)
class SectionAdmin(RecordAdmin[Section]):
    """A rule, shared by everybody who asks for it; it comes into being when somebody does."""

    list_display = ["rule", "categories", "expression", "followers", "in_house", "created_at"]
    list_filter = [KindFilter]
    search_fields = ["categories", "expression"]
    fields = ["categories", "expression", "followers", "in_house", "listings", "created_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Section]:
        house = HouseSection.objects.filter(section=OuterRef("pk"))
        return (
            super()
            .get_queryset(request)
            .annotate(follower_count=Count("subscriptions"), house_has_it=Exists(house))
        )

    @admin.display(description="rule", ordering="categories")
    def rule(self, section: Section) -> str:
        return str(section)

    @admin.display(description="followers", ordering="follower_count")
    def followers(self, section: Any) -> SafeString:
        return list_link(Subscription, section.follower_count, section__id__exact=section.pk)

    @admin.display(description="in the house", boolean=True, ordering="house_has_it")
    def in_house(self, section: Any) -> bool:
        return bool(section.house_has_it)

    @admin.display(description="listings")
    def listings(self, section: Section) -> SafeString:
        count = section.listings.count()
        return list_link(SectionListing, count, section__id__exact=section.pk)


@admin.register(Subscription)
class SubscriptionAdmin(RecordAdmin[Subscription]):
    """Who follows what; edited beside the subscriber."""

    list_display = ["subscriber", "label", "section", "style", "place", "limit"]
    list_filter = ["style"]
    list_select_related = ["subscriber", "section"]
    search_fields = ["subscriber__address", "label", "section__categories", "section__expression"]

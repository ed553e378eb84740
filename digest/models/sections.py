"""Sections: rules that pick papers, what they found, and which of them the house shows."""

from __future__ import annotations

from typing import Any

from django.db import models

from digest.models.listings import Listing
from digest.models.papers import Paper


class Style(models.TextChoices):
    """How a section shows its papers."""

    CARDS = "cards"
    LINES = "lines"


class Section(models.Model):
    """A rule that picks papers, shared by everybody who asks for it.

    A category section has no expression; a keyword section has one, in canonical form.
    """

    categories = models.CharField(
        max_length=1000, blank=True, help_text='In canonical form, such as "cs.AI/cs.LG".'
    )
    expression = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["categories", "expression"]
        constraints = [
            models.UniqueConstraint(
                fields=["categories", "expression"], name="section_one_row_per_rule"
            ),
            models.CheckConstraint(
                condition=~models.Q(categories="", expression=""), name="section_is_a_rule"
            ),
        ]

    def __str__(self) -> str:
        return " ".join(part for part in (self.categories, self.expression) if part)

    @property
    def category_list(self) -> list[str]:
        return self.categories.split("/") if self.categories else []

    @property
    def is_keyword(self) -> bool:
        return bool(self.expression)


class SectionListing(models.Model):
    """The ordered papers of one Section on one listing date."""

    class Origin(models.TextChoices):
        MATCHED = "matched"
        DOCUMENT = "document"

    section = models.ForeignKey(Section, models.CASCADE, related_name="listings")
    listing = models.ForeignKey(Listing, models.CASCADE, related_name="sections")
    paper_ids: models.JSONField[Any, Any] = models.JSONField(
        default=list, help_text="Primary keys of papers, in order."
    )
    origin = models.CharField(max_length=16, choices=Origin, default=Origin.MATCHED)
    label = models.CharField(
        max_length=1100, blank=True, help_text="The heading in the document it came from."
    )
    place = models.PositiveIntegerField(
        default=0, help_text="Its place in the document it came from."
    )
    late: models.JSONField[Any, Any] = models.JSONField(
        default=dict,
        blank=True,
        help_text="Of these papers, those that arrived after the release, by batch.",
    )
    built_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["listing", "place", "section"]
        constraints = [
            models.UniqueConstraint(
                fields=["section", "listing"], name="section_listing_once_per_date"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.listing_id} {self.section_id}: {self.total}"

    @property
    def total(self) -> int:
        return len(self.paper_ids)


class VariantGroup(models.Model):
    """Words that mean one thing, for keyword rules that begin with ``~``.

    Whoever asks for the term or for one of the same finds them all, and the narrower ones too.
    """

    term = models.CharField(max_length=200, unique=True)
    same = models.JSONField(default=list, blank=True)
    narrower = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["term"]

    def __str__(self) -> str:
        return self.term


class ListingIndex(models.Model):
    """The words of one listing's papers, ready to be searched by a rule nobody follows yet."""

    listing = models.OneToOneField(Listing, models.CASCADE, related_name="index")
    version = models.CharField(max_length=64, help_text="Of how words are cut and stored.")
    revision = models.UUIDField(help_text="Another with every change.")
    matched_to = models.PositiveBigIntegerField(help_text="As of the listing when it was made.")
    papers = models.PositiveIntegerField()
    body = models.BinaryField()

    class Meta:
        verbose_name_plural = "listing indexes"

    def __str__(self) -> str:
        return f"{self.listing_id}: {self.papers}"


class HouseSection(models.Model):
    """A Section of the public digest."""

    section = models.OneToOneField(Section, models.PROTECT, related_name="house")
    label = models.CharField(max_length=1100, unique=True)
    place = models.PositiveIntegerField(default=0, db_index=True)
    style = models.CharField(max_length=8, choices=Style, default=Style.CARDS)

    class Meta:
        ordering = ["place", "pk"]

    def __str__(self) -> str:
        return self.label


class DocumentEntry(models.Model):
    """One paper as an imported weekly document had it, every part verbatim.

    Escapes are left in; the canonical values stand in Paper and Summary. An entry of a
    section of lines has only a title and a link.
    """

    section_listing = models.ForeignKey(SectionListing, models.CASCADE, related_name="entries")
    place = models.PositiveIntegerField()
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="document_entries")
    title = models.TextField()
    domain = models.TextField(blank=True, help_text="Blank where the tags read TBD.")
    topic = models.TextField(blank=True)
    keywords = models.TextField(blank=True)
    authors = models.TextField(blank=True)
    institutions = models.TextField(blank=True)
    link = models.TextField()
    text_label = models.CharField(max_length=64, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "document entries"
        ordering = ["section_listing", "place"]
        constraints = [
            models.UniqueConstraint(
                fields=["section_listing", "place"], name="document_entry_one_per_place"
            ),
            models.UniqueConstraint(
                fields=["section_listing", "paper"], name="document_entry_paper_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title

"""Which papers of a listing are worth a call of a language model, and which of them first."""

from __future__ import annotations

from collections.abc import Iterator

from digest.models import HouseSection, Listing, SectionListing, Style


def demanded(listing: Listing) -> list[int]:
    """The papers that any section holds, each once: the house's cards first, then its lines,
    then what readers' own sections found. What no section holds nobody reads."""
    found: dict[int, None] = {}
    for papers in _in_order(listing):
        found.update(dict.fromkeys(papers))
    return list(found)


def in_cards(listing: Listing) -> list[int]:
    """Those that the house shows as cards."""
    return list(dict.fromkeys(pk for papers in _of_house(listing, Style.CARDS) for pk in papers))


def _in_order(listing: Listing) -> Iterator[list[int]]:
    yield from _of_house(listing, Style.CARDS)
    yield from _of_house(listing, Style.LINES)
    others = SectionListing.objects.filter(listing=listing, section__house__isnull=True)
    yield from others.order_by("section").values_list("paper_ids", flat=True).iterator()


def _of_house(listing: Listing, style: str) -> Iterator[list[int]]:
    house = HouseSection.objects.filter(style=style).values_list("section_id", flat=True)
    held = dict(
        SectionListing.objects.filter(listing=listing, section__in=house).values_list(
            "section_id", "paper_ids"
        )
    )
    yield from (held[section] for section in house if section in held)

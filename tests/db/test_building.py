"""Listings built: what each Section holds on one date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from digest.listings import ListingError
from digest.models import Coverage, Listing, Paper, Section, SectionListing, Summary
from digest.sections import announced, building
from digest.sections.building import build_listing, build_news
from digest.sections.matching import PaperText
from digest.summaries.sentences import sentences_of
from digest.summaries.writing import summarize
from tests.make import (
    DAY,
    announce,
    make_listing,
    make_paper,
    make_section,
    make_section_listing,
)

pytestmark = pytest.mark.django_db

Counting = Callable[[int], AbstractContextManager[CaptureQueriesContext]]


def _held(section: Section, date: dt.date = DAY) -> list[int]:
    return list(SectionListing.objects.get(section=section, listing=date).paper_ids)


def test_a_category_section_holds_new_before_cross_by_ascending_id() -> None:
    late = make_paper(arxiv_id="2602.09999")
    early = make_paper(arxiv_id="2602.00002")
    cross = make_paper(arxiv_id="2601.00001", categories=["cs.LG", "cs.DC"])
    announce(late)
    announce(early)
    announce(cross, category="cs.DC", announce_type="cross")
    announce(cross, category="cs.LG", announce_type="new")
    build_listing(DAY)
    assert _held(make_section("cs.DC")) == [early.pk, late.pk, cross.pk]


def test_a_paper_is_new_to_a_section_if_any_of_its_categories_says_so() -> None:
    section = make_section("cs.DC/cs.LG")
    cross = make_paper(arxiv_id="2602.00001", categories=["cs.AI", "cs.DC"])
    both = make_paper(arxiv_id="2602.00002", categories=["cs.LG", "cs.DC"])
    announce(cross, category="cs.DC", announce_type="cross")
    announce(both, category="cs.DC", announce_type="cross")
    announce(both, category="cs.LG", announce_type="new")
    build_listing(DAY)
    assert _held(section) == [both.pk, cross.pk]


@pytest.mark.parametrize("kind", ["replace", "replace-cross"])
def test_replacements_are_in_no_section(kind: str) -> None:
    announce(make_paper(), announce_type=kind)
    report = build_listing(DAY)
    assert (report.papers, report.found) == (0, 0)
    assert Listing.objects.get(date=DAY).status == Listing.Status.OPEN


def test_a_keyword_section_holds_what_its_categories_announced_and_its_words_find() -> None:
    found = make_paper(abstract="Reinforcement-learning agents.", categories=["cs.LG"])
    elsewhere = make_paper(abstract="Reinforcement learning.", categories=["cs.RO"])
    other = make_paper(abstract="Supervised learning.", categories=["cs.LG"])
    for paper in (found, elsewhere, other):
        announce(paper)
    everywhere = make_section("", "reinforcement")
    build_listing(DAY)
    assert _held(make_section("cs.AI/cs.LG", 'abs:"reinforcement learning"')) == [found.pk]
    assert _held(everywhere) == [found.pk, elsewhere.pk]


def test_a_built_listing_is_ready() -> None:
    announce(make_paper())
    build_listing(DAY)
    assert Listing.objects.get(date=DAY).status == Listing.Status.READY


@pytest.mark.parametrize("status", [Listing.Status.HELD, Listing.Status.RELEASED])
def test_building_leaves_held_and_released_as_they_are(status: Listing.Status) -> None:
    announce(make_paper())
    make_listing(DAY, status=status)
    build_listing(DAY)
    assert Listing.objects.get(date=DAY).status == status


def test_building_again_writes_nothing() -> None:
    announce(make_paper())
    assert build_listing(DAY).written == 1
    before = SectionListing.objects.get().built_at
    report = build_listing(DAY)
    assert (report.found, report.written, report.removed) == (1, 0, 0)
    assert SectionListing.objects.get().built_at == before


def test_what_changed_is_written_and_what_finds_nothing_any_more_is_removed() -> None:
    paper = make_paper(abstract="We accelerate maps.", categories=["cs.LG"])
    announce(paper)
    announce(first := make_paper(arxiv_id="2602.90000"))
    build_listing(DAY)
    Paper.objects.filter(pk=paper.pk).update(abstract="We draw maps.")
    announce(second := make_paper(arxiv_id="2602.80000"))
    report = build_listing(DAY)
    assert (report.written, report.removed) == (1, 1)
    assert _held(make_section("cs.DC")) == [second.pk, first.pk]


def test_sections_of_a_document_are_left_alone() -> None:
    imported = make_paper()
    section = make_section("cs.DC")
    kept = make_section_listing(
        section, [imported], origin=SectionListing.Origin.DOCUMENT, label="cs.DC"
    )
    announce(make_paper())
    build_listing(DAY)
    kept.refresh_from_db()
    assert (kept.paper_ids, kept.origin) == ([imported.pk], SectionListing.Origin.DOCUMENT)


def test_other_dates_are_left_alone() -> None:
    before = make_section_listing(make_section("cs.DC"), [make_paper()], dt.date(2026, 2, 2))
    announce(make_paper())
    build_listing(DAY)
    assert SectionListing.objects.filter(pk=before.pk).exists()


def test_a_rule_that_cannot_be_read_is_named_and_loses_nothing() -> None:
    paper = make_paper()
    announce(paper)
    broken = make_section("cs.DC", "deep or shallow")
    make_section_listing(broken, [paper])
    assert build_listing(DAY).unreadable == ("cs.DC deep or shallow",)
    assert _held(broken) == [paper.pk]


def test_only_new_papers_are_read_when_some_arrive_later(monkeypatch: pytest.MonkeyPatch) -> None:
    first = make_paper(arxiv_id="2602.00002", abstract="Reinforcement learning.")
    announce(first, category="cs.LG")
    everywhere = make_section("", "reinforcement")
    build_listing(DAY)
    read: list[set[int]] = []

    def texts(papers: Collection[int]) -> list[PaperText]:
        read.append(set(papers))
        return announced.texts(papers)

    monkeypatch.setattr(building, "texts", texts)
    second = make_paper(arxiv_id="2602.00001", abstract="Reinforcement of steel.")
    announce(second, category="cs.DC")
    report = build_news(DAY)
    assert read == [{second.pk}]
    assert report.written == 2
    assert _held(everywhere) == [second.pk, first.pk]
    assert _held(make_section("cs.DC")) == [second.pk]
    assert build_news(DAY).written == 0


def test_a_known_paper_announced_in_another_category_joins_its_sections() -> None:
    paper = make_paper(abstract="Reinforcement learning.", categories=["cs.RO", "cs.LG"])
    announce(paper, category="cs.RO")
    build_listing(DAY)
    announce(paper, category="cs.LG", announce_type="cross")
    build_news(DAY)
    assert _held(make_section("cs.AI/cs.LG", 'abs:"reinforcement learning"')) == [paper.pk]


def test_a_new_section_is_matched_against_all_papers_and_old_ones_against_none() -> None:
    paper = make_paper(abstract="Reinforcement learning.")
    announce(paper)
    build_listing(DAY)
    section = make_section("", "reinforcement")
    report = build_news(DAY)
    assert (report.written, _held(section)) == (1, [paper.pk])


def test_in_pieces_or_at_once_the_sections_hold_the_same() -> None:
    words = ("graph", "accelerated", "reinforcement learning", "graph reinforcement learning")
    papers = [make_paper(abstract=words[n % 4], categories=["cs.LG"]) for n in range(12)]
    sections = [make_section("", "graph"), make_section("cs.LG"), make_section("cs.LG", "learning")]
    for paper in papers:
        announce(paper, announce_type="new" if paper.pk % 3 else "cross")
        build_news(DAY)
    in_pieces = [_held(section) for section in sections]
    assert build_listing(DAY).written == 0
    assert [_held(section) for section in sections] == in_pieces


def test_what_arrives_after_the_release_is_late_in_the_sections_that_lacked_it() -> None:
    early = make_paper(arxiv_id="2602.00009", categories=["cs.DC", "cs.LG"])
    announce(early)
    build_listing(DAY)
    make_listing(DAY, status=Listing.Status.RELEASED, batches=2)
    late = make_paper(arxiv_id="2602.00001")
    announce(late, batch=1)
    announce(early, category="cs.LG", announce_type="cross", batch=2)
    both = make_section("cs.DC/cs.LG")
    build_news(DAY)
    row = SectionListing.objects.get(section=make_section("cs.DC"))
    assert (row.paper_ids, row.late) == ([late.pk, early.pk], {"1": [late.pk]})
    assert SectionListing.objects.get(section=both).late == {"1": [late.pk]}
    in_the_other = make_section("cs.LG")
    build_listing(DAY)
    assert SectionListing.objects.get(section=in_the_other).late == {"2": [early.pk]}


def test_a_listing_with_a_gap_is_not_ready_until_the_gap_is_filled() -> None:
    announce(make_paper())
    listing = Listing.objects.get(date=DAY)
    gap = Coverage.objects.create(
        listing=listing, category="cs.LG", status=Coverage.Status.MISSING, reason="HTTP 503"
    )
    build_listing(DAY)
    assert Listing.objects.get(date=DAY).status == Listing.Status.OPEN
    Coverage.objects.filter(pk=gap.pk).update(status=Coverage.Status.COMPLETE)
    build_news(DAY)
    assert Listing.objects.get(date=DAY).status == Listing.Status.READY


def test_an_unknown_date_is_refused() -> None:
    with pytest.raises(ListingError, match="2026-02-03"):
        build_listing(DAY)


def test_many_sections_cost_no_more_queries(django_assert_max_num_queries: Counting) -> None:
    for number in range(60):
        announce(make_paper(abstract=f"word{number} again"))
        make_section("", f"word{number}")
    with django_assert_max_num_queries(12):
        assert build_listing(DAY).written == 61


def test_the_command_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    announce(make_paper())
    call_command("build_listing", "2026-02-03")
    line = "2026-02-03: 1 papers, 3 sections, 1 found something (1 written, 0 removed)\n"
    assert capsys.readouterr().out == line


@pytest.mark.parametrize("date", ["2026-02-30", "yesterday", "20260203", "2026-02-04"])
def test_the_command_refuses_nonsense_in_one_line(date: str) -> None:
    with pytest.raises(CommandError, match=date) as refused:
        call_command("build_listing", date)
    assert "\n" not in str(refused.value)


def test_the_sample_fills_the_house_sections_and_every_paper_has_a_quote(shared: Path) -> None:
    call_command("ingest", feed=sorted((shared / "sample").glob("*.xml")))
    days = [dt.date(2026, 2, 5), dt.date(2026, 2, 6)]
    assert [build_listing(day).found for day in days] == [3, 3]
    assert sum(summarize(day).written for day in days) == 652
    for summary in Summary.objects.select_related("paper"):
        assert summary.text
        abstract = " ".join(summary.paper.abstract.split())
        assert all(
            sentence.removesuffix(" …") in abstract for sentence in sentences_of(summary.text)
        )


def test_where_nothing_came_the_sections_are_not_read_again() -> None:
    announce(make_paper())
    make_section()
    section_keys = Section.objects.values_list("pk", flat=True)
    build_listing(DAY)
    with CaptureQueriesContext(connection) as asked:
        report = build_news(DAY)
    [read] = [query["sql"] for query in asked if 'FROM "digest_section"' in query["sql"]]
    assert (report.sections, report.papers) == (0, 1)
    assert '"digest_section"."id" > ' in read
    assert Listing.objects.get().matched_sections_to == max(section_keys)

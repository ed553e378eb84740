"""Summaries filled by rules, and whose words are never touched."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from digest.listings import ListingError
from digest.models import Paper, SectionListing, Summary
from digest.summaries.writing import NO_ABSTRACT, PROMPT_VERSION, summarize
from tests.make import DAY, announce, make_paper, make_section, make_section_listing, make_summary

pytestmark = pytest.mark.django_db


def _announced(**fields: Any) -> Paper:
    paper = make_paper(**fields)
    announce(paper)
    return paper


def _own(paper: Paper, **fields: Any) -> Summary:
    own: dict[str, Any] = {"writer": "extractive", "prompt_version": PROMPT_VERSION}
    return make_summary(paper, **(own | fields))


def test_an_announced_paper_gets_a_text_from_its_abstract() -> None:
    paper = _announced(abstract="We build caches for language models. They are fast.", version=2)
    report = summarize(DAY)
    summary = Summary.objects.get(paper=paper)
    assert (report.papers, report.written, report.kept, report.pending) == (1, 1, 0, 0)
    assert summary.text == paper.abstract
    assert (summary.status, summary.writer) == ("approved", "extractive")
    assert (summary.paper_version, summary.prompt_version, summary.model) == (2, PROMPT_VERSION, "")
    assert summary.domain
    assert summary.revision == 1
    assert "language models" in summary.keywords


def test_institutions_come_only_from_the_feeds_affiliations() -> None:
    authors = [
        {"name": "A", "affiliations": ["Univ. of Maps", "Lab"]},
        {"name": "B", "affiliations": ["Lab"]},
        {"name": "C"},
    ]
    _announced(authors=authors)
    summarize(DAY)
    assert Summary.objects.get().institutions == ["Univ. of Maps", "Lab"]


def test_summarizing_again_changes_nothing() -> None:
    _announced()
    summarize(DAY)
    before = Summary.objects.values().get()
    report = summarize(DAY, only_missing=False)
    assert (report.written, report.kept) == (0, 1)
    assert Summary.objects.values().get() == before


def test_a_paper_without_abstract_waits_with_a_reason_and_is_filled_later() -> None:
    paper = _announced(abstract="")
    assert summarize(DAY).pending == 1
    assert summarize(DAY).pending == 1
    summary = Summary.objects.get()
    assert (summary.status, summary.text, summary.reason) == ("pending", "", NO_ABSTRACT)
    assert summary.revision == 1
    Paper.objects.filter(pk=paper.pk).update(abstract="We found it.")
    assert summarize(DAY).written == 1
    summary.refresh_from_db()
    assert (summary.status, summary.text, summary.reason) == ("approved", "We found it.", "")
    assert summary.revision == 2


def test_what_a_document_left_open_is_filled_and_keeps_what_it_said() -> None:
    paper = make_paper()
    section = make_section("cs.DC")
    make_section_listing(section, [paper], origin=SectionListing.Origin.DOCUMENT)
    make_summary(paper, status="pending", text="", writer="", reason="TBD in the document")
    summarize(DAY)
    summary = Summary.objects.get()
    assert (summary.status, summary.writer, summary.reason) == ("approved", "extractive", "")
    assert summary.institutions == ["University of Testing"]
    assert (summary.domain, summary.topic) == ("mlsys", "llm training")


@pytest.mark.parametrize("only_missing", [True, False])
@pytest.mark.parametrize(
    "fields",
    [
        {"writer": "curator"},
        {"writer": "llm", "model": "document"},
        {"writer": "extractive", "model": "document"},
        {"writer": "curator", "status": "pending", "text": "Not yet."},
        {"writer": "llm", "status": "draft"},
        {"writer": "extractive", "status": "rejected"},
    ],
)
def test_what_others_wrote_or_decided_stays(fields: dict[str, Any], only_missing: bool) -> None:
    paper = _announced(version=3)
    make_summary(paper, paper_version=1, **fields)
    before = Summary.objects.values().get()
    assert summarize(DAY, only_missing=only_missing).kept == 1
    assert Summary.objects.values().get() == before


@pytest.mark.parametrize("key", [{"paper_version": 1}, {"prompt_version": "extractive-0"}])
def test_all_writes_anew_what_rests_on_an_old_version(key: dict[str, Any]) -> None:
    paper = _announced(version=2, abstract="We found more.")
    _own(paper, **({"paper_version": 2} | key))
    assert summarize(DAY).kept == 1
    assert summarize(DAY, only_missing=False).written == 1
    summary = Summary.objects.get()
    assert (summary.text, summary.paper_version, summary.revision) == ("We found more.", 2, 2)
    assert summary.prompt_version == PROMPT_VERSION


def test_replacements_are_not_summarized() -> None:
    announce(make_paper(), announce_type="replace")
    assert summarize(DAY).papers == 0


def test_an_unknown_date_is_refused() -> None:
    with pytest.raises(ListingError, match="2026-02-03"):
        summarize(DAY)


def test_the_command_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    _announced()
    _announced(abstract="")
    call_command("summarize", "2026-02-03")
    call_command("summarize", "2026-02-03", "--all")
    assert capsys.readouterr().out.splitlines() == [
        "2026-02-03: 2 papers, 1 summaries written, 0 kept, 1 pending",
        "2026-02-03: 2 papers, 0 summaries written, 1 kept, 1 pending",
    ]


def test_the_command_refuses_an_unknown_date() -> None:
    with pytest.raises(CommandError, match="2026-02-03"):
        call_command("summarize", "2026-02-03", "--missing")

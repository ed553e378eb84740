"""Weekly documents through rows: in, out, and what a curator or a fetch does between."""

from __future__ import annotations

import datetime as dt
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from digest.archive.documents import export_week, import_week
from digest.archive.exporting import NoWeek
from digest.archive.week import WeekError
from digest.models import (
    Announcement,
    DocumentEntry,
    HouseSection,
    Listing,
    Paper,
    Section,
    SectionListing,
    Summary,
)
from digest.releasing import release
from digest.summaries import editing
from tests.make import announce, make_listing, make_paper, make_section_listing, make_summary
from tests.unit.test_weekly import DOCUMENT, MONDAY

pytestmark = pytest.mark.django_db
WEDNESDAY = MONDAY + dt.timedelta(days=2)
REINFORCED = 'cs.AI/cs.LG contains "reinforcement learning"'


def rows() -> list[Any]:
    """Everything a document fills, with the times of change."""
    models = (Listing, Paper, Summary, Section, SectionListing, DocumentEntry, Announcement)
    return [list(model._default_manager.order_by("pk").values()) for model in models]


def curate(arxiv_id: str, **changes: Any) -> Summary:
    summary = Summary.objects.get(paper__arxiv_id=arxiv_id)
    values = {name: getattr(editing.Edit.of(summary), name) for name in editing.Edit.__slots__}
    return editing.edit(summary.pk, editing.Edit(**(values | changes)))


# In


def test_a_document_comes_back_byte_for_byte() -> None:
    import_week(DOCUMENT)
    assert export_week(MONDAY) == DOCUMENT


def test_a_card_becomes_a_paper_and_an_approved_summary() -> None:
    import_week(DOCUMENT)
    paper = Paper.objects.get(arxiv_id="2603.00001")
    assert (paper.title, paper.author_names) == ("On Clocks that Agree", ["Ada One", "Bo Two"])
    assert (paper.source, paper.version, paper.abstract) == ("document", None, "")
    assert paper.summary.text == "Clocks agree if x < y and {a, b} holds."
    assert paper.summary.keywords == ["logical clocks", "drift"]
    assert paper.summary.institutions == ["University of Somewhere"]
    assert (paper.summary.status, paper.summary.writer) == ("approved", "llm")


def test_a_card_to_be_done_has_a_pending_summary_with_its_reason() -> None:
    import_week(DOCUMENT)
    summary = Summary.objects.get(paper__arxiv_id="math/0611800")
    assert (summary.status, summary.text, summary.institutions) == ("pending", "", [])
    assert summary.reason


def test_cards_are_announced_in_their_category_and_lines_nowhere() -> None:
    import_week(DOCUMENT)
    found = Announcement.objects.values_list("paper__arxiv_id", "category", "announce_type")
    assert sorted(found) == [
        ("2603.00001", "cs.DC", "new"),
        ("math/0611800", "cs.DC", "new"),
    ]
    assert not Summary.objects.filter(paper__arxiv_id="2603.00003").exists()


def test_headings_name_the_houses_sections_and_keyword_rules() -> None:
    import_week(DOCUMENT.replace('"drift"', '"accelerate"'))
    found = SectionListing.objects.filter(listing=MONDAY).select_related("section")
    assert [str(row.section) for row in found] == [
        "cs.DC",
        'cs.AI/cs.LG abs:"clock"',
        "cs.AI/cs.LG abs:accelerat*",
    ]


@pytest.mark.parametrize(
    "label",
    ['cs.xx contains "a"', 'cs.ai contains "a"', 'cs.AI contains "-"', 'in "cs.AI" contains "a"'],
)
def test_an_unknown_heading_is_refused_with_its_line(label: str) -> None:
    before = rows()
    with pytest.raises(WeekError, match="names no section") as raised:
        import_week(DOCUMENT.replace('cs.AI/cs.LG contains "drift"', label))
    assert raised.value.line == 24
    with pytest.raises(WeekError, match="names no section"):
        import_week(DOCUMENT.replace("cs.DC", "cs.dc"))
    assert rows() == before


def test_two_headings_of_one_section_are_refused() -> None:
    with pytest.raises(WeekError, match="the day has already"):
        import_week(
            DOCUMENT.replace('cs.AI/cs.LG contains "drift"', 'cs.LG/cs.AI contains "clock"')
        )


def test_importing_twice_changes_nothing() -> None:
    import_week(DOCUMENT)
    before = rows()
    report = import_week(DOCUMENT)
    assert rows() == before
    assert not any(day.changed for day in report.days)
    assert import_week(DOCUMENT, overwrite=True).filled.summaries_written == 0


def test_a_corrected_document_replaces_its_days_only() -> None:
    import_week(DOCUMENT)
    cut = DOCUMENT.split("\n## 2026-03-04")[0]
    corrected = cut.replace("On Clocks that Agree", "Clocks that Agree").replace(
        "total: 2", "total: 1"
    )
    corrected = re.sub(r"- \*\*\[arXiv260302\] A Paper.*?\n\n", "", corrected, flags=re.S)
    import_week(corrected)
    assert export_week(MONDAY) == corrected + "\n## 2026-03-04" + DOCUMENT.split("## 2026-03-04")[1]
    assert Paper.objects.get(arxiv_id="2603.00001").title == "Clocks that Agree"
    assert not Announcement.objects.filter(paper__arxiv_id="math/0611800").exists()


def test_matched_listings_of_the_same_sections_are_replaced() -> None:
    house = HouseSection.objects.get(label="cs.DC")
    make_section_listing(house.section, [make_paper()], MONDAY)
    import_week(DOCUMENT)
    assert SectionListing.objects.get(section=house.section, listing=MONDAY).total == 2
    assert export_week(MONDAY) == DOCUMENT


def test_an_imported_listing_is_ready_and_a_released_one_stays_released() -> None:
    import_week(DOCUMENT)
    assert set(Listing.objects.values_list("status", flat=True)) == {"ready"}
    release(MONDAY)
    import_week(DOCUMENT)
    assert Listing.objects.get(date=MONDAY).status == Listing.Status.RELEASED


# A curator, a fetch, another day


def test_a_summary_a_curator_edited_is_kept() -> None:
    import_week(DOCUMENT)
    curate("2603.00001", text="Better words.")
    before = rows()
    assert import_week(DOCUMENT).filled.summaries_kept == 1
    assert rows() == before


def test_overwriting_takes_what_a_curator_edited_too() -> None:
    import_week(DOCUMENT)
    curate("2603.00001", text="Better words.")
    import_week(DOCUMENT, overwrite=True)
    assert export_week(MONDAY) == DOCUMENT
    assert Summary.objects.get(paper__arxiv_id="2603.00001").writer == "llm"


def test_a_curators_text_is_exported_under_its_own_label() -> None:
    import_week(DOCUMENT)
    curate("2603.00001", text="Better <words>.")
    line = re.search(r"  - \*\*Simple LLM Summary.*", DOCUMENT)
    assert line is not None
    assert export_week(MONDAY) == DOCUMENT.replace(
        line[0], "  - **Summary:** Better &lt;words&gt;."
    )


def test_a_curators_tags_leave_the_other_parts_to_the_letter() -> None:
    import_week(DOCUMENT)
    curate("2603.00001", topic="clocks")
    assert export_week(MONDAY) == DOCUMENT.replace("[clock synchronization]", "[clocks]")


def test_what_a_curator_rejected_is_to_be_done_again() -> None:
    import_week(DOCUMENT)
    editing.set_status(
        Summary.objects.get(paper__arxiv_id="2603.00001").pk, Summary.Status.REJECTED
    )
    assert "Clocks agree" not in export_week(MONDAY)
    assert import_week(DOCUMENT).filled.summaries_kept == 1


def test_a_curators_own_document_is_replaced_like_any_other() -> None:
    import_week(DOCUMENT.replace("Simple LLM Summary", "Summary"))
    import_week(DOCUMENT)
    assert export_week(MONDAY) == DOCUMENT
    assert Summary.objects.get(paper__arxiv_id="2603.00001").writer == "llm"


def test_a_later_fetch_leaves_the_export_as_it_was() -> None:
    import_week(DOCUMENT)
    better = {"title": "On Clocks That Agree!", "abstract": "We show it.", "source": "atom"}
    Paper.objects.filter(arxiv_id="2603.00001").update(version=2, **better)
    assert export_week(MONDAY) == DOCUMENT
    import_week(DOCUMENT)
    paper = Paper.objects.get(arxiv_id="2603.00001")
    assert (paper.title, paper.abstract, paper.source) == tuple(better.values())


def test_a_known_announcement_stands() -> None:
    announce(make_paper(arxiv_id="2603.00001"), MONDAY, "cs.DC", "cross")
    import_week(DOCUMENT)
    found = Announcement.objects.get(paper__arxiv_id="2603.00001")
    assert (found.announce_type, found.version) == ("cross", 1)


def test_a_document_without_a_text_leaves_another_writers_summary() -> None:
    summary = make_summary(make_paper(arxiv_id="math/0611800"), writer="extractive")
    import_week(DOCUMENT)
    summary.refresh_from_db()
    assert (summary.status, summary.revision) == ("approved", 1)


def test_a_paper_on_two_days_keeps_both_entries_and_one_summary() -> None:
    again = (
        DOCUMENT.split("\n\n\n**cs.AI")[0]
        .replace("20260302-20260308", "20260309-20260315")
        .replace("2026-03-02", "2026-03-10")
        .replace("260302", "260310")
        .replace("Clocks agree", "All clocks agree")
        + "\n\n"
    )
    for text in (DOCUMENT, again, DOCUMENT, again):
        import_week(text)
    assert export_week(MONDAY) == DOCUMENT
    assert export_week(MONDAY + dt.timedelta(days=7)) == again
    summary = Summary.objects.get(paper__arxiv_id="2603.00001")
    assert (summary.revision, summary.text[:3]) == (2, "All")


# Out, of days that were matched


def matched_day() -> list[Paper]:
    """Three papers in cs.DC, of which one also matches a keyword that a fourth does."""
    papers = [make_paper(title=f"Title {number}") for number in range(4)]
    cards, lines = HouseSection.objects.select_related("section")[:2]
    make_section_listing(cards.section, papers[:3], MONDAY)
    make_section_listing(lines.section, papers[2:], MONDAY)
    return papers


def test_a_matched_day_is_written_from_canonical_values() -> None:
    papers = matched_day()
    make_summary(papers[0], text="If x < y,\nthen {z}.", writer="extractive")
    make_summary(papers[1], writer="curator", status="draft")
    text = export_week(MONDAY)
    assert f"[{REINFORCED}]" not in text
    assert f"**{REINFORCED} total: 1**\n- [arXiv260302] Title 3 [link]({papers[3].pdf_url})" in text
    assert '**cs.AI/cs.LG contains "accelerate" total: 0**\n' in text
    assert (
        "- **[arXiv260302] Title 0**\n"
        "  - **tags:** [mlsys], [llm training], [pipeline parallelism]\n"
        "  - **authors:** Ada Lovelace\n"
        "  - **institution:** University of Testing\n"
        f"  - **link:** {papers[0].pdf_url}\n"
        "  - **From the abstract:** If x &lt; y, then \\{z\\}.\n"
        "\n"
        "- **[arXiv260302] Title 1**\n"
        "  - **tags:** TBD\n"
        "  - **authors:** Ada Lovelace\n"
        "  - **institution:** \n"
        f"  - **link:** {papers[1].pdf_url}\n"
        "\n"
    ) in text


def test_a_matched_day_can_be_imported_elsewhere() -> None:
    papers = matched_day()
    make_summary(papers[0])
    text = export_week(MONDAY)
    import_week(text)
    assert export_week(MONDAY) == text
    assert SectionListing.objects.filter(origin="document").count() == 3


def test_a_paper_without_authors_keeps_its_card() -> None:
    HouseSection.objects.exclude(label="cs.DC").delete()
    section = HouseSection.objects.get().section
    make_section_listing(section, [make_paper(authors=[])], MONDAY)
    text = export_week(MONDAY)
    import_week(text)
    assert export_week(MONDAY) == text
    assert Paper.objects.get().authors == []


def test_only_released_days_go_out_where_that_is_asked() -> None:
    import_week(DOCUMENT)
    with pytest.raises(NoWeek, match="nothing is released"):
        export_week(MONDAY, released_only=True)
    release(WEDNESDAY)
    assert "2026-03-02\n" not in export_week(MONDAY, released_only=True)


def test_a_week_begins_on_a_monday() -> None:
    with pytest.raises(NoWeek, match="begins on 2026-03-02"):
        export_week(WEDNESDAY)


# Commands


def test_the_commands_read_and_write_files(tmp_path: Path) -> None:
    source, target = tmp_path / "in.md", tmp_path / "out.md"
    source.write_bytes(DOCUMENT.encode())
    call_command("import_week", str(source), verbosity=0)
    call_command("export_week", "2026-03-02", "--output", str(target))
    assert target.read_bytes() == DOCUMENT.encode()


def test_json_holds_canonical_values(capsys: pytest.CaptureFixture[str]) -> None:
    import_week(DOCUMENT)
    call_command("export_week", "2026-03-02", "--format", "json")
    week = json.loads(capsys.readouterr().out)
    first, second = week["days"][0]["sections"][0]["papers"]
    assert week["week"] == "20260302-20260308"
    assert first["summary"] == {"writer": "llm", "text": "Clocks agree if x < y and {a, b} holds."}
    assert first["tags"]["keywords"] == ["logical clocks", "drift"]
    assert second["tags"] is None
    assert second["summary"] is None


def test_standard_output_has_the_same_bytes(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    import_week(DOCUMENT)
    call_command("export_week", "2026-03-02")
    assert capfdbinary.readouterr().out == DOCUMENT.encode()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"# 20260302-20260308\n\n## \xff\n", ":3: the line is not UTF-8"),
        (DOCUMENT.replace("total: 2", "total: 1").encode(), ":5: the total says 1"),
        (DOCUMENT.replace("**cs.DC total: 0", "**cs.XX total: 0").encode(), ":28: 'cs.XX' names"),
    ],
)
def test_a_refusal_names_file_and_line_and_imports_no_part(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    bad = tmp_path / "bad.md"
    bad.write_bytes(content)
    before = rows()
    with pytest.raises(CommandError, match=re.escape(f"{bad}{reason}")):
        call_command("import_week", str(bad))
    assert rows() == before


def test_no_file_is_imported_if_one_does_not_fit(tmp_path: Path) -> None:
    good, missing = tmp_path / "good.md", tmp_path / "missing.md"
    good.write_bytes(DOCUMENT.encode())
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_week", str(good), str(missing))
    assert not Listing.objects.exists()


def test_an_unknown_week_is_an_error() -> None:
    make_listing(MONDAY)
    with pytest.raises(CommandError, match="nothing is known of the week 20260302-20260308"):
        call_command("export_week", "2026-03-02")


# The real documents


def test_the_reference_and_all_seed_weeks_come_back_byte_for_byte(shared: Path) -> None:
    files = sorted(shared.glob("fixtures/seed_weeks/*/*.md")) + sorted(
        shared.glob("reference/*.md")
    )
    assert len(files) == 53
    different = []
    begun = time.monotonic()
    for file in files:
        text = file.read_bytes().decode()
        with transaction.atomic():
            import_week(text)
            if export_week(dt.date.fromisoformat(file.name[:8])) != text:
                different.append(file)
            transaction.set_rollback(True)
    print(f"{len(files)} documents in {time.monotonic() - begun:.1f} s")
    assert different == []

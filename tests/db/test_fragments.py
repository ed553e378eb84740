"""Cards and lines: what they show, and that rows are only ever added."""

from __future__ import annotations

import quopri
import re
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from digest.models import Paper, Summary
from newsletter.compose import cards, fragments
from newsletter.compose.fragments import Piece, shelf_for
from newsletter.models import Fragment
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    fragments.forget()


def card(paper: Paper) -> Piece:
    return shelf_for([paper.pk], []).cards[paper.pk]


def line(paper: Paper) -> Piece:
    return shelf_for([], [paper.pk]).lines[paper.pk]


def html(piece: Piece) -> str:
    return quopri.decodestring(piece.html).decode()


def text(piece: Piece) -> str:
    return quopri.decodestring(piece.text).decode().replace("\r\n", "\n")


def crowd(number: int) -> list[dict[str, Any]]:
    return [{"name": f"A{n}", "affiliations": []} for n in range(1, number + 1)]


def test_a_card_shows_all_that_is_said_of_a_paper() -> None:
    paper = make.make_paper(title="A Title", arxiv_id="2602.00001")
    make.make_summary(paper)
    shown = html(card(paper))
    assert '<a href="https://arxiv.org/abs/2602.00001"' in shown
    assert '<a href="https://arxiv.org/pdf/2602.00001"' in shown
    for words in ("A Title", "mlsys · llm training", "pipeline parallelism", "Ada Lovelace"):
        assert words in shown
    assert "University of Testing" in shown
    assert "The paper builds a thing." in shown
    assert "From the abstract" not in shown


def test_a_card_in_plain_text() -> None:
    paper = make.make_paper(title="A Title", arxiv_id="2602.00001")
    make.make_summary(paper)
    assert text(card(paper)) == (
        "* A Title\n"
        "  mlsys · llm training: pipeline parallelism\n"
        "  Ada Lovelace\n"
        "  University of Testing\n"
        "\n"
        "  The paper builds a thing. The thing is fast.\n"
        "\n"
        "  https://arxiv.org/abs/2602.00001\n"
        "  https://arxiv.org/pdf/2602.00001\n"
        "\n"
    )


def test_a_line_is_title_and_identifier() -> None:
    paper = make.make_paper(title="A Title", arxiv_id="2602.00001")
    assert text(line(paper)) == "- A Title\n  https://arxiv.org/abs/2602.00001\n"
    assert ">2602.00001</a>" in html(line(paper))


@pytest.mark.parametrize(
    ("number", "said"), [(8, "A7, A8<"), (9, "A8, A9<"), (10, "A8 and 2 more"), (20, "12 more")]
)
def test_authors_are_cut_at_eight_where_that_saves_room(number: int, said: str) -> None:
    shown = html(card(make.make_paper(authors=crowd(number))))
    assert said in shown
    assert "A10" not in shown


def test_an_extractive_text_says_whose_words_it_is() -> None:
    paper = make.make_paper()
    make.make_summary(paper, writer=Summary.Writer.EXTRACTIVE)
    assert "From the abstract:" in html(card(paper))
    assert "From the abstract: The paper builds" in text(card(paper))


@pytest.mark.parametrize("status", ["pending", "draft", "rejected"])
def test_without_an_approved_summary_the_tags_read_tbd(status: str) -> None:
    paper = make.make_paper(abstract="We study fish. We show that they swim.")
    make.make_summary(paper, status=status)
    shown = html(card(paper))
    assert ">TBD" in shown
    assert "University of Testing" not in shown
    assert "The paper builds" not in shown
    assert "From the abstract:" in shown
    assert "We show that they swim." in shown


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"domain": ""}, "llm training: pipeline parallelism"),
        ({"domain": "", "topic": ""}, "pipeline parallelism"),
        ({"domain": "", "topic": "", "keywords": []}, "Ada Lovelace"),
    ],
)
def test_an_approved_summary_without_tags_is_not_to_be_done(
    fields: dict[str, Any], said: str
) -> None:
    paper = make.make_paper(title="A Title")
    make.make_summary(paper, **fields)
    assert text(card(paper)).startswith(f"* A Title\n  {said}\n")
    shown = html(card(paper))
    assert "TBD" not in shown
    assert all(words in shown for words in said.split(": "))


def test_an_abstract_fetched_later_is_quoted_while_the_summary_is_pending() -> None:
    paper = make.make_paper(abstract="", source=Paper.Source.DOCUMENT)
    make.make_summary(paper, status=Summary.Status.PENDING, text="", reason="TBD in the document")
    assert "From the abstract" not in html(card(paper))
    paper.abstract = "We study fish. We show that they swim."
    paper.save()
    assert "We show that they swim." in html(card(paper))
    assert "\n  TBD\n" in text(card(paper))


def test_a_title_with_nothing_to_read_gives_way_to_the_id() -> None:
    paper = make.make_paper(title="\x01\u202e", arxiv_id="2602.00001")
    assert text(card(paper)).startswith("* 2602.00001\n")
    assert text(line(paper)).startswith("- 2602.00001\n")


def test_half_a_character_in_a_name_breaks_no_mail() -> None:
    paper = make.make_paper()
    paper.authors = [{"name": "Ada \ud83d Lovelace", "affiliations": []}]
    assert "Ada Lovelace" in cards.render_card(paper).text


def test_names_and_keywords_are_readable() -> None:
    paper = make.make_paper(authors=[{"name": "Fran\\c{c}ois Mu\\~noz", "affiliations": []}])
    make.make_summary(paper, keywords=["$\\alpha$-fair", "sharing"], institutions=["Universit\\'e"])
    shown = html(card(paper))
    for words in ("François Muñoz", "α-fair\u00a0· sharing", "Université"):
        assert words in shown


def test_without_summary_and_abstract_nothing_is_made_up() -> None:
    paper = make.make_paper(abstract="")
    shown = html(card(paper))
    assert ">TBD" in shown
    assert "From the abstract" not in shown
    assert "\n\n\n" not in text(card(paper))


def test_simple_mathematics_is_readable_and_markup_is_escaped() -> None:
    paper = make.make_paper(title=r"Growth of $\alpha$ where a<b & c")
    shown = html(line(paper))
    assert "α" in shown
    assert "a&lt;b &amp; c" in shown


def test_hebrew_and_arabic_run_their_own_way_and_nothing_around_them_moves() -> None:
    names = ["נועה כהן", "يواب", "Ada Lovelace"]
    paper = make.make_paper(
        title="فهرس موحد",
        abstract="نشرنا البيانات والبرامج.",
        authors=[{"name": name, "affiliations": []} for name in names],
    )
    shown = html(card(paper))
    assert shown.count(';text-align:start" dir="auto">') == 2
    # Or the label's direction would be that of the text.
    assert '<i dir="ltr" class="m"' in shown
    assert "\u2068נועה כהן\u2069, \u2068يواب\u2069, Ada Lovelace" in shown
    assert "נועה כהן, يواب, Ada Lovelace" in text(card(paper))
    assert '<a dir="ltr" href=' in html(line(paper))


def test_a_latin_paper_says_nothing_of_direction() -> None:
    paper = make.make_paper(title="A Título", authors=[{"name": "Åsa Ø", "affiliations": []}])
    for shown in (html(card(paper)), html(line(paper))):
        assert not re.search("dir=|text-align|[\u2066-\u2069]", shown)


def test_lengths_are_those_of_the_text_and_of_its_bytes() -> None:
    piece = card(make.make_paper(title="Überlange Ölförderung"))
    assert piece.size.decoded == len(quopri.decodestring(piece.html).replace(b"\r\n", b"\n"))
    assert piece.size.encoded == len(piece.html)
    row = Fragment.objects.get()
    assert (row.html_length, row.text_length) == (
        piece.size.decoded,
        len(text(piece).encode()),
    )


def test_a_fragment_is_made_once() -> None:
    paper = make.make_paper()
    first = card(paper)
    fragments.forget()
    assert card(paper) == first
    assert Fragment.objects.count() == 1


def test_what_is_at_hand_costs_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    papers = [make.make_paper().pk for _ in range(5)]
    shelf_for(papers, papers)
    with django_assert_num_queries(1):
        shelf_for(papers, papers)


def test_an_edit_adds_a_row_and_the_old_one_stays() -> None:
    paper = make.make_paper()
    summary = make.make_summary(paper)
    before = card(paper)
    summary.text, summary.revision = "Now it says something else.", 2
    summary.save()
    after = card(paper)
    assert "something else" in html(after)
    assert Fragment.objects.count() == 2
    assert bytes(Fragment.objects.get(pk=before.fragment_id).html) == before.html


def test_a_changed_title_is_noticed_at_once() -> None:
    paper = make.make_paper(title="Before")
    line(paper)
    Paper.objects.filter(pk=paper.pk).update(title="After")
    assert "After" in html(line(paper))


def test_a_card_is_lean() -> None:
    paper = make.make_paper(
        title="Coordinating the Frequency of a Power Grid with the Load of Data Centres",
        authors=crowd(6),
    )
    make.make_summary(paper, text=" ".join(["word"] * 60), keywords=["one keyword"] * 5)
    assert card(paper).size.decoded < 1_400

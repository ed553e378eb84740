"""The desk: who may do what, what each action does, and that nothing is overwritten unseen."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from digest.archive.exporting import export_week
from digest.models import EditorNote, Listing, Paper, Placement, Summary
from tests.desk import doubt, make_day, make_person
from tests.make import DAY, make_section, make_subscriber, subscribe

pytestmark = pytest.mark.django_db
DESK = f"/curation/{DAY}/"


def enter(client: Client, role: str = "Curator", name: str = "ada") -> User:
    person = make_person(name, role)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return person


def act(client: Client, paper: Paper, action: str, **fields: Any) -> str:
    summary = Summary.objects.filter(paper=paper).first()
    fields.setdefault("revision", summary.revision if summary else 0)
    page = client.post(
        f"{DESK}{paper.pk}/", {"action": action} | fields, headers={"HX-Request": "true"}
    )
    assert page.status_code == 200
    return page.content.decode()


def text_of(page: str) -> str:
    """The words of a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", page)).split())


def of(paper: Paper) -> Summary:
    return Summary.objects.get(paper=paper)


@pytest.mark.parametrize("address", ["/curation/", DESK, f"{DESK}preview/"])
def test_strangers_are_asked_to_log_in(client: Client, address: str) -> None:
    make_day(1)
    page = client.get(address)
    assert page.status_code == 302
    assert page["Location"].startswith("/curation/login/")


@pytest.mark.parametrize("address", ["/curation/", DESK, f"{DESK}preview/"])
def test_who_has_no_role_may_not_look(client: Client, address: str) -> None:
    make_day(1)
    someone = User.objects.create_user("eve", password="eveeve")
    client.force_login(someone, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(address).status_code == 403


@pytest.mark.parametrize(
    ("role", "may_release", "may_house", "may_subscribers"),
    [
        ("Curator", False, False, False),
        ("Editor", True, True, False),
        ("Operator", True, True, True),
    ],
)
def test_each_role_may_do_what_its_name_says(
    client: Client, role: str, may_release: bool, may_house: bool, may_subscribers: bool
) -> None:
    person = enter(client, role)
    assert person.has_perm("digest.curate_listing")
    assert person.has_perm("digest.release_listing") is may_release
    assert person.has_perm("digest.change_housesection") is may_house
    assert person.has_perm("digest.change_topic") is may_house
    assert person.has_perm("newsletter.change_subscriber") is may_subscribers


def test_a_curator_cannot_release_even_by_hand_made_requests(client: Client) -> None:
    make_day(1)
    enter(client)
    assert client.post(f"{DESK}listing/", {"action": "release"}).status_code == 403
    assert client.post(f"{DESK}listing/", {"action": "burn"}).status_code == 400
    assert Listing.objects.get(pk=DAY).status == "ready"


def test_an_editor_releases_and_holds(client: Client) -> None:
    make_day(1)
    enter(client, "Editor")
    client.post(f"{DESK}listing/", {"action": "hold"})
    assert Listing.objects.get(pk=DAY).status == "held"
    client.post(f"{DESK}listing/", {"action": "release"})
    assert Listing.objects.get(pk=DAY).status == "released"


def test_a_part_asked_for_after_the_session_has_ended_leads_the_whole_page_to_the_log_in(
    client: Client,
) -> None:
    make_day(1)
    part = client.get(DESK, headers={"HX-Request": "true"})
    assert part["HX-Redirect"] == "/curation/login/"
    assert part.content == b""


def test_after_five_wrong_passwords_the_name_is_locked(client: Client) -> None:
    make_person("ada")
    wrong = {"username": "ada", "password": "not it"}
    pages = [client.post("/curation/login/", wrong) for _ in range(6)]
    assert pages[-1].status_code == 429
    assert "opens again 30 minutes after" in pages[-1].content.decode()
    right = {"username": "ada", "password": "adaada"}
    assert client.post("/curation/login/", right).status_code == 429
    assert "_auth_user_id" not in client.session


def test_logging_in_leads_to_the_desk(client: Client) -> None:
    make_person("ada")
    right = {"username": "ada", "password": "adaada", "next": DESK}
    page = client.post("/curation/login/", right)
    assert page["Location"] == DESK


def test_reading_the_desk_changes_nothing(client: Client) -> None:
    papers = make_day(2)
    enter(client)
    before = [of(paper).revision for paper in papers]
    for query in ("", "?mode=edit", "?mode=hint", "?mode=history", "?scope=all&state=open"):
        assert client.get(DESK + query).status_code == 200
    assert [of(paper).revision for paper in papers] == before
    assert not Placement.objects.exists()
    assert not EditorNote.objects.exists()


@pytest.mark.parametrize(
    "query", ["?paper=x", "?paper=99999999999999999999", "?state=no&scope=no&mode=no", "?paper=-1"]
)
def test_nonsense_in_the_address_shows_the_desk(client: Client, query: str) -> None:
    make_day(1)
    enter(client)
    assert client.get(DESK + query).status_code == 200


def test_a_day_that_is_not_there_is_not_found(client: Client) -> None:
    enter(client)
    assert client.get("/curation/2026-01-01/").status_code == 404
    assert client.get("/curation/2026-02-31/").status_code == 404


def test_approving_moves_on_to_the_next_that_is_open(client: Client) -> None:
    papers = make_day(3)
    enter(client)
    page = act(client, papers[0], "approve")
    assert of(papers[0]).status == "approved"
    assert "1 of 3 done" in text_of(page)
    assert f'data-paper="{papers[1].pk}"' in page


def test_rejecting_shows_the_abstracts_own_sentences(client: Client) -> None:
    papers = make_day(1)
    enter(client)
    page = act(client, papers[0], "reject")
    assert of(papers[0]).status == "rejected"
    assert "Readers see instead" in text_of(page)


def test_an_edit_is_saved_checked_again_and_kept_with_who_and_the_difference(
    client: Client,
) -> None:
    papers = make_day(1)
    doubt(papers[0])
    enter(client)
    text = "The stalls of a recovery fall to 3 minutes, and the others go on meanwhile as before."
    act(
        client,
        papers[0],
        "save",
        text=text,
        tag="sys / storage",
        keywords="a, b,a",
        institutions="X\nY, Z",
    )
    summary = of(papers[0])
    assert (summary.text, summary.writer, summary.status) == (text, "curator", "draft")
    assert (summary.domain, summary.topic) == ("sys", "storage")
    assert (summary.keywords, summary.institutions) == (["a", "b"], ["X", "Y, Z"])
    assert all("2 minutes" not in finding["quote"] for finding in summary.findings)
    page = client.get(f"{DESK}?mode=history").content.decode()
    assert "ada" in page
    assert "<del>" in page
    assert "<ins>" in page


def test_a_change_is_undone_and_undoing_can_be_undone(client: Client) -> None:
    paper = make_day(1)[0]
    before = of(paper).text
    enter(client)
    act(client, paper, "save_approve", text="Other words.")
    act(client, paper, "undo")
    assert (of(paper).text, of(paper).status) == (before, "draft")
    act(client, paper, "undo")
    assert (of(paper).text, of(paper).status) == ("Other words.", "approved")


def test_an_earlier_version_is_brought_back(client: Client) -> None:
    paper = make_day(1)[0]
    first = of(paper).revision
    before = of(paper).text
    enter(client)
    act(client, paper, "save", text="Second.")
    act(client, paper, "save", text="Third.")
    act(client, paper, "restore", to=first)
    assert of(paper).text == before


def test_of_two_curators_the_second_is_told_and_nothing_is_lost(client: Client) -> None:
    paper = make_day(1)[0]
    enter(client)
    seen = of(paper).revision
    act(client, paper, "save", text="The first one's words.", revision=seen)
    page = act(client, paper, "save", text="The second one's words.", revision=seen)
    assert of(paper).text == "The first one's words."
    assert "Somebody else has changed" in page
    assert "The second one&#x27;s words." in page
    page = act(client, paper, "approve", revision=seen)
    assert of(paper).status == "draft"
    assert "Somebody else has changed" in page


def test_an_edit_that_answers_the_doubts_leaves_none_of_their_reasons(client: Client) -> None:
    paper = make_day(1)[0]
    doubt(paper)
    enter(client)
    text = (
        "The paper isolates a failure to one of several replicas, while the others go on "
        "meanwhile. The stalls of a recovery fall to 3 minutes, and time rises from 44% to 80%."
    )
    page = act(client, paper, "save", text=text)
    assert (of(paper).findings, of(paper).reason) == ([], "")
    assert "is not in the paper" not in page
    client.post(f"{DESK}listing/", {"action": "approve_passed"})
    assert of(paper).status == "approved"


def test_tags_outside_the_lists_are_a_doubt_that_no_single_key_approves(client: Client) -> None:
    paper = make_day(1)[0]
    Summary.objects.update(reason='"sorcery" is no topic of sys; by rules it is others.')
    enter(client)
    client.post(f"{DESK}listing/", {"action": "approve_passed"})
    assert of(paper).status == "draft"
    assert "sorcery" in client.get(DESK).content.decode()


def test_of_two_who_move_a_paper_the_second_is_told(client: Client) -> None:
    paper = make_day(2)[0]
    enter(client)
    act(client, paper, "hide", placed=0)
    page = act(client, paper, "pin", placed=0)
    assert "Somebody else has moved this paper" in page
    assert Placement.objects.get().kind == "hidden"
    act(client, paper, "pin", placed=1)
    assert Placement.objects.get().kind == "pinned"


def test_where_a_paper_was_put_is_kept_with_who(client: Client) -> None:
    paper = make_day(1)[0]
    enter(client)
    act(client, paper, "hide")
    act(client, paper, "plain")
    page = client.get(f"{DESK}?mode=history&paper={paper.pk}").content.decode()
    assert "Its place in this listing" in page
    assert "<del>hidden</del><ins>plain</ins>" in page
    assert page.count("· ada") >= 2


def test_hiding_is_said_and_changes_the_totals(client: Client) -> None:
    papers = make_day(3)
    enter(client)
    page = act(client, papers[0], "hide")
    assert "cs.DC total: 2 · 1 hidden" in text_of(page)
    assert "1 hidden" in text_of(page)
    act(client, papers[0], "plain")
    assert "cs.DC total: 3" in text_of(client.get(DESK).content.decode())


def test_a_pinned_paper_leads_its_section_everywhere(client: Client) -> None:
    papers = make_day(3)
    enter(client)
    act(client, papers[2], "pin")
    page = client.get(DESK).content.decode()
    assert page.index(papers[2].title) < page.index(papers[0].title)
    week = export_week(DAY.replace(day=2))
    assert week.index(papers[2].title) < week.index(papers[0].title)


def test_all_that_passed_are_approved_and_what_is_doubted_stays(client: Client) -> None:
    papers = make_day(4)
    doubt(papers[1])
    enter(client)
    client.post(f"{DESK}listing/", {"action": "approve_passed"})
    assert [of(paper).status for paper in papers] == ["approved", "draft", "approved", "approved"]


def test_the_list_is_narrowed_by_state(client: Client) -> None:
    papers = make_day(3)
    doubt(papers[1])
    enter(client)
    page = client.get(f"{DESK}?state=doubts").content.decode()
    assert papers[1].title in page
    assert papers[0].title not in page


def write_note(client: Client, text: str, revision: object) -> str:
    typed = {"text": text, "revision": revision}
    page = client.post(f"{DESK}note/", typed, headers={"HX-Request": "true"})
    assert page.status_code == 200
    return page.content.decode()


def test_a_note_is_saved_without_touching_what_stands_around_it(client: Client) -> None:
    make_day(1)
    enter(client)
    page = write_note(client, "A *quiet* day.", 0)
    assert EditorNote.objects.get().text == "A *quiet* day."
    assert "The note is saved." in page
    assert 'id="desk"' not in page


def test_the_second_of_two_notes_is_told_and_sees_both(client: Client) -> None:
    make_day(1)
    enter(client)
    write_note(client, "The first one's.", 0)
    page = write_note(client, "The second one's.", 0)
    assert EditorNote.objects.get().text == "The first one's."
    assert "Somebody else has changed the note" in page
    assert text_of(page).count("The first one's.") >= 1
    assert "The second one&#x27;s.</textarea>" in page


@pytest.mark.parametrize(("text", "revision"), [("x" * 2_001, 0), ("fine", "nonsense")])
def test_a_note_that_cannot_stand_is_refused_and_not_called_saved(
    client: Client, text: str, revision: object
) -> None:
    make_day(1)
    enter(client)
    page = write_note(client, text, revision)
    assert "is saved" not in page
    assert 'role="alert"' in page
    assert text in page
    assert not EditorNote.objects.exists()
    whole = client.post(f"{DESK}note/", {"text": text, "revision": revision}).content.decode()
    assert 'role="alert"' in whole


def test_an_earlier_note_is_brought_back_with_who_wrote_it(client: Client) -> None:
    make_day(1)
    enter(client)
    write_note(client, "First words.", 0)
    page = write_note(client, "Other words.", 1)
    assert "First" in page
    assert "ada" in page
    write_note(client, "First words.", 2)
    assert EditorNote.objects.get().text == "First words."


def test_a_paper_without_a_summary_can_be_written_by_hand(client: Client) -> None:
    paper = make_day(1)[0]
    Summary.objects.all().delete()
    enter(client)
    act(client, paper, "save_approve", text="Written by hand.")
    assert (of(paper).text, of(paper).status) == ("Written by hand.", "approved")


def test_an_empty_text_cannot_be_approved(client: Client) -> None:
    paper = make_day(1)[0]
    enter(client)
    page = act(client, paper, "save_approve", text=" ")
    assert "An approved summary needs a text." in page
    assert of(paper).status == "draft"


def test_hostile_text_is_shown_as_text(client: Client) -> None:
    paper = make_day(1)[0]
    Paper.objects.filter(pk=paper.pk).update(
        title="<script>alert(1)</script>", abstract='"><img src=x onerror=alert(2)>'
    )
    Summary.objects.update(
        text="<b onclick=x>bold</b>", keywords=["<i>"], institutions=["<u>"], reason="<s>"
    )
    enter(client)
    for query in ("", "?mode=edit", "?mode=history"):
        page = client.get(DESK + query).content.decode()
        assert not any(tag in page for tag in ("<script>alert", "<img", "<b onclick", "<i>", "<u>"))


def test_the_desk_takes_the_same_queries_for_three_papers_and_for_forty(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    make_day(40)
    enter(client)
    with django_assert_max_num_queries(22):
        client.get(DESK)


def test_the_preview_is_the_mail_as_it_would_arrive(client: Client) -> None:
    papers = make_day(2)
    Summary.objects.update(status="approved")
    enter(client)
    page = client.get(f"{DESK}preview/").content.decode()
    assert "2 papers shown" in text_of(page)
    html = client.get(f"{DESK}preview/html/").content.decode()
    assert papers[0].title in html
    assert Listing.objects.get(pk=DAY).status == "ready"


def test_a_subscribers_preview_holds_their_sections_and_none_of_their_links(
    client: Client,
) -> None:
    papers = make_day(2)
    reader = make_subscriber("reader@example.org")
    subscribe(reader, make_section("cs.DC"), label="My own label")
    enter(client)
    page = client.get(f"{DESK}preview/html/?address=reader@example.org").content.decode()
    assert "My own label total: 2" in page
    assert papers[0].title in page
    unsubscribe = page.split("/unsubscribe/")[1].split("/")[0]
    client.post(f"/unsubscribe/{unsubscribe}/")
    reader.refresh_from_db()
    assert reader.status == "active"


@pytest.mark.parametrize("address", ["nobody@example.org", "no address", "x" * 3000])
def test_an_unknown_address_is_said_calmly(client: Client, address: str) -> None:
    make_day(1)
    enter(client)
    page = client.get(f"{DESK}preview/", {"address": address}).content.decode()
    assert "No subscriber has this address." in page


def test_an_empty_preview_says_why(client: Client) -> None:
    make_day(1)
    reader = make_subscriber("reader@example.org")
    subscribe(reader, make_section("math.AG"))
    enter(client)
    page = client.get(f"{DESK}preview/?address=reader@example.org").content.decode()
    assert "none in your sections" in page

"""A curator's day in a real browser, with the keyboard alone."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect
from pytest_django.live_server_helper import LiveServer

from digest.models import Listing, Placement, Summary
from tests.desk import doubt, make_day, make_person
from tests.live.browsers import NEEDED, chromium, violations
from tests.make import DAY

PAPERS = 43
#: Every how many papers there is something to decide.
DOUBTED, REJECTED, HIDDEN = 8, 15, 40
_PICTURES = os.environ.get("DESK_PICTURES", "")

pytestmark = [
    pytest.mark.live,
    pytest.mark.django_db(transaction=True),
    NEEDED,
]


class Keyboard:
    """Counts the keys that are pressed, and the time until each is answered."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed, self.seconds = page, 0, 0.0

    def press(self, key: str, until: str = "") -> None:
        """Press one key; ``until`` is a selector that stands when it is done."""
        begun = time.perf_counter()
        self.page.keyboard.press(key)
        self.pressed += 1
        if until:
            self.page.wait_for_selector(until, state="attached")
        self.seconds += time.perf_counter() - begun

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.pressed += len(text)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def log_in(page: Page, name: str, until: str = "#desk[data-settled]") -> None:
    page.goto(f"/curation/{DAY}/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(name * 2)
    page.keyboard.press("Enter")
    page.wait_for_selector(until)


def picture(page: Page, name: str) -> None:
    if _PICTURES:
        page.screenshot(path=str(Path(_PICTURES) / f"{name}.png"), full_page=False)


def test_a_day_of_43_papers_is_cleared_and_released_by_keyboard(page: Page) -> None:
    papers = make_day(PAPERS)
    for number, paper in enumerate(papers, start=1):
        if number % DOUBTED == 0:
            doubt(paper)
    make_person("edith", "Editor")
    log_in(page, "edith")
    expect(page.locator(".told")).to_contain_text(f"0 of {PAPERS} done")
    picture(page, "open")
    keys = Keyboard(page)
    for number, paper in enumerate(papers, start=1):
        here = f'#desk[data-settled] article[data-paper="{paper.pk}"]'
        page.wait_for_selector(here)
        done = f"progress[value='{number}']"
        if number == HIDDEN:
            keys.press("h", done)
        elif number % REJECTED == 0:
            keys.press("r", done)
        elif number % DOUBTED == 0:
            picture(page, "doubt")
            keys.press("e", "#text")
            picture(page, "edit")
            page.locator("#text").press("ControlOrMeta+a")
            keys.pressed += 1
            keys.type("The stalls of a recovery fall to 3 minutes.")
            keys.press("Control+Enter", done)
        else:
            keys.press("a", done)
    expect(page.locator(".told")).to_contain_text(f"{PAPERS} of {PAPERS} done · 1 hidden")
    keys.press("R", ".confirm button:focus")
    keys.press("Enter", "text=released on")
    picture(page, "released")
    print(f"\n{PAPERS} papers: {keys.pressed} keys, {keys.seconds:.1f} s of waiting")
    assert Listing.objects.get(pk=DAY).status == Listing.Status.RELEASED
    states = list(Summary.objects.values_list("status", flat=True))
    assert states.count("rejected") == PAPERS // REJECTED
    assert states.count("approved") == PAPERS - PAPERS // REJECTED - 1
    assert Placement.objects.filter(kind=Placement.Kind.HIDDEN).count() == 1
    by_hand = Summary.objects.filter(writer=Summary.Writer.CURATOR)
    assert {one.text for one in by_hand} == {"The stalls of a recovery fall to 3 minutes."}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1280])
def test_no_page_of_the_desk_shuts_anybody_out(
    browser: Browser, live_server: LiveServer, width: int, scheme: str
) -> None:
    papers = make_day(6)
    doubt(papers[0])
    make_person("edith", "Editor")
    context = browser.new_context(
        base_url=live_server.url,
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    page.goto("/curation/login/")
    found = {"login": violations(page)}
    picture(page, f"login-{width}-{scheme}")
    log_in(page, "edith")
    for name, query in {
        "desk": "",
        "edit": "?mode=edit",
        "hint": "?mode=hint",
        "history": "?mode=history",
        "confirm": "?confirm=release",
        "doubts": "?state=doubts&scope=all",
    }.items():
        page.goto(f"/curation/{DAY}/{query}")
        found[name] = violations(page)
        picture(page, f"{name}-{width}-{scheme}")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{name} is {wide} pixels wide"
    page.goto("/curation/")
    found["index"] = violations(page)
    context.close()
    assert {name: one for name, one in found.items() if one} == {}


def test_two_curators_do_not_overwrite_each_other_unseen(
    browser: Browser, live_server: LiveServer
) -> None:
    paper = make_day(1)[0]
    pages = []
    for name in ("ada", "bob"):
        make_person(name)
        page = browser.new_context(base_url=live_server.url).new_page()
        log_in(page, name)
        page.keyboard.press("e")
        page.wait_for_selector("#text")
        pages.append(page)
    for page, words in zip(pages, ("Ada's own words.", "Bob's own words."), strict=True):
        page.locator("#text").fill(words)
        page.get_by_role("button", name="Save", exact=True).click()
        page.wait_for_selector(".said:not(:empty), [role=alert]")
    expect(pages[1].get_by_role("alert")).to_contain_text("Somebody else has changed")
    expect(pages[1].locator("#text")).to_have_value("Bob's own words.")
    expect(pages[1].locator(".edit")).to_contain_text("Ada's own words.")
    assert Summary.objects.get(paper=paper).text == "Ada's own words."
    pages[1].get_by_role("button", name="Save", exact=True).click()
    pages[1].wait_for_selector(".said:not(:empty)")
    assert Summary.objects.get(paper=paper).text == "Bob's own words."
    for page in pages:
        page.context.close()


def test_what_is_typed_is_not_lost_by_what_is_done_beside_it(page: Page) -> None:
    papers = make_day(3)
    make_person("ada")
    log_in(page, "ada")
    page.get_by_text("The editor's note of the day").click()
    page.locator("#note").fill("A quiet day.")
    page.get_by_role("button", name="a approve").click()
    page.wait_for_selector("progress[value='1']")
    expect(page.locator("#note")).to_have_value("A quiet day.")
    page.get_by_role("button", name="Save the note").click()
    expect(page.locator("#desk-note")).to_contain_text("The note is saved.")
    page.locator("#card").click()
    page.keyboard.press("e")
    page.locator("#text").fill("Half a sentence")
    asked: list[str] = []

    def stay(box: Dialog) -> None:
        asked.append(box.message)
        box.dismiss()

    page.once("dialog", stay)
    page.locator(".papers a").last.click()
    expect(page.locator("#text")).to_have_value("Half a sentence")
    page.once("dialog", lambda box: box.accept())
    page.locator(".papers a").last.click()
    page.wait_for_selector(f'article[data-paper="{papers[2].pk}"]')
    assert asked == ["Leave what you typed? It is not saved."]


def test_a_card_that_waits_for_the_writer_shows_the_answer_when_it_comes(
    page: Page, settings: Any
) -> None:
    settings.LLM_MODEL, settings.LLM_BASE_URL = "m", "http://127.0.0.1:9/v1"
    paper = make_day(1)[0]
    make_person("ada")
    log_in(page, "ada")
    page.keyboard.press("g")
    page.locator("#hint").fill("Shorter.")
    page.keyboard.press("Enter")
    expect(page.locator("#card")).to_contain_text("the writer has not answered yet")
    page.get_by_text("The editor's note of the day").click()
    page.locator("#note").fill("Meanwhile.")
    Summary.objects.filter(paper=paper).update(
        text="The answer that came.", status="approved", reason="", writer="llm"
    )
    expect(page.locator("#card")).to_contain_text("The answer that came.", timeout=15_000)
    expect(page.locator("#told")).to_contain_text("1 of 1 done")
    expect(page.locator("#note")).to_have_value("Meanwhile.")


def test_the_desk_works_without_javascript(browser: Browser, live_server: LiveServer) -> None:
    papers = make_day(2)
    make_person("ada")
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    log_in(page, "ada", "#desk")
    page.get_by_role("button", name="a approve").click()
    expect(page.locator(".said")).to_contain_text("Approved.")
    page.get_by_role("link", name="edit").click()
    page.get_by_label("Text, two or three sentences").fill("Written without any script.")
    page.get_by_role("button", name="Save and approve").click()
    expect(page.locator(".told")).to_contain_text("2 of 2 done")
    context.close()
    assert Summary.objects.get(paper=papers[1]).text == "Written without any script."

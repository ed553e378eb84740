"""Signing up in a real browser, from the form to the goodbye."""

from __future__ import annotations

import datetime as dt
import email
import re
import urllib.request
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from digest.models import Listing
from newsletter.delivery import planning
from newsletter.delivery.transports import outbox
from newsletter.models import Subscriber
from tests import make
from tests.db.mailing import send_due
from tests.live.browsers import NEEDED, chromium

pytestmark = [
    pytest.mark.live,
    pytest.mark.django_db(transaction=True),
    NEEDED,
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def site(live_server: LiveServer, settings: Any, tmp_path: Path) -> str:
    """The address of a newsletter that has one released day."""
    settings.SITE_URL = live_server.url
    settings.EMAIL_URL = f"outbox://{tmp_path}"
    paper = make.make_paper(title="Training through failures")
    make.make_summary(paper)
    make.announce(paper)
    make.make_section_listing(make.make_section("cs.DC"), [paper])
    make.make_listing(status=Listing.Status.RELEASED)
    planning.issue_for("daily", make.DAY)
    return live_server.url


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    context = browser.new_context(timezone_id="Europe/Berlin", base_url=site)
    yield context.new_page()
    context.close()


def mails(folder: Path) -> list[EmailMessage]:
    """What stands in the outbox after everything that is due was sent."""
    send_due(timezone.now())
    found = []
    for entry in outbox.entries(folder):
        message = email.message_from_bytes(outbox.raw(folder, entry.key), policy=policy.default)
        assert isinstance(message, EmailMessage)
        found.append(message)
    return found


def mail_with(folder: Path, subject: str) -> EmailMessage:
    [found] = [mail for mail in mails(folder) if subject in str(mail["Subject"])]
    return found


def link_in(mail: EmailMessage, purpose: str) -> str:
    plain = mail.get_body(("plain",))
    assert plain is not None
    found = re.search(rf"https?://\S+/{purpose}/[\w-]{{28}}/", str(plain.get_content()))
    assert found is not None
    return found[0]


def click_once(mail: EmailMessage) -> int:
    """What a mail provider does when its own button is pressed (RFC 8058)."""
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    found = re.search(r"<(https?://[^>]+)>", str(mail["List-Unsubscribe"]))
    assert found is not None
    request = urllib.request.Request(found[1], data=b"List-Unsubscribe=One-Click")  # noqa: S310
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        assert answer.url == found[1]
        return int(answer.status)


def test_from_the_form_to_the_goodbye(page: Page, tmp_path: Path) -> None:
    page.goto("/")
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Berlin")
    page.get_by_label("Categories", exact=True).fill("distributed")
    page.get_by_role("option", name="cs.DC").click()
    page.get_by_label("Keyword 1", exact=True).fill('"through failures"')
    page.get_by_label("Categories of keyword 1").fill("cs.LG")
    page.get_by_label("Email address").fill("ada@example.org")
    page.get_by_role("button", name="Send me this digest").click()
    expect(page.get_by_role("heading")).to_have_text("Look into your mailbox")

    page.goto(link_in(mail_with(tmp_path, "confirm"), "confirm"))
    expect(page.get_by_text("Europe/Berlin")).to_be_visible()
    page.get_by_role("button", name="Yes, send it to me").click()
    expect(page.get_by_text("is on its way")).to_be_visible()

    digest = mail_with(tmp_path, "2026")
    assert "Training through failures" in digest.as_string()

    page.goto(link_in(digest, "preferences"))
    page.get_by_label("Weekly", exact=True).check()
    page.get_by_label("On which day, if weekly").select_option("Friday")
    page.get_by_role("button", name="Down: cs.LG").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved")
    subscriber = Subscriber.objects.get()
    assert (subscriber.cadence, subscriber.weekday) == ("weekly", 4)
    assert subscriber.subscriptions.earliest("place").label == "cs.DC"

    assert click_once(digest) == 200
    before = len(mails(tmp_path))
    assert mail_with(tmp_path, "Goodbye")
    next_day = make.DAY + dt.timedelta(days=1)
    make.make_listing(next_day, status=Listing.Status.RELEASED)
    for cadence in ("daily", "weekly"):
        planning.plan(planning.issue_for(cadence, next_day), timezone.now())
    assert len(mails(tmp_path)) == before


def test_by_keyboard_only(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_focused()
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.name || document.activeElement.textContent")
        reached.append(str(name).strip())
        if name == "codes":
            page.keyboard.type("machine")
            page.keyboard.press("ArrowDown")
            page.keyboard.press("ArrowUp")
            page.keyboard.press("Enter")
            expect(page.get_by_role("button", name="Remove")).to_have_count(1)
        elif name == "cadence":
            page.keyboard.press("ArrowRight")
        elif name == "address":
            page.keyboard.type("ada@example.org")
        elif reached[-1] == "Send me this digest":
            page.keyboard.press("Enter")
            break
    expect(page.get_by_role("heading")).to_have_text("Look into your mailbox")
    assert "website" not in reached
    opt_in = Subscriber.objects.get().opt_ins.get()
    assert opt_in.choices["cadence"] == "weekly"
    assert len(opt_in.choices["sections"]) == 1


def test_without_javascript(browser: Browser, site: str, tmp_path: Path) -> None:
    context = browser.new_context(
        java_script_enabled=False, base_url=site, viewport={"width": 375, "height": 700}
    )
    page = context.new_page()
    page.goto("/")
    page.get_by_text("All of arXiv’s categories").click()
    page.locator("summary", has_text="Computer Science").click()
    page.get_by_label("cs.DC Distributed").check()
    page.get_by_label("Categories", exact=True).fill("stat.ML")
    page.get_by_label("Keyword 2", exact=True).fill('"open')
    page.get_by_label("Email address").fill("ada@example.org")
    page.get_by_role("button", name="Send me this digest").click()
    expect(page.get_by_role("alert")).to_contain_text("at character 1")
    expect(page.get_by_label("cs.DC Distributed")).to_be_checked()
    page.get_by_label("Keyword 1", exact=True).fill("failures")
    page.get_by_role("button", name="Send me this digest").click()

    page.goto(link_in(mail_with(tmp_path, "confirm"), "confirm"))
    page.get_by_role("button", name="Yes, send it to me").click()
    labels = [one.label for one in Subscriber.objects.get().subscriptions.all()]
    assert labels == ['arXiv contains "failures"', "cs.DC", "stat.ML"]
    context.close()

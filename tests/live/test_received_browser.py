"""The received mails in a real browser: read by anybody, on a phone and at a desk."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from pytest_django import DjangoDbBlocker

from tests.db.mail_reading import ReadMail
from tests.live.browsers import NEEDED, chromium
from tests.mailcheck import node
from tests.mailcheck.browser import LOOKS, look
from tests.received import NAMES, receive

pytestmark = [pytest.mark.live, pytest.mark.django_db, NEEDED]
KNOWN = json.loads((node.HERE / "known.json").read_text(encoding="utf-8"))

Pages = dict[str, Path]


@pytest.fixture(scope="module")
def pages(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Pages:
    """Each mail's HTML as a file."""
    folder = tmp_path_factory.mktemp("mails")
    with django_db_blocker.unblock():
        mails = receive()
    for name, mail in mails.items():
        (folder / f"{name}.html").write_text(ReadMail(mail.raw).html, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in mails}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 375, "height": 800})
    yield page
    page.close()


# The two long ones repeat what the others hold; `make mailcheck` looks at them too.
@pytest.mark.parametrize("name", [name for name in NAMES if name not in {"daily", "weekly"}])
def test_it_is_accessible_in_both_colour_schemes_and_fits_a_phone(
    browser: Browser, pages: Pages, name: str
) -> None:
    for scheme, width in LOOKS:
        assert look(browser, pages[name].as_uri(), scheme, width, KNOWN) == []


@pytest.mark.parametrize("name", ["daily", "weekly"])
def test_a_long_digest_fits_a_phone(phone: Page, pages: Pages, name: str) -> None:
    phone.goto(pages[name].as_uri())
    assert phone.evaluate("document.documentElement.scrollWidth") == 375


def test_hebrew_stands_at_the_right_and_an_identifier_after_its_arabic_title(
    phone: Page, pages: Pages
) -> None:
    phone.goto(pages["rtl"].as_uri())
    left, right = phone.evaluate(
        """() => {
            const title = document.querySelectorAll("h3")[0];
            const words = document.createRange();
            words.selectNodeContents(title);
            const last = [...words.getClientRects()].at(-1);
            const box = title.getBoundingClientRect();
            return [last.left - box.left, box.right - last.right];
        }"""
    )
    assert right < 2 < left
    title_end, identifier = phone.evaluate(
        """() => {
            const line = document.querySelector("p.line");
            const words = document.createRange();
            words.selectNodeContents(line.firstChild);
            const last = [...words.getClientRects()].at(-1);
            return [last.right, line.querySelector("a").getBoundingClientRect().left];
        }"""
    )
    assert title_end <= identifier + 1

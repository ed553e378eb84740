"""Pictures of every page and of the demo's mails, from a server that `make run` has started.

`make screenshots [URL=http://127.0.0.1:8000]` writes them to var/screenshots, each at 375 and
1280 pixels, light and dark; those that the documents show go to docs/pictures.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = Path(os.environ.get("DATA_DIR") or ROOT / "var") / "screenshots"
WIDTHS = (375, 1280)
SCHEMES = ("light", "dark")
# What the README shows: the top of these pages.
SHOWN = {"signup": "signup", "mail": "digest"}
_QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
_TALLEST = 2400


def main(site: str) -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("chromium is not installed: apt-get install chromium")
    OUTPUT.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=_QUIET)
        pages = dict(_pages(browser, site))
        for name, address in pages.items():
            _shoot(browser, name, address)
        for name, picture in SHOWN.items():
            page = browser.new_page(viewport=ViewportSize(width=1000, height=1000))
            page.goto(pages[name])
            page.screenshot(path=ROOT / "docs" / "pictures" / f"{picture}.png")
        browser.close()
    print(f"{len(pages) * len(WIDTHS) * len(SCHEMES)} pictures in {OUTPUT}")


def _pages(browser: Browser, site: str) -> Iterator[tuple[str, str]]:
    """Public pages, then those that links in a demo mail lead to."""
    for name, path in {"signup": "/", "archive": "/archive/", "about": "/about/"}.items():
        yield name, site + path
    page = browser.new_page()
    page.goto(f"{site}/archive/")
    for name, pattern in {
        "week": r"/archive/\d{8}-\d{8}/$",
        "day": r"/archive/2026-02-03/$",
    }.items():
        yield name, _link(page, pattern)
    yield "outbox", f"{site}/outbox/"
    page.goto(f"{site}/outbox/")
    mail = page.get_by_role("row").filter(has_text="3 February 2026: 1").filter(has_text="daily@")
    mail.get_by_role("link").first.click()
    yield "outbox-mail", page.url
    yield "mail", f"{page.url.split('?')[0]}html/"
    page.goto(f"{page.url.split('?')[0]}?view=plain")
    text = page.locator("pre").inner_text()
    for name in ("digest", "preferences", "unsubscribe"):
        found = re.search(rf"/{name}/[\w-]+/", text)
        if found:
            yield name, site + found[0]
    page.close()


def _link(page: Page, pattern: str) -> str:
    links: list[str] = page.eval_on_selector_all("a", "all => all.map(a => a.href)")
    return next(link for link in links if re.search(pattern, link))


def _shoot(browser: Browser, name: str, address: str) -> None:
    for scheme in SCHEMES:
        for width in WIDTHS:
            view = ViewportSize(width=width, height=900)
            context = browser.new_context(
                viewport=view, color_scheme="dark" if scheme == "dark" else "light"
            )
            page = context.new_page()
            page.goto(address)
            height = min(page.evaluate("document.documentElement.scrollHeight"), _TALLEST)
            page.set_viewport_size(ViewportSize(width=width, height=height))
            page.screenshot(path=OUTPUT / f"{name}-{width}-{scheme}.png")
            context.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:8000")

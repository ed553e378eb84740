"""axe in Chromium: what keeps somebody from reading a mail, in either colour scheme."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ViewportSize

from tests.live.browsers import CHROMIUM, chromium
from tests.mailcheck.judging import Known, Letter, Missing, Verdict

# On a phone in the light, on a desk in the dark.
LOOKS = (("light", 375), ("dark", 1280))


def judge(letters: list[Letter], known: Known) -> Verdict:
    if not CHROMIUM:
        raise Missing("apt-get install --no-install-recommends chromium fonts-dejavu-core")
    verdict = Verdict()
    with chromium() as browser:
        for letter in letters:
            new = [
                f"{scheme} at {width}: {said}"
                for scheme, width in LOOKS
                for said in look(browser, letter.html.as_uri(), scheme, width, known)
            ]
            verdict.say(letter.name, str(len(new)), "; ".join(new) if new else "")
    return verdict


def look(browser: Browser, address: str, scheme: str, width: int, known: Known) -> list[str]:
    """What is not known of, a line each; and whether one must scroll sideways."""
    context = browser.new_context(
        viewport=ViewportSize(width=width, height=900),
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    page.goto(address)
    said = [
        f"{one['id']}: {one['nodes'][0]['html'][:160]}"
        for one in Axe().run(page).response["violations"]
        if one["id"] not in known["axe"]
    ]
    if page.evaluate("document.documentElement.scrollWidth") > width:
        said.append("wider than the window")
    context.close()
    return said

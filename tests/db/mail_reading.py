"""Reading a made mail as strictly as a server would."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from html.parser import HTMLParser

_STRICT = policy.SMTP.clone(raise_on_defect=True)
_URL = re.compile(r"https?://[^\s<>\"]+")


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.links: list[tuple[str, str]] = []
        self._silent = 0
        self._link: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._silent += tag in {"style", "title"}
        if tag == "a":
            self._link = [str(dict(attrs).get("href"))]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"style", "title"}
        if tag == "a" and self._link:
            self.links.append((self._link[0], "".join(self._link[1:])))
            self._link = None

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)
        if self._link is not None:
            self._link.append(data)


class ReadMail:
    """A mail parsed without a defect, and what its parts hold."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.message = message_from_bytes(raw, policy=_STRICT)
        for part in self.message.walk():
            assert not part.defects
            for _, value in part.items():
                assert not value.defects
        self.text = self._content("plain")
        self.html = self._content("html")
        self._page = _Page()
        self._page.feed(self.html)

    def _content(self, subtype: str) -> str:
        for part in self.message.walk():
            if part.get_content_type() == f"text/{subtype}":
                return str(part.get_content()).replace("\r\n", "\n")
        return ""

    @property
    def tags(self) -> list[tuple[str, dict[str, str | None]]]:
        return self._page.tags

    @property
    def links(self) -> list[tuple[str, str]]:
        """Each link's address and words, in order."""
        return self._page.links

    @property
    def visible(self) -> str:
        """The HTML's words, white space collapsed."""
        return " ".join("".join(self._page.words).split())

    @property
    def html_urls(self) -> set[str]:
        found = (attributes.get("href") or "" for tag, attributes in self.tags if tag == "a")
        return {url for url in found if not url.startswith("#")}

    @property
    def text_urls(self) -> set[str]:
        return set(_URL.findall(self.text))

    def encoded_html(self) -> bytes:
        return self.raw[self.raw.index(b"Content-Type: text/html") :]

"""An editor's Markdown as HTML that is safe anywhere, and as plain text.

CommonMark without raw HTML; of its marks those a note needs: paragraphs, emphasis, links,
lists, quotations and code. Headings become bold lines, images their words.
"""

from __future__ import annotations

from collections.abc import Sequence

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

_PARSER = MarkdownIt("commonmark", {"html": False, "linkify": False}).disable("image")
_TAGS = {"p", "br", "strong", "em", "a", "ul", "ol", "li", "blockquote", "code", "pre"}
_SCHEMES = {"http", "https", "mailto"}
_HEADINGS = tuple(f"h{level}" for level in range(1, 7))


def as_html(text: str, link_style: str = "") -> str:
    """HTML of few tags; links carry ``link_style``, since mail knows no stylesheet."""
    html = _PARSER.render(_bounded(text))
    for heading in _HEADINGS:
        html = html.replace(f"<{heading}>", "<p><strong>").replace(f"</{heading}>", "</strong></p>")
    set_attributes = {"a": {"style": link_style}} if link_style else {}
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href", "style"} if link_style else {"href"}},
        set_tag_attribute_values=set_attributes,
        url_schemes=_SCHEMES,
        link_rel=None if link_style else "noopener",
    ).strip()


def as_text(text: str) -> str:
    """The words, a link's address behind its words; paragraphs stand apart by a blank line."""
    blocks: list[str] = []
    marks: list[str] = []
    for token in _PARSER.parse(_bounded(text)):
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            marks.append("- " if token.type.startswith("bullet") else "1. ")
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            marks.pop()
        elif token.type == "inline":
            mark = "  " * (len(marks) - 1) + marks[-1] if marks else ""
            blocks.append(mark + _inline(token.children or ()))
        elif token.type in {"fence", "code_block"}:
            blocks.append(token.content.rstrip("\n"))
        if token.type == "list_item_close" and marks and marks[-1][0].isdecimal():
            marks[-1] = f"{int(marks[-1].split('.')[0]) + 1}. "
    return "\n\n".join(block for block in blocks if block.strip())


def _inline(tokens: Sequence[Token]) -> str:
    words: list[str] = []
    address, begun = "", 0
    for token in tokens:
        if token.type == "link_open":
            address, begun = str(token.attrGet("href") or ""), len(words)
        elif token.type == "link_close":
            if "".join(words[begun:]).strip() != address:
                words.append(f" ({address})")
        elif token.type in {"softbreak", "hardbreak"}:
            words.append("\n")
        else:
            words.append(token.content)
    return "".join(words)


def _bounded(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n")

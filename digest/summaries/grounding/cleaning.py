"""A writer's answer as plain text on one line, before anybody looks at it."""

from __future__ import annotations

import html
import re

_ROUNDS = 6
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
#: Whole parts that are no text: what a model thought first, scripts, comments.
_UNREAD = re.compile(
    r"<!--.{0,20000}?-->|<(think|thinking|script|style|noscript|template)\b[^<>]{0,200}>"
    r".{0,20000}?</\1\s*>",
    re.IGNORECASE | re.DOTALL,
)
_POWER = re.compile(r"<sup\b[^<>]{0,200}>\s*([-+\u2212]?\d{1,4})\s*</sup\s*>", re.IGNORECASE)
_ATTRIBUTES = r"(?:\s[^<>]{0,2000})?"
_INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|ins|kbd|mark|q|s|samp|small|span|"
    rf"strong|sub|sup|time|tt|u|var|wbr){_ATTRIBUTES}/?>",
    re.IGNORECASE,
)
_BLOCK = re.compile(
    r"</?(?:abstract|address|answer|article|aside|audio|base|blockquote|body|br|button|caption|"
    r"center|col|dd|details|div|dl|dt|embed|fieldset|figcaption|figure|footer|form|frame|h[1-6]|"
    r"head|header|hr|html|iframe|img|input|label|legend|li|link|main|map|math|meta|nav|object|ol|"
    r"option|output|p|param|picture|pre|response|script|section|select|source|style|summary|svg|"
    r"table|tbody|td|text|textarea|tfoot|th|thead|think|thinking|title|tr|track|ul|video)"
    rf"{_ATTRIBUTES}/?>|<![A-Za-z][^<>]{{0,200}}>",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"!?\[([^\[\]]{0,500})\]\(\s?<?(?=[^()\s<>]{0,200}[:/.#])(?:[^()\s<>]|\([^()\s<>]{0,200}\)){1,1000}"
    r">?(?:\s+[\"'][^\"']{0,300}[\"'])?\s?\)"
)
_ADDRESS = re.compile(
    r"<?\b(?:(?:https?|ftp)://|www\.(?=[\w-]{1,60}\.[a-z])|(?:[\w-]{1,60}\.){1,3}(?:com|org|net|io|edu|gov|ai|dev)/)"
    r"[^\s<>\"')\]}]*[^\s<>\"')\]}.,;:!?]>?",
    re.IGNORECASE,
)
_STRONG = re.compile(r"(\*\*|__)(?=\S)([^*_]{1,300}?)(?<=\S)\1")
_CODE = re.compile(r"(?<!`)`([^`]{1,300})`(?!`)")
_BEFORE_MARK = re.compile(r"\s+(?=[.,;:!?](?:\s|$))")
_EMPTY = re.compile(r"\s?(?:\(\s*\)|\[\s*\]|<\s*>)")
#: Control characters, and those that only steer what stands around them.
UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064"
    "\u2066-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def cleaned(text: str) -> str:
    """The text without HTML, Markdown's marks, links, addresses and unseen characters."""
    for _ in range(_ROUNDS):
        before = text
        text = _once(text)
        if text == before:
            break
    return text


def _once(text: str) -> str:
    text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
    text = UNSEEN.sub("", text)
    if "<" in text:
        text = _POWER.sub(r"^\1", _UNREAD.sub(" ", text))
        text = _BLOCK.sub(" ", _INLINE.sub("", text))
    bare = _ADDRESS.sub("", _LINK.sub(r"\1", text))
    if bare != text:
        text = _BEFORE_MARK.sub("", _EMPTY.sub("", bare))
    text = _CODE.sub(r"\1", _STRONG.sub(r"\2", text))
    return " ".join(text.split())

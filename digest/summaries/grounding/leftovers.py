"""What a writer's answer may hold beside its text: markup, links, and pieces of the prompt."""

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.summaries.grounding.cleaning import UNSEEN
from digest.summaries.grounding.findings import Finding, Kind

_LABELS = (
    "summary|tl;?dr|abstract|answer|output|response|result|title|text|note|notes|domain|topic|tags|"
    "keywords?|institutions?|affiliations?|explanation|sentence [1-9]|final answer|here is"
)
_LEFT: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), message)
    for pattern, message in (
        (r"<\|[^|<>]{0,40}\|>|\[/?inst\]|<</?sys>>|</?s>|<(?:bos|eos|pad|unk)>|\bim_(?:start|end)\b",
         "is a sign of the model, not of the text."),
        (r"</?[a-z][a-z0-9-]{0,20}(?:\s[^<>]{0,200})?/?>|<!--", "is left over from HTML."),
        (r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,10});", "is left over from HTML."),
        (r"(?:https?|ftp)://\S{1,200}|\bwww\.[\w-]{1,60}\.[a-z]\S{0,200}", "is a link."),
        (r"!?\[[^\[\]]{1,200}\]\([^()\s]{0,100}[:/.#][^()\s]{0,100}\)", "is a link."),
        (r"\b(?:available at|found at)\s?(?=[.,;)]|$)", "led to a link that is gone."),
        (r"```\w{0,10}|`[^`]{1,200}`|\*\*|__(?=\w)|(?:^|(?<=\s))#{1,6}(?=\s)|(?:^|(?<=[.!?:;]\s))[*•](?=\s)",
         "is left over from Markdown."),
        (r"\|\s?:?-{3,}:?\s?\||^\s*-{3,}\s", "is left over from Markdown."),
        (r"[{\[]\s?\"[^\"]{0,40}\"?|\"\s?:\s?[\"\[{]|\"\s?[}\]]|^\s*[{}]|[{}]\s*$",
         "is left over from JSON."),
        (r"\\[nrt](?![a-z])|\\u[0-9a-f]{4}|\\\"", "is left over from JSON."),
        (rf"^[\W_]{{0,4}}(?:{_LABELS})\s?(?::|-\s|\*\*)", "is a label, not text."),
        (r"(?<=[.!?]\s)(?:keywords?|domain|topic|tags|title|institutions?|summary|note)\s?:",
         "is a label, not text."),
        (r"(?:^|(?<=[.!?]\s))(?:assistant|user|system|human|ai)\s?:", "is a label, not text."),
        (r"\[(?:insert|your|paper|title|name|number|author|x{2,}|\.\.\.)\b[^\[\]]{0,60}\]|"
         r"\bTODO\b|\bTBD\b|lorem ipsum|\bX{2,}\s?%", "is a blank that was to be filled in."),
    )
)  # fmt: skip
_COMMAND = re.compile(r"\\[A-Za-z]{2,}")


def left_in(text: str, readable: str) -> Iterator[Finding]:
    """Everything of the kind, in no order; what the readable form resolves is no leftover."""
    for pattern, message in _LEFT:
        for found in pattern.finditer(text):
            quote = found[0].strip()
            yield Finding(Kind.MARKUP, *found.span(), found[0], f'"{quote}" {message}')
    for found in UNSEEN.finditer(text):
        yield Finding(
            Kind.MARKUP, *found.span(), found[0], "The text holds a character that cannot be seen."
        )
    for found in _COMMAND.finditer(text):
        if found[0] in readable:
            yield Finding(
                Kind.MARKUP, *found.span(), found[0], f'"{found[0]}" is left over from TeX.'
            )

"""One paper as its card and its line, in HTML and plain text."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from digest.arxiv import tex, tex_math, tex_signs, tex_spans, tex_text, typography
from digest.models import Paper, Summary
from digest.summaries import extractive
from newsletter.compose import plain, quoted_printable

AUTHORS_SHOWN = 8
_TEMPLATES = ("card.html", "line.html")
_MODULES = (
    plain,
    quoted_printable,
    tex,
    tex_math,
    tex_signs,
    tex_spans,
    tex_text,
    typography,
    extractive,
)
_AUTO = mark_safe(' dir="auto"')
_NOTHING = SafeString("")
# Marks (UAX #9) that keep two such names from changing places, or with what stands between
# them. Plain text does without.
_ISOLATED = "\u2068{}\u2069"
_UNMARKED = str.maketrans("", "", "\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Rendered:
    """Not yet encoded; each ends in a newline."""

    html: str
    text: str


@cache
def template_version() -> str:
    """Changes with anything that could change how a paper looks."""
    folder = Path(settings.BASE_DIR) / "templates" / "emails"
    sources = [folder / name for name in _TEMPLATES] + [Path(__file__)]
    sources += [Path(str(module.__file__)) for module in _MODULES]
    digest = hashlib.sha256()
    for source in sources:
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def approved_summary(paper: Paper) -> Summary | None:
    """What may be shown of the paper's Summary; needs the row loaded with the paper."""
    summary: Summary | None = getattr(paper, "summary", None)
    if summary is None or summary.status != Summary.Status.APPROVED:
        return None
    return summary


def line_key(paper: Paper) -> str:
    return _key(paper.arxiv_id, paper.title)


def card_key(paper: Paper) -> str:
    """Stands for all that a card shows, so that no edit leaves it as it was."""
    summary = approved_summary(paper)
    names = paper.author_names
    shown: list[Any] = [paper.arxiv_id, paper.title, names[: AUTHORS_SHOWN + 1], len(names)]
    if summary is None:
        shown.append(paper.abstract)
    else:
        shown += [summary.revision, summary.writer, summary.domain, summary.topic]
        shown += [summary.keywords, summary.institutions, summary.text]
    return _key(*shown)


def render_line(paper: Paper) -> Rendered:
    title = _title(paper)
    context = {
        "title": title,
        "title_direction": _direction(title),
        "abs_url": paper.abs_url,
        "arxiv_id": paper.arxiv_id,
    }
    text = _item("- ", title) + f"  {paper.abs_url}\n"
    return Rendered(_html("line.html", context), text)


def render_card(paper: Paper) -> Rendered:
    context = _card_context(paper)
    return Rendered(_html("card.html", context), _card_text(context))


@lru_cache(maxsize=4096)
def readable_title(title: str) -> str:
    return plain.one_line(tex.readable(title))


def _title(paper: Paper) -> str:
    """One that holds nothing to read is the paper's id, so that there is a link to follow."""
    return readable_title(paper.title) or paper.arxiv_id


def _card_context(paper: Paper) -> dict[str, Any]:
    summary = approved_summary(paper)
    title = _title(paper)
    text, from_abstract = _text(paper, summary)
    return {
        "title": title,
        "title_direction": _direction(title),
        "abs_url": paper.abs_url,
        "pdf_url": paper.pdf_url,
        "arxiv_id": paper.arxiv_id,
        "is_tagged": summary is not None,
        "tags": _joined(" · ", [summary.domain, summary.topic]) if summary else "",
        "keywords": _cleaned(summary.keywords) if summary else [],
        "authors": _authors(paper.author_names),
        "institutions": _joined(", ", summary.institutions) if summary else "",
        "text": text,
        "text_direction": _direction(text),
        "from_abstract": from_abstract,
    }


def _text(paper: Paper, summary: Summary | None) -> tuple[str, bool]:
    """The card's text, and whether it is the abstract's own words."""
    if summary is not None:
        own_words = summary.writer == Summary.Writer.EXTRACTIVE
        return plain.one_line(tex.readable(summary.text)), own_words
    if not paper.abstract:
        return "", False
    sentences = extractive.carrying_sentences(paper.abstract, title=paper.title)
    return plain.one_line(tex.readable(sentences)), True


def _card_text(card: dict[str, Any]) -> str:
    tags = [card["tags"], ", ".join(card["keywords"])] if card["is_tagged"] else ["TBD"]
    about = [": ".join(filter(None, tags)), card["authors"], card["institutions"]]
    said = [_indented(line.translate(_UNMARKED)) for line in about if line]
    blocks = [_item("* ", card["title"]) + "".join(said)]
    if card["text"]:
        prefix = "From the abstract: " if card["from_abstract"] else ""
        blocks.append(_indented(prefix + card["text"]))
    blocks.append(f"  {card['abs_url']}\n  {card['pdf_url']}\n")
    return "\n".join(blocks) + "\n"


def _item(mark: str, text: str) -> str:
    return mark + plain.wrap(text, indent="  ")[2:] + "\n"


def _indented(text: str) -> str:
    return plain.wrap(text, indent="  ") + "\n"


def _authors(names: list[str]) -> str:
    rest = len(names) - AUTHORS_SHOWN
    # One more takes no more room than saying so.
    if rest <= 1:
        return _joined(", ", names)
    return f"{_joined(', ', names[:AUTHORS_SHOWN])} and {rest:,} more"


def _joined(mark: str, words: list[str]) -> str:
    return mark.join(_cleaned(words))


def _cleaned(words: list[str]) -> list[str]:
    cleaned = (plain.one_line(tex.readable(str(word))) for word in words)
    return [_ISOLATED.format(word) if _is_turned(word) else word for word in cleaned if word]


def _direction(text: str) -> SafeString:
    """The attribute that lets a browser find the direction of Hebrew, Arabic and their kin."""
    return _AUTO if _is_turned(text) else _NOTHING


def _is_turned(text: str) -> bool:
    if text.isascii():
        return False
    return any(unicodedata.bidirectional(character) in {"R", "AL"} for character in text)


def _html(name: str, context: dict[str, Any]) -> str:
    rendered = get_template(f"emails/{name}").render(context)
    return "\n".join(line for line in rendered.splitlines() if line) + "\n"


def _key(*shown: Any) -> str:
    text = json.dumps(shown, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

"""What an entry of a weekly document means: its parts as values for every other use.

Escapes are undone in texts only: in a title, a backslash before a brace is TeX's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from digest.archive.week import (
    CURATOR_LABEL,
    EXTRACTIVE_LABEL,
    LLM_LABEL,
    Card,
    Line,
    Tags,
    escape,
    unescape,
)
from digest.arxiv import authors
from digest.arxiv.listing import Author
from digest.arxiv.tex import to_unicode

NO_AUTHORS = "(no authors)"
_SHORT = 200

# A language model that finds no affiliation says so at length, or guesses and says why.
_NONE_FOUND = re.compile(
    r"(?:not (?:explicitly|clearly|directly|specified|provided|stated|available|given|listed"
    r"|found|mentioned|identified)|unknown|unspecified|n/?a|none|tbd|anonymous|arxiv"
    r"|institutions? not)(?![\w-])(?-i:(?! [A-Z]))",
    re.I,
)
_REMARK = re.compile(
    r"\s*\([^()]*(?:\b(?:inferred|implied|based on|affiliations?|provided|identified|e-?mail"
    r"|authors?|primary|secondary)\b|†|[\w.]@[\w-]+\.)[^()]*\)",
    re.I,
)
_COMPANY_FORM = re.compile(r"(?:Ltd|Inc|LLC|Corp|Limited|GmbH|S\.?A|S\.?L)\.?", re.I)
_CAMPUS = re.compile(
    r"University of (?:California|Texas|Wisconsin|Illinois|Massachusetts|Colorado|Maryland)"
    r"|The Chinese University of Hong Kong|Harbin Institute of Technology"
)
_PLACE = re.compile(
    r"Berkeley|Davis|Irvine|Los Angeles|Merced|Riverside|San Diego|San Francisco|Santa Barbara"
    r"|Santa Cruz|Austin|Dallas|Arlington|San Antonio|Madison|Milwaukee|Urbana-Champaign|Chicago"
    r"|Amherst|Boston|Lowell|Boulder|Denver|Colorado Springs|College Park|Baltimore County"
    r"|Shenzhen|Weihai"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a card says of its paper, as a Summary holds it; ``writer`` is blank without text."""

    domain: str = ""
    topic: str = ""
    keywords: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ()
    text: str = ""
    writer: str = ""


WRITERS = {LLM_LABEL: "llm", EXTRACTIVE_LABEL: "extractive", CURATOR_LABEL: "curator"}
LABELS = {writer: label for label, writer in WRITERS.items()}


def title_of(entry: Line) -> str:
    return to_unicode(entry.title.replace("&lt;", "<").replace("&gt;", ">"))


def authors_of(entry: Line) -> tuple[Author, ...]:
    if not isinstance(entry, Card) or entry.authors == NO_AUTHORS:
        return ()
    return authors.split(entry.authors)


def said_by(card: Card) -> Said:
    tags = card.tags or Tags(domain="", topic="", keywords="")
    names = {author.name for author in authors_of(card)}
    return Said(
        domain=" ".join(tags.domain.split())[:_SHORT],
        topic=" ".join(tags.topic.split())[:_SHORT],
        keywords=_each_once(tags.keywords.split(",")),
        institutions=institutions(card.institutions, names),
        text=" ".join(unescape(card.text).split()),
        writer=WRITERS.get(card.text_label, ""),
    )


def institutions(text: str, author_names: Collection[str] = ()) -> tuple[str, ...]:
    """Each institution once; empty where the document only says that it found none."""
    named = text
    while (cut := _REMARK.sub("", named)) != named:
        named = cut
    if _NONE_FOUND.match(named.strip("( ")):
        return ()
    # Where the document had to explain itself, it may have named the authors instead.
    guessed = author_names if named != text else ()
    return _each_once(name for name in _institutions(named) if name not in guessed)


def _institutions(text: str) -> Iterator[str]:
    """Pieces between commas outside brackets, or between semicolons where there are any."""
    separator = ";" if ";" in text else ","
    whole = ""
    for piece in re.split(separator + r"(?![^()]*\))", text):
        name = " ".join(piece.split())
        if whole and _belongs(whole, name):
            whole += f", {name}"
            continue
        if whole:
            yield whole
        whole = name
    yield whole


def _belongs(before: str, name: str) -> bool:
    """Whether the comma is part of the name, as in "University of California, Riverside"."""
    if _COMPANY_FORM.fullmatch(name):
        return True
    return bool(_CAMPUS.fullmatch(before) and _PLACE.fullmatch(name))


def card_of(
    *, title: str, author_names: Collection[str], link: str, said: Said | None, number: int = 0
) -> Card:
    """The card that says these values, each part on one line."""
    said = said or Said()
    return Card(
        title=one_line(title),
        tags=tags_of(said),
        authors=one_line(", ".join(author_names)) or NO_AUTHORS,
        institutions=institutions_text(said),
        link=link,
        text_label=LABELS.get(said.writer, CURATOR_LABEL) if said.text else "",
        text=text_of(said),
        number=number,
    )


def tags_of(said: Said) -> Tags | None:
    """No tags where nothing is known."""
    domain, topic = (one_line(part).replace("], [", "; ") for part in (said.domain, said.topic))
    keywords = one_line(", ".join(said.keywords))
    if not (domain or topic or keywords):
        return None
    return Tags(domain=domain, topic=topic, keywords=keywords)


def institutions_text(said: Said) -> str:
    return one_line(", ".join(said.institutions))


def text_of(said: Said) -> str:
    return escape(one_line(said.text))


def one_line(text: str) -> str:
    """Without line breaks and signs that a document cannot hold."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text).split())


def _each_once(words: Iterator[str] | list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for text in words if (word := " ".join(text.split()))))

"""The weekly document as JSON: the same week with canonical values."""

from __future__ import annotations

import json
from typing import Any

from digest.archive.canonical import authors_of, said_by, title_of
from digest.archive.week import Card, Day, Line, WeekDocument, WeekSection


def as_json(document: WeekDocument) -> str:
    days = [_day(day) for day in document.days]
    return json.dumps({"week": document.name, "days": days}, ensure_ascii=False, indent=2) + "\n"


def _day(day: Day) -> dict[str, Any]:
    return {
        "date": day.date.isoformat(),
        "sections": [_section(section) for section in day.sections],
    }


def _section(section: WeekSection) -> dict[str, Any]:
    return {
        "label": section.label,
        "total": section.total,
        "style": "cards" if section.is_cards else "lines",
        "papers": [_paper(entry) for entry in section.entries],
    }


def _paper(entry: Line) -> dict[str, Any]:
    paper: dict[str, Any] = {
        "arxiv_id": entry.arxiv_id,
        "title": title_of(entry),
        "link": entry.link,
    }
    if isinstance(entry, Card):
        paper |= _card(entry)
    return paper


def _card(card: Card) -> dict[str, Any]:
    """``tags`` is null where they read TBD, ``summary`` where there is no text."""
    said = said_by(card)
    tags = {"domain": said.domain, "topic": said.topic, "keywords": said.keywords}
    summary = {"writer": said.writer, "text": said.text}
    return {
        "authors": [author.name for author in authors_of(card)],
        "institutions": said.institutions,
        "tags": tags if card.tags else None,
        "summary": summary if said.text else None,
    }

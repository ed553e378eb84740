"""Which house sections hold a paper because of its words, and the words marked in its text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.safestring import SafeString

from digest.arxiv.tex import readable
from digest.marked import marked as with_marks
from digest.models import Announcement, HouseSection, Paper
from digest.sections import rules
from digest.sections.explaining import Matched, explain
from digest.sections.texts import PaperText


@dataclass(frozen=True, slots=True)
class Reason:
    """A keyword section of the house that holds the paper, and the words that are why."""

    label: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MarkedPaper:
    """The paper's title and abstract as they are shown, with the words of all reasons marked."""

    title: SafeString
    abstract: SafeString
    reasons: tuple[Reason, ...]


def marked(paper: Paper) -> MarkedPaper:
    """What is shown is what is looked at, so that the marks stand where a reader sees the words."""
    shown = PaperText(
        key=paper.pk,
        title=readable(paper.title),
        abstract=readable(paper.abstract),
        authors=tuple(paper.author_names),
        comments=paper.comments,
    )
    found = [(label, why) for label, why in _matches(paper, shown) if why]
    return MarkedPaper(
        title=with_marks(shown.title, [span for _, why in found for span in why.title]),
        abstract=with_marks(shown.abstract, [span for _, why in found for span in why.abstract]),
        reasons=tuple(Reason(label, why.words) for label, why in found if why.words),
    )


def _matches(paper: Paper, shown: PaperText) -> Iterable[tuple[str, Matched]]:
    sections = HouseSection.objects.select_related("section").exclude(section__expression="")
    house = list(sections)
    known = rules.understood(one.section.expression for one in house)
    announced = set(Announcement.objects.filter(paper=paper).values_list("category", flat=True))
    announced |= set(paper.categories)
    for one in house:
        codes = one.section.category_list
        expression = known.get(one.section.expression)
        if expression and (not codes or announced.intersection(codes)):
            yield one.label, explain(expression, shown)

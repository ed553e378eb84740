"""One paper as the desk shows it: the abstract beside what we say, doubts marked in both."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString

from digest import history
from digest.archive.pages import authors_line
from digest.curation.day import Row
from digest.history import Step
from digest.marked import marked
from digest.models import FirstPage, Listing, Placement, Summary
from digest.summaries import history as summary_history
from digest.summaries import offered
from digest.summaries.extractive import carrying_sentences
from digest.summaries.grounding import Finding

AUTHORS_SHOWN = 6
_SEPARATOR = " / "


@dataclass(frozen=True, slots=True)
class Tag:
    """A domain and topic to choose."""

    domain: str
    topic: str

    @property
    def value(self) -> str:
        return f"{self.domain}{_SEPARATOR}{self.topic}"

    @classmethod
    def of(cls, value: str) -> Tag:
        domain, _, topic = value.partition(_SEPARATOR)
        return cls(domain.strip(), topic.strip())


@dataclass(frozen=True, slots=True)
class Card:
    """What the desk shows of one paper."""

    row: Row
    abstract: SafeString
    text: SafeString
    findings: tuple[Finding, ...]
    quoted: str
    has_page: bool
    changes: int

    @property
    def summary(self) -> Summary:
        return self.row.summary or Summary(paper=self.row.paper, revision=0)

    @property
    def tag(self) -> Tag:
        return Tag(self.summary.domain, self.summary.topic)

    @property
    def authors(self) -> str:
        return authors_line(self.row.paper.author_names, AUTHORS_SHOWN)


def card_of(row: Row) -> Card:
    """Doubts stand in a text that nobody has decided on; what was approved is as it is."""
    paper, summary = row.paper, row.summary
    findings = _findings(summary) if summary and row.doubts else ()
    changes = Summary.history.filter(id=summary.pk).count() if summary else 0
    return Card(
        row=row,
        abstract=marked(paper.abstract, [near for one in findings for near in one.near], "near"),
        text=marked(
            summary.text if summary else "", [(one.start, one.end) for one in findings], "doubted"
        ),
        findings=findings,
        quoted=carrying_sentences(paper.abstract, title=paper.title),
        has_page=FirstPage.objects.filter(paper=paper).exclude(text="").exists(),
        changes=changes,
    )


def tags_offered() -> list[tuple[str, list[Tag]]]:
    """The closed lists, by domain."""
    names = offered.taxonomy().names()
    return [(domain, [Tag(domain, topic) for topic in topics]) for domain, topics in names]


def steps_of(row: Row, listing: Listing) -> dict[str, list[Step]]:
    """What was said of the paper, and where it was put in this listing."""
    placement = Placement.objects.filter(listing=listing, paper=row.paper).first()
    return {
        "steps": summary_history.steps(row.summary) if row.summary else [],
        "placement_steps": history.steps_of_placement(placement) if placement else [],
    }


def _findings(summary: Summary) -> tuple[Finding, ...]:
    return tuple(Finding.from_data(one) for one in summary.findings)

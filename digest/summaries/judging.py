"""A language model's answer against its paper: what may be stored of it, and in which state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from digest.arxiv.tex import readable
from digest.models import FirstPage, Paper, Summary
from digest.summaries import institutions
from digest.summaries.grounding import Finding, Source, check, cleaned
from digest.summaries.llm import Answer
from digest.summaries.settling import clean_keywords, settle
from digest.summaries.tagging import tags_for
from digest.summaries.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class Judged:
    """What an answer becomes: the values of a Summary's fields."""

    domain: str
    topic: str
    keywords: list[str]
    institutions: list[str]
    text: str
    status: Summary.Status
    reason: str
    findings: list[dict[str, Any]] = field(default_factory=list)

    def write_to(self, summary: Summary) -> None:
        summary.domain, summary.topic = self.domain, self.topic
        summary.keywords, summary.institutions = self.keywords, self.institutions
        summary.text, summary.status = self.text, self.status
        summary.reason, summary.findings = self.reason, self.findings


def judge(paper: Paper, answer: Answer, lists: Taxonomy, page: str = "") -> Judged:
    """An answer that passes is approved if AUTO_APPROVE says so, else a draft; what does not
    pass is a draft with its doubts."""
    text = cleaned(answer.text)
    findings = findings_of(paper, text, page)
    by_rules = tags_for(paper.title, paper.abstract, paper.categories, lists)
    tags = settle(answer.domain, answer.topic, lists, by_rules)
    title, abstract = readable(paper.title), readable(paper.abstract)
    keywords = clean_keywords(answer.keywords, title, abstract, page) or by_rules.keywords
    approved = bool(text) and not findings and not tags.flags and settings.AUTO_APPROVE
    return Judged(
        domain=tags.domain,
        topic=tags.topic,
        keywords=list(keywords),
        institutions=_institutions(paper, answer, page),
        text=text,
        status=Summary.Status.APPROVED if approved else Summary.Status.DRAFT,
        reason=" ".join(filter(None, (said(findings), *tags.flags))),
        findings=[one.as_data() for one in findings],
    )


def said(findings: Iterable[Finding]) -> str:
    """Findings in sentences, as a Summary's reason."""
    return " ".join(one.message for one in findings)


def institutions_of(paper: Paper, page: str) -> list[str]:
    """By rules alone: page one, the feed's affiliations, mail domains."""
    affiliations = [
        str(name) for author in paper.authors for name in author.get("affiliations") or () if name
    ]
    found = institutions.by_rules(
        page=page,
        authors=paper.author_names,
        affiliations=affiliations,
        title=paper.title,
        abstract=paper.abstract,
    )
    return list(found)


def _institutions(paper: Paper, answer: Answer, page: str) -> list[str]:
    """A model's list is believed as far as page one bears it out."""
    checked = institutions.checked(answer.institutions, page, paper.author_names)
    return list(checked) or institutions_of(paper, page)


def page_of(paper: Paper) -> str:
    """The text of page one, where it is at hand and of this version."""
    try:
        page = paper.first_page
    except FirstPage.DoesNotExist:
        return ""
    return page.text if page.version == paper.version else ""


def findings_of(paper: Paper, text: str, page: str = "") -> tuple[Finding, ...]:
    """What the guard doubts in a text about a paper."""
    return check(text, Source(paper.title, paper.abstract, page))

"""Doctor on summaries: a language model that does not answer, drafts that wait."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from digest.arxiv import calendar
from digest.models import Summary, WriterCall
from newsletter import summary_findings
from tests.make import announce, make_paper, make_summary

pytestmark = pytest.mark.django_db


def found() -> list[str]:
    return [one.what for one in summary_findings.examine(timezone.now())]


def test_a_model_that_does_not_answer_is_named_with_its_reason(settings: Any) -> None:
    settings.LLM_MODEL, settings.LLM_BASE_URL = "m", "http://127.0.0.1:1/v1"
    for _ in range(2):
        Summary.objects.create(paper=make_paper(), attempts=3, reason="HTTP 500.")
    assert found() == ["2 papers wait for the language model: HTTP 500."]


def test_a_spent_budget_is_said(settings: Any) -> None:
    settings.LLM_MODEL, settings.LLM_BASE_URL = "m", "http://127.0.0.1:1/v1"
    settings.LLM_DAILY_CALLS = 1
    WriterCall.objects.create(paper=make_paper(), seconds=1, at=timezone.now())
    assert found() == ["Today's budget of 1 calls is spent."]


def test_drafts_of_a_listing_that_is_still_to_go_out_are_counted() -> None:
    today = calendar.today(timezone.now())
    paper = make_paper()
    announce(paper, today)
    announce(paper, today, "cs.LG", "cross")
    make_summary(paper, status=Summary.Status.DRAFT)
    assert found() == [f"1 drafts of {today} wait for a curator."]


def test_without_a_model_and_without_drafts_nothing_is_found() -> None:
    Summary.objects.create(paper=make_paper(), attempts=9, reason="HTTP 500.")
    assert found() == []

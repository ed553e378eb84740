"""A language model writes Summaries: each paper once, and whatever an endpoint does, nothing is
lost, nothing is stuck, and the reason can be read."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from digest.models import Listing, Paper, Summary, WriterCall
from digest.sections.building import build_listing
from digest.summaries import answers, claims, editing
from digest.summaries.llm import Answer, Reply
from digest.summaries.writing import summarize
from tests import llm_server
from tests.llm_server import Behaviour, LlmServer
from tests.make import DAY, announce, make_paper

pytestmark = pytest.mark.django_db
TEXT = (
    "The paper isolates a failure to one replica while the others go on, so that a fleet keeps "
    "training. The stalls of a recovery fall to 3 minutes, and effective training time rises from "
    "44% to 80%."
)
ABSTRACT = (
    "Large training runs must ride through failures. We isolate a failure to one replica and let "
    "the others go on. Stalls fall to 3 minutes, and effective training time rises from 44% to 80%."
)


def said(text: str = TEXT, **changes: Any) -> str:
    """What a good model says of these papers, as JSON."""
    values = {
        "domain": "mlsys", "topic": "fault-tolerance", "keywords": ["replicas", "recovery"],
        "institutions": [], "text": text,
    }  # fmt: skip
    return json.dumps(values | changes)


@pytest.fixture
def endpoint(settings: Any) -> Iterator[LlmServer]:
    with LlmServer(otherwise=llm_server.says(said())) as found:
        settings.LLM_BASE_URL = found.url
        settings.LLM_MODEL = "test-model"
        settings.LLM_TIMEOUT = 1
        yield found


def make_day(papers: int = 1) -> list[Paper]:
    made = [make_paper(abstract=ABSTRACT, title=f"Replicas, part {n}") for n in range(papers)]
    for paper in made:
        announce(paper)
    build_listing(DAY)
    return made


def of(paper: Paper) -> Summary:
    return Summary.objects.get(paper=paper)


def due(*papers: Paper) -> None:
    """As if their time to wait were over."""
    Summary.objects.filter(paper__in=papers).update(next_try_at=None)


def test_a_good_answer_is_approved_and_says_what_it_took(endpoint: LlmServer) -> None:
    paper = make_day()[0]
    report = summarize(DAY)
    summary = of(paper)
    assert (summary.status, summary.writer, summary.model) == ("approved", "llm", "test-model")
    assert summary.domain == "mlsys"
    assert "3 minutes" in summary.text
    assert (summary.input_tokens, summary.output_tokens) == (321, 54)
    assert summary.finish_reason == "stop"
    assert summary.seconds is not None
    assert summary.prompt_version
    assert report.asked is not None
    assert (report.asked.asked, report.asked.written, report.pending) == (1, 1, 0)


def test_without_auto_approve_a_good_answer_is_a_draft(endpoint: LlmServer, settings: Any) -> None:
    settings.AUTO_APPROVE = False
    paper = make_day()[0]
    summarize(DAY)
    assert (of(paper).status, of(paper).findings) == ("draft", [])


def test_what_the_guard_doubts_is_a_draft_with_the_reason(endpoint: LlmServer) -> None:
    endpoint.otherwise = llm_server.says(
        said(
            "The paper isolates a failure to one replica while the others go on meanwhile. The "
            "stalls of a recovery fall to 2 minutes on A100 devices, which is less than before."
        )
    )
    paper = make_day()[0]
    summarize(DAY)
    summary = of(paper)
    assert summary.status == "draft"
    assert {finding["quote"] for finding in summary.findings} == {"2 minutes", "A100"}
    assert '"A100" is not in the paper.' in summary.reason


def test_nobody_is_asked_twice(endpoint: LlmServer) -> None:
    make_day(3)
    summarize(DAY)
    summarize(DAY)
    summarize(DAY, only_missing=False)
    assert len(endpoint.requests) == 3


def test_a_known_answer_is_taken_without_a_call(endpoint: LlmServer) -> None:
    paper = make_day()[0]
    summarize(DAY)
    Summary.objects.all().delete()
    summarize(DAY)
    assert len(endpoint.requests) == 1
    assert of(paper).status == "approved"


def test_another_version_of_the_paper_is_written_anew_on_demand(endpoint: LlmServer) -> None:
    paper = make_day()[0]
    summarize(DAY)
    Paper.objects.filter(pk=paper.pk).update(version=2)
    summarize(DAY)
    assert len(endpoint.requests) == 1
    summarize(DAY, only_missing=False)
    assert len(endpoint.requests) == 2
    assert of(paper).paper_version == 2


def test_what_a_person_has_touched_is_never_written_over(
    endpoint: LlmServer, django_user_model: Any
) -> None:
    paper = make_day()[0]
    summarize(DAY)
    editing.set_status(of(paper).pk, Summary.Status.REJECTED)
    Paper.objects.filter(pk=paper.pk).update(version=2)
    summarize(DAY, only_missing=False)
    assert len(endpoint.requests) == 1
    assert of(paper).status == "rejected"


def test_a_paper_that_no_section_holds_is_quoted_and_not_asked_about(endpoint: LlmServer) -> None:
    paper = make_paper(abstract=ABSTRACT, categories=["math.AG"])
    announce(paper)
    build_listing(DAY)
    summarize(DAY)
    assert endpoint.requests == []
    assert of(paper).writer == "extractive"


FAILURES: dict[str, tuple[Behaviour, str]] = {
    "drips for ever": (llm_server.drips(b"HTTP/1.1 200 OK\r\n\r\n"), "took longer than 1 second"),
    "never answers": (llm_server.hangs, "took longer than 1 second"),
    "hangs up": (llm_server.resets, "no answer"),
    "429": (llm_server.fails(429, "too much", Retry_After="600"), "429"),
    "500": (llm_server.fails(500, "oh no"), "500"),
    "half a JSON": (llm_server.says(said()[:60]), "JSON"),
    "ten megabytes": (llm_server.body(b" " * 10_000_000), "larger"),
    "HTML": (llm_server.body(b"<html>Hello</html>", "text/html"), "web page"),
    "length": (llm_server.says(said()[:90], "length"), "finish_reason=length"),
    "nothing": (llm_server.body(b""), "blank"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_whatever_an_endpoint_does_the_paper_waits_with_a_reason_and_is_asked_again(
    endpoint: LlmServer, name: str
) -> None:
    good = endpoint.otherwise
    endpoint.otherwise, words = FAILURES[name]
    paper = make_day()[0]
    summarize(DAY)
    summary = of(paper)
    assert (summary.status, summary.text, summary.attempts) == ("pending", "", 1)
    assert words in summary.reason
    assert summary.reason
    assert summary.next_try_at is not None
    assert summary.next_try_at > timezone.now() + dt.timedelta(minutes=4)
    assert WriterCall.objects.get().reason == summary.reason
    asked = len(endpoint.requests)
    summarize(DAY)
    assert len(endpoint.requests) == asked, "asked again before its time"
    due(paper)
    endpoint.otherwise = good
    summarize(DAY)
    assert (of(paper).status, of(paper).attempts, of(paper).reason) == ("approved", 0, "")


def test_the_endpoint_is_left_alone_for_as_long_as_it_wants(endpoint: LlmServer) -> None:
    endpoint.otherwise = llm_server.fails(429, "too much", Retry_After="7200")
    papers = make_day(12)
    report = summarize(DAY)
    assert len(endpoint.requests) <= 3
    assert report.asked is not None
    assert report.asked.left >= 9
    for paper in papers:
        waits = of(paper)
        assert waits.next_try_at is not None
        assert waits.next_try_at > timezone.now() + dt.timedelta(minutes=110)
        assert "429" in waits.reason


def test_answers_that_are_none_do_not_end_the_round_for_the_others(endpoint: LlmServer) -> None:
    endpoint.otherwise = llm_server.says(said()[:90], "length")
    make_day(6)
    summarize(DAY)
    assert len(endpoint.requests) == 6


def test_after_many_calls_in_vain_a_paper_waits_for_a_curator(endpoint: LlmServer) -> None:
    endpoint.otherwise = llm_server.says(said()[:90], "length")
    paper = make_day()[0]
    for _ in range(9):
        Summary.objects.filter(next_try_at__lt=timezone.now() + dt.timedelta(days=1)).update(
            next_try_at=None
        )
        summarize(DAY)
    assert len(endpoint.requests) == 8
    assert of(paper).reason.endswith("Given up after 8 calls.")


def test_a_pause_doubles_with_each_failure(endpoint: LlmServer) -> None:
    endpoint.otherwise = llm_server.fails(500)
    paper = make_day()[0]
    waits = []
    for _ in range(3):
        due(paper)
        summarize(DAY)
        waits.append((of(paper).next_try_at or timezone.now()) - timezone.now())
    assert waits[0] * 1.5 < waits[1]
    assert waits[1] * 1.5 < waits[2]
    assert of(paper).attempts == 3


@pytest.mark.parametrize(
    ("name", "limit", "asked"),
    [
        ("LLM_DAILY_CALLS", 3, 3),
        ("LLM_DAILY_TOKENS", 700, 2),
        ("LLM_DAILY_COST", Decimal("0.001"), 3),
    ],
)
def test_a_spent_budget_stops_the_day_cleanly(
    endpoint: LlmServer, settings: Any, name: str, limit: Any, asked: int
) -> None:
    settings.LLM_CONCURRENCY = 1
    settings.LLM_PRICE_INPUT = settings.LLM_PRICE_OUTPUT = Decimal(1)
    setattr(settings, name, limit)
    papers = make_day(6)
    report = summarize(DAY)
    assert len(endpoint.requests) == asked
    assert report.asked is not None
    assert "budget" in report.asked.stopped
    last = of(papers[-1])
    assert "budget" in last.reason
    assert last.next_try_at is not None
    assert last.next_try_at.astimezone(dt.UTC).time() == dt.time(0)


def test_a_claimed_paper_is_left_to_its_worker_until_the_lease_ends(endpoint: LlmServer) -> None:
    paper = make_day()[0]
    Summary.objects.create(paper=paper, next_try_at=timezone.now() + dt.timedelta(minutes=5))
    summarize(DAY)
    assert endpoint.requests == []
    due(paper)
    summarize(DAY)
    assert of(paper).status == "approved"


def test_asked_again_with_a_hint_the_writer_gets_the_hint(endpoint: LlmServer) -> None:
    paper = make_day()[0]
    summarize(DAY)
    editing.ask_again(of(paper).pk, "Say what the bound is.")
    assert (of(paper).status, of(paper).text) == ("pending", "")
    summarize(DAY)
    assert "Say what the bound is." in str(endpoint.requests[-1].body)
    assert of(paper).status == "approved"
    editing.ask_again(of(paper).pk, "Say what the bound is.")
    summarize(DAY)
    assert len(endpoint.requests) == 3, "an answer that a curator did not want is not taken again"


def test_a_curator_who_writes_meanwhile_keeps_the_word() -> None:
    paper = make_day()[0]
    Summary.objects.create(paper=paper)
    now = timezone.now()
    (claimed,) = claims.claim([paper.pk], now, rewrite=False)
    words = "A person's own words."
    wanted = replace(editing.Edit.of(of(paper)), text=words, status=Summary.Status.APPROVED)
    editing.edit(of(paper).pk, wanted)
    answer = Answer.from_data(json.loads(said()))
    assert answers.store(claimed, Reply(answer, ""), now) is None
    assert (of(paper).text, of(paper).status) == (words, "approved")
    assert answers.known(claimed), "the answer is kept all the same"


def test_a_call_that_fails_says_nothing_of_a_paper_that_was_asked_again_meanwhile() -> None:
    paper = make_day()[0]
    Summary.objects.create(paper=paper)
    (claimed,) = claims.claim([paper.pk], timezone.now(), rewrite=False)
    editing.ask_again(of(paper).pk, "Say what the bound is.")
    later = timezone.now() + dt.timedelta(hours=6)
    claims.give_back([claimed], later, "HTTP 500", attempts=3)
    claims.renew([claimed], later)
    assert (of(paper).reason, of(paper).next_try_at) == (editing.ASKED_AGAIN, None)
    assert of(paper).attempts == 0


def test_what_a_person_approved_is_not_written_over_when_their_account_is_gone(
    endpoint: LlmServer,
) -> None:
    paper = make_day()[0]
    summarize(DAY)
    Summary.objects.update(status="draft")
    editing.set_status(of(paper).pk, Summary.Status.APPROVED)
    Paper.objects.filter(pk=paper.pk).update(version=2)
    summarize(DAY, only_missing=False)
    assert len(endpoint.requests) == 1


def test_the_houses_cards_are_asked_about_first(endpoint: LlmServer, settings: Any) -> None:
    settings.LLM_CONCURRENCY = 1
    line = make_paper(
        title="Reinforcement learning of things", abstract=f"Reinforcement learning. {ABSTRACT}",
        categories=["cs.LG"], arxiv_id="2601.00001",
    )  # fmt: skip
    announce(line)
    card = make_day()[0]
    summarize(DAY)
    first = str(endpoint.requests[0].body)
    assert card.title in first
    assert line.title not in first
    assert len(endpoint.requests) == 2


def test_without_an_abstract_nobody_is_asked(endpoint: LlmServer) -> None:
    paper = make_paper(abstract="")
    announce(paper)
    build_listing(DAY)
    summarize(DAY)
    assert endpoint.requests == []
    assert "No abstract" in of(paper).reason


def test_a_listing_that_is_released_meanwhile_is_summarised_all_the_same(
    endpoint: LlmServer,
) -> None:
    paper = make_day()[0]
    Listing.objects.filter(pk=DAY).update(status="released", released_at=timezone.now())
    summarize(DAY)
    assert of(paper).status == "approved"

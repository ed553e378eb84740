"""A real language model, which is small and bad, through the writer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from digest.summaries.llm import Endpoint, Question, Writer, ask_all
from tests.live import local_llm

pytestmark = pytest.mark.live

DOMAINS = (("ai", ("agents", "others")), ("sys", ("storage", "others")))
QUESTION = Question(
    "Pebble: learning what to evict from reuse distances",
    "Caches evict by age. We propose Pebble, a policy that learns reuse distances in a sketch of "
    "2.5 bits per entry. On four traces Pebble reduces misses by 31% over LRU.",
    ("cs.OS", "cs.LG"),
    domains=DOMAINS,
)


@pytest.fixture(scope="module")
def writer() -> Iterator[Writer]:
    files = local_llm.installed()
    if files is None:
        pytest.skip(local_llm.NOT_INSTALLED)
    with local_llm.served(files) as url, Writer(_endpoint(url)) as writer:
        yield writer


def _endpoint(url: str) -> Endpoint:
    return Endpoint(url, "", local_llm.MODEL, timeout=200, max_output_tokens=400)


def test_a_real_model_is_held_to_the_closed_lists(writer: Writer) -> None:
    reply = writer.ask(QUESTION)
    assert reply.input_tokens > 200
    assert 0 < reply.output_tokens <= 400
    assert reply.answer, reply.reason
    assert reply.answer.domain in {"ai", "sys"}
    assert reply.answer.topic in {"agents", "storage", "others"}
    assert len(reply.answer.keywords) <= 7
    assert reply.answer.text


def test_a_real_server_answers_several_at_once(writer: Writer) -> None:
    asked = ((key, QUESTION) for key in range(3))
    replies = dict(ask_all(writer, asked, 2, stop=lambda: False))
    assert sorted(replies) == [0, 1, 2]
    assert all(reply.answer or reply.reason for reply in replies.values())
    assert all(reply.finish_reason in {"stop", "length"} for reply in replies.values())

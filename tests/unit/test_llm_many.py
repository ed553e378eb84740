"""Many questions at once, and how often an endpoint is asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from digest.summaries.llm import Endpoint, Question, Rate, Writer, ask_all
from tests.llm_server import Exchange, LlmServer, answers, fails

QUESTION = Question("Pebble", "A cache.", ("cs.OS",))


@pytest.fixture
def server() -> Iterator[LlmServer]:
    with LlmServer() as server:
        yield server


@pytest.fixture
def writer(server: LlmServer) -> Iterator[Writer]:
    with Writer(Endpoint(server.url, "", "small")) as writer:
        yield writer


def asked(number: int) -> Iterator[tuple[int, Question]]:
    return ((key, QUESTION) for key in range(number))


def never() -> bool:
    return False


def test_every_question_has_its_reply(writer: Writer, server: LlmServer) -> None:
    server.script.extend([fails(429), answers(summary="One.")])
    replies = dict(ask_all(writer, asked(9), 3, never))
    assert sorted(replies) == list(range(9))
    assert sum(reply.answer is None for reply in replies.values()) == 1


def test_no_more_are_asked_at_once_than_allowed(writer: Writer, server: LlmServer) -> None:
    lock, now, most, together = threading.Lock(), [0], [0], threading.Barrier(3)

    def counts(exchange: Exchange) -> None:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        together.wait(10)
        with lock:
            now[0] -= 1
        answers()(exchange)

    server.otherwise = counts
    assert len(list(ask_all(writer, asked(9), 3, never))) == 9
    assert most == [3]


def test_a_reply_comes_while_others_are_still_waited_for(writer: Writer, server: LlmServer) -> None:
    seen = threading.Event()

    def waits(exchange: Exchange) -> None:
        seen.wait(10)
        answers()(exchange)

    server.script.append(waits)
    replies = ask_all(writer, asked(2), 2, never)
    next(replies)
    assert not seen.is_set()
    seen.set()
    assert len(list(replies)) == 1


def test_who_says_stop_gets_what_is_under_way_and_nothing_else(
    writer: Writer, server: LlmServer
) -> None:
    allowed = iter([False, False, True])
    taken: list[int] = []

    def questions() -> Iterator[tuple[int, Question]]:
        for key in range(9):
            taken.append(key)
            yield key, QUESTION

    replies = list(ask_all(writer, questions(), 2, lambda: next(allowed)))
    assert sorted(key for key, _ in replies) == taken == [0, 1]
    assert len(server.requests) == 2


def test_a_budget_that_is_spent_from_the_start_asks_nothing(
    writer: Writer, server: LlmServer
) -> None:
    assert list(ask_all(writer, asked(3), 2, lambda: True)) == []
    assert server.requests == []


def test_questions_and_the_budget_are_looked_at_in_the_calling_thread(writer: Writer) -> None:
    threads: set[int] = set()

    def stop() -> bool:
        threads.add(threading.get_ident())
        return False

    def questions() -> Iterator[tuple[int, Question]]:
        for key in range(4):
            threads.add(threading.get_ident())
            yield key, QUESTION

    assert len(list(ask_all(writer, questions(), 2, stop))) == 4
    assert threads == {threading.get_ident()}


def test_after_the_iterator_is_closed_nothing_is_asked(server: LlmServer) -> None:
    # The second and third wait for their turn for a minute each.
    with Writer(Endpoint(server.url, "", "small"), Rate(per_minute=1)) as writer:
        replies = ask_all(writer, asked(9), 3, never)
        next(replies)
        replies.close()
        assert len(server.requests) == 1
        assert all(not thread.name.startswith("llm") for thread in threading.enumerate())


def test_an_error_in_the_questions_is_the_callers(writer: Writer) -> None:
    def broken() -> Iterator[tuple[int, Question]]:
        yield 1, QUESTION
        raise RuntimeError("the database has gone")

    with pytest.raises(RuntimeError, match="the database has gone"):
        list(ask_all(writer, broken(), 2, never))


def test_a_rate_gives_so_many_turns_a_minute() -> None:
    now = [100.0]
    rate = Rate(per_minute=30, clock=lambda: now[0])
    assert [rate.reserve() for _ in range(3)] == [0.0, 2.0, 4.0]
    now[0] += 5.0
    assert rate.reserve() == 1.0


def test_a_burst_is_saved_up_and_no_more() -> None:
    now = [0.0]
    rate = Rate(per_minute=60, burst=3, clock=lambda: now[0])
    assert [rate.reserve() for _ in range(4)] == [0.0, 0.0, 0.0, 1.0]
    now[0] += 3_600.0
    assert [rate.reserve() for _ in range(4)] == [0.0, 0.0, 0.0, 1.0]


@pytest.mark.parametrize(("per_minute", "burst"), [(0, 1), (-1, 1), (float("nan"), 1), (5, 0)])
def test_a_rate_that_lets_nobody_through_is_refused(per_minute: float, burst: int) -> None:
    with pytest.raises(ValueError, match="no rate"):
        Rate(per_minute, burst)


def test_a_turn_may_be_given_up() -> None:
    stopped = threading.Event()
    rate = Rate(per_minute=1)
    assert rate.wait(stopped)
    stopped.set()
    assert not rate.wait(stopped)

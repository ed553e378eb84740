"""The language-model writer, and endpoints that do what they should not."""

from __future__ import annotations

import datetime as dt
import json
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from email.utils import format_datetime
from typing import Any

import pytest

from digest.summaries.llm import Answer, Endpoint, Question, Rate, Reply, Writer
from tests.llm_server import (
    ANSWER,
    Behaviour,
    LlmServer,
    answers,
    body,
    breaks_off,
    completion,
    drips,
    fails,
    hangs,
    refuses_formats,
    resets,
    says,
)

DOMAINS = (("ai", ("agents", "others")), ("sys", ("storage", "others")))
QUESTION = Question(
    "Pebble: a cache policy", "Pebble reduces misses by 31%.", ("cs.OS",), domains=DOMAINS
)
_EVERY_FORMAT = ["json_schema", "json_schema", "json_object", ""]
_OK = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture
def server() -> Iterator[LlmServer]:
    with LlmServer() as server:
        yield server


def endpoint(server: LlmServer, **fields: Any) -> Endpoint:
    return Endpoint(base_url=server.url, **{"api_key": "sk-secret-1", "model": "small", **fields})


def ask(server: LlmServer, **fields: Any) -> Reply:
    with Writer(endpoint(server, **fields)) as writer:
        return writer.ask(QUESTION)


def test_a_good_answer_comes_with_what_it_cost(server: LlmServer) -> None:
    reply = ask(server)
    assert reply.answer == Answer(
        "sys", "storage", ("cache policy", "Pebble"), (), ANSWER["summary"]
    )
    assert (reply.reason, reply.finish_reason, reply.final, reply.refused) == (
        "", "stop", False, False,
    )  # fmt: skip
    assert (reply.input_tokens, reply.output_tokens) == (321, 54)
    assert 0 < reply.seconds < 30


def test_an_endpoint_is_asked_with_key_model_lists_and_limits(server: LlmServer) -> None:
    ask(server, max_output_tokens=77)
    (asked,) = server.requests
    assert asked.path == "/v1/chat/completions"
    assert asked.headers["authorization"] == "Bearer sk-secret-1"
    assert (asked.body["model"], asked.body["max_tokens"]) == ("small", 77)
    schema = asked.body["response_format"]["json_schema"]
    assert schema["strict"] is True
    assert schema["schema"]["properties"]["domain"]["enum"] == ["ai", "sys"]
    assert schema["schema"]["properties"]["topic"]["enum"] == ["agents", "others", "storage"]


def test_nothing_is_said_of_this_machine_or_its_surroundings(
    server: LlmServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "somebody-else")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "another-project")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Ambient: yes")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert ask(server).answer
    (asked,) = server.requests
    told = " ".join([*asked.headers, *asked.headers.values()]).lower()
    assert not any(word in told for word in ("stainless", "openai", "somebody", "ambient"))
    assert asked.headers["user-agent"] == "preprint-post/0.1"


def test_without_a_key_one_that_says_so_is_sent(server: LlmServer) -> None:
    assert ask(server, api_key="").answer
    assert server.requests[0].headers["authorization"] == "Bearer none"


# The forms of asking.


@pytest.mark.parametrize("status", [400, 415, 422, 500, 501])
def test_an_endpoint_that_knows_no_schemas_is_asked_for_an_object(
    server: LlmServer, status: int
) -> None:
    server.otherwise = refuses_formats("json_schema", status=status)
    assert ask(server).answer
    assert server.formats == ["json_schema", "json_schema", "json_object"]


def test_a_schema_without_limits_is_tried_before_no_schema(server: LlmServer) -> None:
    server.script.append(fails(400, "Invalid schema: 'maxLength' is not permitted."))
    assert ask(server).answer
    first, second = (asked.body["response_format"]["json_schema"] for asked in server.requests)
    assert "maxLength" in json.dumps(first)
    assert "maxLength" not in json.dumps(second)
    assert "enum" in json.dumps(second)


def test_an_endpoint_that_knows_no_formats_is_asked_in_words_alone(server: LlmServer) -> None:
    server.otherwise = refuses_formats("json_schema", "json_object", status=422)
    assert ask(server).answer
    assert server.formats == _EVERY_FORMAT


def test_how_an_endpoint_wants_to_be_asked_is_found_out_once(server: LlmServer) -> None:
    server.otherwise = refuses_formats("json_schema", "json_object")
    with Writer(endpoint(server)) as writer:
        assert all(writer.ask(QUESTION).answer for _ in range(3))
    assert server.formats == [*_EVERY_FORMAT, "", ""]


def test_a_sick_endpoint_teaches_nothing(server: LlmServer) -> None:
    server.script.extend(fails(500) for _ in _EVERY_FORMAT)
    with Writer(endpoint(server)) as writer:
        assert writer.ask(QUESTION).reason.startswith("HTTP 500")
        assert writer.ask(QUESTION).answer
    assert server.formats == [*_EVERY_FORMAT, "json_schema"]


def test_once_answered_an_error_is_an_error(server: LlmServer) -> None:
    with Writer(endpoint(server)) as writer:
        writer.ask(QUESTION)
        server.script.append(fails(500, "out of memory"))
        reply = writer.ask(QUESTION)
        assert (reply.reason, reply.final) == (
            "HTTP 500: error of the endpoint: out of memory", False,
        )  # fmt: skip
        server.script.append(fails(400, "prompt has 9000 tokens"))
        assert writer.ask(QUESTION).final
    assert len(server.requests) == 3


def test_once_answered_a_format_may_still_be_refused_by_name(server: LlmServer) -> None:
    with Writer(endpoint(server)) as writer:
        writer.ask(QUESTION)
        server.otherwise = refuses_formats(
            "json_schema", status=404, message="No endpoint supports response_format"
        )
        assert writer.ask(QUESTION).answer


def test_a_model_that_knows_other_names_is_asked_by_them(server: LlmServer) -> None:
    server.script.append(fails(400, "Unsupported 'max_tokens': use 'max_completion_tokens'."))
    server.script.append(fails(400, "'temperature' does not support 0 with this model."))
    with Writer(endpoint(server)) as writer:
        assert writer.ask(QUESTION).answer
        assert writer.ask(QUESTION).answer
    assert len(server.requests) == 4
    last = server.requests[-1]
    assert last.body["max_completion_tokens"] == 600
    assert {"max_tokens", "temperature"}.isdisjoint(last.body)
    assert last.format == "json_schema"


def test_threads_may_share_a_writer(server: LlmServer) -> None:
    server.otherwise = refuses_formats("json_schema")
    replies: list[Reply] = []
    with Writer(endpoint(server)) as writer:
        threads = [
            threading.Thread(target=lambda: replies.append(writer.ask(QUESTION))) for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert writer.ask(QUESTION).answer
    assert len([reply for reply in replies if reply.answer]) == 8
    assert server.formats[-1] == "json_object"


# What is no answer.

_HALF = json.dumps(ANSWER)[:60]
_NO_ANSWERS: list[tuple[str, Behaviour, str]] = [
    ("half a JSON", says(_HALF), "the answer is no JSON: it ends in the middle"),
    ("half a frame", body(completion("x")[:50]), "the answer is no JSON: it breaks off"),
    ("a frame that stops", breaks_off, "no answer: peer closed connection"),
    ("cut off", says(_HALF, "length"), "the answer was cut off (finish_reason=length)"),
    ("cut off before", says("", "length"), "the answer was cut off (finish_reason=length)"),
    ("prose", says("I am sorry, Dave."), "the answer is no JSON: it begins with 'I am sorry,"),
    ("null", says(None), "the answer is no JSON: it is empty"),
    ("no text", says('{"domain": "ai", "text": " "}'), "the answer has no text"),
    ("a tool", says(None, "tool_calls", tool_calls=[{}]), "the answer is a call of a tool"),
    ("no choices", body(b'{"choices": []}'), "the answer has no choices"),
    ("other choices", body(b'{"choices": {"a": 1}}'), "the answer has no choices"),
    ("a list", body(b"[1, 2]"), "the answer is JSON, but no completion"),
    ("blank", body(b" \n"), "the answer is blank"),
    ("a page", body(b"<!DOCTYPE html><title>Log in</title>", "text/html"),
     "the answer is a web page: Log in"),
    ("words", body(b"It works!", "text/plain"), "the answer is no JSON: it begins with 'It"),
    ("no UTF-8", body(b'{"choices": "\xff\xfe"}'), "the answer is not UTF-8"),
    ("a deep frame", body(b"[" * 500_000), "the answer is nested too deeply"),
    ("a deep answer", says('{"text":' * 2_000 + "1"), "the answer is no JSON: it is nested too"),
    ("a good status, but an error", body(b'{"error": {"message": "busy", "code": 503}}'),
     "the endpoint answered with an error: busy"),
    ("reset", resets, "no answer: [Errno 104] Connection reset"),
    ("packed", lambda e: e.send(b"\x1f\x8b", Content_Encoding="gzip"), "the answer came packed"),
    ("too large", body(b" " * 10_000_000), "the answer is larger than 1,000,000 bytes"),
    ("redirect", lambda e: e.send(b"", 308, Location="https://elsewhere.example/v1"),
     "HTTP 308: refused to follow a redirect to https://elsewhere.example/v1"),
    ("not HTTP", lambda e: e.write(b"SSH-2.0-OpenSSH\r\n\r\n"), "no answer: illegal status line"),
    ("endless headers", lambda e: e.write(_OK + b"X: " + b"y" * 2_000_000), "no answer: "),
]  # fmt: skip


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [case[1:] for case in _NO_ANSWERS],
    ids=[case[0] for case in _NO_ANSWERS],
)
def test_what_is_no_answer_has_a_reason(
    server: LlmServer, behaviour: Behaviour, reason: str
) -> None:
    server.otherwise = behaviour
    reply = ask(server)
    assert reply.answer is None
    assert reply.reason.startswith(reason)
    assert len(reply.reason) <= 300
    assert not reply.final


@pytest.mark.parametrize(
    "behaviour",
    [
        hangs,
        drips(_OK[:-6], b"O"),
        drips(_OK + b"X-Slow: ", b"y"),
        drips(_OK + b"Content-Type: application/json\r\n\r\n"),
        drips(_OK + b"Content-Length: 90000\r\n\r\n" + completion(json.dumps(ANSWER))),
    ],
    ids=["silence", "status", "headers", "body", "a whole answer and more"],
)
def test_no_call_takes_longer_than_it_may(server: LlmServer, behaviour: Behaviour) -> None:
    server.otherwise = behaviour
    begun = time.monotonic()
    reply = ask(server, timeout=0.3)
    assert time.monotonic() - begun < 5
    assert (reply.answer, reply.reason) == (None, "the answer took longer than 0.3 seconds")


def test_an_answer_without_end_takes_no_memory(server: LlmServer) -> None:
    def floods(exchange: Any) -> None:
        exchange.write(_OK + b"\r\n")
        while not exchange.over.is_set():
            exchange.write(b"x" * 65_536)

    server.otherwise = floods
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert ask(server).reason == "the answer is larger than 1,000,000 bytes"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_where_nobody_listens_the_reason_says_so(server: LlmServer) -> None:
    with LlmServer() as gone:
        address = gone.url
    with Writer(Endpoint(address, "", "small")) as writer:
        assert writer.ask(QUESTION).reason == "no answer: [Errno 111] Connection refused"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 413, 422])
def test_what_no_repetition_mends_is_final(server: LlmServer, status: int) -> None:
    server.otherwise = fails(status, "no such model: small")
    reply = ask(server)
    assert reply.final
    assert reply.reason.startswith(f"HTTP {status}")
    assert reply.reason.endswith("no such model: small")


@pytest.mark.parametrize("status", [402, 408, 409, 429, 500, 502, 503, 504, 529])
def test_what_may_go_well_later_is_not_final(server: LlmServer, status: int) -> None:
    server.otherwise = fails(status)
    assert not ask(server).final


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("7", 7.0),
        ("1.5", 1.5),
        ("-3", 0.0),
        ("999999999", 86_400.0),
        ("nan", None),
        ("soon", None),
        ("Fri, 99 Foo", None),
    ],
)
def test_how_long_an_endpoint_wants_to_be_left_alone(
    server: LlmServer, said: str, seconds: float | None
) -> None:
    server.otherwise = fails(429, "slow down", Retry_After=said)
    reply = ask(server)
    assert reply.reason == "HTTP 429: rate limit: slow down"
    assert reply.retry_after == seconds
    assert len(server.requests) == 1


def test_a_rest_may_be_a_date(server: LlmServer) -> None:
    instant = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=5)
    server.otherwise = fails(503, Retry_After=format_datetime(instant, usegmt=True))
    rest = ask(server).retry_after
    assert rest is not None
    assert 200 < rest <= 300


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (says(None, refusal="I cannot help with that."), "the model refused: I cannot help"),
        (says("", "content_filter"), "the endpoint's filter stopped the answer"),
        (says(json.dumps(ANSWER), "content_filter"), "the endpoint's filter stopped the answer"),
    ],
)
def test_a_refusal_is_called_one(server: LlmServer, behaviour: Behaviour, reason: str) -> None:
    server.otherwise = behaviour
    reply = ask(server)
    assert (reply.answer, reply.refused) == (None, True)
    assert reply.reason.startswith(reason)
    assert reply.input_tokens == 321


def test_a_whole_answer_counts_though_it_says_that_it_was_cut(server: LlmServer) -> None:
    server.otherwise = says(json.dumps(ANSWER), "length")
    reply = ask(server)
    assert reply.answer
    assert reply.finish_reason == "length"


@pytest.mark.parametrize(
    "usage", ["null", "[]", '{"prompt_tokens": -1, "completion_tokens": 1e400}', '{"x": NaN}']
)
def test_costs_that_make_no_sense_count_nothing(server: LlmServer, usage: str) -> None:
    sent = completion(json.dumps(ANSWER)).decode()
    server.otherwise = body((sent[: sent.index('"usage"')] + f'"usage": {usage}}}').encode())
    reply = ask(server)
    assert reply.answer
    assert (reply.input_tokens, reply.output_tokens) == (0, 0)


def test_an_answer_in_pieces_is_joined(server: LlmServer) -> None:
    whole = json.dumps(ANSWER)
    pieces = [{"type": "text", "text": whole[:9]}, {"type": "text", "text": whole[9:]}, 7]
    server.otherwise = says(pieces)
    assert ask(server).answer


@pytest.mark.parametrize("kind", ["text/html", "text/event-stream", "application/octet-stream"])
def test_a_wrong_content_type_is_no_matter(server: LlmServer, kind: str) -> None:
    server.otherwise = body(completion(json.dumps(ANSWER)), kind)
    assert ask(server).answer


def test_what_no_database_takes_never_comes_out(server: LlmServer) -> None:
    bad = "a\x00b\ud800c\u202ed\x1b[31m e\u2028f"
    server.otherwise = answers(
        summary=bad, topic=bad, domain=bad, keywords=[bad, "\x00"], institution=bad
    )
    answer = ask(server).answer
    assert answer is not None
    said = json.dumps(answer.as_data(), ensure_ascii=False)
    said.encode()
    assert not any(sign in said for sign in "\x00\u202e\x1b\u2028\n")
    assert answer.keywords == answer.institutions == (answer.text,)
    assert Answer.from_data(json.loads(said)) == answer


def test_a_reason_can_be_stored_and_holds_no_key(server: LlmServer) -> None:
    server.otherwise = fails(401, "Bad key sk-secret-1 \x00\ud800 " + "x" * 5_000)
    reason = ask(server).reason
    reason.encode()
    assert "sk-secret" not in reason
    assert "\x00" not in reason
    assert len(reason) <= 300


def test_no_key_stands_in_what_is_logged_of_an_endpoint() -> None:
    assert "sk-secret" not in repr(Endpoint("http://127.0.0.1/v1", "sk-secret-1", "small"))


@pytest.mark.parametrize(
    "fields",
    [
        {"base_url": ""},
        {"base_url": "127.0.0.1:8000"},
        {"base_url": "ftp://example.org"},
        {"base_url": "http://[bad/v1"},
        {"api_key": "ключ"},
        {"api_key": "two\nlines"},
        {"model": " "},
        {"timeout": 0},
        {"timeout": float("nan")},
        {"max_output_tokens": 0},
        {"max_bytes": 0},
    ],
)
def test_an_endpoint_that_cannot_be_is_refused(fields: dict[str, Any]) -> None:
    good: dict[str, Any] = {"base_url": "http://127.0.0.1/v1", "api_key": "", "model": "small"}
    with pytest.raises(ValueError, match=r"address|key|model|limit|room"):
        Endpoint(**{**good, **fields})


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a..b", "x" * 70 + ".example"])
def test_a_name_that_nobody_has_gives_a_reason(host: str) -> None:
    with Writer(Endpoint(f"http://{host}/v1", "", "small", timeout=2)) as writer:
        reply = writer.ask(QUESTION)
    assert reply.answer is None
    assert reply.reason


def test_what_cannot_be_sent_is_not_sent(server: LlmServer) -> None:
    odd = Question(
        "a\ud800\x00b", "c\udfff" * 9, ("\x00",), "\ud800page", DOMAINS, "\x00\ud800hint"
    )
    with Writer(endpoint(server)) as writer:
        assert writer.ask(odd).answer


def test_waiting_for_ones_turn_is_no_time_of_the_call(server: LlmServer) -> None:
    with Writer(endpoint(server), Rate(per_minute=600)) as writer:
        begun = time.monotonic()
        replies = [writer.ask(QUESTION) for _ in range(4)]
        assert time.monotonic() - begun >= 0.29
    assert sum(reply.seconds for reply in replies) < 0.29


def test_who_stops_waiting_has_not_asked(server: LlmServer) -> None:
    stopped = threading.Event()
    stopped.set()
    with Writer(endpoint(server), Rate(per_minute=1)) as writer:
        writer.ask(QUESTION)
        reply = writer.ask(QUESTION, stopped)
    assert (reply.answer, reply.reason) == (None, "not asked: stopped before its turn")
    assert len(server.requests) == 1


def _loaded(code: str) -> str:
    command = [sys.executable, "-c", f"import sys\n{code}\nprint('openai' in sys.modules)"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_the_heavy_client_is_loaded_by_whoever_has_an_endpoint_only() -> None:
    assert _loaded("import digest.summaries.llm") == "False"
    opening = "Writer(Endpoint('http://127.0.0.1/v1', '', 'small')).close()"
    assert _loaded(f"from digest.summaries.llm import *\n{opening}") == "True"

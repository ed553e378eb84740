"""JSON as models write it."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from digest.summaries.llm import Answer
from digest.summaries.llm.reading import NoAnswer, answer_in
from digest.summaries.llm.tolerant import LONGEST, NoObject, object_in

GOOD = {
    "domain": "sys",
    "topic": "storage",
    "keywords": ["cache", "LRU"],
    "institutions": ["ETH Zurich"],
    "summary": "It's a cache. It cuts misses by 31%.",
}
ANSWER = Answer(
    "sys", "storage", ("cache", "LRU"), ("ETH Zurich",), "It's a cache. It cuts misses by 31%."
)
WRITTEN = json.dumps(GOOD, indent=1)


@pytest.mark.parametrize(
    "content",
    [
        WRITTEN,
        f"Sure! Here it is:\n```json\n{WRITTEN}\n```\nAnything else?",
        f"<think>\nMaybe {{\"summary\": \"wrong\"}}?\n</think>\n{WRITTEN}",
        f"The set {{a, b}} and {{}} matter: {WRITTEN}",
        f'{{"answer": {WRITTEN}}}',
        f"[{WRITTEN}]",
        json.dumps(WRITTEN),
        WRITTEN.replace('"\n}', '",\n}').replace('"LRU"\n', '"LRU",\n'),
        WRITTEN.replace('"domain"', "domain").replace('"sys"', "sys"),
        WRITTEN.replace('"', "'"),
        WRITTEN.replace('"domain"', "\u201cdomain\u201d"),
        WRITTEN.replace('"domain"', '// the area\n"domain"'),
        WRITTEN.replace("It's a cache. ", "It's a cache.\n"),
        WRITTEN.replace("summary", "Summary"),
        WRITTEN.replace("summary", "text"),
        WRITTEN.replace('["ETH Zurich"]', '"ETH Zurich"').replace(
            '[\n  "cache",\n  "LRU"\n ]', '"cache, LRU"'
        ),
        WRITTEN.replace('"ETH Zurich"', '{"name": "ETH Zurich"}'),
        WRITTEN.replace("\n}", ',\n "summary": "Another.", "confidence": 0.9, "ok": true}'),
        "\ufeff" + WRITTEN,
    ],
    ids=[
        "plain", "fenced", "thought", "braces in prose", "wrapped", "a list", "a string of JSON",
        "commas at the end", "bare words", "single quotes", "typographic quotes", "a comment",
        "a line break inside", "capitals", "another name", "strings for lists", "named things",
        "a key twice", "a byte order mark",
    ],
)  # fmt: skip
def test_an_answer_is_found_in_whatever_stands_around_it(content: str) -> None:
    assert answer_in(content) == ANSWER


def test_quotation_marks_inside_a_string_that_nobody_escaped_are_read() -> None:
    content = '{"summary": "The "lazy" cache waits.", "domain": "sys"}'
    assert answer_in(content).text == 'The "lazy" cache waits.'


def test_escapes_are_read_and_commands_of_tex_kept() -> None:
    content = r'{"summary": "a \"b\" \u00e9 \alpha \\beta {x}", }'
    assert answer_in(content).text == r'a "b" é \alpha \beta {x}'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "the answer is no JSON: it is empty"),
        (" \n", "the answer is no JSON: it is empty"),
        ("Sorry.", "the answer is no JSON: it begins with 'Sorry.'"),
        ("{}", "the answer is no JSON: it begins with '{}'"),
        ("null", "the answer is no JSON: it begins with 'null'"),
        ('{"domain": "sys"}', "the answer has no text"),
        ('{"summary": ""}', "the answer has no text"),
        ('{"summary": null}', "the answer has no text"),
        ('{"summary": {"a": "b"}}', "the answer has no text"),
        ('{"summary": "\\u0000\\ud800"}', "the answer has no text"),
        (WRITTEN + " " * LONGEST + ".", "the answer is no JSON: it is longer than 100,000"),
        ('{"summary" "x"}', "the answer is no JSON: after "),
        ('{"summary": ,}', "the answer is no JSON: "),
        ('{"summary": ["x" "y"]', "the answer is no JSON: it ends in the middle"),
        ("{" * 50, "the answer is no JSON: "),
        ('{"a":' * 50 + "1" + "}" * 50, "the answer is no JSON: it is nested too deeply"),
    ],
)  # fmt: skip
def test_what_is_no_answer_says_why(content: str, reason: str) -> None:
    with pytest.raises(NoAnswer) as told:
        answer_in(content)
    assert str(told.value).startswith(reason)


@pytest.mark.parametrize("length", range(1, len(WRITTEN) - 1, 7))
def test_half_an_answer_is_none(length: int) -> None:
    with pytest.raises(NoAnswer):
        answer_in(WRITTEN[:length])


def test_a_text_that_breaks_off_loses_its_last_sentence() -> None:
    sentence = "The paper proposes a cache that is fast. "
    text = (sentence * 40)[:699] + "x"
    read = answer_in(json.dumps({"summary": text})).text
    assert read == (sentence * 17).strip()
    assert text.startswith(read)


def test_a_text_that_breaks_off_in_its_first_sentence_is_none() -> None:
    with pytest.raises(NoAnswer, match="breaks off in its first sentence"):
        answer_in(json.dumps({"summary": "fast and " * 90}))


def test_a_long_text_that_ends_stays_whole() -> None:
    text = ("The paper proposes a cache that is fast. " * 20).strip()
    assert answer_in(json.dumps({"summary": text})).text == text


def test_every_part_is_bounded() -> None:
    answer = answer_in(
        json.dumps(
            {
                "summary": "Word. " * 3_000,
                "domain": "d" * 9_000,
                "topic": ["t"] * 900,
                "keywords": [f"k{number}" for number in range(900)],
                "institutions": ["i" * 300] * 200,
            }
        )
    )
    assert len(answer.text) <= 4_000
    assert len(answer.domain) == 200
    assert len(answer.topic) <= 200
    assert len(answer.keywords) == 30
    assert len(answer.institutions) == 50
    assert {len(name) for name in answer.institutions} == {200}


@pytest.mark.parametrize(
    "data", [None, [], "x", {}, {**ANSWER.as_data(), "text": None},
             {**ANSWER.as_data(), "keywords": "a"}, {**ANSWER.as_data(), "keywords": [1]}]
)  # fmt: skip
def test_what_is_stored_otherwise_is_refused(data: object) -> None:
    with pytest.raises(ValueError, match="not an answer"):
        Answer.from_data(data)


_BOMBS = {
    "braces": "{",
    "keys": '{"a":',
    "lists": "[",
    "lists of keys": '{"a":[',
    "quotes": '"',
    "strings": '{"a":"',
    "escaped quotes": '\\"',
    "backslashes": "\\",
    "slashes": "//",
    "comments": "/*,",
    "commas": '{"a":[1,',
    "blanks": '{"a" \n\t ',
    "quotes and blanks": '" ' + " " * 50,
    "words": "{a b c ",
    "fences": "```json\n{",
    "thoughts": "<think>",
}


@pytest.mark.parametrize("bomb", _BOMBS.values(), ids=_BOMBS)
@pytest.mark.parametrize("start", ["", '{"summary": ', '{"summary": "', "{a: '"])
def test_no_text_takes_long(bomb: str, start: str) -> None:
    content = (start + bomb * LONGEST)[:LONGEST]
    begun = time.process_time()
    with pytest.raises(NoAnswer):
        answer_in(content)
    assert time.process_time() - begun < 1.5


_PARTS = st.sampled_from(
    ["{", "}", "[", "]", ",", ":", '"', "'", "\\", "\\u", "\\ud800", "summary", "null", "1e9", " ",
     "\n", "//", "```", "a", "\u201c", '"summary":', '{"summary": "x"}', "<think>", "</think>"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=200), st.lists(_PARTS, max_size=60).map("".join)))
@example('{"summary": "\\')
def test_any_text_gives_an_answer_or_a_reason(content: str) -> None:
    try:
        answer = answer_in(content)
    except NoAnswer as none:
        none.args[0].encode("utf-8", "strict")
    else:
        assert answer.text
        assert Answer.from_data(json.loads(json.dumps(answer.as_data()))) == answer
        answer.text.encode()


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=9), _VALUES, min_size=1), st.booleans())
def test_json_is_read_as_json(written: dict[str, Any], ascii_only: bool) -> None:
    content = json.dumps(written, ensure_ascii=ascii_only)
    assert object_in(content, lambda found: found == written) == written


@given(st.dictionaries(st.text(max_size=9), st.text(max_size=20), min_size=1))
def test_no_beginning_of_an_object_is_an_object(written: dict[str, str]) -> None:
    content = json.dumps(written)[:-1]
    with pytest.raises(NoObject):
        object_in(content, lambda found: found == written)

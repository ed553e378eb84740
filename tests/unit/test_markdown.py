"""An editor's Markdown: safe as HTML whatever it holds, readable as text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.markdown import as_html, as_text

_ALLOWED = {"p", "br", "strong", "em", "a", "ul", "ol", "li", "blockquote", "code", "pre"}
_MARKS = st.sampled_from(
    [
        "*", "_", "`", "[a](", "http://x.org", ")", "<script>", "</p>", "<img src=x onerror=y>",
        "# ", "- ", "1. ", "> ", "\n", "\n\n", "javascript:alert(1)", "&amp;", "![i](", "%%NOTE%%",
        "word ", "\x00", "&#106;avascript:x",
    ]
)  # fmt: skip


def test_its_marks_become_html_and_words() -> None:
    text = (
        "A *quiet* day, **really**: see [the list](https://example.org/a?b=1&c=2).\n\n- one\n- two"
    )
    html = as_html(text)
    assert '<a href="https://example.org/a?b=1&amp;c=2"' in html
    assert "<em>quiet</em>" in html
    assert "<li>two</li>" in html
    assert as_text(text) == (
        "A quiet day, really: see the list (https://example.org/a?b=1&c=2).\n\n- one\n\n- two"
    )


def test_numbers_of_a_list_go_on_and_inner_lists_are_indented() -> None:
    assert as_text("1. one\n2. two\n   - in") == "1. one\n\n2. two\n\n  - in"


def test_links_in_mail_carry_their_style_since_mail_knows_no_stylesheet() -> None:
    assert as_html("[x](https://e.org)", "color:red") == (
        '<p><a href="https://e.org" style="color:red">x</a></p>'
    )


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "[x](javascript:alert(1))", "[x](data:text/html,hi)",
        '<a href="https://e.org" onclick="x">y</a>', "![x](https://e.org/pixel.png)",
        "<https://e.org><style>p{}</style>",
    ],
)  # fmt: skip
def test_what_could_do_harm_stands_as_words_or_not_at_all(text: str) -> None:
    html = as_html(text)
    assert not re.search(r"<(?:script|style|img)|(?:href|src)=.(?:javascript|data)", html)
    assert not re.search(r"<[^>]*onclick", html)


@given(st.lists(_MARKS, max_size=30).map("".join) | st.text(max_size=200))
def test_whatever_is_typed_holds_no_other_tag(text: str) -> None:
    html = as_html(text)
    assert set(re.findall(r"</?([a-z0-9]+)", html)) <= _ALLOWED
    assert not re.search(r"<[^>]*\son\w+=", html)
    as_text(text)


def test_deep_nesting_takes_no_time() -> None:
    as_html("> " * 1_000 + "x")
    as_text("- " * 1_000 + "x")
    as_html("[" * 1_000 + "*" * 1_000)

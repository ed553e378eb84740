"""The keyword language: what it accepts, how it prints, and where it says an error is."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.sections.expressions import ExpressionError, Field, Term, Way, parse, wording

_PIECES = st.sampled_from(
    ["abs:", "ti:", "au:", '"', "“", "*", "-", "~", "(", ")", "OR", "and", " ", "\n", "C++", "'s"]
)
_RULE_LIKE = st.lists(_PIECES | st.text(max_size=6), max_size=12).map("".join)


@pytest.mark.parametrize("text", ['abs:"reinforcement learning"', "abs:accelerat*"])
def test_the_house_rules_are_canonical_as_they_stand(text: str) -> None:
    assert str(parse(text)) == text


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("Diffusion", "diffusion"),
        ("  flow \n matching ", "flow matching"),
        ("matching flow", "flow matching"),
        ("agents agents Agents", "agents"),
        ("ABS:Agents", "abs:agents"),
        ("Multi–Agent", "multi-agent"),
        ("multi/agent", "multi-agent"),
        ("“GPU  Kernels”", '"gpu kernels"'),
        ('"state-of-the-art"', '"state of the art"'),
        ("ti:accelerat*", "ti:accelerat*"),
        ("multi-mod*", "multi-mod*"),
        ("Newton's", "newton"),
        ("C++ C#", "c# c++"),
        ("𝔸gents", "agents"),
        ("Poincare\u0301", "poincaré"),
        ('"or"', '"or"'),
    ],
)
def test_equal_rules_print_equally(typed: str, canonical: str) -> None:
    assert str(parse(typed)) == canonical


def test_a_term_has_words_a_way_and_a_field() -> None:
    assert parse('ti:"Deep Learning"').root == Term(("deep", "learning"), Way.EXACT, Field.TITLE)
    assert parse("accelerat*").root == Term(("accelerat",), Way.BEGINNING)


@pytest.mark.parametrize(
    ("text", "position", "says"),
    [
        ("", 0, "no word"),
        (" \n ", 0, "no word"),
        ("deep OR shallow", 5, "OR is not supported yet"),
        ("deep or shallow", 5, "OR is not supported yet"),
        ("deep not shallow", 5, "NOT is not supported yet"),
        ("deep AND shallow", 5, "without"),
        ("deep -shallow", 5, "leaving out"),
        ("deep −shallow", 5, "leaving out"),
        ("(deep", 0, "parentheses"),
        ("deep)", 4, "parentheses"),
        ("deep|shallow", 4, "OR"),
        ("deep ~rl", 5, "synonyms"),
        ("deep, shallow", 4, "comma"),
        ("wom?n", 3, "no meaning"),
        ("au:knuth", 0, "au: is not supported yet"),
        ("deep co:accepted", 5, "co: is not supported yet"),
        ("title:deep", 0, "no field title:"),
        ("abs:ti:deep", 6, "colon"),
        ("abs: deep", 4, "without a space"),
        ("abs:", 4, "without a space"),
        ('deep "learning', 5, "never closed"),
        ('deep"learning"', 4, "before this quote"),
        ('"deep"learning', 6, "after the closing quote"),
        ('"deep"*', 6, "not supported yet"),
        ('"deep*"', 5, "not supported yet"),
        ('"..."', 1, "no word"),
        ("deep --", 5, "leaving out"),
        ("deep +", 5, "no letter"),
        ("a*", 1, "at least 2"),
        ("*ing", 0, "end of a word"),
        ("col*r", 3, "end of a word"),
        ("deep *", 5, "follow a letter"),
        ("x" * 1001, 1000, "longer"),
    ],
)
def test_an_error_names_its_place(text: str, position: int, says: str) -> None:
    with pytest.raises(ExpressionError, match=r"at character \d+") as refused:
        parse(text)
    assert refused.value.position == position
    assert says in refused.value.reason


def test_a_rule_that_grows_too_long_in_canonical_form_is_refused() -> None:
    with pytest.raises(ExpressionError, match="longer"):
        parse(" ".join(f"\ufdfa{number}" for number in range(100)))


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=60) | _RULE_LIKE)
def test_canonical_text_is_a_fixed_point_and_nothing_else_is_raised(text: str) -> None:
    try:
        expression = parse(text)
    except ExpressionError:
        return
    assert parse(str(expression)) == expression
    assert str(parse(str(expression))) == str(expression)
    assert wording(text)


@settings(deadline=None)
@given(st.text(max_size=20).map(lambda text: f"{text} ("))
def test_places_lie_within_the_text(text: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        parse(text)
    assert 0 <= refused.value.position <= len(unicodedata.normalize("NFC", text))


@settings(deadline=None)
@given(st.lists(st.sampled_from(['"a b"', "deep", "ti:nets", "accel*", "abs:x-y"]), min_size=1))
def test_order_and_repetition_of_terms_make_no_difference(terms: list[str]) -> None:
    assert parse(" ".join(terms)) == parse("\n".join(sorted(set(terms))))


def test_a_wording_keeps_order_and_case_and_leaves_out_fields_and_quotes() -> None:
    assert wording('abs:"Reinforcement  Learning" ti:RLHF') == "Reinforcement Learning RLHF"

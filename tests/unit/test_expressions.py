"""The keyword language: what it accepts, how it prints, and where it says an error is."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.sections import plain
from digest.sections.canonical import all_of, negated, one_of
from digest.sections.expressions import (
    All,
    Choice,
    Expression,
    ExpressionError,
    Field,
    Node,
    Not,
    Term,
    Way,
    parse,
    read,
    wording,
)

_SIGNS = """abs: ti: au: co: " “ * - ~ ( ) OR and NOT AND ANDNOT C++ 's | & ! _ title: cat:x or ,"""
_PIECES = st.sampled_from([*_SIGNS.split(" "), "au:a_b", " ", " ", "\n"])
_RULE_LIKE = st.lists(_PIECES | st.text(max_size=6), max_size=16).map("".join)
_NAMES = ["deep", "learning", "agents", "x", "or"]
_TERM = (
    st.builds(
        Term,
        st.lists(st.sampled_from([*_NAMES, "c++", "poincaré"]), min_size=1, max_size=3).map(tuple),
        st.just(Way.EXACT),
        st.sampled_from([Field.ANYWHERE, Field.TITLE, Field.ABSTRACT, Field.COMMENTS]),
    )
    | st.builds(
        Term,
        st.lists(st.sampled_from(_NAMES), min_size=1, max_size=3).map(tuple),
        st.just(Way.EXACT),
        st.just(Field.AUTHORS),
    )
    | st.builds(
        Term,
        st.sampled_from([("deep",), ("learning",), ("multi", "agent"), ("c++", "x")]),
        st.just(Way.STEM),
        st.sampled_from([Field.ANYWHERE, Field.TITLE, Field.ABSTRACT, Field.COMMENTS]),
    )
    | st.builds(
        Term,
        st.sampled_from([("accel",), ("multi", "mod"), ("or",)]),
        st.just(Way.BEGINNING),
        st.sampled_from(Field),
    )
    | st.just(Term(("lovelace", "a"), Way.INITIALS, Field.AUTHORS))
)


def _put(together: object, parts: list[Node]) -> Node:
    node = together(parts)  # type: ignore[operator]
    return parts[0] if isinstance(node, bool) else node


def _opposite(node: Node) -> Node:
    opposite = negated(node)
    return node if isinstance(opposite, bool) else opposite


_NODE: st.SearchStrategy[Node] = st.recursive(
    _TERM,
    lambda inner: (
        inner.map(_opposite)
        | st.lists(inner, min_size=1, max_size=4).map(lambda parts: _put(all_of, parts))
        | st.lists(inner, min_size=1, max_size=4).map(lambda parts: _put(one_of, parts))
    ),
    max_leaves=12,
)


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
        ("a b OR c", "c OR a b"),
        ("c OR (a b)", "c OR a b"),
        ("(a OR b) c", "c (a OR b)"),
        ("a (b OR c) -d", "a (b OR c) -d"),
        ("-d a", "a -d"),
        ("a AND b", "a b"),
        ("a AND NOT b", "a -b"),
        ("a ANDNOT b", "a -b"),
        ("NOT NOT a", "a"),
        ("-(-a)", "a"),
        ("-(a OR b)", "-a -b"),
        ("-(a b)", "-(a b)"),
        ("-a OR -b", "-(a b)"),
        ("c OR -a OR -b", "c OR -(a b)"),
        ("-(a -b)", "b OR -a"),
        ("x -(a (b OR c))", "x (-b -c OR -a)"),
        ("((a)) (((b c)))", "a b c"),
        ("(a OR (b OR c)) OR a", "a OR b OR c"),
        ("a OR (a b)", "a"),
        ("a (a OR b)", "a"),
        ("a OR (a b) OR (b a c)", "a"),
        ("(a OR b) (a OR b OR c)", "a OR b"),
        ("-survey", "-survey"),
        ('-"a survey" -ti:review', '-"a survey" -ti:review'),
        ("ti:(a OR b) c", "c (ti:a OR ti:b)"),
        ("-ti:(a b)", "-(ti:a ti:b)"),
        ('abs:("a b" cd*)', 'abs:"a b" abs:cd*'),
        ('ti:(ti:a "b c")', 'ti:"b c" ti:a'),
        ('"exact phr*"', "exact-phr*"),
        ('"accel*"', "accel*"),
        ("«deep  learning»", '"deep learning"'),
        ("au:Martínez", "au:martinez"),
        ('au:"Martínez"', "au:martinez"),
        ("au:Łukasz", "au:lukasz"),
        ("au:jean-pierre", 'au:"jean pierre"'),
        ("au:Love*", "au:love*"),
        ("au:Lovelace_A", "au:lovelace_a"),
        ("au:del_maestro_a", "au:del_maestro_a"),
        ("au:or", "au:or"),
        ("CO:ICML", "co:icml"),
        ("~RL", "~rl"),
        ("  ~ b a", "~a b"),
        ("~(b OR a) -c", "~(a OR b) -c"),
    ],
)
def test_equal_rules_print_equally(typed: str, canonical: str) -> None:
    assert str(parse(typed)) == canonical


def test_a_term_has_words_a_way_and_a_field() -> None:
    assert parse('ti:"Deep Learning"').root == Term(("deep", "learning"), Way.EXACT, Field.TITLE)
    assert parse("accelerat*").root == Term(("accelerat",), Way.BEGINNING)


def test_a_rule_with_a_leading_tilde_wants_variants() -> None:
    assert parse("~deep") == Expression(Term(("deep",)), variants=True)
    assert not parse("deep").variants


def test_all_binds_closer_than_or() -> None:
    a, b, c = (Term((letter,)) for letter in "abc")
    assert parse("a b OR c").root == Choice((c, All((a, b))))
    assert parse("a (b OR c)").root == All((a, Choice((b, c))))
    assert parse("a OR -b c").root == Choice((a, All((c, Not(b)))))


@pytest.mark.parametrize(
    ("text", "position", "says", "suggestion"),
    [
        ("", 0, "no word", ""),
        (" \n ", 0, "no word", ""),
        ("~", 0, "no word", ""),
        ("deep or shallow", 5, "OR in capitals", "deep OR shallow"),
        ("deep not shallow", 5, "excludes", "deep -shallow"),
        ("deep and shallow", 5, "without", "deep shallow"),
        ("deep -or", 6, "in quotes", 'deep -"or"'),
        ("or", 0, "in quotes", ""),
        ("deep - shallow", 5, "without a space", "deep -shallow"),
        ("deep --shallow", 5, "one -", "deep -shallow"),
        ("deep -", 5, "without a space", "deep"),
        ("deep ––", 5, "one -", "deep"),
        ("(deep", 0, "never closed", "(deep)"),
        ("a ti:(deep", 5, "never closed", "a ti:(deep)"),
        ("deep)", 4, "no opening", "deep"),
        ("a () b", 2, "nothing in this group", "a b"),
        ("a (", 2, "nothing in this group", "a"),
        ("a OR", 2, "one is missing", "a"),
        ("OR a", 0, "one is missing", "a"),
        ("a OR OR b", 5, "one is missing", "a OR b"),
        ("(a OR) b", 3, "one is missing", "(a ) b"),
        ("a NOT", 2, "there is none", "a"),
        ("AND a", 0, "one is missing", "a"),
        ("deep|shallow", 4, "written with OR", "deep OR shallow"),
        ("deep || shallow", 5, "written with OR", "deep OR shallow"),
        ("deep && shallow", 5, "no && is needed", "deep shallow"),
        ("deep & shallow", 5, "no & is needed", "deep shallow"),
        ("deep ~rl", 5, "at the beginning", "~deep rl"),
        ("~~deep", 1, "at the beginning", "~deep"),
        ('deep, shallow, "a, b"', 4, "no , is needed", 'deep shallow "a, b"'),
        ("deep; shallow", 4, "no ; is needed", "deep shallow"),
        ("deep !shallow", 5, "excluded with -", "deep -shallow"),
        ("wom?n", 3, "no meaning", "wom n"),
        ("title:deep", 0, "but ti:", "ti:deep"),
        ("x -author:knuth", 3, "but au:", "x -au:knuth"),
        ("summary:(a b)", 0, "but abs:", "abs:(a b)"),
        ("comments:icml", 0, "but co:", "co:icml"),
        ('abstrct:"a b"', 0, "but abs:", 'abs:"a b"'),
        ("all:deep", 0, "title and abstract", "deep"),
        ("doi:deep", 0, "no field doi:", '"doi deep"'),
        ("cat:cs.LG deep", 0, "beside the keyword", "deep"),
        ("deep -cat:cs.LG", 6, "beside the keyword", "deep"),
        ("cat:cs.LG", 0, "beside the keyword", ""),
        ("title:a, author:b | c", 0, "but ti:", "ti:a au:b OR c"),
        ("abs:ti:deep", 6, "colon", "abs:ti deep"),
        ("abs: deep", 4, "without a space", "abs:deep"),
        ("deep abs:", 9, "without a space", "deep"),
        ("ti:-deep", 3, "before the field", "-ti:deep"),
        ("ti:(a abs:b)", 6, "in ti: as a whole", "ti:(a b)"),
        ('deep "learning', 5, "never closed", 'deep "learning"'),
        ('deep"learning"', 4, "before this quote", 'deep "learning"'),
        ('"deep"learning', 6, "after the closing quote", '"deep" learning'),
        ('"deep"*', 6, "before the closing quote", '"deep*"'),
        ('"de*p"', 3, "end of a word", '"dep"'),
        ('"..."', 1, "no word", ""),
        ("'deep learning' x", 0, "double quotes", '"deep learning" x'),
        ("deep +", 5, "no letter", "deep"),
        ("a*", 1, "at least 2", ""),
        ("*ing", 0, "end of a word", "ing"),
        ("col*r", 3, "end of a word", "col*"),
        ("accelerat *", 10, "follows the beginning", "accelerat*"),
        ("*", 0, "follows the beginning", ""),
        ("c++*", 3, "follow a letter", "c++"),
        ("au:lovelace_ada", 3, "first letters", 'au:"lovelace ada"'),
        ("a -a", 2, "never match", ""),
        ("a -(a OR b)", 2, "never match", ""),
        ("(a OR b) -a -b", 12, "never match", ""),
        ("x OR (a -a)", 8, "never match", ""),
        ("a OR -a", 5, "every paper", ""),
        ("x (a OR b OR -b)", 13, "every paper", ""),
        ("x" * 1001, 1000, "longer", ""),
        ("(" * 21 + "a" + ")" * 21, 20, "nest deeper", ""),
        (" ".join(f"a{number}" for number in range(101)), 390, "more than 100", ""),
    ],
)
def test_an_error_names_its_place_and_what_may_be_meant(
    text: str, position: int, says: str, suggestion: str
) -> None:
    with pytest.raises(ExpressionError, match=r"^[^\n]+ \(at character \d+\)$") as refused:
        parse(text)
    assert refused.value.position == position
    assert says in refused.value.reason
    assert refused.value.suggestion == suggestion


def _explained(text: str) -> list[str]:
    with pytest.raises(ExpressionError) as refused:
        parse(text)
    return refused.value.explained().split("\n")


def test_an_error_is_shown_with_a_caret_under_its_place() -> None:
    assert _explained("deep title:agents") == [
        "there is no field title: but ti:",
        "  deep title:agents",
        "       ^",
        "Did you mean: deep ti:agents",
    ]


def test_the_caret_counts_wide_and_combining_characters_as_they_are_shown() -> None:
    shown = _explained('深度 "x\u0302" | a')
    assert shown[1:3] == ['  深度 "x\u0302" | a', " " * 11 + "^"]


def test_line_breaks_and_tabs_do_not_move_the_caret() -> None:
    assert _explained("deep\n\tlearning, x")[1:3] == ["  deep  learning, x", "                ^"]


def test_a_long_text_is_cut_around_the_place() -> None:
    _, shown, caret, *_ = _explained(f"{'left ' * 19}| {'right ' * 19}")
    assert len(shown) <= 72
    assert shown.startswith("  …")
    assert shown.endswith("…")
    assert shown[caret.index("^")] == "|"


def test_a_place_behind_the_end_is_shown_there() -> None:
    assert _explained("deep abs:")[1:3] == ["  deep abs:", "           ^"]


def test_a_rule_that_grows_too_long_in_canonical_form_is_refused() -> None:
    with pytest.raises(ExpressionError, match="longer"):
        parse(" ".join(f"\ufdfa{number}" for number in range(100)))


def _read(text: str) -> tuple[Expression | None, ExpressionError]:
    try:
        return parse(text), ExpressionError("none", 0)
    except ExpressionError as error:
        return None, error


@settings(deadline=None, max_examples=500)
@given(st.text(max_size=60) | _RULE_LIKE)
def test_canonical_text_is_a_fixed_point_and_nothing_else_is_raised(text: str) -> None:
    expression, error = _read(text)
    if expression is None:
        assert "\n" not in str(error)
        assert "^" in error.explained() or not text.strip()
        assert not error.suggestion or parse(error.suggestion)
        return
    assert parse(str(expression)) == expression
    assert str(parse(str(expression))) == str(expression)
    assert wording(text)


_PLAIN_PIECES = st.sampled_from(
    ["deep", "multi-agent", "accel*", "a*", "ti:", "or", "au:x", "-", "b-*", '"deep learning"', '"']
)


@settings(deadline=None, max_examples=500)
@given(st.lists(_PLAIN_PIECES, max_size=4), st.sampled_from([" ", "", "  "]))
def test_the_quick_way_reads_as_the_long_way(pieces: list[str], between: str) -> None:
    text = between.join(pieces)
    quick = plain.read(text)
    assert quick is None or quick == read(text)


def test_most_stored_rules_go_the_quick_way() -> None:
    for text in ('abs:"reinforcement learning"', "abs:accelerat*", "deep learning", "multi-agent"):
        assert plain.read(text) == read(text)


@settings(deadline=None, max_examples=500)
@given(_NODE, st.booleans())
def test_a_printed_expression_reads_back_as_itself(node: Node, variants: bool) -> None:
    expression = Expression(node, variants)
    assert parse(str(expression)) == expression


@settings(deadline=None, max_examples=200)
@given(st.lists(_NODE, min_size=2, max_size=4), st.randoms())
def test_order_grouping_and_repetition_print_equally(parts: list[Node], random: object) -> None:
    shuffled = [*parts, parts[0]]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    for operator in (" ", " OR "):
        texts = [operator.join(f"({part})" for part in some) for some in (parts, shuffled)]
        results = set()
        for text in texts:
            try:
                results.add(str(parse(text)))
            except ExpressionError as error:
                results.add("never" if "match" in error.reason else error.reason[:9])
        assert len(results) == 1


@pytest.mark.parametrize(
    "text",
    [
        *("(" * 1000, "-(" * 500, "NOT " * 250, '"' * 999, "a|" * 500, "," * 1000, "--" * 500),
        *("(a OR -(b " * 100, "title:" * 160, "a OR (b " * 19, "'" * 1000, "𝔸(" * 500, "* " * 500),
    ],
)
def test_hostile_text_is_refused_at_once(text: str) -> None:
    start = time.process_time()
    with pytest.raises(ExpressionError) as refused:
        parse(text)
    assert refused.value.explained()
    assert time.process_time() - start < 2  # alone it takes milliseconds


@settings(deadline=None)
@given(st.text(max_size=20).map(lambda text: f"{text} |"))
def test_places_lie_within_the_text(text: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        parse(text)
    assert 0 <= refused.value.position <= len(unicodedata.normalize("NFC", text))


@settings(deadline=None)
@given(st.lists(st.sampled_from(['"a b"', "deep", "ti:nets", "accel*", "abs:x-y"]), min_size=1))
def test_order_and_repetition_of_terms_make_no_difference(terms: list[str]) -> None:
    assert parse(" ".join(terms)) == parse("\n".join(sorted(set(terms))))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ('abs:"Reinforcement  Learning" ti:RLHF', "Reinforcement Learning RLHF"),
        ("abs:accelerat*", "accelerat*"),
        ("~RL", "RL"),
        ('ti:( A  OR "B  c" ) -abs:D', "(A OR B c) -D"),
        ("-(a OR b)x", "-(a OR b) x"),
        ("au:Lovelace_A", "Lovelace_A"),
    ],
)
def test_a_wording_keeps_order_and_case_and_leaves_out_fields_and_quotes(
    typed: str, shown: str
) -> None:
    assert wording(typed) == shown

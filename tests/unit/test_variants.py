"""Other names for what a rule asks for, where it wants them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.sections.expressions import Expression, Node, Term, parse
from digest.sections.matching import PaperText, Rule, match
from digest.sections.variant_names import GROUPS
from digest.sections.variants import Group, Variants, expand
from digest.sections.words import words_of
from tests.unit.test_matching import NODES, PAPERS

_VARIANTS = Variants(
    [
        Group("reinforcement learning", ("RL",), ("PPO", "Q-learning")),
        Group("learning", ("training",)),
        Group("deep", ("agents",), ("multi",)),
    ]
)
_RL = '"ppo" OR "ppos" OR "rl" OR "rls" OR q-learning'


def _expanded(text: str) -> str:
    return str(expand(parse(text), _VARIANTS))


@pytest.mark.parametrize(
    ("typed", "expanded"),
    [
        ("~RL", f"{_RL} OR reinforcement-learning OR rl"),
        ("~reinforcement-learning", f"{_RL} OR reinforcement-learning"),
        ('~"reinforcement learning"', '"ppo" OR "ppos" OR "reinforcement learning" OR "rl" '
         'OR "rls" OR q-learning OR reinforcement-learning'),
        ("~reinforcement learning", f"{_RL} OR reinforcement-learning OR learning reinforcement"),
        ("~abs:RL", " OR ".join(f"abs:{form}" for form in
                                [*_RL.split(" OR "), "reinforcement-learning", "rl"])),
        ("~robots RLs", f"robots ({_RL} OR reinforcement-learning OR rls)"),
        ("~robots -train", "robots -learning -train -training"),
        ("~PPO", "ppo"),
        ("~q-learning", "q-learning"),
        ("~rl*", "rl*"),
        ("~au:rl", "au:rl"),
        ("~ppo -rl", 'ppo -"rl" -"rls" -q-learning -reinforcement-learning -rl'),
        ("RL", "rl"),
    ],
)  # fmt: skip
def test_a_name_becomes_a_choice_of_its_forms(typed: str, expanded: str) -> None:
    assert _expanded(typed) == expanded


def test_excluded_words_that_are_one_name_together_exclude_its_forms() -> None:
    rule = Rule(1, expand(parse("~maps -(reinforcement learning)"), _VARIANTS))
    papers = [
        PaperText(number, "maps", text)
        for number, text in enumerate(["", "RL", "PPO", "learning", "learning reinforcement"])
    ]
    assert match(papers, [rule]) == {1: [0, 3]}


def test_an_acronym_is_found_in_the_plural_and_not_by_stem() -> None:
    variants = Variants([Group("speech recognition", ("ASR",)), Group("gas", ("GANs", "GAN"))])
    rule = Rule(1, expand(parse("~speech-recognition"), variants))
    titles = ["ASR", "ASRs", "Speech recognition", "asrlike"]
    papers = [PaperText(number, title, "") for number, title in enumerate(titles)]
    assert match(papers, [rule]) == {1: [0, 1, 2]}


def test_what_is_expanded_is_not_expanded_again() -> None:
    once = expand(parse("~RL"), _VARIANTS)
    assert expand(once, _VARIANTS) == once


def test_without_groups_nothing_changes() -> None:
    assert expand(parse("~deep learning"), Variants()) == Expression(parse("deep learning").root)


def _positive(node: Node) -> bool:
    return isinstance(node, Term) or "-" not in str(node).replace("multi-", "")


@settings(max_examples=200, deadline=None)
@given(PAPERS, NODES.filter(_positive))
def test_what_a_rule_finds_it_finds_with_variants_too(paper: PaperText, node: Node) -> None:
    plain, wider = Expression(node), expand(Expression(node, variants=True), _VARIANTS)
    assert parse(str(wider)) == wider
    if match([paper], [Rule(1, plain)]):
        assert match([paper], [Rule(1, wider)])


@settings(max_examples=200, deadline=None)
@given(NODES)
def test_expanding_never_fails(node: Node) -> None:
    assert expand(Expression(node, variants=True), _VARIANTS).root


@given(st.sampled_from(GROUPS))
def test_the_first_groups_are_whole(group: Group) -> None:
    forms = [group.term, *group.same, *group.narrower]
    assert all(words_of(form) for form in forms)
    assert len({form.casefold() for form in forms}) == len(forms)
    assert group.same or group.narrower


def test_heads_of_groups_differ() -> None:
    heads = [tuple(words_of(group.term)) for group in GROUPS]
    assert len(set(heads)) == len(heads)

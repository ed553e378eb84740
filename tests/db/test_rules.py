"""Rules as rows."""

from __future__ import annotations

import pytest

from digest.arxiv.taxonomy import UnknownCategory
from digest.models import HouseSection, Section
from digest.sections.expressions import ExpressionError, parse
from digest.sections.rules import RuleError, default_label, section_for
from tests.make import make_section

pytestmark = pytest.mark.django_db


def test_equal_rules_share_one_row() -> None:
    one = section_for(["cs.LG", "cs.AI"], 'ABS:"Deep  Learning" agents')
    other = section_for(["CS.ai", "cs.lg", "cs.AI"], 'agents abs:"deep learning"')
    assert one == other
    assert (one.categories, one.expression) == ("cs.AI/cs.LG", 'abs:"deep learning" agents')


def test_the_house_sections_are_canonical_already() -> None:
    before = Section.objects.count()
    for house in HouseSection.objects.select_related("section"):
        rule = house.section
        assert section_for(rule.category_list, rule.expression) == rule
        assert not rule.is_keyword or str(parse(rule.expression)) == rule.expression
    assert Section.objects.count() == before


def test_an_alias_is_the_category_it_stands_for() -> None:
    assert section_for(["math.IT"]) == section_for(["cs.IT"])


def test_an_unknown_category_is_refused_by_name() -> None:
    with pytest.raises(UnknownCategory, match=r"cs\.XX"):
        section_for(["cs.LG", "cs.XX"])


def test_a_wrong_expression_makes_no_row() -> None:
    before = Section.objects.count()
    with pytest.raises(ExpressionError):
        section_for(["cs.LG"], "deep OR")
    assert Section.objects.count() == before


def test_a_section_needs_a_category_or_a_keyword() -> None:
    with pytest.raises(RuleError):
        section_for([], "  ")


@pytest.mark.parametrize(
    ("categories", "expression", "written", "label"),
    [
        ("cs.DC", "", "", "cs.DC"),
        ("cs.AI/cs.LG", "", "", "cs.AI/cs.LG"),
        (
            "cs.AI/cs.LG",
            'abs:"reinforcement learning"',
            "",
            'cs.AI/cs.LG contains "reinforcement learning"',
        ),
        ("", "agents", "", 'arXiv contains "agents"'),
        ("cs.LG", "flow matching", "Matching flow", 'cs.LG contains "Matching flow"'),
    ],
)
def test_default_labels(categories: str, expression: str, written: str, label: str) -> None:
    assert default_label(make_section(categories, expression), written) == label

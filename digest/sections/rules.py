"""Rules as rows: one Section for each distinct rule, in canonical form, and what ``~`` adds."""

from __future__ import annotations

from collections.abc import Iterable

from digest.arxiv import taxonomy
from digest.models import Section, VariantGroup
from digest.sections import expressions
from digest.sections.expressions import Expression
from digest.sections.variants import Group, Variants, expand

_CATEGORIES_LENGTH = 1000
_LABEL_LENGTH = 1100


class RuleError(ValueError):
    """Categories and keywords that together make no rule."""


def canonical_categories(codes: Iterable[str]) -> str:
    """Codes such as "cs.AI/cs.LG", sorted, each once; raises UnknownCategory by name."""
    categories = "/".join(sorted({taxonomy.canonical(code) for code in codes}))
    if len(categories) > _CATEGORIES_LENGTH:
        raise RuleError("too many categories for one section; leave them out to mean all")
    return categories


def section_for(categories: Iterable[str], expression: str = "") -> Section:
    """The one row of a rule.

    No categories means all that are fetched, no expression every paper of the categories.
    Raises UnknownCategory, ExpressionError or RuleError, all of them ValueErrors.
    """
    categories_text = canonical_categories(categories)
    expression_text = str(expressions.parse(expression)) if expression.strip() else ""
    if not categories_text and not expression_text:
        raise RuleError("a section needs a category or a keyword")
    return Section.objects.get_or_create(categories=categories_text, expression=expression_text)[0]


def variants() -> Variants:
    """The groups as they stand in the admin; one query."""
    rows = VariantGroup.objects.order_by("term").values_list("term", "same", "narrower")
    return Variants(Group(term, tuple(same), tuple(narrower)) for term, same, narrower in rows)


def understood(texts: Iterable[str]) -> dict[str, Expression]:
    """What is looked for under each canonical expression, other names included; those that
    cannot be read are left out."""
    found: dict[str, Expression] = {}
    groups: Variants | None = None
    for text in texts:
        try:
            expression = expressions.parse(text)
        except expressions.ExpressionError:
            continue
        if expression.variants:
            groups = variants() if groups is None else groups
            expression = expand(expression, groups)
        found[text] = expression
    return found


def default_label(section: Section, written: str = "") -> str:
    """The heading of a section whose follower chose none.

    ``written`` is the expression as it was typed, if at hand: the canonical form sorts terms.
    """
    if not section.is_keyword:
        return section.categories
    words = expressions.wording(written or section.expression)
    return f'{section.categories or "arXiv"} contains "{words}"'[:_LABEL_LENGTH]

"""The quick way for the plainest rules in canonical form, which are most of those stored."""

from __future__ import annotations

import re

from digest.sections.nodes import All, Expression, Field, Term, Way

_FIELDS = {"": Field.ANYWHERE, "ti": Field.TITLE, "abs": Field.ABSTRACT, "co": Field.COMMENTS}
_TERM = re.compile(
    r"(?:(ti|abs|co):)?"
    r'(?:"([a-z0-9]+(?: [a-z0-9]+)*)"|([a-z0-9]+(?:-[a-z0-9]+)*)(?:(?<=[a-z0-9]{2})(\*))?)(?: |$)'
)
_OPERATORS = frozenset({"or", "and", "not", "andnot"})
MOST = 8  # parts; longer rules gain nothing


def read(text: str) -> Expression | None:
    """The rule if it is some plain terms in their order, as the long way would read it."""
    terms: list[Term] = []
    place, last = 0, ""
    while place < len(text):
        found = _TERM.match(text, place)
        if found is None or len(terms) == MOST:
            return None
        field, quoted, word, star = found.groups()
        written = found.group().rstrip()
        if written <= last or (word in _OPERATORS and not star):
            return None
        terms.append(_term(_FIELDS[field or ""], quoted, word, star))
        place, last = found.end(), written
    if not terms or text.endswith(" "):
        return None
    return Expression(terms[0] if len(terms) == 1 else All(tuple(terms)))


def _term(field: Field, quoted: str | None, word: str, star: str | None) -> Term:
    if quoted is not None:
        return Term(tuple(quoted.split(" ")), Way.EXACT, field)
    return Term(tuple(word.split("-")), Way.BEGINNING if star else Way.STEM, field)

"""The guard itself: everything that is looked for in a text, in order of place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from digest.summaries.grounding.evidence import Evidence
from digest.summaries.grounding.findings import Finding, Kind, Source, Span
from digest.summaries.grounding.formulas import formulas_in, stands
from digest.summaries.grounding.language import not_english
from digest.summaries.grounding.leftovers import left_in
from digest.summaries.grounding.names import strangers_in
from digest.summaries.grounding.nearby import names_near, quantities_near
from digest.summaries.grounding.numbers import wrong_in
from digest.summaries.grounding.quantities import Quantity, quantities_of
from digest.summaries.grounding.shape import misshapen
from digest.summaries.grounding.shown import Shown, shown
from digest.summaries.grounding.voices import voices_in

#: Nobody reads more; a text with so many is not worth mending.
MOST = 60


def check(text: str, source: Source) -> tuple[Finding, ...]:
    """What is wrong with a text about a paper, in order of place; empty where it passes."""
    evidence = Evidence(source)
    seen = shown(text)
    found = [
        *misshapen(text, source.title),
        *not_english(text, "\n".join(part.text for part in evidence.parts)),
        *(_as_typed(text, seen, finding) for finding in voices_in(seen.text)),
        *left_in(text, seen.text),
        *islice(_grounded(text, seen, evidence), MOST),
    ]
    return tuple(_outermost(found))[:MOST]


def _outermost(found: list[Finding]) -> Iterator[Finding]:
    """In order of place, without what lies within another finding of the same kind."""
    ends: dict[Kind, int] = {}
    for finding in sorted(found, key=lambda finding: (finding.start, -finding.end)):
        if not finding.end or finding.end > ends.get(finding.kind, 0):
            ends[finding.kind] = finding.end
            yield finding


def _grounded(text: str, seen: Shown, evidence: Evidence) -> Iterator[Finding]:
    """Formulas, numbers, names: what one has looked at, the next passes over."""
    taken: list[Span] = []
    for span, must_stand in formulas_in(seen.text):
        if stands(seen.text[slice(*span)], evidence):
            taken.append(span)
        elif must_stand:
            taken.append(span)
            yield _finding(text, seen, Kind.NUMBER, span)
    quantities = list(_outside(taken, quantities_of(seen.text)))
    for wrong in wrong_in(seen.text, quantities, evidence):
        near, said = quantities_near(wrong.quantity, evidence) if wrong.quantity else ((), "")
        yield _finding(text, seen, wrong.kind, (wrong.start, wrong.end), near, said)
        taken.append((wrong.start, wrong.end))
    # With a capital it may be of a name, as in Zero Trust.
    taken += [(q.start, q.end) for q in quantities if not seen.text[q.start].isupper()]
    for kind, start, end in strangers_in(seen.text, evidence, taken):
        near = names_near(seen.text[start:end], evidence)
        yield _finding(text, seen, kind, (start, end), near)


def _as_typed(text: str, seen: Shown, finding: Finding) -> Finding:
    start, end = seen.typed(finding.start, finding.end)
    return replace(finding, start=start, end=end, quote=text[start:end])


def _outside(taken: list[Span], quantities: list[Quantity]) -> Iterator[Quantity]:
    """Those that begin in none of the places, both being in order."""
    ends = iter(sorted(taken))
    place = next(ends, None)
    for quantity in quantities:
        while place and place[1] <= quantity.start:
            place = next(ends, None)
        if not place or quantity.start < place[0]:
            yield quantity


def _finding(
    text: str,
    seen: Shown,
    kind: Kind,
    span: Span,
    near: tuple[Span, ...] = (),
    said: str = "",
) -> Finding:
    start, end = seen.typed(*span)
    quote = text[start:end]
    if not quote.strip():  # deep in TeX, where nobody can point at it
        start, end, quote = 0, 0, seen.text[slice(*span)]
    message = f'"{" ".join(quote.split())}" is not in the paper'
    return Finding(kind, start, end, quote, f"{message} ({said})." if said else f"{message}.", near)

"""Which institutions a paper comes from: by rules, or what a model said, held against page one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from digest.summaries.institutions.emails import from_emails, institution_of
from digest.summaries.institutions.names import WRITTEN, folded, normalised
from digest.summaries.institutions.page import found_on_page, from_affiliations

__all__ = ["by_rules", "checked", "from_emails", "institution_of", "normalised"]

_MARKED = re.compile(r"(?<=\d)(?=[A-ZÀ-Ý])")


def by_rules(
    *,
    page: str = "",
    authors: Sequence[str] = (),
    affiliations: Iterable[str] = (),
    title: str = "",
    abstract: str = "",
) -> tuple[str, ...]:
    """In order of trust: what page one says, what the feed says, whose mail the authors use."""
    found = found_on_page(page, authors, title, abstract) if page else ()
    return found or from_affiliations(affiliations) or from_emails(page)


def checked(answered: Sequence[str], page: str, authors: Sequence[str] = ()) -> tuple[str, ...]:
    """Of a model's list those that stand on page one by one of their names or mail domains, in
    the order in which they first appear there; never an author's name."""
    if not page:
        return ()
    # A mark may stand right before a name.
    words = f" {folded(_MARKED.sub(' ', page))} "
    by_mail = set(from_emails(page))
    people = {folded(name) for name in authors}
    places: dict[str, int] = {}
    for said in answered:
        name = normalised(said)
        if not name or folded(name) in people or folded(said) in people:
            continue
        written = {*WRITTEN.get(name, ()), folded(name), folded(said)}
        stands = [at for one in written if one and (at := words.find(f" {one} ")) >= 0]
        if stands or name in by_mail:
            places.setdefault(name, min(stands, default=len(words)))
    return tuple(sorted(places, key=lambda name: places[name]))

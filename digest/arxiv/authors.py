"""Authors as arXiv's feeds give them: one string, commas between, affiliations in brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from digest.arxiv.listing import Author
from digest.arxiv.tex import to_unicode

_SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV|2nd|3rd)\.?", re.I)
_LONGEST_SUFFIX = 4
# Whatever makes a string more than names between commas.
_SPECIAL = ("(", ")", ":", " and ", ",and ", " et al", " et. al", " for ", " on behalf of ")
_SIGN = re.compile(r"[(),:]|(?<![^\s,)])and(?=\s)")
# Groups sign as authors too, and what joins words of their names joins no authors.
_GROUP = re.compile(
    r"\b(?:collaborations?|consortium|teams?|groups?|network|project|survey|committee|"
    r"institutes?|university|laborator(?:y|ies)|cent(?:er|re))\b",
    re.I,
)
_ENDS_IN_GROUP = re.compile(r"\b(?:collaborations?|consortium|teams?|groups?)$", re.I)
_OF = re.compile(r"\b(?:for|of)\b")
_INITIAL = re.compile(r"\b[A-Z]\.")
_ET_AL = re.compile(r"\s(et\.? al\.?)$")
_FOR = re.compile(r"\s(?=(?:for|on behalf of)\s)")
_NUMBERS = re.compile(r"\d+(?:\s*(?:,|and|&)\s*\d+)*")
_NUMBERED = re.compile(r"\((\d+)\)\s*")

# A name, and the affiliations behind it.
_Piece = tuple[str, tuple[str, ...]]


def split(text: str) -> tuple[Author, ...]:
    """``A One, B Two (Aff, City) and C Three Jr.`` as authors with their affiliations."""
    text = to_unicode(text)
    if not any(sign in text for sign in _SPECIAL):
        pieces: list[_Piece] = [(name.strip(), ()) for name in text.split(",")]
    else:
        pieces = _resolved([named for piece in _pieces(text) for named in _named(*piece)])
    found: list[Author] = []
    for name, affiliations in pieces:
        if found and len(name) <= _LONGEST_SUFFIX and _SUFFIX.fullmatch(name):
            last = found[-1]
            found[-1] = Author(f"{last.name} {name}", last.affiliations + affiliations)
        elif name:
            found.append(Author(name, affiliations))
    return tuple(found)


@dataclass(slots=True)
class _Stretch:
    """Text between two signs, and the brackets in it that stand in no others."""

    start: int
    end: int
    brackets: list[tuple[int, int]]


def _pieces(text: str) -> Iterator[_Piece]:
    stretches, signs = _stretches(text)
    held = stretches[0]
    for sign, before, after in zip(signs, stretches, stretches[1:], strict=False):
        if _parts_authors(sign, text[before.start : before.end], text[after.start : after.end]):
            yield _piece(text, held)
            held = after
        else:
            held = _Stretch(held.start, after.end, held.brackets)
            held.brackets += after.brackets
    yield _piece(text, held)


def _stretches(text: str) -> tuple[list[_Stretch], list[str]]:
    """The text cut at every comma, colon and ``and`` outside brackets."""
    found = list(_SIGN.finditer(text))
    closing = _closing(found)
    stretches, signs = [_Stretch(0, len(text), [])], list[str]()
    at = 0
    while at < len(found):
        sign = found[at]
        if at in closing:
            at = closing[at]
            stretches[-1].brackets.append((sign.start(), found[at].start()))
        elif sign[0] not in "()":
            stretches[-1].end = sign.start()
            stretches.append(_Stretch(sign.end(), len(text), []))
            signs.append(sign[0])
        at += 1
    return stretches, signs


def _closing(signs: list[re.Match[str]]) -> dict[int, int]:
    """Of each opening bracket the one that closes it; one without its other half is text."""
    opened, found = list[int](), dict[int, int]()
    for at, sign in enumerate(signs):
        if sign[0] == "(":
            opened.append(at)
        elif sign[0] == ")" and opened:
            found[opened.pop()] = at
    return found


def _parts_authors(sign: str, before: str, after: str) -> bool:
    """Whether the sign between two stretches stands between two authors."""
    before, after = before.strip(), after.strip()
    if sign == ",":
        return True
    if sign == ":":  # The X Collaboration: A One, B Two
        return bool(_ENDS_IN_GROUP.search(before) and after)
    if not before or not _GROUP.search(after):
        return True  # ", and C Three"
    if _OF.search(before):
        return False  # for the X and Y Collaborations
    own = _INITIAL.search(before) or before.endswith(")") or _ENDS_IN_GROUP.search(before)
    return bool(own) or after.lower().startswith("the ")


def _piece(text: str, stretch: _Stretch) -> _Piece:
    """The brackets at the end are affiliations; those within, as in Ke (Kevin) Wu, a name."""
    end, affiliations = stretch.end, list[str]()
    whole = text[stretch.start : stretch.end]
    start = stretch.end - len(whole.lstrip())
    for opened, closed in reversed(stretch.brackets):
        # Where the name begins with it, the bracket is the name.
        if opened <= start or text[closed + 1 : end].strip():
            break
        affiliations.append(text[opened + 1 : closed].strip())
        end = opened
    return text[stretch.start : end].strip(), tuple(filter(None, reversed(affiliations)))


def _named(name: str, affiliations: tuple[str, ...]) -> list[_Piece]:
    """One author, and whom the same words name besides, without a comma."""
    found = _ET_AL.search(name)
    if not found and _ENDS_IN_GROUP.search(name):
        found = _FOR.search(name)
    if not found or not name[: found.start()]:
        return [(name, affiliations)]
    return [(name[: found.start()].strip(), ()), (name[found.start() :].strip(), affiliations)]


def _resolved(pieces: list[_Piece]) -> list[_Piece]:
    """``A (1), B (2) ((1) X, (2) Y)``: places for their numbers, where each place has a number."""
    name, said = pieces[-1]
    if not said or not _NUMBERED.match(said[-1]):
        return pieces
    parts = _NUMBERED.split(said[-1])
    places = dict(zip(parts[1::2], (part.strip(" ,;") for part in parts[2::2]), strict=True))
    numbered = [*pieces[:-1], (name, said[:-1])]
    used = {number for _, said in numbered for place in said for number in _numbers(place)}
    if used != set(places) or len(places) < len(parts) // 2 or not all(places.values()):
        return pieces
    return [
        (name, tuple(known for place in said for known in _looked_up(place, places)))
        for name, said in numbered
    ]


def _numbers(place: str) -> list[str]:
    return re.findall(r"\d+", place) if _NUMBERS.fullmatch(place) else []


def _looked_up(place: str, places: dict[str, str]) -> list[str]:
    return [places[number] for number in _numbers(place)] or [place]

"""One name for each institution, whichever of its names somebody wrote."""

from __future__ import annotations

import re
import unicodedata

from digest.summaries.institutions.known import ROWS

LONGEST = 120
_INFERRED = re.compile(
    r"\s*\((?:inferred|assumed|based on|from|guessed)[^)]*\)?\s*$", re.IGNORECASE
)
_PROSE = re.compile(
    r"^(?:n/?a|none|null|unknown|tbd|nil|independent(?: researchers?)?|-+|\?+|unaffiliated|"
    r"not (?:\w+ )*(?:specified|provided|available|stated|given|mentioned|listed|known|found|"
    r"disclosed|explicitly|applicable|clear)\b.*|no (?:institution|affiliation)s?\b.*|"
    r"(?:unspecified|undisclosed|anonymous|unclear)\b.*|(?:institution|affiliation)s?\b.*)\.?$",
    re.IGNORECASE,
)
_LEGAL = re.compile(
    r"[\s,]+(?:inc|ltd|llc|l\.l\.c|corp|co|gmbh|s\.a|b\.v|plc|pvt|limited|pte)\.?$", re.IGNORECASE
)
_MARKS = re.compile(r"^[\s\d*†‡§¶∥⋄◇♠♣#,;.:)\]]+|[\s\d*†‡§¶∥⋄◇♠♣#,;:(\[]+$")
_SMALL = {
    "of",
    "and",
    "the",
    "for",
    "in",
    "at",
    "de",
    "di",
    "la",
    "du",
    "des",
    "der",
    "für",
    "et",
    "e",
    "y",
    "del",
}


def normalised(name: str) -> str:
    """The institution's one name; blank for prose such as "not specified"."""
    name = " ".join(name.replace("\u00ad", "").split())
    name = _MARKS.sub("", _INFERRED.sub("", name))
    if not name or len(name) > LONGEST or _PROSE.match(name) or "@" in name:
        return ""
    if known := KNOWN.get(folded(name)):
        return known
    shorter = name
    while (cut := _LEGAL.sub("", shorter)) != shorter:
        shorter = cut
        if known := KNOWN.get(folded(shorter)):
            return known
    if shorter.isupper() and len(shorter) > 6:
        shorter = _lowered(shorter)
    return KNOWN.get(folded(shorter), shorter.strip(" ."))


def folded(name: str) -> str:
    """For comparing: without case, accents, punctuation and a leading article."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    words = re.findall(r"[^\W_]+", "".join(c for c in plain if not unicodedata.combining(c)))
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


def _lowered(name: str) -> str:
    words = name.lower().split()
    return " ".join(
        word if place and word in _SMALL else word[:1].upper() + word[1:]
        for place, word in enumerate(words)
    )


def _known() -> dict[str, str]:
    known: dict[str, str] = {}
    for name, _, _ in ROWS:
        known[folded(name)] = name
    for name, others, _ in ROWS:
        for other in others:
            known.setdefault(folded(other), name)
    return known


KNOWN = _known()
#: Every way in which a name is written, folded.
WRITTEN: dict[str, tuple[str, ...]] = {
    name: tuple(dict.fromkeys(folded(one) for one in (name, *others))) for name, others, _ in ROWS
}

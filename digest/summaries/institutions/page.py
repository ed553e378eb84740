"""Institutions on page one of a paper: what stands between the title and the abstract, and in
its footnotes. Only what looks like an institution's own name is taken; what is unclear is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from digest.summaries.institutions.names import KNOWN, folded, normalised

_HEADER = 4_000
_MOST = 60
_ABSTRACT = re.compile(
    r"^\W*(?:abstract|summary|a b s t r a c t)\b|\babstract\s*[—:.\-]", re.I | re.M
)
_NOTE = re.compile(r"^\s*[*†‡§¶\d]{1,3}\s*[A-ZÀ-Ý]")
_SENTENCE = re.compile(r"[.?!]\s+[A-Z]|[=<>]")
_HYPHEN = re.compile(r"(\w)-\n(?=[a-z])")
#: A mark before a name: a number, a symbol, or a letter on its own.
_MARK = re.compile(
    r"(?:(?<=[\s,;.)])|^)(?:\(?\d{1,2}\)?|[*†‡§¶∥⋄♠♣]+|[a-z](?=[A-Z]))[\s,)]*(?=[A-ZÀ-Ý])"
)
_PARTS = re.compile(r"[,;|•·]|\s[-\u2013\u2014]\s")
_AND = re.compile(r"\s(?:and|&)\s(?:the\s)?(?=[A-ZÀ-Ý])")
_FIRST_RATE = re.compile(
    r"\b(?:universit\w*|universidad\w*|università|université|politecnico|polytechni\w+|"
    r"academy of sciences?|institute of (?:science|technology)|national lab\w*|"
    r"institut(?:e|o) \w+ de|college london|école normale\w*|école polytechnique\w*|"
    r"hochschule\w*)\b",
    re.I,
)
_SECOND_RATE = re.compile(
    r"\b(?:institut\w*|college|laborator(?:y|ies)|labs?|academy|hospital|clinic|"
    r"cent(?:er|re)|corporation|research|observatory|foundation|school of economics|inc|gmbh|ltd|"
    r"technologies|école|supercomput\w+)\b",
    re.I,
)
_BELOW = re.compile(
    r"^(?:\w+\s)?(?:dept\b|department|school of|faculty|division|college of|group|team|chair of|"
    r"(?:state )?key lab\w*|research group|student|member|senior|fellow|professor|phd|ph\.d)",
    re.I,
)
_NO_NAME = re.compile(
    r"\b(?:we|our|is|are|was|were|this|that|these|work|contribut\w+|correspond\w+|author\w*|equal\w*|"
    r"intern\w*|support\w*|grant\w*|fund\w*|under|while|during|email|e-mail|copyright|permission|"
    r"conference|proceedings|preprint|arxiv|figure|table|show\w*|propos\w*|learning|models?|"
    r"using|via|based|towards?|efficient|scalable|training|inference|performed|done|on leave)\b",
    re.I,
)
_CAMPUSES = {
    "university of california": {
        "berkeley", "davis", "irvine", "los angeles", "merced", "riverside", "san diego",
        "san francisco", "santa barbara", "santa cruz",
    },
    "university of illinois": {"urbana champaign", "chicago"},
    "university of maryland": {"college park", "baltimore county"},
    "university of massachusetts": {"amherst", "lowell", "boston"},
    "university of wisconsin": {"madison"},
    "university of texas": {"austin", "dallas", "arlington"},
    "indian institute of technology": {
        "delhi", "bombay", "madras", "kanpur", "kharagpur", "roorkee", "hyderabad", "guwahati",
    },
}  # fmt: skip


def found_on_page(
    text: str, authors: Sequence[str], title: str = "", abstract: str = ""
) -> tuple[str, ...]:
    """The institutions of page one in the order in which they first appear, each once."""
    header, rest = _header_and_rest(text, abstract)
    people = {folded(name) for name in authors}
    titled = folded(title)
    found: dict[str, None] = {}
    for segment in [*_segments(header, titled), *_footnotes(rest)]:
        found.update(dict.fromkeys(_named_in(segment, people)))
        if len(found) >= _MOST:
            break
    return tuple(found)


def from_affiliations(affiliations: Iterable[str]) -> tuple[str, ...]:
    """The institutions of affiliations as a feed gives them."""
    found: dict[str, None] = {}
    for affiliation in affiliations:
        names = list(_named_in(affiliation[:400], set()))
        whole = normalised(affiliation)
        found.update(dict.fromkeys(names or ([whole] if whole else [])))
    return tuple(found)


def _header_and_rest(text: str, abstract: str) -> tuple[str, str]:
    text = _HYPHEN.sub(r"\1", text)
    end = _ABSTRACT.search(text)
    place = end.start() if end else -1
    begun = " ".join(abstract.split())[:40]
    if begun:
        loose = re.compile(r"\s+".join(map(re.escape, begun.split())))
        if (at := loose.search(text)) and (place < 0 or at.start() < place):
            place = at.start()
    if place < 0:
        place = min(len(text), _HEADER // 2)
    return text[: min(place, _HEADER)], text[place:]


def _segments(header: str, titled: str) -> Iterator[str]:
    """One affiliation each: a line, or what stands between two marks; never the title's lines."""
    for line in header.split("\n"):
        line = line.strip()
        if not line or (titled and len(folded(line)) > 3 and folded(line) in titled):
            continue
        yield from (part for part in _MARK.split(line) if part and part.strip())


def _footnotes(rest: str) -> Iterator[str]:
    """Notes below that say where somebody is, as IEEE's do, or that begin with a mark."""
    said = re.compile(r"\b(?:is|are) with (?:the )?([^.\n]{5,240}(?:\n[^.\n]{1,120})?)")
    for note in said.finditer(rest):
        yield " ".join(note[1].split())
    for line in rest.split("\n"):
        is_note = _NOTE.match(line) and len(line) < 160 and not _SENTENCE.search(line)
        if is_note and _FIRST_RATE.search(line):
            yield line


def _named_in(segment: str, people: set[str]) -> Iterator[str]:
    """The best names of one affiliation: a university counts for more than its department.
    What is joined by "and" are two, where each is an institution by itself."""
    parts = _joined([part.strip(" .()[]{}") for part in _PARTS.split(segment)])
    both = [[_rated(one, people) for one in _sides(part, people)] for part in parts]
    best = max((rate for sides in both for rate, _ in sides), default=0)
    for sides in both:
        if best and any(rate == best for rate, _ in sides):
            yield from (name for rate, part in sides if rate and (name := _clean(part)))


def _sides(part: str, people: set[str]) -> list[str]:
    """Split at the last "and" that has an institution on either side."""
    if folded(normalised(part)) in KNOWN:
        return [part]
    for joint in reversed(list(_AND.finditer(part))[:4]):
        sides = [part[: joint.start()], part[joint.end() :]]
        if all(_rate(side, people) for side in sides):
            return sides
    return [part]


def _rated(part: str, people: set[str]) -> tuple[int, str]:
    return _rate(part, people), part


def _joined(parts: list[str]) -> list[str]:
    """Campuses go with their university, as in University of California, Berkeley."""
    joined: list[str] = []
    for part in parts:
        before = folded(joined[-1]) if joined else ""
        if folded(part) in _CAMPUSES.get(before, ()):
            joined[-1] = f"{joined[-1]}, {part}"
        else:
            joined.append(part)
    return joined


def _clean(part: str) -> str:
    part = re.sub(r"\s+\d[\d\s,*†‡]*$", "", part)
    part = re.sub(r"\s*\b\d{4,6}\b.*$", "", part)
    return normalised(part)


def _rate(part: str, people: set[str]) -> int:
    """3 for a name that is known or a university's, 2 for another institution's, 0 for none."""
    if not 2 <= len(part) <= 100 or "@" in part or len(part.split()) > 12:
        return 0
    if folded(part) in people or _NO_NAME.search(part):
        return 0
    if folded(normalised(part)) in KNOWN:
        return 3
    if not part[0].isupper() or _BELOW.match(part):
        return 0
    if _FIRST_RATE.search(part):
        return 3
    return 2 if _SECOND_RATE.search(part) and len(part.split()) > 1 else 0

"""arXiv's taxonomy: groups, archives and categories, with their aliases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from digest.arxiv.taxonomy_names import ARCHIVE_NAMES, CATEGORY_NAMES, GROUP_ARCHIVES


class UnknownCategory(ValueError):
    """A code that is neither a category nor an alias of one."""


@dataclass(frozen=True, slots=True)
class Category:
    code: str
    name: str
    archive: str
    group: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Archive:
    code: str
    name: str
    group: str


# Categories with two codes: a paper in one is in the other. The right one is canonical.
ALIASES = {
    "cs.NA": "math.NA",
    "cs.SY": "eess.SY",
    "math.IT": "cs.IT",
    "math.MP": "math-ph",
    "q-fin.EC": "econ.GN",
    "stat.TH": "math.ST",
}

# Archives closed long ago, whose papers still carry the old code.
CLOSED = {
    "acc-phys": "physics.acc-ph",
    "adap-org": "nlin.AO",
    "alg-geom": "math.AG",
    "ao-sci": "physics.ao-ph",
    "atom-ph": "physics.atom-ph",
    "bayes-an": "physics.data-an",
    "chao-dyn": "nlin.CD",
    "chem-ph": "physics.chem-ph",
    "cmp-lg": "cs.CL",
    "comp-gas": "nlin.CG",
    "dg-ga": "math.DG",
    "funct-an": "math.FA",
    "mtrl-th": "cond-mat.mtrl-sci",
    "patt-sol": "nlin.PS",
    "plasm-ph": "physics.plasm-ph",
    "q-alg": "math.QA",
    "solv-int": "nlin.SI",
    "supr-con": "cond-mat.supr-con",
}

GROUPS = tuple(GROUP_ARCHIVES)
_GROUP_OF = {archive: group for group, archives in GROUP_ARCHIVES.items() for archive in archives}

#: In arXiv's own order, as on its taxonomy page.
ARCHIVES = {code: Archive(code, name, _GROUP_OF[code]) for code, name in ARCHIVE_NAMES.items()}

_ALIASES_OF: dict[str, tuple[str, ...]] = {
    code: tuple(alias for alias, target in ALIASES.items() if target == code)
    for code in ALIASES.values()
}

#: Every category under its canonical code, in arXiv's own order.
CATEGORIES = {
    code: Category(
        code,
        name,
        archive := code.partition(".")[0],
        ARCHIVES[archive].group,
        _ALIASES_OF.get(code, ()),
    )
    for code, name in CATEGORY_NAMES.items()
    if code not in ALIASES
}

_CANONICAL = {code.lower(): code for code in CATEGORIES} | {
    alias.lower(): code for alias, code in (ALIASES | CLOSED).items()
}

# What an archive stands for, aliases at their own place: cs holds cs.NA, which is math.NA.
_OF_ARCHIVE: dict[str, tuple[str, ...]] = {
    archive: tuple(
        ALIASES.get(code, code) for code in CATEGORY_NAMES if code.partition(".")[0] == archive
    )
    for archive in ARCHIVES
}


def canonical(code: str) -> str:
    """The one code of a category: case repaired, aliases and closed archives resolved."""
    found = _CANONICAL.get(code.strip().lower())
    if found is None:
        raise UnknownCategory(f"unknown arXiv category: {code.strip()[:80]!r}")
    return found


def expand(codes: Iterable[str]) -> list[str]:
    """Canonical codes, each once, in the given order; an archive stands for its categories."""
    found: dict[str, None] = {}
    for code in codes:
        archive = code.strip().lower()
        found.update(dict.fromkeys(_OF_ARCHIVE.get(archive) or (canonical(code),)))
    return list(found)

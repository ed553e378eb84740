"""What a keyword rule is made of, and how it prints: equal rules print equally.

The parts of a rule come from digest.sections.canonical, which puts them in order; exclusions
stand directly before terms, so that -(a OR b) is kept as -a -b.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Field(enum.StrEnum):
    """Where the words must stand; without a field in the title or in the abstract."""

    ANYWHERE = ""
    TITLE = "ti"
    ABSTRACT = "abs"
    AUTHORS = "au"
    COMMENTS = "co"


class Way(enum.Enum):
    """How words are compared: by stem, exactly, or exactly with the last one a beginning.

    Names of authors know no stems. Only they have initials: a surname, then first letters.
    """

    STEM = "stem"
    EXACT = "exact"
    BEGINNING = "beginning"
    INITIALS = "initials"


@dataclass(frozen=True, slots=True)
class Term:
    """One or more words in a row, in one field."""

    words: tuple[str, ...]
    way: Way = Way.STEM
    field: Field = Field.ANYWHERE

    def __str__(self) -> str:
        prefix = f"{self.field}:" if self.field else ""
        if self.way is Way.INITIALS:
            return prefix + "_".join(self.words)
        if self.way is Way.EXACT and (self.field is not Field.AUTHORS or len(self.words) > 1):
            return f'{prefix}"{" ".join(self.words)}"'
        return f"{prefix}{'-'.join(self.words)}{'*' if self.way is Way.BEGINNING else ''}"


@dataclass(frozen=True, slots=True)
class Not:
    """The term must not match."""

    term: Term

    def __str__(self) -> str:
        return f"-{self.term}"


@dataclass(frozen=True, slots=True)
class All:
    """Every part must match; the parts are distinct and in canonical order."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " ".join(
            f"({part})" if isinstance(part, Choice) and not excludes(part) else str(part)
            for part in self.parts
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """At least one part must match; the parts are distinct and in canonical order."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        shown = [str(part) for part in self.parts if not isinstance(part, Not)]
        excluded = [part for part in self.parts if isinstance(part, Not)]
        if len(excluded) == 1:
            shown.append(str(excluded[0]))
        elif excluded:  # -a OR -b reads better as -(a b)
            shown.append(f"-({' '.join(str(part.term) for part in excluded)})")
        return " OR ".join(shown)


Node = Term | Not | All | Choice


def excludes(node: Node) -> bool:
    """Whether it prints as one exclusion: -a or -(a b)."""
    if isinstance(node, Choice):
        return all(isinstance(part, Not) for part in node.parts)
    return isinstance(node, Not)


@dataclass(frozen=True, slots=True)
class Expression:
    """A keyword rule; its text is canonical. With ``variants`` other names count as well."""

    root: Node
    variants: bool = False

    def __str__(self) -> str:
        return f"~{self.root}" if self.variants else str(self.root)

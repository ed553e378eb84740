"""Simple TeX mathematics as readable Unicode; what is not simple is refused as a whole."""

# ruff: noqa: RUF001 - signs that look like others are what this is about
from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from digest.arxiv.tex_signs import (
    DOUBLE,
    HIGH,
    OVER,
    PLAIN,
    SCRIPTS,
    SUBSCRIPT,
    SUPERSCRIPT,
    symbol,
    unicode_of,
)

_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|\s+|.", re.S)
#: Deeper than anybody nests what a reader can still read in one line.
_DEEPEST = 20

_SWITCHES = frozenset({"rm", "bf", "it", "cal", "sf", "tt", "boldmath", "em", "sl", "mathstrut"})
_FRACTIONS = frozenset({"frac", "dfrac", "tfrac", "sfrac", "nicefrac"})
_BINOMIALS = frozenset({"binom", "dbinom", "tbinom"})
_SIZES = frozenset(
    {
        "left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl",
        "biggr", "displaystyle", "textstyle", "scriptstyle", "limits", "nolimits",
    }
)  # fmt: skip
_SPACES = {r"\,": " ", r"\;": " ", r"\:": " ", r"\ ": " ", r"\!": "", r"\/": "", "~": " "}
_ESCAPED = {rf"\{sign}": sign for sign in "%&#_${}"} | {r"\|": "‖"}


class _NotSimple(Exception):
    """There is something in it that has no readable form."""


def readable_math(source: str) -> str | None:
    """``\\alpha^2 \\leq n`` as ``α² ≤ n``; None where a part of it is not understood."""
    reader = _Reader(_TOKEN.findall(source))
    try:
        return reader.all()
    except _NotSimple:
        return None


class _Reader:
    """Reads tokens one after the other, each once."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    def all(self) -> str:
        made = self.until(None)
        if not made.strip():
            raise _NotSimple
        return made

    def until(self, stop: str | None) -> str:
        made: list[str] = []
        while (token := self.peek()) != stop:
            if token is None:
                raise _NotSimple
            if token in {r"\choose", r"\over"}:
                return self.infix("".join(made), stop)
            text = self.atom()
            if _is_fraction(token, text) and self.touches(made):
                text = f"({text})"
            spaced = made and made[-1][-1:].isalnum() and _is_word(token)
            made.append((" " if spaced else "") + text)
        self.at += 1
        return "".join(made)

    def infix(self, left: str, stop: str | None) -> str:
        """``m \\choose k``: the command stands between its arguments."""
        name = self.take()
        self.skip_space()
        return _put(name[1:], left.strip(), self.until(stop).strip())

    def touches(self, made: list[str]) -> bool:
        """Whether a letter or number beside it would be read as a part of it."""
        before = "".join(made[-1:])[-1:]
        after = self.peek() or " "
        return before.isalnum() or before in {")", "]"} or _binds(after)

    def peek(self) -> str | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self) -> str:
        if self.at >= len(self.tokens):
            raise _NotSimple
        self.at += 1
        return self.tokens[self.at - 1]

    def skip_space(self) -> None:
        while (self.peek() or "").isspace():
            self.at += 1

    def argument(self) -> str:
        self.skip_space()
        return self.atom()

    def atom(self) -> str:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _NotSimple
        made = self.part(self.take())
        self.depth -= 1
        return made

    def part(self, part: str) -> str:
        if part == "{":
            return self.until("}")
        if part in "^_":
            return self.script(part)
        if part in _SPACES or part in _ESCAPED:
            return _SPACES.get(part, _ESCAPED.get(part, ""))
        if part.startswith("\\"):
            return self.command(part[1:])
        if part in "}&$":
            raise _NotSimple
        return "′" if part == "'" else " " if part.isspace() else part

    def command(self, name: str) -> str:
        if name in PLAIN:
            inner = self.argument()
            return DOUBLE.get(inner, inner) if name in {"mathbb", "Bbb"} else inner
        if name in _SWITCHES:
            self.skip_space()
            return ""
        if name in OVER:
            inner = self.argument()
            if name == "underline" and inner.isalpha():
                return "".join(letter + OVER[name] for letter in inner)
            return _over(inner, OVER[name])
        if name in _FRACTIONS | _BINOMIALS:
            return _put(name, self.argument(), self.argument())
        if name in _SIZES:
            if self.peek() == ".":
                raise _NotSimple
            return ""
        return self.special(name)

    def special(self, name: str) -> str:
        if name == "sqrt":
            return self.root()
        if name in {"pmod", "mod", "pod"}:
            inner = self.argument()
            return f" (mod {inner})" if name == "pmod" else f" mod {inner}"
        if name == "unicode":
            return _known(unicode_of(name, self.argument()))
        if name == "xrightarrow" and not self.argument().strip():
            return "→"
        made = _known(symbol(name))
        if len(made) == 1 and made.isalpha():
            self.skip_space_before_letter()
        following = self.peek() or " "
        worded = made.strip().isalpha() and len(made) > 1 and following[0] not in " ([_^),.;:}"
        return f"{made.rstrip()} " if worded else made

    def root(self) -> str:
        if self.peek() == "[":
            raise _NotSimple
        inner = self.argument()
        return (
            f"√({inner})" if _binds(self.peek() or " ") else "√" + _held(inner, SUBSCRIPT.values())
        )

    def skip_space_before_letter(self) -> None:
        """As TeX does after a command: ``\\mu m`` is μm."""
        if (self.peek() or "").isspace() and "".join(self.tokens[self.at + 1 :][:1]).isalnum():
            self.at += 1

    def script(self, sign: str) -> str:
        inner = self.argument().strip()
        table = SUPERSCRIPT if sign == "^" else SUBSCRIPT
        if not inner:
            raise _NotSimple
        if sign == "^" and inner in HIGH:
            return HIGH[inner]
        if all(letter in table for letter in inner):
            return "".join(table[letter] for letter in inner)
        following = self.peek() or " "
        joins = inner.isalnum() and (following[0].isalnum() or following[0] == "{")
        # With a script of its own it needs brackets: x_(i₁)
        single = inner.isalnum() and inner == unicodedata.normalize("NFKC", inner)
        if (single or len(inner) == 1) and not joins:
            return sign + inner
        return f"{sign}({inner})"


def _known(made: str | None) -> str:
    if made is None:
        raise _NotSimple
    return made


def _is_fraction(part: str, made: str) -> bool:
    return (part == "{" or part[1:] in _FRACTIONS) and "/" in made


def _is_word(token: str) -> bool:
    """Whether it is a command for a word, such as log, which does not touch what is before."""
    made = symbol(token[1:]) if token.startswith("\\") else None
    return made is not None and len(made) > 1 and made.isalpha()


def _binds(following: str) -> bool:
    """Whether what follows would be read as standing under the same root or stroke."""
    if following[0] == "\\":
        sign = symbol(following[1:])
        return following[1:] in PLAIN | OVER.keys() or (sign is not None and sign[0].isalpha())
    return following[0].isalnum() or following[0] in "([{^"


def _over(inner: str, mark: str) -> str:
    if len(inner) != 1:
        raise _NotSimple
    return inner + mark


def _put(name: str, first: str, second: str) -> str:
    if name == "choose" or name in _BINOMIALS:
        return f"({first} choose {second})"
    return f"{_numerator(first)}/{_held(second, SCRIPTS)}"


def _numerator(inner: str) -> str:
    return inner if inner.isalnum() else _held(inner, SCRIPTS)


def _held(inner: str, scripts: Collection[str]) -> str:
    """In brackets, unless it is one letter or one number, with nothing but scripts to it."""
    base = "".join(
        letter for letter in inner if not unicodedata.combining(letter) and letter not in scripts
    )
    single = len(base) == 1 or base.isdecimal()
    return inner if single and inner[0] == base[0] else f"({inner})"

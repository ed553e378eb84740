"""Simple TeX mathematics as readable Unicode; what is not simple is refused as a whole."""

# ruff: noqa: RUF001 - signs that look like others are what this is about
from __future__ import annotations

import functools
import re

from pylatexenc.latex2text import get_default_latex_context_db

_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|\s+|.", re.S)

_SUPERSCRIPT = dict(
    zip(
        "0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW−",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ⁻",
        strict=True,
    )
)
_SUBSCRIPT = dict(
    zip(
        "0123456789+-=()aehijklmnoprstuvxβγρφχ−",
        "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ₋",
        strict=True,
    )
)
# Signs that stand high by themselves.
_HIGH = {"∘": "°", "*": "*", "∗": "*", "⋆": "*", "′": "′", "†": "†", "⊤": "⊤", "⊥": "⊥", "‡": "‡"}

_PLAIN = frozenset(
    {
        "mathbf", "mathrm", "mathit", "mathsf", "mathtt", "mathcal", "mathfrak", "mathscr",
        "mathbb", "mathnormal", "boldsymbol", "bm", "text", "textbf", "textit", "textrm", "texttt",
        "textsc", "textsf", "mbox", "hbox", "operatorname", "operatorname*", "emph", "ensuremath",
    }
)  # fmt: skip
_DOUBLE = dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True))
_OVER = {
    "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303",
    "bar": "\u0304", "overline": "\u0304", "dot": "\u0307", "ddot": "\u0308", "vec": "\u20d7",
}  # fmt: skip
_SIZES = frozenset(
    {
        "left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl",
        "biggr", "displaystyle", "textstyle", "limits", "nolimits",
    }
)  # fmt: skip
_SPACES = {r"\,": " ", r"\;": " ", r"\:": " ", r"\ ": " ", r"\!": "", "~": " "}
_ESCAPED = {rf"\{sign}": sign for sign in "%&#_${}"} | {r"\|": "‖"}
_SYMBOLS = {"prime": "′", "lVert": "‖", "rVert": "‖", "lvert": "|", "rvert": "|", "quad": " ",
            "qquad": " ", "dots": "…", "top": "⊤", "varnothing": "∅", "le": "≤", "ge": "≥",
            "lesssim": "≲", "gtrsim": "≳"}  # fmt: skip


class _NotSimple(Exception):
    """There is something in it that has no readable form."""


def readable_math(source: str) -> str | None:
    """``\\alpha^2 \\leq n`` as ``α² ≤ n``; None where a part of it is not understood."""
    reader = _Reader(_TOKEN.findall(source))
    try:
        return reader.all()
    except _NotSimple:
        return None


@functools.cache
def symbol(name: str) -> str | None:
    """The sign that a command such as ``alpha`` stands for, or None."""
    if name in _SYMBOLS:
        return _SYMBOLS[name]
    spec = get_default_latex_context_db().get_macro_spec(name)
    made = getattr(spec, "simplify_repl", None)
    if isinstance(made, str) and made.strip() and "%" not in made and (
        len(made) <= 2 or made.isalpha()
    ):  # fmt: skip
        return made
    return None


class _Reader:
    """Reads tokens one after the other, each once."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.at = 0

    def all(self) -> str:
        made = self.until(None)
        if not made.strip():
            raise _NotSimple
        return made

    def until(self, stop: str | None) -> str:
        made: list[str] = []
        while self.peek() != stop:
            if self.at >= len(self.tokens):
                raise _NotSimple
            spaced = made and made[-1][-1:].isalnum() and _is_word(self.peek() or "")
            made.append((" " if spaced else "") + self.atom())
        self.at += 1
        return "".join(made)

    def peek(self) -> str | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self) -> str:
        if self.at >= len(self.tokens):
            raise _NotSimple
        self.at += 1
        return self.tokens[self.at - 1]

    def argument(self) -> str:
        while (self.peek() or "").isspace():
            self.at += 1
        return self.atom()

    def atom(self) -> str:
        part = self.take()
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
        if name in _PLAIN:
            inner = self.argument()
            return _DOUBLE.get(inner, inner) if name == "mathbb" else inner
        if name in _OVER:
            return _over(self.argument(), _OVER[name])
        if name == "sqrt":
            return "√" + _held(self.argument())
        if name in {"frac", "dfrac", "tfrac"}:
            return f"{_held(self.argument())}/{_held(self.argument())}"
        if name in _SIZES:
            if self.peek() == ".":
                raise _NotSimple
            return ""
        made = symbol(name)
        if made is None:
            raise _NotSimple
        if len(made) == 1 and made.isalpha():
            self.skip_space_before_letter()
        following = self.peek() or " "
        worded = len(made) > 1 and made.isalpha() and following[0] not in " ([_^),.;:}"
        return f"{made} " if worded else made

    def skip_space_before_letter(self) -> None:
        """As TeX does after a command: ``\\mu m`` is μm."""
        if (self.peek() or "").isspace() and "".join(self.tokens[self.at + 1 :][:1]).isalnum():
            self.at += 1

    def script(self, sign: str) -> str:
        inner = self.argument().strip()
        table = _SUPERSCRIPT if sign == "^" else _SUBSCRIPT
        if not inner:
            raise _NotSimple
        if sign == "^" and inner in _HIGH:
            return _HIGH[inner]
        if all(letter in table for letter in inner):
            return "".join(table[letter] for letter in inner)
        following = self.peek() or " "
        joins = inner.isalnum() and (following[0].isalnum() or following[0] == "{")
        if (inner.isalnum() or len(inner) == 1) and not joins:
            return sign + inner
        return f"{sign}({inner})"


def _is_word(token: str) -> bool:
    """Whether it is a command for a word, such as log, which does not touch what is before."""
    made = symbol(token[1:]) if token.startswith("\\") else None
    return made is not None and len(made) > 1 and made.isalpha()


def _over(inner: str, mark: str) -> str:
    if len(inner) != 1:
        raise _NotSimple
    return inner + mark


def _held(inner: str) -> str:
    """In brackets, unless it is one thing."""
    return inner if inner.isalnum() or len(inner) == 1 else f"({inner})"

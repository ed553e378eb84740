"""The signs that TeX's commands stand for, and the letters that stand high or low."""

# ruff: noqa: RUF001 - signs that look like others are what this is about
from __future__ import annotations

import functools
import re

from pylatexenc.latex2text import get_default_latex_context_db

SUPERSCRIPT = dict(
    zip(
        "0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW−",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ⁻",
        strict=True,
    )
)
SUBSCRIPT = dict(
    zip(
        "0123456789+-=()aehijklmnoprstuvxβγρφχ−",
        "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ₋",
        strict=True,
    )
)
SCRIPTS = frozenset(SUPERSCRIPT.values()) | frozenset(SUBSCRIPT.values())
DOUBLE = dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True))
OVER = {
    "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303",
    "bar": "\u0304", "overline": "\u0304", "dot": "\u0307", "ddot": "\u0308", "vec": "\u20d7",
    "acute": "\u0301", "grave": "\u0300", "breve": "\u0306", "check": "\u030c",
    "mathring": "\u030a", "dddot": "\u20db", "underline": "\u0332",
}  # fmt: skip
# Commands for a style or a kind of letter, which a line of text does not show.
PLAIN = frozenset(
    {
        "mathbf", "mathrm", "mathit", "mathsf", "mathtt", "mathcal", "mathfrak", "mathscr",
        "mathbb", "Bbb", "mathnormal", "boldsymbol", "bm", "bold", "text", "textbf", "textit",
        "textrm", "texttt", "textsc", "textsf", "textup", "textnormal", "mbox", "hbox",
        "operatorname", "operatorname*", "emph", "ensuremath", "pmb", "mathbfcal", "mathop",
    }
)  # fmt: skip
# Signs that stand high by themselves.
HIGH = {"∘": "°", "*": "*", "∗": "*", "⋆": "*", "′": "′", "†": "†", "⊤": "⊤", "⊥": "⊥", "‡": "‡"}
_WORDS = (
    "det dim gcd ker deg hom Pr arg lg sec csc cot coth arccot argmax argmin Re Im tr diag rank sgn"
)
_SYMBOLS = {word: word for word in _WORDS.split()} | {
    "prime": "′", "lVert": "‖", "rVert": "‖", "lvert": "|", "rvert": "|", "quad": " ",
    "qquad": " ", "dots": "…", "top": "⊤", "varnothing": "∅", "le": "≤", "ge": "≥",
    "lesssim": "≲", "gtrsim": "≳", "bot": "⊥", "neg": "¬", "colon": ": ", "ne": "≠", "space": " ",
    "coloneqq": "≔", "iff": "⇔", "implies": "⇒", "gets": "←", "leadsto": "↝",
    "triangle": "△", "Box": "□", "Diamond": "◇", "models": "⊨", "vDash": "⊨", "ddagger": "‡",
    "lhd": "⊲", "rhd": "⊳", "unlhd": "⊴", "unrhd": "⊵", "land": "∧", "lor": "∨", "S": "§",
    "pounds": "£", "euro": "€", "checkmark": "✓", "imath": "ı", "jmath": "ȷ", "nsim": "≁",
    "ncong": "≇", "lll": "⋘", "ggg": "⋙", "bigstar": "★", "bigsqcup": "⨆", "lbrack": "[",
    "rbrack": "]", "degree": "°", "limsup": "lim sup", "liminf": "lim inf", "slash": "/",
    "LaTeX": "LaTeX", "TeX": "TeX", "bmod": " mod ", "micro": "µ", "ohm": "Ω",
    "RR": "ℝ", "ZZ": "ℤ", "NN": "ℕ", "QQ": "ℚ", "CC": "ℂ", "Real": "ℝ", "Reals": "ℝ",
    "reals": "ℝ", "naturals": "ℕ", "integers": "ℤ", "R": "ℝ", "Z": "ℤ", "Q": "ℚ",
}  # fmt: skip
# Letters of names, which in mathematics are somebody's own commands, such as \O(n); marks that
# belong over a letter; and words of rare packages that rather name somebody's method.
_OTHER_COMMANDS = (
    "o O l L i j ss ae oe AE OE dh DH th TH dj DJ ng NG ij IJ eth dddot ddddot "
    "id Ident image original estimates recorder truestate rightmoon mercury venus jupiter "
    "saturn uranus neptune pluto aries taurus gemini cancer leo virgo libra scorpio "
    "sagittarius capricornus aquarius pisces"
)
_OTHERS = frozenset(_OTHER_COMMANDS.split())
_DING = re.compile(r"\d{2,3}")
_CODE = re.compile(r"(?:x|0x|U\+)([0-9A-Fa-f]{2,5})")
# Signs of the font Dingbats that stand elsewhere in Unicode.
_NO_DINGBATS = frozenset({37, 42, 43, 72, 108, 110, 115, 116, 117, 119})


@functools.lru_cache(maxsize=4096)
def symbol(name: str) -> str | None:
    """The sign that a command such as ``alpha`` stands for, or None."""
    if name in _SYMBOLS:
        return _SYMBOLS[name]
    if name in _OTHERS:
        return None
    spec = get_default_latex_context_db().get_macro_spec(name)
    made = getattr(spec, "simplify_repl", None)
    if isinstance(made, str) and made.strip() and "%" not in made and (
        len(made) <= 2 or made.isalpha()
    ):  # fmt: skip
        return made
    return None


def unicode_of(name: str, content: str) -> str | None:
    """The character of ``\\unicode{x2013}`` or ``\\ding{51}``."""
    if name == "unicode" and (found := _CODE.fullmatch(content)):
        made = chr(int(found[1], 16))
        return made if made.isprintable() else None
    if name == "ding" and _DING.fullmatch(content):
        number = int(content)
        if 172 <= number <= 211:  # circled digits
            return chr(0x2460 + number - 172 if number < 182 else 0x2776 + number - 182)
        if 33 <= number <= 126 and number not in _NO_DINGBATS:
            return chr(0x2701 + number - 33)
    return None


def lifted(text: str) -> str:
    """``th`` as it stands above the line; with a sign where a letter has no such form."""
    return _each(SUPERSCRIPT, text) or (f"^{text}" if text.isalnum() else f"^({text})")


def lowered(text: str) -> str:
    return _each(SUBSCRIPT, text) or (f"_{text}" if text.isalnum() else f"_({text})")


def _each(table: dict[str, str], text: str) -> str | None:
    return "".join(table[letter] for letter in text) if set(text) <= set(table) else None

"""TeX in titles, abstracts and names: accents and simple mathematics as Unicode.

Nothing here drops what it does not understand: an unknown command stays as it was typed.
"""

# ruff: noqa: RUF001 - signs that look like others are what this is about
from __future__ import annotations

import re
import unicodedata

from digest.arxiv.tex_math import readable_math, symbol

_MATH = re.compile(
    r"((?<!\\)\$\$.+?\$\$|(?<!\\)\$.+?(?<!\\)\$|(?<!\\)\\\(.+?\\\)|(?<!\\)\\\[.+?\\\])", re.S
)
_WORD_IN_IT = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{4,}")
_TWO_WORDS = re.compile(r"[A-Za-z]{2,}\s|\s[A-Za-z]{2,}")

_COMBINING = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306",
    ".": "\u0307", '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323",
    "c": "\u0327", "k": "\u0328", "b": "\u0331",
}  # fmt: skip
_LETTERS = {
    "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ",
    "aa": "å", "AA": "Å", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ",
    "dj": "đ", "DJ": "Đ", "ng": "ŋ", "NG": "Ŋ",
}  # fmt: skip

_ACCENT = re.compile(
    r"\\(?:(?P<sign>[`'^~=.\"])|(?P<word>[uvHrcdkb])(?=[\s{]))\s*"
    r"(?:\{\s*(?P<braced>[^\W\d_]|\\[ij])\s*\}|(?P<bare>[^\W\d_]|\\[ij](?![A-Za-z])[ \t]*))"
)
_LETTER = re.compile(r"\\([A-Za-z]+)(\{\}|[ \t]*)")
_BRACED_LETTER = re.compile(r"\{([^\W\d_])\}")
_CLOSING_QUOTE = re.compile(r"\\\"(?![\w{\\])")

_STYLED = re.compile(
    r"\\(?:emph|text(?:it|bf|tt|sc|rm|sf|sl|md|up|normal)?|mbox|underline|uline|url|path)"
    r"\s*\{([^{}]*)\}"
)
_SWITCHED = re.compile(r"\{\\(?:bf|em|it|rm|sc|sf|sl|tt)(?:series|shape|family)?\s+([^{}]*)\}")
_LINKED = re.compile(r"\\href\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
_COMMAND = re.compile(r"\\([A-Za-z]+)(\{\}|(?![A-Za-z]))")
_WORDS = {"LaTeX": "LaTeX", "TeX": "TeX", "BibTeX": "BibTeX", "textasciitilde": "~", "S": "§",
          "textbackslash": "\\", "textendash": "–", "textemdash": "—", "textquotesingle": "'",
          "textless": "<", "textgreater": ">", "textregistered": "®", "texttrademark": "™",
          "copyright": "©", "degree": "°", "textdegree": "°"}  # fmt: skip


def to_unicode(text: str) -> str:
    """Accents and letters of other alphabets as Unicode, outside mathematics; white space
    collapsed; NFC. This is the form that is stored."""
    pieces = _MATH.split(text)
    pieces[::2] = [_accents(piece) if "\\" in piece else piece for piece in pieces[::2]]
    return unicodedata.normalize("NFC", " ".join("".join(pieces).split()))


def readable(text: str) -> str:
    """The form for mails and pages: also simple mathematics, dashes, quotes and escapes."""
    pieces = _MATH.split(to_unicode(text))
    for at, piece in enumerate(pieces):
        if at % 2 == 0 or _is_price(piece, pieces[at + 1]):
            pieces[at] = _plain(piece)
        else:
            pieces[at] = readable_math(_inner(piece).strip()) or piece
    return " ".join("".join(pieces).split())


def _inner(piece: str) -> str:
    return piece.strip("$") if piece[0] == "$" else piece[2:-2]


def _is_price(piece: str, following: str) -> bool:
    """Whether what stands between two dollars is text: "$5 and $10" are two prices."""
    inner = _inner(piece)
    spaced = inner != inner.strip()
    if piece[0] != "$" or not inner or set(inner) & set("\\^_"):
        return spaced and bool(_WORD_IN_IT.search(inner))
    before_number = inner[0].isdigit() and following[:1].isdigit()
    return spaced or before_number or bool(_TWO_WORDS.search(inner))


def _accents(text: str) -> str:
    quoted = bool(_CLOSING_QUOTE.search(text))

    def accent(found: re.Match[str]) -> str:
        before = found.string[found.start() - 1 : found.start()] if found.start() else " "
        sign = found["sign"] or found["word"]
        if sign == '"' and quoted and not before.isalpha():
            return found[0]  # \"so\" is a quotation, not an umlaut
        if (sign == "^" and before in "0123456789)") or (sign == "~" and before == "/"):
            return found[0]  # 2\^n, https://example.org/\~name
        if found["sign"] and found["bare"] and found[0][2:3].isspace():
            return found[0]  # "etc\. The" is no accent
        base = (found["braced"] or found["bare"]).strip("\\ \t")
        made = unicodedata.normalize("NFC", base + _COMBINING[sign])
        return made if len(made) == 1 else found[0]

    text = _LETTER.sub(_letter, _ACCENT.sub(accent, text))
    return _BRACED_LETTER.sub(_unbraced, text)


def _letter(found: re.Match[str]) -> str:
    letter = _LETTERS.get(found[1])
    # As in TeX, the white space after a command of letters belongs to it.
    return letter if letter is not None else found[0]


def _unbraced(found: re.Match[str]) -> str:
    """Mat{é}rn without its braces; the é of a command keeps them."""
    before = found.string[max(0, found.start() - 24) : found.start()]
    if found[1].isascii() or re.search(r"(?:\\[A-Za-z]+\*?\s*|\\.|[}\]])$", before):
        return found[0]
    return found[1]


def _plain(text: str) -> str:
    """Text outside mathematics as a reader wants it."""
    if "\\" in text:
        for _ in range(4):  # one within the other: \textbf{\emph{x}}
            text = _SWITCHED.sub(r"\1", _LINKED.sub(r"\2 (\1)", text))
            text, count = _STYLED.subn(r"\1", text)
            if not count:
                break
        text = _COMMAND.sub(_command, text)
        text = re.sub(r"\\([%&#_${}])", r"\1", text)
        text = re.sub(r"(?<!\\)\\[ ,;:]", " ", text)
    text = re.sub(r"(?<=[A-Za-z.,])~(?=[\w(\[])", " ", text)
    text = re.sub(r"(?<=[\w\s),.;])---(?=[\w\s(])", "—", text)
    text = re.sub(r"(?<=[\w)])--(?=[\w(])", "–", text)
    return re.sub(r"``(.*?)''", r"“\1”", text)


def _command(found: re.Match[str]) -> str:
    made = _WORDS.get(found[1]) or symbol(found[1])
    return found[0] if made is None else made

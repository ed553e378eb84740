"""TeX in titles, abstracts and names: one form to store, and one to read.

Nothing here drops what it does not understand: an unknown command stays as it was typed.
"""

# ruff: noqa: RUF001, RUF003 - signs that look like others are what this is about
from __future__ import annotations

import re
import unicodedata
from html.entities import name2codepoint

from digest.arxiv import tex_spans
from digest.arxiv.tex_math import readable_math
from digest.arxiv.tex_text import readable_text

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

# In each, a pair of backslashes comes first: it is a line break, and no command begins in it.
_ACCENT = re.compile(
    r"\\\\|\\(?:(?P<sign>[`'^~=.\"])|(?P<word>[uvHrcdkb])(?=[\s{]))\s*"
    r"(?:\{\s*(?P<braced>[^\W\d_]|\\[ij])\s*\}|(?P<bare>[^\W\d_]|\\[ij](?![A-Za-z])[ \t]*))"
)
# \O_X and \L(f) are commands of mathematics that forgot its dollars.
_LETTER = re.compile(r"\\\\|\\([A-Za-z]+)(?![_^(])(\{\}|[ \t]*)")
_BRACED_LETTER = re.compile(r"(?<!\{)(\{++)([^\W\d_])(\}++)")
_CLOSING_QUOTE = re.compile(r"\\\"(?![\w{\\])")
_COMMAND_BEFORE = re.compile(r"(?:\\[A-Za-z]+\*?\s*|\\.|[}\]])$")
# arXiv's API and pages write γ for \gamma and é for \'e, and so weld them to what they
# stand behind. × and ÷ lie among the letters.
_WELDED = re.compile(
    r"(?<!\\)((?:\\\\)*\\[A-Za-z]+)"
    r"([\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0370-\u03ff\u1e00-\u1eff])"
)
#: An accent over an accented letter is read in the next pass; no letter has more.
_LAYERS = 4

_AMPERSAND = re.compile(r"&(?:(?:amp|AMP|#0*38|#[xX]0*26);)+")
_REFERENCE = re.compile(
    r"(?<!\\)&(?:#0*([0-9]{1,7})|#[xX]0*([0-9A-Fa-f]{1,6})|([A-Za-z0-9]{2,8}));"
)


def to_unicode(text: str) -> str:
    """Accents and letters of other alphabets as Unicode, outside mathematics; references
    to characters resolved; white space collapsed; NFC. This is the form that is stored."""
    if "&" in text and ";" in text:
        text = _REFERENCE.sub(_referred, _AMPERSAND.sub("&", text))
    if "\\" in text or ("{" in text and not text.isascii()):
        text = unicodedata.normalize("NFC", text)
        for _ in range(_LAYERS):
            before, text = text, _letters(text)
            if text == before:
                break
    # Printable text has no white space but the space itself; most of it needs nothing more.
    is_spaced = text.isprintable() and "  " not in text
    text = text.strip() if is_spaced else " ".join(text.split())
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def readable(text: str) -> str:
    """The form for mails and pages: also simple mathematics, dashes, quotes and escapes."""
    pieces = tex_spans.split(to_unicode(text))
    for at in range(1, len(pieces), 2):
        pieces[at] = _readable_span(pieces[at])
    return " ".join(readable_text(pieces).split())


def _readable_span(span: str) -> str:
    inside = tex_spans.inner(span)
    if inside.startswith(r"\href"):
        linked = readable_text([inside])
        return span if "\\" in linked else linked
    return readable_math(inside) or span


def _referred(found: re.Match[str]) -> str:
    """The character that ``&lt;`` or ``&#8217;`` stands for, where that can be read only once."""
    decimal, hexadecimal, name = found.groups()
    if name:
        code = name2codepoint.get(name, 0)
    else:
        code = int(decimal) if decimal else int(hexadecimal, 16)
    if code > 0x10FFFF or 0xD800 <= code < 0xE000:
        return found[0]
    made = chr(code)
    # A letter, a digit, # or ; could make a new reference with what stands beside it.
    again = made in "&#;" or (made.isascii() and made.isalnum())
    return found[0] if again or unicodedata.category(made) in {"Cc", "Cn"} else made


def _letters(text: str) -> str:
    pieces = tex_spans.split(text)
    pieces[::2] = [
        _accents(piece) if "\\" in piece or "{" in piece else piece for piece in pieces[::2]
    ]
    text = "".join(pieces)
    return text if text.isascii() else _WELDED.sub(r"\1{\2}", text)


def _accents(text: str) -> str:
    quoted = bool(_CLOSING_QUOTE.search(text))

    def accent(found: re.Match[str]) -> str:
        sign = found["sign"] or found["word"]
        if sign is None or _is_no_accent(found, sign, quoted):
            return found[0]
        base = (found["braced"] or found["bare"]).strip("\\ \t")
        made = unicodedata.normalize("NFC", base + _COMBINING[sign])
        return made if len(made) == 1 else found[0]

    text = _LETTER.sub(_letter, _ACCENT.sub(accent, text))
    return text if text.isascii() else _BRACED_LETTER.sub(_unbraced, text)


def _is_no_accent(found: re.Match[str], sign: str, quoted: bool) -> bool:
    before = found.string[found.start() - 1 : found.start()] if found.start() else " "
    if sign == '"' and quoted and not before.isalpha():
        return True  # \"so\" is a quotation, not an umlaut
    if (sign == "^" and before in "0123456789)") or (sign == "~" and before == "/"):
        return True  # 2\^n, https://example.org/\~name
    # "etc\. The" is no accent
    return bool(found["sign"] and found["bare"]) and found[0][2:3].isspace()


def _letter(found: re.Match[str]) -> str:
    letter = _LETTERS.get(found[1] or "")
    # As in TeX, the white space after a command of letters belongs to it.
    return letter if letter is not None else found[0]


def _unbraced(found: re.Match[str]) -> str:
    """Mat{é}rn without its braces; the é of a command keeps them."""
    if found[2].isascii():
        return found[0]
    pairs = min(len(found[1]), len(found[3]))
    opening, closing = found[1][pairs:], found[3][pairs:]
    before = found.string[max(0, found.start() - 24) : found.start()]
    if not opening and _COMMAND_BEFORE.search(before):
        return f"{{{found[2]}}}{closing}"
    return opening + found[2] + closing

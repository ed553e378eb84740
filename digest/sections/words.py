"""How a text is cut into words: the same way for papers and for what is looked for in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import Stemmer

# \textbf{R}einforcement is one word; \alpha is the word alpha.
TEX_STYLE = re.compile(
    r"\\(?:text[a-z]{0,2}|math[a-z]{2,4}|emph|underline|mbox|operatorname|url|bf|it|rm|tt|em|sc|sf)"
    r"(?![A-Za-z])\s*"
)
TEX_BRACES = str.maketrans("", "", "{}")
# Soft hyphens and zero-width marks stand inside words without being seen.
UNSEEN = str.maketrans("\u2019", "'", "\u00ad\u200b\u200c\u200d")
APOSTROPHE = re.compile(r"(?<=\w)'(?:s\b)?", re.IGNORECASE)
WORD = re.compile(r"(?<!\w)[^\W\d_](?:\+\+|#)(?!\w)|[^\W_]+")
# Plurals that the stemmer takes for words in themselves, as it wants a vowel before the s.
_ACRONYMS = re.compile(r"[bcdfghjklmnpqrtvwxz\d]{3,}s|[bcdfghjklmnpqrtvwxz\d]{1,3}pus|fpgas")
_PLAIN = str.maketrans(
    {chr(code): chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}
)
_STEMMER = Stemmer.Stemmer("english", 0)
# Letters of names that are letters in themselves and not a letter with a mark.
_PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "\u0131": "i", "ŧ": "t", "ŋ": "n"}
    | {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
)
_TWO_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})


def folded(text: str) -> str:
    """The text in NFKC and without case, in a form that folding again does not change."""
    if text.isascii():
        return text.lower()
    while (again := unicodedata.normalize("NFKC", text).casefold()) != text:
        text = again
    return text


def words_of(text: str) -> list[str]:
    """The words of a text in order; hyphens, line breaks and other marks only separate.

    A final 's and inner apostrophes fall away, C++ and C# stay whole, TeX's commands for
    type faces vanish, and those for signs count by their name.
    """
    if "\\" in text:
        text = TEX_STYLE.sub("", text).translate(TEX_BRACES)
    if not text.isascii():
        text = text.translate(UNSEEN)
    if "'" in text:
        text = APOSTROPHE.sub("", text)
    if text.isascii() and "#" not in text and "++" not in text:  # the same, and quicker
        return text.translate(_PLAIN).split()
    return WORD.findall(folded(text))


def as_written(text: str) -> str:
    """Some words out of a text as a reader should see them, on one line and without TeX."""
    if "\\" in text or "{" in text or "}" in text:
        text = TEX_STYLE.sub("", text).translate(TEX_BRACES)
    return " ".join(text.split())


def name_words_of(text: str) -> list[str]:
    """The words of a name without accents: Martinez and Martínez, Lukasz and Łukasz are one."""
    words = words_of(text)
    if all(map(str.isascii, words)):
        return words
    return words_of(unaccented(" ".join(words)))


def name_words_in_two_letters(text: str) -> list[str]:
    """The same with ue for ü and the like, as many write where the letter is missing."""
    return name_words_of(" ".join(words_of(text)).translate(_TWO_LETTERS))


def unaccented(text: str) -> str:
    """Folded text with the plainest letters of its like."""
    while True:
        bare = (char for char in unicodedata.normalize("NFD", text) if not _is_mark(char))
        plain = folded("".join(bare).translate(_PLAIN_LETTERS))
        if plain == text:
            return text
        text = plain


def _is_mark(char: str) -> bool:
    return unicodedata.category(char) == "Mn"


def stem(word: str) -> str:
    """The word without its ending; LLMs and GPUs, too, are several of one."""
    if _ACRONYMS.fullmatch(word):
        word = word[:-1]
    return str(_STEMMER.stemWord(word))


def stems_of(words: Iterable[str]) -> dict[str, str]:
    """The stem of each distinct word."""
    distinct = list(dict.fromkeys(words))
    singular = [word[:-1] if _ACRONYMS.fullmatch(word) else word for word in distinct]
    return dict(zip(distinct, _STEMMER.stemWords(singular), strict=True))

"""All that a paper says which a text about it may say again: its names, words and numbers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from digest.summaries.grounding.acronyms import IMPLIED, KNOWN
from digest.summaries.grounding.findings import Source
from digest.summaries.grounding.phrases import Phrases
from digest.summaries.grounding.quantities import Quantity, Reading, quantities_of
from digest.summaries.grounding.shown import Shown, shown
from digest.summaries.grounding.wording import Word, bracketed, joined, split_key, words_in

_SPLIT_WORD = re.compile(r"(?<=[a-z])-\s*\n\s*(?=[a-z])")
_CAPITALS = re.compile(r"(?<![\w])[A-Z][A-Z0-9]+s?(?![a-z0-9])")
_LONGEST_NAME = 6
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
# No real one is so long; a hostile one costs no more.
_LONGEST, _LONGEST_PAGE = 8_000, 20_000
_SPACES = re.compile(r"[\s\\{}$]+")
# What TeX writes for the look of a formula.
_LOOKS = re.compile(
    r"\\(?:left|right|[Bb]igg?[lr]?|sqrt|[dt]?frac|math[a-z]+|text[a-z]*|displaystyle|operatorname|"
    r"(?:wide)?tilde|scalebox|cdot|,|;|!)"
)
_GREEK = {r"\Theta": "Θ", r"\Omega": "Ω", r"\omega": "ω"}


class Evidence:
    """What stands in title, abstract and first page."""

    def __init__(self, source: Source) -> None:
        page = _SPLIT_WORD.sub("", source.first_page[:_LONGEST_PAGE])
        self.abstract = shown(source.abstract[:_LONGEST])
        title = shown(source.title[:_LONGEST])
        self.parts: tuple[Shown, ...] = (self.abstract, title, shown(page))
        self.lower = "\n".join(part.text.lower() for part in self.parts)
        self.cores = "\n".join(core(part.text) for part in self.parts)
        self.squashed = "\n".join(squashed(part.text) for part in self.parts)
        self._read_names()
        self._read_numbers()

    def _read_names(self) -> None:
        by_part = [words_in(part.text) for part in self.parts]
        self.abstract_names = [word for word in by_part[0] if any(map(str.isupper, word.text))]
        words = [word for words in by_part for word in words]
        self.phrases = Phrases(words)
        self.names = set(_names(words))
        self.capitals = {
            found[0].removesuffix("s").lower()
            for part in self.parts
            for found in _CAPITALS.finditer(part.text)
        }
        self._take_in_known()
        #: Short forms in brackets, by the key of the word that they stand behind.
        self.short_forms: defaultdict[str, set[str]] = defaultdict(set)
        for part, words in zip(self.parts, by_part, strict=True):
            for at, short in bracketed(part.text, words):
                if not short.text.islower():
                    self.short_forms[words[at - 1].key].add(short.key)

    def _read_numbers(self) -> None:
        self.quantities = [quantities_of(part.text) for part in self.parts]
        self.units = {quantity.unit for quantity in self.all_quantities() if quantity.unit}
        #: What is counted, by all that is measured; blank where that is not known.
        self.counted: defaultdict[Reading, set[str]] = defaultdict(set)
        for quantity in self.all_quantities():
            for reading in quantity.readings:
                self.counted[reading].add(quantity.counted)
        for count in self._implied():
            self.counted[Decimal(count), ""].add("")
        for count, word in enumerate(_ORDINALS, 1):
            if word in self.lower:
                self.counted[Decimal(count), "th"].add("")

    def all_quantities(self) -> Iterator[Quantity]:
        for quantities in self.quantities:
            yield from quantities

    def has(self, words: Sequence[Word]) -> bool:
        """Whether these words stand there one behind the other."""
        return joined([word.key for word in words]) in self.names

    def _implied(self) -> Iterator[int]:
        """Small numbers that are said without their word: a dual scheme, (1) to (3), no loss."""
        if re.search(r"\b(?:dual|pair|twin)\b", self.lower):
            yield 2
        if re.search(r"\b(?:no|without|free|never|none|eliminat\w*|zero-\w+)\b", self.lower):
            yield 0
        last = 0
        for number in re.findall(r"\(([1-9])\)", self.lower):
            last = int(number) if int(number) == last + 1 else last
        for count, word in enumerate(_ORDINALS[:5], 1):
            last = max(last, count) if re.search(rf"\b{word}(?:ly)?,", self.lower) else last
        if last > 1:
            yield last

    def _take_in_known(self) -> None:
        """Of what everybody knows the short form stands for the long one, and the long for it."""
        for short, long, words in KNOWN:
            if long in self.names:
                self.names.add(short)
                self.capitals.add(short)
            elif short in self.names:
                self.names.update([long, *words])
        for kind, thing in IMPLIED:
            if thing in self.names:
                self.names.add(kind)
                self.capitals.add(kind)


def _names(words: Sequence[Word]) -> Iterator[str]:
    """The keys of every word, and of all that follow one another as a name may."""
    for at, word in enumerate(words):
        keys = [word.key]
        yield word.key
        if parts := split_key(word.text):
            yield parts
        if family := re.match(r"[a-z]{3,}(?=\d)", word.key):
            yield family[0]  # Llama, of Llama3
        for other in words[at + 1 : at + _LONGEST_NAME]:
            if other.is_apart:
                break
            keys.append(other.key)
            yield joined(keys)


def squashed(text: str) -> str:
    """Without white space and what is left of TeX, to compare formulas by."""
    return _SPACES.sub("", text)


def core(text: str) -> str:
    """Only the letters and digits, to compare formulas by that are typed in different ways."""
    for command, letter in _GREEK.items():
        text = text.replace(command, letter)
    return "".join(sign for sign in _LOOKS.sub("", text) if sign.isalnum() or sign == "^")

"""TeX outside mathematics as a reader wants it: styles, quotes, dashes, notes, escapes."""

# ruff: noqa: RUF001 - signs that look like others are what this is about
from __future__ import annotations

import re

from digest.arxiv import typography
from digest.arxiv.tex_signs import SUPERSCRIPT, lifted, lowered, symbol, unicode_of

_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|[{}\[\]]|[^\\{}\[\]]+|\\", re.S)

_STYLES = frozenset(
    {
        "emph", "text", "textit", "textbf", "texttt", "textsc", "textrm", "textsf", "textsl",
        "textmd", "textup", "textnormal", "mbox", "underline", "uline", "url", "path",
        "boldsymbol", "mathrm", "mathbf",
    }
)  # fmt: skip
_SWITCHES = frozenset(
    {
        "bf", "em", "it", "rm", "sc", "sf", "sl", "tt", "bfseries", "itshape", "rmfamily",
        "scshape", "sffamily", "slshape", "ttfamily", "boldmath", "tiny", "scriptsize",
        "footnotesize", "small", "normalsize", "large", "Large", "LARGE", "huge", "Huge",
    }
)  # fmt: skip
_PAINTS = frozenset({"textcolor", "color", "colorbox", "scalebox"})
_LINKS = frozenset({"href", "hyperlink"})
_NOTES = frozenset({"footnote", "thanks"})
_CITATIONS = frozenset({"cite", "citep", "citet", "citealp", "citealt", "citeauthor"})
_WORDS = {
    "LaTeX": "LaTeX", "TeX": "TeX", "BibTeX": "BibTeX", "textasciitilde": "~", "S": "§",
    "textbackslash": "\\", "textendash": "–", "textemdash": "—", "textquotesingle": "'",
    "textless": "<", "textgreater": ">", "textregistered": "®", "texttrademark": "™",
    "copyright": "©", "degree": "°", "textdegree": "°", "textquotedblleft": "“",
    "textquotedblright": "”", "textquoteleft": "‘", "textquoteright": "’", "textunderscore": "_",
    "textbar": "|", "xspace": "", "newline": " ",
    "eg": "e.g.", "ie": "i.e.", "etal": "et al.", "etc": "etc.",
}  # fmt: skip
# What becomes of \rho where a program took its first letter for an accent.
_MANGLED = {
    "rho": "ρ", "beta": "β", "kappa": "κ", "chi": "χ", "delta": "δ", "upsilon": "υ",
    "varepsilon": "ε", "varphi": "φ", "tau": "τ", "theta": "θ",
}  # fmt: skip
_ESCAPED = (
    {rf"\{sign}": sign for sign in "%&#_${}"} | {rf"\{sign}": " " for sign in " ,;:"} | {r"\@": ""}
)
_PUNCTUATION = frozenset({",", ".", "=", "-", "--", "---"})
_POWER = re.compile(r"[-+−]?\d+")


_ESCAPE = re.compile(r"\\([%&#_~$])(?:\{\})?")
_LONGEST_ADDRESS = 60  # tokens, of which an escaped sign is one


def readable_text(pieces: list[str]) -> str:
    """Text and ready mathematics in turn, joined; the mathematics is not touched."""
    if len(pieces) == 1 and not set(pieces[0]) & set("\\{~`'-"):
        return pieces[0]
    return _Reader(pieces).all()


class _Reader:
    """Tokens, each looked at once, and beside them what is shown of each."""

    def __init__(self, pieces: list[str]) -> None:
        self.tokens: list[str] = []
        self.ready: set[int] = set()
        for place, piece in enumerate(pieces):
            if place % 2:
                self.ready.add(len(self.tokens))
                self.tokens.append(piece)
            else:
                self.tokens += _TOKEN.findall(piece)
        self.shown = list(self.tokens)
        self.closing = self._closing()
        self.quotes = typography.Quotes()

    def _closing(self) -> dict[int, int]:
        """Of each opening brace the one that closes it, where there is one."""
        opened, found = [], {}
        for at, part in enumerate(self.tokens):
            if part == "{" and at not in self.ready:
                opened.append(at)
            elif part == "}" and at not in self.ready and opened:
                found[opened.pop()] = at
        return found

    def all(self) -> str:
        for at, part in enumerate(self.tokens):
            if at in self.ready or not self.shown[at]:
                continue
            if part[0] == "\\":
                self.command(at, part)
            elif part == "{":
                self.braces(at)
            elif part not in "}[]":
                self.shown[at] = self.typed(at, self.shown[at])
        return "".join(self.shown)

    def token(self, at: int) -> str:
        return self.tokens[at] if 0 <= at < len(self.tokens) and at not in self.ready else ""

    def group(self, at: int) -> tuple[int, int] | None:
        """The braces that open here, white space before them left aside."""
        at += self.token(at).isspace()
        return (at, self.closing[at]) if at in self.closing else None

    def content(self, group: tuple[int, int]) -> str:
        return "".join(self.tokens[group[0] + 1 : group[1]])

    def show(self, start: int, end: int, *texts: str) -> None:
        """From one token up to another the given texts, and then nothing."""
        self.shown[start:end] = [*texts, *[""] * (end - start - len(texts))]

    def wrap(self, start: int, group: tuple[int, int], before: str = "", after: str = "") -> None:
        """The command and the braces of its argument, replaced."""
        self.show(start, group[0] + 1, before)
        self.shown[group[1]] = after

    def command(self, at: int, part: str) -> None:
        name = part[1:].rstrip("*")
        group = self.group(at + 1)
        if name in _SWITCHES:
            self.switch(at)
        elif name in _PAINTS | _LINKS and group:
            self.second(at, name, group)
        elif self.token(at + 1) == "[" and self.token(at + 3) == "]":
            self.with_option(at, name)
        elif group and self.with_argument(at, name, group):
            return
        elif part in _ESCAPED:
            self.shown[at] = _ESCAPED[part]
        elif part == r"\~" and self.token(at + 1)[:1].isdigit():
            self.shown[at] = "~"
        elif name.isalpha():
            self.word(at, name, group)

    def with_argument(self, at: int, name: str, group: tuple[int, int]) -> bool:
        """Whether it was a command for what stands in the braces behind it."""
        content = self.content(group) if group[1] - group[0] == 2 else ""
        made = _MANGLED.get(name + content) or unicode_of(name, content)
        if made:
            self.show(at, group[1] + 1, made)
        elif name in _STYLES:
            self.wrap(at, group)
        elif name in _NOTES:
            self.wrap(at, group, " (", ")")
        elif name in _CITATIONS:
            self.wrap(at, group, "[", "]")
        elif name in {"textsuperscript", "textsubscript"} and content[:1] == "\\":
            self.wrap(at, group)  # of \textregistered, which is high by itself
        elif name in {"textsuperscript", "textsubscript"} and content:
            raised = lifted(content) if name == "textsuperscript" else lowered(content)
            self.show(at, group[1] + 1, raised)
        else:
            return False
        return True

    def with_option(self, at: int, name: str) -> None:
        """``\\cite[Theorem 3]{key}``, and the mark of a note that stands elsewhere."""
        group = self.group(at + 4)
        if name in _CITATIONS and group:
            self.wrap(at, group, "[", f", {typography.ties(self.tokens[at + 2])}]")
        elif name == "footnotemark":
            self.show(at, at + 4)

    def switch(self, at: int) -> None:
        """``{\\bf so}`` without the command; without its braces too, unless they hold a script."""
        self.shown[at] = ""
        if at + 1 not in self.ready and at + 1 < len(self.shown):
            self.shown[at + 1] = self.shown[at + 1].lstrip()
        group = self.group(at - 1) if self.token(at - 1) == "{" else None
        if group and not self.token(at - 2).endswith(("^", "_")):
            self.shown[at - 1] = self.shown[group[1]] = ""

    def second(self, at: int, name: str, first: tuple[int, int]) -> None:
        """Of a colour and a text only the text; of an address and a text both."""
        group = self.group(first[1] + 1)
        if group is None:
            if name in _LINKS:
                self.wrap(at, first)
            elif name == "color":
                self.show(at, first[1] + 1)
            return
        if name not in _LINKS:
            self.wrap(at, group)
        elif first[1] - first[0] < _LONGEST_ADDRESS:
            address = _ESCAPE.sub(r"\1", self.content(first)).strip()
            shown = self.content(group).strip() if group[1] - group[0] == 2 else ""
            same = _bare(shown) == _bare(address)
            self.wrap(at, group, "", "" if same else f" ({address})")

    def word(self, at: int, name: str, group: tuple[int, int] | None) -> None:
        made = _WORDS.get(name)
        made = symbol(name) if made is None else made
        if group and group[0] == at + 1 and group[1] == at + 2:
            self.show(at + 1, at + 3)  # \LaTeX{}: the braces only end the name
        if made is not None:
            doubled = made.endswith(".") and self.token(at + 1).startswith(".")
            # n\log n: a word does not touch what is before it, as a sign does.
            joined = at and made.isalpha() and len(made) > 1 and self.shown[at - 1][-1:].isalnum()
            self.shown[at] = made[:-1] if doubled else f" {made}" if joined else made

    def braces(self, at: int) -> None:
        """Braces that only hold something together: {G}raph, 1{,}000, 10^{-6}."""
        if at not in self.closing or not self.shown[at]:
            return
        closing, before = self.closing[at], self.token(at - 1)
        content = self.token(at + 1) if closing == at + 2 else ""
        if closing == at + 1 and before[-1:].isalnum():
            self.show(at, closing + 1)
        elif content.strip() in _PUNCTUATION:
            self.shown[at] = self.shown[closing] = ""
        elif before.endswith("^") and before[-2:-1].isalnum() and _POWER.fullmatch(content):
            self.shown[at - 1] = self.shown[at - 1][:-1]
            self.show(at, closing + 1, "".join(SUPERSCRIPT[sign] for sign in content))
        elif content.isalpha() and self._is_glued(before, content, self.token(closing + 1)):
            self.shown[at] = self.shown[closing] = ""

    def _is_glued(self, before: str, content: str, after: str) -> bool:
        """{G}raph and Le{a}rning, but neither {key} nor R_{max}imal."""
        if before[:1] == "\\" or before[-1:] in {"^", "_", "}", "]"}:
            return False
        inside = before[-1:].isalpha() and after[:1].isalpha()
        return inside or (content.isupper() and not before[-1:].isalnum() and after[:1].islower())

    def typed(self, at: int, text: str) -> str:
        """Ties, dashes and quotes of running text."""
        before, after = (place in self.ready for place in (at - 1, at + 1))
        if text.endswith("~") and self.token(at + 1).startswith("\\"):
            tied = text[-2:-1].isalnum() or (text == "~" and before)
            text = text[:-1] + (" " if tied else "~")  # Lemma 2~\cite{key}
        text = typography.ties(text)
        if "--" in text:
            text = typography.dashes(text, after_number=before, before_number=after)
        # A brace that is no longer shown touches as a letter does.
        touching = (self.shown[at - 1] or "x")[-1:] if at else " "
        return self.quotes.set(text, touching)


def _bare(address: str) -> str:
    return address.removeprefix("https://").removeprefix("http://").removesuffix("/")

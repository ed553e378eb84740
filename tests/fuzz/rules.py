"""Random rules, as people type them and as nobody does: one canonical form, or an error of ours."""

from __future__ import annotations

import random
from collections import Counter

from digest.sections.compiled import compiled
from digest.sections.expressions import Expression, ExpressionError, parse
from digest.sections.matching import PaperText, Rule, match
from digest.sections.variant_names import GROUPS
from digest.sections.variants import Variants, expand
from tests.fuzz.alarm import alarm

_GOOD_WORDS = [
    "deep", "learning", "learn", "agents", "GPUs", "C++", "RL", "PPO", "multi-agent", "état", "ß",
    "ﬁne", "深度", "θ", "it's", "3", "a", "reinforcement", "graph", "neural", "network", "maps",
]  # fmt: skip
_WORDS = [*_GOOD_WORDS, r"\alpha", "or", "AND", "NOT", "OR", "ANDNOT", "e\u0301"]
_GOOD_FIELDS = ["", "", "", "ti:", "abs:", "au:", "co:"]
_FIELDS = [*_GOOD_FIELDS, "title:", "cat:", "ti: ", "TI:"]
_SIGNS = [
    *"()~-|&!*\"“”'_,;:./+#\\{}$<>^[]@%=?", "\u200b", "\u202e", "\x00", "\n", "\t", " ", "((", "))",
    "--", "-(", "OR OR", '""', "()", "~~", "*" * 50, "(" * 60, "-" * 40,
]  # fmt: skip
_VARIANTS = Variants(GROUPS)
_PAPER = PaperText(1, "Deep RL agents", "Learning multi-agent C++.", ("Ada État",), "3 pages")


def run(number: int, first: int = 0) -> Counter[str]:
    """Rounds ``first`` to ``first + number``; how each ended. Raises AssertionError, naming the
    round and the rule, where one does not keep the promise."""
    ended: Counter[str] = Counter()
    for name in range(first, first + number):
        text = _typed(random.Random(name))
        try:
            with alarm():
                ended[_one(text)] += 1
        except Exception as error:
            raise AssertionError(f"round {name}: {text!r}: {error!r}") from error
    return ended


def _one(text: str) -> str:
    try:
        expression = parse(text)
    except ExpressionError as refused:
        _check_words(refused, text)
        return "refused"
    written = str(expression)
    again = parse(written)
    assert again == expression, f"{written!r} is read as {str(again)!r}"
    assert str(again) == written
    wider = expand(expression, _VARIANTS)
    compiled(wider.root)
    match([_PAPER], [Rule(1, expression), Rule(2, Expression(wider.root))])
    return "read"


def _check_words(refused: ExpressionError, text: str) -> None:
    """One line that says why, a place in the text, and a suggestion that would be read."""
    assert "\n" not in str(refused)
    assert refused.explained()
    assert 0 <= refused.position <= len(text)
    if refused.suggestion:
        parse(refused.suggestion)


def _typed(dice: random.Random) -> str:
    """Mostly as it should be, else with slips, or plain noise."""
    kind = dice.random()
    if kind < 0.6:
        text = _group(dice, dice.randint(0, 4), _GOOD_WORDS, _GOOD_FIELDS)
        return ("~" if dice.random() < 0.2 else "") + text
    if kind < 0.7:
        return "".join(dice.choice(_SIGNS + _WORDS) for _ in range(dice.randint(0, 40)))
    text = _group(dice, dice.randint(0, 5), _WORDS, _FIELDS)
    for _ in range(dice.choice([0, 0, 0, 1, 3])):  # and a slip of the finger
        at = dice.randint(0, len(text))
        text = text[:at] + dice.choice(["", *_SIGNS]) + text[at + dice.randint(0, 2) :]
    return ("~" if dice.random() < 0.2 else "") + text


def _group(dice: random.Random, depth: int, words: list[str], fields: list[str]) -> str:
    parts = []
    for _ in range(dice.randint(1, 4)):
        nested = depth and dice.random() < 0.4
        inner = f"({_group(dice, depth - 1, words, fields)})" if nested else ""
        inner = inner or _term(dice, words, fields)
        parts.append(("-" if dice.random() < 0.15 else "") + inner)
    return dice.choice([" ", " ", " OR "]).join(parts)


def _term(dice: random.Random, known: list[str], fields: list[str]) -> str:
    words = [dice.choice(known) for _ in range(dice.randint(1, 3))]
    field, shape = dice.choice(fields), dice.random()
    if shape < 0.3:
        return f'{field}"{" ".join(words)}"'
    if shape < 0.4:
        return f"{field}{words[0]}*"
    if shape < 0.6:
        return f"{field}{'-'.join(words)}"
    return f"{field}{words[0]}"

"""Things that papers count: five models are not five datasets."""

from __future__ import annotations

import re

from digest.sections.words import stem
from digest.summaries.grounding.wording import distinct

# One line a thing, in all words for it.
_THINGS = """
model network llm vlm architecture
baseline method approach algorithm technique system framework strategy
dataset benchmark corpus corpora collection suite
gpu accelerator tpu device card
node machine server host worker client
core processor cpu
task problem
language
paper article study publication
parameter weight
token
user participant person people respondent volunteer subject patient
image picture photo frame video clip
sample example instance item record pair
query question prompt request
layer
round step iteration epoch
failure bug error fault vulnerability
country
domain
agent robot
"""
_GROUPS = {
    stem(word): line.split(maxsplit=1)[0]
    for line in _THINGS.strip().splitlines()
    for word in line.split()
}
_NEXT = re.compile(r"[\s-]{1,2}([A-Za-z][A-Za-z']*)")
_ENDS = distinct(
    "a an and are as at by for from has have in into is its of on or over than that the their to "
    "via was were when where which while with"
)
#: How many words may stand before the thing, as in 46 open generative models.
_WORDS = 4


def counted_at(text: str, place: int) -> tuple[str, int]:
    """What a number that ends there counts, by one word for all its names, and where that ends;
    blank if unknown."""
    start = place
    for _ in range(_WORDS):
        found = _NEXT.match(text, place)
        if not found or (word := found[1].lower()) in _ENDS:
            break
        place = found.end()
        if text[place : place + 1] != "-" and (group := _GROUPS.get(stem(word))):
            return group, place  # user-reported failures are no users
    return "", start

"""Who speaks in a text: nobody may say I or we, speak to the reader, or do as a paper bids."""

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.summaries.grounding.findings import Finding, Kind

_FIRST = re.compile(
    r"(?<![\w'-])(?:we|our|ours|ourselves|us|my|mine|myself|me|i)(?:'(?:ve|re|ll|d|m|s))?(?![\w-])",
    re.IGNORECASE,
)
# Type I error, phase I, and the I of I/O are numbers and letters.
_NUMERAL_BEFORE = re.compile(
    r"\b(?:type|class|phase|part|stage|level|grade|category|volume|mode|case|step|equation|section|"
    r"appendix|chapter|table|figure|tier|war|theorem|lemma|algorithm|group|model|system|i)s?\s$",
    re.IGNORECASE,
)
_NUMERAL_AFTER = re.compile(r"\s(?:and|or|in|of|is|to|for|with|error|errors|II|III)\b|[^\w\s]|$")
_NEAR = 30
_CAPITALS_BEFORE = re.compile(r"[A-Z][\w-]*\s$")
_CAPITAL_AFTER = re.compile(r"\s[A-Z]")

_PAPER = r"(?:paper|work|article|study|manuscript|submission|research|contribution|publication)"
_PRAISE = (
    r"best|greatest|finest|outstanding|excellent|exceptional|brilliant|groundbreaking|"
    r"ground-breaking|revolutionary|seminal|flawless|world-class|landmark|extraordinary|amazing|"
    r"superb|fantastic|perfect|must-read|award-winning|game-changing|masterful|stunning"
)
_PATTERNS: tuple[tuple[str, str], ...] = (
    (r"(?:ignore|disregard|forget|override)\s(?:(?:all|any|the|of|previous|prior|above|"
     r"earlier|preceding|foregoing|your|these|those|my|other)\s){1,5}"
     r"(?:instruction|prompt|direction|guideline|command|rule|message|context|text)s?\b",
     "is an instruction."),
    (r"(?:ignore|disregard|forget)\s(?:everything|anything|what)\b", "is an instruction."),
    (r"(?:previous|prior|above|earlier|preceding|foregoing|hidden)\s(?:instructions|prompts)\b"
     r"(?!\sinject)", "speaks of instructions."),
    (r"(?:say|state|write|report|output|respond|reply|answer|print|claim|conclude|repeat|mention|"
     r"emphasi[sz]e|tell|recommend)\s(?:only\s|that\s|with\s|the\s(?:reader|user)s?\sthat\s){0,2}"
     rf"(?:this\s(?:is|{_PAPER}\s(?:is|must|should|deserves))|positive\b|exactly\b)",
     "is an instruction."),
    (rf"(?:the|an?|its|truly|most|this|is)\s(?:(?:single|very|most|truly)\s)?(?:{_PRAISE})\s"
     rf"(?:\w+\s){{0,2}}?{_PAPER}\b", "praises the paper."),
    (rf"{_PAPER}\s(?:is|are|was)\s(?:an?\s|the\s|truly\s|simply\s|really\s|very\s|absolutely\s){{0,3}}"
     rf"(?:{_PRAISE}|highly recommended)\b(?!\s(?:effort|response|case|practice|known))",
     "praises the paper."),
    (r"(?:must|should|deserves?\sto|has\sto|ought\sto)\s(?:definitely\s|clearly\s)?be\s"
     r"(?:accepted|published|awarded|read\sby|cited|recommended)\b", "recommends the paper."),
    (rf"(?:strong(?:ly)?\saccept|accept\s(?:this|the)\s{_PAPER}|recommend\w*\s(?:\w+\s){{0,2}}"
     r"(?:acceptance|accepting)|positive\sreview|best\spaper\saward|deserves\s(?:acceptance|an?\saward)|"
     r"(?:high|highest|full|perfect)\s(?:score|rating|marks?)\s(?:for|to)\sth(?:is|e)\s"
     rf"{_PAPER}|exceptional\snovelty|do\snot\shighlight)", "recommends the paper."),
    (r"(?:(?<=[.!?]\s)|(?<![\s\S]))as\san?\s(?:\w+\s){0,2}(?:AI|artificial\sintelligence|language)\s"
     r"(?:language\s)?(?:model|assistant|system)\b|as\san?\s(?:\w+\s){0,2}(?:AI|language\smodel)\s?,\sI\b",
     "is the writer about itself."),
    (r"(?:sorry(?=\s?[,.]|\sbut\b)|apologi[sz]e\b)", "is the writer about itself."),
    (r"(?:here(?:\sis|'s|\sare)|below\sis|the\sfollowing\sis)\s(?:\w+\s){0,3}"
     r"(?:summary|answer|text|response|sentences?|output|json)\b", "is the writer about itself."),
    (r"as\s(?:requested|instructed|you\s(?:requested|asked|instructed))\b",
     "is the writer about itself."),
    (r"the\suser\s(?:asks|asked|wants|wanted|requested|is\sasking|would\slike|has\sasked)\b",
     "is about the one who asked for the text."),
    (r"(?:dear\s(?:\w+\s)?(?:reader|reviewer|editor|assistant|ai|llm|model)s?|attention,?\s(?:all\s)?"
     r"(?:readers|reviewers|editors))\b|(?:note|message|instructions?)\s(?:to|for)\s"
     r"(?:the\s|any\s|all\s)?(?:\w+\s)?(?:reader|reviewer|editor|assistant|ai|llm)s?\b(?!-)",
     "addresses somebody."),
    (r"(?:the\s)?readers?\s(?:should|must|can\sfind|is\sadvised|are\sadvised|will\sfind|may\sfind)\b",
     "addresses the reader."),
    (r"(?:click\s(?:here|on|the|this)|subscribe\s(?:to|now|at)|download\snow|buy\snow|follow\sus|"
     r"visit\s(?:our|the)\s(?:web\s?site|page)|"
     r"sign\sup\s(?:for|at|now)|send\s(?:money|bitcoin|payment))\b", "addresses the reader."),
    (r"(?<!all\s)(?:you|your|yours|yourself)\b(?!-)", "addresses the reader."),
    (r"please\b", "addresses the reader."),
)  # fmt: skip
_INSTRUCTIONS = tuple(
    (re.compile(rf"(?<![\w-]){pattern}", re.IGNORECASE), message) for pattern, message in _PATTERNS
)
_OPENINGS = re.compile(
    r"\W*(?:sure|certainly|of course|absolutely|okay|ok|great|hello|hi)\s?[,!.:]", re.I
)


def voices_in(text: str) -> Iterator[Finding]:
    """Every word in the first person, and all that bids, praises or addresses somebody."""
    for found in _FIRST.finditer(text):
        if not _is_no_person(text, found):
            message = f'"{found[0]}" speaks as an author.'
            yield Finding(Kind.FIRST_PERSON, *found.span(), found[0], message)
    if opening := _OPENINGS.match(text):
        yield _instruction(opening, "is the writer about itself.")
    for pattern, message in _INSTRUCTIONS:
        for found in pattern.finditer(text):
            if not _is_in_a_name(text, found):
                yield _instruction(found, message)


def _is_no_person(text: str, found: re.Match[str]) -> bool:
    word = found[0]
    before, after = text[max(0, found.start() - _NEAR) : found.start()], text[found.end() :][:_NEAR]
    if word in {"US", "ME", "MY", "WE"} or (word.lower() == "mine" and before.endswith(" to ")):
        return True
    if word.lower() == "i":
        is_numeral = _NUMERAL_BEFORE.search(before) or _NUMERAL_AFTER.match(after)
        return word == "i" or bool(is_numeral)
    return word[0].isupper() and _is_in_capitals(text, found)


def _instruction(found: re.Match[str], message: str) -> Finding:
    return Finding(Kind.INSTRUCTION, *found.span(), found[0], f'"{found[0].strip()}" {message}')


def _is_in_a_name(text: str, found: re.Match[str]) -> bool:
    is_word = " " not in found[0] and found[0][0].isupper()
    return is_word and _is_in_capitals(text, found)


def _is_in_capitals(text: str, found: re.Match[str]) -> bool:
    """Within a sentence and beside another capital, as in Know Your Contract."""
    before, after = text[max(0, found.start() - _NEAR) : found.start()], text[found.end() :][:2]
    if not before.strip() or before.rstrip()[-1] in ".!?:":
        return False
    return bool(_CAPITALS_BEFORE.search(before) or _CAPITAL_AFTER.match(after))

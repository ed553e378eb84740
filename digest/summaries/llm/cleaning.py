"""Text of strangers, without what no reader should meet and no database takes."""

from __future__ import annotations

import re
import unicodedata

# NUL and other controls, halves of surrogate pairs, what is not assigned, and what is not seen:
# among the last are signs that turn the order of letters round.
_UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs"}


def one_line(text: str, longest: int) -> str:
    """The text on one line, cut to so many characters; always fit to be stored."""
    # Cut first, as what is thrown away need not be looked at; white space may go after it.
    text = text[: 4 * longest + 400]
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", "".join(map(_seen, text)))
    return " ".join(text.split())[:longest].rstrip()


def _seen(sign: str) -> str:
    if sign.isspace():
        return " "
    return "" if unicodedata.category(sign) in _UNSEEN else sign


# What chat templates read as the beginning or end of a message: <|im_start|>, [INST], <s>.
_TEMPLATE = re.compile(
    r"<[|\uff5c][^<>]{0,40}[|\uff5c]>|<</?SYS>>|\[/?INST\]|</?s>|<bos>|<eos>"
    r"|<(?:start|end)_of_turn>|</?think(?:ing)?>",
    re.IGNORECASE,
)


def without_template_signs(text: str) -> str:
    """The text without what a server could take for the frame of a conversation."""
    # A blank inside, so that nothing of the kind comes about by what was taken out.
    return re.sub(r"<(?=[|\uff5c])", "< ", _TEMPLATE.sub(" ", text))

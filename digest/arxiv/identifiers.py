"""arXiv identifiers: the work's name without a version, and the version beside it."""

from __future__ import annotations

import re

_PREFIX = re.compile(
    r"^(?:oai:arxiv\.org:|arxiv:|https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/)", re.I
)
_NEW = re.compile(r"^(\d{2})(\d{2})\.(\d{4,5})$", re.ASCII)
_OLD = re.compile(
    r"^([a-z]{1,8}(?:-[a-z]{2,4})?)(?:\.[a-z]{2})?/(\d{2})(\d{2})(\d{3})$", re.I | re.ASCII
)
_VERSION = re.compile(r"^(.*?)v([1-9]\d{0,3})$", re.ASCII)


def parse(text: str) -> tuple[str, int | None]:
    """Reads ``2403.15527v2``, ``math.CA/0611800``, with or without a prefix or an address.

    The class of an old identifier is dropped: ``math.CA/0611800`` is ``math/0611800``.
    Raises ValueError on anything else.
    """
    name = _PREFIX.sub("", text.strip()).removesuffix(".pdf")
    version: int | None = None
    # The version is cut at the end only: an archive such as solv-int holds a v too.
    if found := _VERSION.match(name):
        name, version = found[1], int(found[2])
    if found := _NEW.match(name):
        digits = 5 if found[1] >= "15" else 4
        if _is_month(found[2]) and found[1] >= "07" and len(found[3]) == digits:
            return name, version
    elif (found := _OLD.match(name)) and _is_month(found[3]):
        return f"{found[1].lower()}/{found[2]}{found[3]}{found[4]}", version
    raise ValueError(f"not an arXiv identifier: {text[:80]!r}")


def _is_month(digits: str) -> bool:
    return "01" <= digits <= "12"

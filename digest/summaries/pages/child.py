"""The child process: limits itself, reads page one, writes its text, ends."""

from __future__ import annotations

import resource
import sys
import unicodedata
from collections.abc import Sequence

import pypdfium2

from digest.summaries.pages.statuses import ENCRYPTED, NO_MEMORY, NO_PAGE, NO_PDF, NO_TEXT

LONGEST = 8_000  # characters
_PASSWORD = "password"  # noqa: S105 - a word of pdfium's message


def main(arguments: Sequence[str]) -> int:
    """``arguments``: a name, the file, seconds of processor, bytes of memory."""
    _limit(int(arguments[2]), int(arguments[3]))
    try:
        return _read(arguments[1])
    except MemoryError:
        return NO_MEMORY
    except pypdfium2.PdfiumError as error:
        return ENCRYPTED if _PASSWORD in str(error).lower() else NO_PDF


def _limit(cpu_seconds: int, memory: int) -> None:
    """Also no file may be written, and a crash leaves no image of itself."""
    wanted = {
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for kind, most in wanted.items():
        _, hard = resource.getrlimit(kind)
        within = most if hard == resource.RLIM_INFINITY else min(most, hard)
        # Past the soft limit of time a signal says so; past the hard one it is killed.
        last = within + 2 if kind == resource.RLIMIT_CPU and within == most else within
        resource.setrlimit(kind, (within, min(last, hard) if hard > 0 else last))


def _read(file: str) -> int:
    document = pypdfium2.PdfDocument(file)
    if not len(document):
        return NO_PAGE
    page = document[0].get_textpage()
    text = page.get_text_range(0, min(page.count_chars(), 2 * LONGEST))
    text = "".join(map(_shown, text.replace("\r\n", "\n").replace("\r", "\n")))
    if not text.strip():
        return NO_TEXT
    sys.stdout.buffer.write(text[:LONGEST].encode("utf-8", "replace"))
    sys.stdout.buffer.flush()
    return 0


def _shown(character: str) -> str:
    """pdfium writes a hyphen at a line's end as U+FFFE, and lets controls stand."""
    if character in "\ufffe\u0002":
        return "-"
    if character == "\n" or unicodedata.category(character) not in {"Cc", "Cs", "Cn", "Co"}:
        return character
    return " "

"""A PDF is parsed in a child process that may use only so much time, memory and output.

Whatever the file holds, a bomb, an endless loop or nonsense, costs at most that.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from digest.summaries.pages import statuses

_CHILD = "digest.summaries.pages.child"
_ROOT = Path(__file__).resolve().parents[3]
_REASONS = {
    statuses.NO_PDF: "the file is not a PDF that can be read",
    statuses.ENCRYPTED: "the PDF is encrypted",
    statuses.NO_PAGE: "the PDF has no page",
    statuses.NO_TEXT: "page one has no text",
    statuses.NO_MEMORY: "reading the PDF took too much memory",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one page may cost."""

    seconds: float = 20.0  # by the clock
    cpu_seconds: int = 10
    memory: int = 1_000_000_000  # bytes of address space


LIMITS = Limits()


class PageError(Exception):
    """There is no text of page one; the message says why."""


def first_page(file: Path, limits: Limits = LIMITS) -> str:
    """The text of page one, of bounded length. Raises PageError."""
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [
            *(sys.executable, "-I", "-c", _RUN, str(_ROOT)),
            *(str(file.absolute()), str(limits.cpu_seconds), str(limits.memory)),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.defpath, "LANG": "C.UTF-8"},
        cwd="/",
        start_new_session=True,
    )
    try:
        said, _ = process.communicate(timeout=limits.seconds)
    except subprocess.TimeoutExpired:
        raise PageError(f"reading the PDF took longer than {limits.seconds:g} seconds") from None
    finally:
        _end(process)
    if process.returncode:
        raise PageError(_why(process.returncode))
    return said.decode("utf-8", "replace")


#: With -I nothing of the surroundings is imported; the house alone is put on the path.
_RUN = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); "
    f"from {_CHILD} import main; sys.exit(main(sys.argv))"
)


def _why(status: int) -> str:
    if status == -signal.SIGXCPU:
        return "reading the PDF took too much time of the processor"
    # pdfium ends itself where it gets no more memory.
    if status in {-signal.SIGABRT, -signal.SIGTRAP, -signal.SIGILL}:
        return _REASONS[statuses.NO_MEMORY]
    if status < 0:
        return f"the PDF's reader was ended by signal {-status}"
    return _REASONS.get(status, f"the PDF's reader ended with status {status}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """The child and whatever it began; nothing is left behind."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout:
        process.stdout.close()

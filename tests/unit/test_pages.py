"""Page one of a PDF: its text, and that a hostile file costs at most its limits."""

from __future__ import annotations

import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from digest.summaries.pages.reading import Limits, PageError, first_page
from tests import pdfs

ROOT = Path(__file__).resolve().parents[2]
LIMITS = Limits(seconds=10, cpu_seconds=4, memory=400_000_000)


def read(tmp_path: Path, raw: bytes, limits: Limits = LIMITS) -> str:
    file = tmp_path / "page.pdf"
    file.write_bytes(raw)
    return first_page(file, limits)


def test_the_text_of_page_one_comes_line_by_line(tmp_path: Path) -> None:
    text = read(tmp_path, pdfs.of_lines([(72, 700, 12, "Möglich ist"), (72, 680, 12, "vieles.")]))
    assert text.split("\n") == ["Möglich ist", "vieles."]


def test_a_long_page_is_cut(tmp_path: Path) -> None:
    lines: list[pdfs.Line] = [(72, 780 - 4 * n, 3, f"{n} words " * 12) for n in range(190)]
    assert len(read(tmp_path, pdfs.of_lines(lines))) == 8_000


def _loop() -> bytes:
    """Pages whose tree leads back to itself."""
    return pdfs.of_objects(
        [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"]
    )


def _form() -> bytes:
    """A drawing that draws itself, twice each time."""
    form = (
        b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 5 0 R>>>>/Length 12>>"
        b"stream\n/F Do /F Do \nendstream"
    )
    return pdfs.of_objects(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]"
            b"/Resources<</XObject<</F 5 0 R>>>>/Contents 4 0 R>>",
            b"<</Length 6>>stream\n/F Do \nendstream",
            form,
        ]
    )


def _words() -> bytes:
    """A page that unpacks to six hundred megabytes of words."""
    packer = zlib.compressobj(9)
    packed = packer.compress(b"BT /F1 12 Tf ")
    packed += b"".join(packer.compress(b"(Hello) Tj " * 500_000) for _ in range(110))
    return pdfs.of_stream(packed + packer.flush())


HOSTILE = {
    "not a PDF": b"<html>Sign in</html>",
    "empty": b"",
    "cut off": pdfs.of_lines([(72, 700, 12, "Hello")])[:200],
    "no page": pdfs.of_objects(
        [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"]
    ),
    "a tree that loops": _loop(),
    "a drawing of itself": _form(),
    "a length of two gigabytes": pdfs.of_objects(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 2000000000 2000000000]/Contents 4 0 R>>",
            b"<</Length 2147483647>>stream\nBT\nendstream",
        ]
    ),
    "encrypted": pdfs.of_objects(
        [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"],
        b"/Encrypt<</Filter/Standard/V 1/R 2/O(" + b"a" * 32 + b")/U(" + b"b" * 32 + b")/P -4>>"
        b"/ID[(a)(b)]",
    ),
    "a bomb of three gigabytes": pdfs.bomb(300),
    "a bomb of words": _words(),
}


# In a process of its own, whose only child is the reader: others' children would count as well.
_COST = """
import resource, sys
from pathlib import Path
from digest.summaries.pages.reading import Limits, PageError, first_page
try:
    first_page(Path(sys.argv[1]), Limits(10, 4, 400_000_000))
except PageError as error:
    print(error)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)
"""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_costs_at_most_its_limits_and_says_why(name: str, tmp_path: Path) -> None:
    file = tmp_path / "page.pdf"
    file.write_bytes(HOSTILE[name])
    ran = subprocess.run(
        [sys.executable, "-c", _COST, str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    why, cost = ran.stdout.splitlines()
    assert why
    seconds, memory = map(float, cost.split())
    assert seconds < LIMITS.cpu_seconds + 2
    assert memory < LIMITS.memory


def test_a_reader_that_hangs_is_ended_with_all_it_began(tmp_path: Path) -> None:
    file = tmp_path / "page.pdf"
    file.write_bytes(pdfs.bomb(1))
    with pytest.raises(PageError, match="longer than"):
        first_page(file, Limits(seconds=0.001))


def test_too_much_of_the_processor_is_said(tmp_path: Path) -> None:
    with pytest.raises(PageError, match="too much"):
        read(tmp_path, _words(), Limits(seconds=30, cpu_seconds=1, memory=4_000_000_000))


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    with pytest.raises(PageError):
        read(tmp_path, b"nothing")
    assert [path.name for path in tmp_path.iterdir()] == ["page.pdf"]

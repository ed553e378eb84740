"""Institutions found on twenty first pages, as PDF: right, missed, invented; and the time."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from digest.summaries.institutions import by_rules
from digest.summaries.pages.reading import first_page
from tests.first_pages import ABSTRACT, PAGES, Page


def found_on(page: Page, folder: Path) -> tuple[str, ...]:
    """What the rules find on the page, through its PDF."""
    file = folder / "page.pdf"
    file.write_bytes(page.pdf())
    return by_rules(
        page=first_page(file), authors=page.authors, title=page.title, abstract=ABSTRACT
    )


def main() -> None:
    table = Table("shape", "right", "missed", "invented")
    sums = [0, 0, 0]
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        for page in PAGES:
            found = found_on(page, Path(folder))
            right = [name for name in page.truth if name in found]
            missed = [name for name in page.truth if name not in found]
            invented = [name for name in found if name not in page.truth]
            for place, names in enumerate((right, missed, invented)):
                sums[place] += len(names)
            table.add_row(page.shape, str(len(right)), ", ".join(missed), ", ".join(invented))
        seconds = time.perf_counter() - begun
    table.add_row("all", *map(str, sums))
    console = Console()
    console.print(table)
    console.print(f"{seconds / len(PAGES) * 1000:.0f} ms a page, with its process")

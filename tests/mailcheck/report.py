"""Hearing the judges one after the other, and telling what they said."""

from __future__ import annotations

import time
from collections.abc import Callable

from rich.console import Console
from rich.table import Table

from tests.mailcheck.judging import Letter, Missing, Verdict

# By the head of their column.
Judges = dict[str, Callable[[], Verdict]]


def told(letters: list[Letter], judges: Judges) -> list[str]:
    """What is over a limit, a line each; all else is printed as well."""
    table = Table("mail")
    columns: list[dict[str, str]] = []
    over: list[str] = []
    notes: list[str] = []
    for head, judge in judges.items():
        name = head.partition("\n")[0]
        begun = time.monotonic()
        try:
            verdict = judge()
        except Missing as missing:
            notes.append(f"{name} is missing: {missing}")
            continue
        notes.append(f"{name}: {time.monotonic() - begun:.1f} s")
        over += [f"{name}: {line}" for line in verdict.over]
        if verdict.figures:
            table.add_column(head, justify="right")
            columns.append(verdict.figures)
    for letter in letters:
        table.add_row(letter.name, *(figures.get(letter.name, "") for figures in columns))
    console = Console(highlight=False)
    console.print(table)
    for line in (*notes, *(f"OVER {line}" for line in over)):
        console.print(line, markup=False, soft_wrap=True)
    return over

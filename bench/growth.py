"""What a mail costs as readers grow: 2,000, 20,000 and 200,000, and a plot of it for the docs.

``python -m bench.growth [PICTURE.svg]``
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.sending_machine import Sender, sink
from newsletter.plots import Line, Plot, svg

SIZES = (2_000, 20_000, 200_000)


def main(arguments: Sequence[str] = ()) -> None:
    costs: dict[str, list[float]] = {}
    print("readers, by database: mails per second, CPU of the senders, memory of one")
    with sink() as port:
        for database in ("sqlite", "postgresql"):
            for size in SIZES:
                with Sender(database, port) as sender:
                    sender.fill(size)
                    sender.start_workers()
                    sent = sender.send()
                cost = sent.cpu / sent.mails * 1e3
                costs.setdefault(database, []).append(cost)
                print(
                    f"  {database:11} {size:8,} {sent.per_second:7,.0f}/s {cost:.3f} ms a mail"
                    f" {sent.memory:.0f} MB",
                    flush=True,
                )
    if arguments:
        Path(arguments[0]).write_text(_picture(costs), encoding="utf-8")


def _picture(costs: dict[str, list[float]]) -> str:
    series = [
        Line(
            [(math.log10(size), cost) for size, cost in zip(SIZES, found, strict=True)],
            database,
            is_dashed=database == "postgresql",
        )
        for database, found in costs.items()
    ]
    return svg(
        Plot(
            title="CPU of the senders, in ms a mail, by readers",
            description="The same for 2,000, 20,000 and 200,000 readers, within the noise.",
            series=series,
            x_label=lambda x: f"{10**x:,.0f}",
            y_label=lambda y: f"{y:.1f}",
            x_steps=(1,),
        )
    )


if __name__ == "__main__":
    main(sys.argv[1:])

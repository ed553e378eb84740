"""Runs every measurement, one after the other: `python -m bench [NAME ...]`."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

NOT_MEASUREMENTS = {
    "__init__",
    "__main__",
    "altering",
    "corpus",
    "oracle",
    "readers",
    "sending_machine",
}


def main(names: list[str]) -> None:
    here = Path(__file__).parent
    known = sorted({path.stem for path in here.glob("*.py")} - NOT_MEASUREMENTS)
    if unknown := set(names) - set(known):
        sys.exit(f"no such measurement: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    for name in names or known:
        print(f"\n== {name}")
        importlib.import_module(f"bench.{name}").main()


if __name__ == "__main__":
    main(sys.argv[1:])

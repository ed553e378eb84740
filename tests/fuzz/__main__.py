"""``python -m tests.fuzz``: long random tests, on a database in memory."""

from __future__ import annotations

import argparse
import os
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import django
from django.core.management import call_command

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from tests.fuzz import answers, rules  # noqa: E402 - needs Django's settings

_SHARED = Path(os.environ.get("SHARED_DIR", Path(__file__).resolve().parents[3] / "shared"))


def main() -> None:
    asked = argparse.ArgumentParser(prog="fuzz", description=__doc__)
    asked.add_argument("--rounds", type=int, default=20_000, metavar="N", help="of each kind")
    asked.add_argument("--first", type=int, default=0, metavar="N", help="begin with this round")
    options = asked.parse_args()
    call_command("migrate", verbosity=0)
    _report("answers", lambda: answers.run(options.rounds, options.first, _SHARED))
    _report("rules", lambda: rules.run(options.rounds, options.first))


def _report(name: str, run: Callable[[], Counter[str]]) -> None:
    begun = time.monotonic()
    ended = run()
    told = ", ".join(f"{count:,} {how}" for how, count in ended.most_common())
    print(f"{name}: {ended.total():,} rounds in {time.monotonic() - begun:.0f} s: {told}")


if __name__ == "__main__":
    main()

"""Whether anybody loses a mail when processes are killed: 5,000 readers, 30 times `kill -9`.

``python -m bench.kill [SUBSCRIBERS [KILLS]]``; see tests/live/killing.py for who is killed.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.live.killing import Battle, Outcome

SUBSCRIBERS, KILLS, GAP = 5_000, 30, 1.0
#: Each sending process keeps two connections, and there are two of these.
CONNECTIONS = 4


def main(arguments: Sequence[str] = ()) -> None:
    given = [int(one) for one in arguments]
    subscribers, kills = (given + [SUBSCRIBERS, KILLS][len(given) :])[:2]
    for database in ("sqlite", "postgresql"):
        for awkward in (False, True):
            with tempfile.TemporaryDirectory(prefix="pp-kill-") as folder:
                battle = Battle(Path(folder), subscribers, database, awkward)
                with battle:
                    _print(database, awkward, battle.fight(kills, GAP))


def _print(database: str, awkward: bool, outcome: Outcome) -> None:
    servers = "answers 450, 550, drops connections" if awkward else "takes everything"
    print(f"\n{database}, a mail server that {servers}; {outcome.seconds:.0f} s", flush=True)
    killed = ", ".join(f"{name} {count}" for name, count in sorted(outcome.kills.items()))
    print(f"  killed {sum(outcome.kills.values())} times: {killed}")
    print(f"  readers who should have a mail   {outcome.readers:6}")
    print(f"  lost                             {outcome.lost:6} (0)")
    most = CONNECTIONS * sum(outcome.kills.values())
    print(f"  sent twice                       {outcome.duplicates:6} (at most {most})")
    print(f"  of these under another name      {outcome.other_names:6} (0)")
    print(f"  taken, and the answer withheld   {outcome.unanswered:6}")
    print(f"  suppressed                       {len(outcome.suppressed):6} (those refused)")
    print(f"  states: {', '.join(f'{n} {state}' for state, n in outcome.states.items())}")


if __name__ == "__main__":
    main(sys.argv[1:])

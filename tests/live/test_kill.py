"""Nobody is lost when processes are killed: a short version of `python -m bench.kill`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.live.killing import Battle

pytestmark = pytest.mark.live


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_everybody_has_their_mail_whoever_is_killed(tmp_path: Path, database: str) -> None:
    with Battle(tmp_path, 120, database, awkward=True, thinking=0.03) as battle:
        outcome = battle.fight(3, 0.4)
    assert outcome.lost == 0
    # Each sending process keeps two connections, and there are two of these.
    assert outcome.duplicates <= 4 * sum(outcome.kills.values())
    assert outcome.other_names == 0
    refused = 120 - outcome.readers
    assert len(outcome.suppressed) == refused
    assert all(address.startswith("gone") for address in outcome.suppressed)
    assert outcome.states == {"sent": outcome.readers, "failed": refused}

"""Four processes together ask arXiv no faster than one."""

from __future__ import annotations

import pytest

from bench import pacing

pytestmark = pytest.mark.live


def test_four_processes_keep_the_distance_of_one_and_never_ask_at_once() -> None:
    seen = pacing.measure(interval=0.3, processes=4, requests=3)
    assert len(seen.began) == 12
    assert seen.most_at_once == 1
    # The server's clock is read when a request arrives, the slot when it leaves.
    assert min(seen.gaps) > 0.27
    assert all(agent.startswith("preprint-post/") for agent in seen.agents)

"""The guard over real summaries, in short; `make bench ARGS=guard` has all of them."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

from bench.altering import Told
from bench.guard import altered_and_caught, doubted
from tests.corpus import summaries


def test_good_summaries_pass_and_altered_ones_are_found(shared: Path) -> None:
    told = [Told(*one) for one in summaries(shared)]
    assert len(told) > 100
    with contextlib.redirect_stdout(io.StringIO()):
        assert doubted(told) < 0.1
        assert altered_and_caught(told[::4], copies=4) > 0.95

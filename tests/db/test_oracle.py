"""The house's sections put real papers where the digest they come from has put them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import oracle

pytestmark = pytest.mark.django_db


def test_the_house_sections_find_all_that_the_documents_have(shared: Path) -> None:
    scores = oracle.compare(shared)
    for label, score in scores.items():
        assert score.expected > 50, label
        assert score.misses == [], label
        # A word with a hyphen, a paper that the origin's day lacks; each is named with its reason.
        assert score.precision > 0.98, (label, score.surplus)

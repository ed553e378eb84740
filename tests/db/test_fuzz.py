"""A few hundred rounds of what `make fuzz` does at length."""

from __future__ import annotations

import pytest

from tests.conftest import SHARED
from tests.fuzz import answers, rules

pytestmark = pytest.mark.django_db


def test_a_mutated_answer_is_stored_whole_or_refused_in_our_own_words() -> None:
    ended = answers.run(300, shared=SHARED)
    assert set(ended) <= {"refused when read", "refused when stored", "stored"}
    assert ended["stored"] > 10
    assert ended["refused when read"] > 10


def test_a_random_rule_has_one_form_or_is_refused_in_our_own_words() -> None:
    ended = rules.run(600)
    assert set(ended) <= {"read", "refused"}
    assert min(ended.values()) > 50

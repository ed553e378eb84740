"""The states of an outgoing mail."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.delivery import states
from newsletter.models import Outgoing

FINAL = {states.SENT, states.FAILED, states.SKIPPED}


def test_they_are_those_of_the_model() -> None:
    assert set(states.WAYS) == set(Outgoing.Status.values)
    assert Outgoing.Status.QUEUED == states.FIRST


def test_final_states_are_final() -> None:
    assert {state for state, ways in states.WAYS.items() if not ways} == FINAL


def test_every_state_can_be_reached_and_left_to_a_final_one() -> None:
    reached = {states.FIRST}
    for _ in states.WAYS:
        reached |= {end for start in reached for end in states.WAYS[start]}
    assert reached == set(states.WAYS)
    for state in states.WAYS:
        ends = {state}
        for _ in states.WAYS:
            ends |= {end for start in ends for end in states.WAYS[start]}
        assert ends & FINAL


@given(st.lists(st.sampled_from(sorted(states.WAYS)), max_size=30))
def test_no_walk_sends_twice_or_gives_up_without_a_claim(wishes: list[str]) -> None:
    walk = [states.FIRST]
    for wish in wishes:
        try:
            states.check(walk[-1], wish)
        except states.ImpossibleTransition:
            continue
        walk.append(wish)
    assert walk.count(states.SENT) <= 1
    for before, after in itertools.pairwise(walk):
        # What a journal tells settles a mail that its dead worker does not hold any more; and what
        # waits too long is not sent.
        assert before == states.SENDING or after in {
            states.SENDING, states.QUEUED, states.SENT, states.SKIPPED
        }  # fmt: skip


@pytest.mark.parametrize("start", ["sent", "failed", "skipped", "nonsense"])
def test_an_impossible_way_is_refused(start: str) -> None:
    with pytest.raises(states.ImpossibleTransition, match=f"from {start} to queued"):
        states.check(start, states.QUEUED)


def test_an_operator_may_send_again_what_is_final_and_nothing_more() -> None:
    assert set(states.BY_HAND) == FINAL | {states.QUEUED}
    for start in states.BY_HAND:
        states.check(start, states.QUEUED, by_hand=True)
    for start, end in itertools.product(states.WAYS, states.WAYS):
        if end != states.QUEUED and end not in states.WAYS[start]:
            with pytest.raises(states.ImpossibleTransition):
                states.check(start, end, by_hand=True)


def test_not_even_an_operator_takes_a_mail_out_of_a_workers_hands_unseen() -> None:
    assert states.SENDING not in states.BY_HAND
    assert states.UNCERTAIN not in states.BY_HAND

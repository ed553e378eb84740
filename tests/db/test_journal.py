"""The worker's journal: what a killed worker had done is known, and nobody is lost or doubled."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from django.db import OperationalError
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from newsletter.delivery import folding, journal, ledger, sweeping
from newsletter.delivery.claiming import LEASE, claim_due
from newsletter.delivery.journal import Journal, Taken
from newsletter.models import Delivery
from tests.db.mailing import NOON, Wire, compose, make_reader, planned, send_due

MINUTE = dt.timedelta(minutes=1)
AT = NOON.timestamp()


@pytest.fixture(autouse=True)
def data(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    journal._current.clear()
    return tmp_path / "journals"


def claimed(number: int) -> tuple[Journal, list[Delivery]]:
    """A worker's journal and what it has claimed."""
    planned(*(make_reader() for _ in range(number)))
    own = Journal(journal.folder())
    return own, claim_due(Delivery, NOON, 10, claim=own.claim("delivery")).rows


def die(own: Journal) -> None:
    """As the kernel does with a killed process's files: the lock goes, the file stays."""
    os.close(own._file)


def states() -> dict[int, str]:
    return dict(Delivery.objects.order_by("pk").values_list("pk", "status"))


@pytest.mark.django_db
def test_of_a_killed_worker_only_mails_without_an_answer_are_uncertain() -> None:
    own, (one, two, three, four) = claimed(4)
    own.begin(one.pk, '{"papers_shown": 7, "papers_seen": 9, "fragment_ids": [1]}')
    own.taken(one.pk, Taken(AT, 1234, "250 2.0.0 Ok: queued"))
    own.begin(two.pk, "{}")
    own.declined(two.pk)
    own.begin(three.pk, "{}")
    die(own)
    assert folding.fold_left_behind(NOON + MINUTE) == 4
    assert list(states().values()) == ["sent", "queued", "uncertain", "queued"]
    one.refresh_from_db()
    assert (one.sent_at, one.size, one.reply) == (NOON, 1234, "250 2.0.0 Ok: queued")
    assert (one.papers_shown, one.papers_seen, one.fragment_ids) == (7, 9, [1])
    four.refresh_from_db()
    assert (four.attempts, four.next_attempt_at) == (0, four.due_at)
    assert not list(journal.folder().iterdir())


@pytest.mark.django_db
def test_folding_twice_changes_nothing() -> None:
    own, (one, *_) = claimed(2)
    own.begin(one.pk, "{}")
    own.taken(one.pk, Taken(AT, 1, "250"))
    (chunk,) = own.chunk()
    folding.fold(chunk, NOON)
    before = list(Delivery.objects.values())
    assert folding.fold(chunk, NOON + MINUTE) == 0
    assert list(Delivery.objects.values()) == before


@pytest.mark.django_db
def test_a_living_workers_journal_is_left_alone() -> None:
    own, rows = claimed(1)
    own.begin(rows[0].pk, "{}")
    assert folding.fold_left_behind(NOON) == 0
    assert list(states().values()) == ["sending"]
    own.clear()
    own.close()


@pytest.mark.django_db
def test_a_worker_killed_right_after_its_claim_gives_all_back_at_once() -> None:
    own, _ = claimed(3)
    die(own)
    sweeping.sweep(NOON)
    assert list(states().values()) == ["queued"] * 3
    tally = send_due(NOON, transport=Wire(), compose=compose)
    assert tally.sent == 3


@pytest.mark.django_db
def test_a_journal_that_turns_up_after_the_sweep_still_speaks_for_what_nobody_has_claimed() -> None:
    own, rows = claimed(2)
    for row in rows:
        own.begin(row.pk, "{}")
        own.taken(row.pk, Taken(AT, 1, "250"))
    sweeping.sweep(NOON + LEASE + MINUTE)
    assert list(states().values()) == ["queued"] * 2
    other = claim_due(Delivery, NOON + LEASE + MINUTE, 1)
    die(own)
    folding.fold_left_behind(NOON + LEASE + MINUTE)
    assert sorted(states().values()) == ["sending", "sent"]
    assert states()[other.rows[0].pk] == "sending"


@pytest.mark.django_db
def test_what_the_database_could_not_take_is_written_before_the_next_chunk(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    planned(*(make_reader() for _ in range(3)))

    def away(*args: object) -> None:
        raise OperationalError("the server closed the connection")

    with monkeypatch.context() as patched:
        patched.setattr(ledger, "settle", away)
        with pytest.raises(OperationalError):
            send_due(NOON, transport=Wire(), compose=compose)
    assert set(states().values()) == {"sending"}
    again = Wire()
    send_due(NOON + MINUTE, transport=again, compose=compose)
    assert set(states().values()) == {"sent"}
    assert again.sent == []


@pytest.mark.django_db
def test_held_for_the_operator_an_uncertain_mail_waits(settings: Settings) -> None:
    settings.UNCERTAIN_MAILS = "hold"
    own, (one, two) = claimed(2)
    own.begin(one.pk, "{}")
    die(own)
    sweeping.sweep(NOON + 10 * MINUTE)
    assert states() == {one.pk: "uncertain", two.pk: "queued"}
    settings.UNCERTAIN_MAILS = "again"
    sweeping.sweep(NOON + 10 * MINUTE)
    assert states() == {one.pk: "queued", two.pk: "queued"}


def test_every_acceptance_is_in_the_file_when_the_process_is_killed(data: Path) -> None:
    code = f"""
import os, signal, sys
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from pathlib import Path
from newsletter.delivery.journal import Journal, Taken
own = Journal(Path({str(data)!r}))
own.claim("delivery")
for pk in range(500):
    own.begin(pk, "{{}}")
    own.taken(pk, Taken(1.0, pk, "250 ok"))
own.begin(500, "{{}}")
os.kill(os.getpid(), signal.SIGKILL)
"""
    killed = subprocess.run([sys.executable, "-c", code], check=False)
    assert killed.returncode == -9
    ((_, (chunk,)),) = list(journal.left_behind(data))
    assert set(chunk.taken) == set(range(500))
    assert chunk.in_doubt == {500}


def test_a_journal_cut_off_in_a_line_keeps_what_was_before(data: Path) -> None:
    own = Journal(data)
    own.claim("delivery")
    own.begin(1, "{}")
    own.taken(1, Taken(1.0, 5, "250 2.0.0 ok"))
    whole = own.path.read_bytes()
    for length in range(len(whole)):
        own.path.write_bytes(whole[:length])
        for chunk in journal.read(own.path):
            assert chunk.taken.keys() <= {1}
            assert chunk.taken.keys().isdisjoint(chunk.in_doubt)
    own.close()


LINES = st.lists(
    st.sampled_from(
        ["B 1 {}", "A 1 1.0 2 250", "N 1", "C delivery x", "C", "A", "", "nonsense", "A 1"]
    )
    | st.text(max_size=20),
    max_size=12,
)


@given(LINES)
def test_no_file_breaks_the_reading(lines: list[str]) -> None:
    path = journal.folder() / f"{uuid.uuid4()}.journal"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        "\n".join([f"C delivery {uuid.uuid4()}", *lines]), encoding="utf-8", errors="replace"
    )
    first, *_ = journal.read(path)
    assert first.in_doubt <= first.shown.keys()
    path.unlink()

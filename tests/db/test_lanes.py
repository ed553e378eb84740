"""SMTP over lanes: pipelined, over several relays, under rates, whatever the server does."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.compose.mail import Mail
from newsletter.delivery import transports
from newsletter.delivery.transports.base import (
    Accepted,
    Held,
    Later,
    Outcome,
    Refused,
    Unclear,
    Unreachable,
)
from newsletter.delivery.transports.gate import GO, Wait
from newsletter.delivery.transports.relay import Relay
from newsletter.delivery.transports.smtp import Smtp
from tests import smtp_server
from tests.db.test_transports import to
from tests.live.machine import ROOT, free_port, wait_until

QUEUED = Accepted("250 2.0.0 queued")


class Running:
    """The tests' own server, which speaks PIPELINING, in a process of its own."""

    def __init__(self, file: Path) -> None:
        self.file, self.port = file, free_port()
        command = [sys.executable, "-m", "tests.smtp_server", str(self.port), str(file)]
        self._process = subprocess.Popen(command, cwd=ROOT)
        wait_until(lambda: _listens(self.port), "the server listens")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()

    @property
    def connections(self) -> int:
        return smtp_server.connections(self.file)

    @property
    def taken(self) -> list[str]:
        return [one.recipient for one in smtp_server.taken(self.file)]

    def relay(self, **options: int) -> Relay:
        values = {"connections": 1, "timeout": 5, **options}
        return Relay("127.0.0.1", self.port, starttls=False, **values)  # type: ignore[arg-type]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    server = Running(tmp_path / "mails")
    yield server
    server.stop()


def send(
    transport: Smtp, *mails: Mail, begin: Callable[[Mail], None] = lambda mail: None
) -> list[Outcome]:
    found = {mail.recipient: outcome for mail, outcome in transport.send_all(mails, begin)}
    assert found.keys() == {mail.recipient for mail in mails}
    return [found[mail.recipient] for mail in mails]


def test_mails_go_one_behind_the_other_and_each_is_answered(running: Running) -> None:
    mails = [to(f"reader{n}") for n in range(50)]
    assert send(Smtp((running.relay(),)), *mails) == [QUEUED] * 50
    assert running.taken == [mail.recipient for mail in mails]


def test_a_refusal_amid_pipelined_mails_touches_no_other(running: Running) -> None:
    names = ["reader1", "gone1", "gone2", "busy1", "reader2", "gone3", "reader3"]
    outcomes = send(Smtp((running.relay(),)), *map(to, names))
    gone = Refused("5.1.1", "550 5.1.1 no such user", address_gone=True)
    busy = Later("4.2.1", "450 4.2.1 try again later")
    assert outcomes == [QUEUED, gone, gone, busy, QUEUED, gone, QUEUED]
    assert running.taken == [f"reader{n}@example.org" for n in (1, 2, 3)]


def test_a_connection_cut_after_a_mail_leaves_only_that_one_in_doubt(running: Running) -> None:
    outcomes = send(Smtp((running.relay(),)), *map(to, ["reader1", "drop1", "reader2", "reader3"]))
    assert isinstance(outcomes[1], Unclear)
    assert [outcomes[0], *outcomes[2:]] == [QUEUED] * 3


def test_a_mail_is_announced_before_its_last_bytes_and_at_most_one_a_lane_is_in_doubt(
    running: Running,
) -> None:
    in_doubt: set[str] = set()
    most = 0

    def begin(mail: Mail) -> None:
        nonlocal most
        in_doubt.add(mail.recipient)
        most = max(most, len(in_doubt))

    transport = Smtp((running.relay(connections=3),))
    for mail, _ in transport.send_all([to(f"reader{n}") for n in range(60)], begin):
        in_doubt.remove(mail.recipient)
    assert not in_doubt
    assert 1 <= most <= 3


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


NAMES = st.lists(
    st.tuples(st.sampled_from(["reader", "gone", "busy", "drop"]), st.integers(0, 10**9)),
    unique=True, max_size=25,
)  # fmt: skip


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(names=NAMES, lanes=st.integers(1, 4), carry=st.integers(1, 30))
def test_whatever_is_answered_each_mail_has_one_outcome_and_none_is_taken_twice(
    running: Running, names: list[tuple[str, int]], lanes: int, carry: int
) -> None:
    mails = [to(f"{kind}{number}") for kind, number in names]
    before = Counter(running.taken)
    relay = running.relay(connections=lanes, per_connection=carry)
    outcomes = send(Smtp((relay,)), *mails)
    kinds = {"reader": Accepted, "gone": Refused, "busy": Later, "drop": Unclear}
    taken = Counter(running.taken) - before
    for (kind, _), mail, outcome in zip(names, mails, outcomes, strict=True):
        # What was put off or dropped in an earlier example is taken in this one.
        assert isinstance(outcome, (kinds[kind], Accepted))
        assert taken[mail.recipient] == isinstance(outcome, Accepted | Unclear)


def test_a_connection_carries_only_so_many_mails(running: Running) -> None:
    relay = running.relay(per_connection=5)
    before = running.connections
    send(Smtp((relay,)), *(to(f"reader{n}") for n in range(20)))
    assert running.connections - before == 4


def test_relays_share_the_mails_and_one_that_is_away_is_left_out(
    running: Running, tmp_path: Path
) -> None:
    other = Running(tmp_path / "other")
    away = Relay("127.0.0.1", free_port(), starttls=False)
    mails = [to(f"reader{n}") for n in range(40)]
    outcomes = send(Smtp((running.relay(), away, other.relay())), *mails)
    other.stop()
    assert outcomes == [QUEUED] * 40
    assert running.taken
    assert other.taken
    assert len(running.taken) + len(other.taken) == 40


def test_without_any_relay_nothing_is_begun() -> None:
    away = [Relay("127.0.0.1", free_port(), starttls=False) for _ in range(2)]
    begun: list[Mail] = []
    with pytest.raises(Unreachable, match="refused"):
        list(Smtp(tuple(away)).send_all([to("reader")], begun.append))
    assert begun == []


def test_a_relay_that_was_away_is_left_alone_for_a_while_and_nobody_waits_for_it() -> None:
    away = Smtp((Relay("127.0.0.1", free_port(), starttls=False),))
    for _ in range(2):  # the second time without asking it
        begun = time.monotonic()
        with pytest.raises(Unreachable, match="refused"):
            list(away.send_all([to("reader")], lambda mail: None))
        assert time.monotonic() - begun < 5


def test_what_is_in_doubt_is_told_before_it_is_told_that_no_relay_is_left(
    running: Running,
) -> None:
    """The server takes a mail and goes away without an answer, for good."""
    mails = [to("drop1"), to("reader1"), to("reader2")]
    sending = Smtp((running.relay(),)).send_all(mails, lambda mail: running.stop())
    mail, outcome = next(sending)
    assert mail is mails[0]
    assert isinstance(outcome, Unclear)
    with pytest.raises(Unreachable):
        next(sending)


class Slow:
    """Limits of a test: one domain has to wait; the relay may be too fast."""

    def __init__(self, seconds: float, relay: bool = False, each: int = 0) -> None:
        self.seconds, self.relay, self.each = seconds, relay, each
        self.told: list[str | None] = []
        self.asked: Counter[str] = Counter()

    def take(self, relay: Relay, domain: str) -> Wait:
        self.asked[domain] += 1
        if self.relay and self.asked[domain] <= 2:
            return Wait(self.seconds, is_relays=True)
        return Wait(self.seconds) if domain == "slow.example" else GO

    def throttled(self, relay: Relay, domain: str | None) -> None:
        self.told.append(domain)

    def per_connection(self, domain: str) -> int:
        return self.each


def at(name: str, domain: str) -> Mail:
    mail = to(name)
    mail.recipient = f"{name}@{domain}"
    return mail


def test_a_domain_that_must_wait_holds_up_nobody_else(running: Running) -> None:
    mails = [at(f"r{n}", "slow.example" if n % 2 else "other.example") for n in range(20)]
    outcomes = send(Smtp((running.relay(),), Slow(60)), *mails)
    assert outcomes[::2] == [QUEUED] * 10
    held = outcomes[1::2]
    assert all(isinstance(outcome, Held) for outcome in held)
    # One after the other at the domain's rate, not all at once again.
    seconds = sorted(outcome.seconds for outcome in held if isinstance(outcome, Held))
    assert seconds[0] > 50
    assert seconds[-1] > 9 * seconds[0]


def test_a_relay_that_must_wait_is_waited_for(running: Running) -> None:
    begun = time.monotonic()
    assert send(Smtp((running.relay(),), Slow(0.1, relay=True)), to("reader")) == [QUEUED]
    assert time.monotonic() - begun >= 0.19


def test_after_the_deadline_nothing_is_waited_for(running: Running) -> None:
    transport = Smtp((running.relay(),), Slow(30, relay=True))
    (((_, outcome),)) = list(
        transport.send_all([to("reader")], lambda mail: None, time.monotonic())
    )
    assert isinstance(outcome, Held)


def test_a_domains_mails_are_spread_over_connections(running: Running) -> None:
    before = running.connections
    limits = Slow(0, each=4)
    send(Smtp((running.relay(),), limits), *(to(f"reader{n}") for n in range(13)))
    assert running.connections - before == 4


def test_too_much_at_once_is_told_to_all_workers(running: Running) -> None:
    limits = Slow(0)
    transport = Smtp((running.relay(),), limits)
    send(transport, to("fast1"), to("busy7"), to("grey1"))
    # A full mailbox and greylisting say nothing about our pace.
    assert limits.told == ["example.org"]


def test_several_relays_are_written_with_spaces_between() -> None:
    transport = transports.from_url("smtp://a.example.org:25 smtps://b.example.org?connections=5")
    assert isinstance(transport, Smtp)
    assert [relay.name for relay in transport.relays] == ["a.example.org:25", "b.example.org:465"]
    assert [relay.connections for relay in transport.relays] == [2, 5]

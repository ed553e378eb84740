"""Rates that several workers share through a real Valkey, and what becomes of them without it."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from bench import rates as measuring
from newsletter import serving
from newsletter.delivery import rates
from newsletter.delivery.rates import limits
from newsletter.delivery.rates.client import client_of
from newsletter.delivery.rates.limiter import Limiter
from newsletter.delivery.rates.limits import Limit
from tests.live.machine import wait_until

pytestmark = pytest.mark.live

FIVE = Limit(5.0, 2)
NOW = 1_750_000_000.0


@pytest.fixture
def client(redis_port: int) -> Iterator[redis.Redis]:
    with redis.Redis(port=redis_port, db=7) as client:
        client.flushdb()
        yield client


def sent_at_once(limiter: Limiter, limit: Limit | None, domain: str, now: float) -> int:
    """How many mails go before somebody has to wait; 100 stands for any number."""
    for number in range(100):
        if limiter.take("relay", limit, domain, now):
            return number
    return 100


@pytest.mark.parametrize("row", [measuring.one_relay, measuring.two_relays, measuring.one_domain])
def test_four_processes_together_keep_each_rate(
    redis_port: int, row: measuring.Measurement
) -> None:
    for name, rate, measured, _ in row(f"redis://127.0.0.1:{redis_port}/6", 3.0):
        # One mail more or less at the ends of three seconds is a third of one a second.
        assert measured == pytest.approx(rate, rel=0.05, abs=0.7), name


def test_threads_of_one_process_together_keep_the_rate(client: redis.Redis) -> None:
    limiter, limit = Limiter(client, {}), Limit(200.0, 1)
    sent, ends = [0] * 8, time.monotonic() + 1.5

    def send(number: int) -> None:
        while time.monotonic() < ends:
            if wait := limiter.take("relay", limit, "example.org"):
                time.sleep(wait)
            else:
                sent[number] += 1

    threads = [threading.Thread(target=send, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 100 < sum(sent) <= 1.5 * 200 * 1.05


def test_who_has_to_wait_takes_from_neither_bucket(client: redis.Redis) -> None:
    limiter = Limiter(client, limits.of_domains("slow.example=1/s"))
    relay = Limit(10.0, 5)
    assert limiter.take("relay", relay, "slow.example", NOW) == 0.0
    for _ in range(20):
        assert limiter.take("relay", relay, "slow.example", NOW) == pytest.approx(1.0, abs=1e-3)
    assert sent_at_once(limiter, relay, "other.example", NOW) == 4


def test_siblings_share_one_bucket_and_other_domains_have_their_own(client: redis.Redis) -> None:
    limiter = Limiter(client, limits.of_domains("yahoo.com=5/s,web.de=5/s"))
    assert sent_at_once(limiter, None, "aol.com", NOW) == 2
    assert limiter.take("relay", None, "yahoo.co.uk", NOW) > 0
    assert limiter.take("another relay", None, "yahoo.com", NOW) > 0
    assert sent_at_once(limiter, None, "web.de", NOW) == 2


def test_a_restarted_worker_finds_the_bucket_as_it_was(client: redis.Redis) -> None:
    assert sent_at_once(Limiter(client, {}), FIVE, "example.org", NOW) == 2
    assert sent_at_once(Limiter(client, {}), FIVE, "example.org", NOW) == 0
    assert sent_at_once(Limiter(client, {}), FIVE, "example.org", NOW + 0.3) == 1


def test_a_redis_that_comes_back_empty_has_full_buckets(client: redis.Redis) -> None:
    limiter = Limiter(client, {})
    limiter.throttled("relay", None, NOW)
    assert sent_at_once(limiter, FIVE, "example.org", NOW) == 1
    client.flushdb()
    client.script_flush()
    assert sent_at_once(limiter, FIVE, "example.org", NOW + 1) == 2


def test_all_that_is_kept_ends_by_itself(client: redis.Redis) -> None:
    limiter = Limiter(client, {})
    limiter.take("relay", FIVE, "example.org")
    limiter.throttled("relay", "example.org")
    limiter.take("relay", FIVE, "example.org")
    kept = client.keys()
    assert len(kept) == 3
    assert all(0 < client.ttl(key) <= 2 * 3600 for key in kept)


def test_a_rate_is_halved_once_however_many_workers_are_told(client: redis.Redis) -> None:
    workers = [Limiter(client, limits.of_domains("slow.example=8/s")) for _ in range(4)]
    for worker in workers:
        for after in (0, 3, 9):
            worker.throttled("relay", "slow.example", NOW + after)
    assert _per_second(workers[0], "slow.example", NOW + 9) == pytest.approx(4, rel=0.02)
    workers[1].throttled("relay", "slow.example", NOW + 10)
    assert _per_second(workers[2], "slow.example", NOW + 10) == pytest.approx(2, rel=0.02)


def test_it_doubles_after_every_ten_minutes_of_quiet(client: redis.Redis) -> None:
    limiter = Limiter(client, limits.of_domains("slow.example=8/s"))
    for after in (0, 10):
        limiter.throttled("relay", "slow.example", NOW + after)
    for after, rate in ((609, 2), (611, 4), (1209, 4), (1211, 8), (9999, 8)):
        assert _per_second(limiter, "slow.example", NOW + after) == pytest.approx(rate, rel=0.02)


def test_who_has_no_rate_gets_one_until_it_is_quiet_again(client: redis.Redis) -> None:
    told, other = Limiter(client, {}), Limiter(client, {})
    assert sent_at_once(other, None, "example.org", NOW) == 100
    told.throttled("relay", "example.org", NOW)
    assert _per_second(told, "example.org", NOW) == pytest.approx(5, rel=0.02)
    # Within a second another worker, told nothing itself, has heard of it.
    assert sent_at_once(other, None, "example.org", NOW + 1) < 3
    assert sent_at_once(other, None, "other.example", NOW + 1) == 100
    assert sent_at_once(other, None, "example.org", NOW + 601) == 100


def test_a_relay_that_speaks_for_itself_is_slowed_for_all_domains(client: redis.Redis) -> None:
    limiter = Limiter(client, {})
    limiter.throttled("relay", None, NOW)
    assert sent_at_once(limiter, None, "example.org", NOW) < 5
    assert limiter.take("relay", None, "other.example", NOW) > 0
    assert limiter.take("another relay", None, "other.example", NOW) == 0.0


def test_a_worker_that_starts_later_hears_of_it_too(client: redis.Redis) -> None:
    Limiter(client, {}).throttled("relay", "example.org", NOW)
    assert sent_at_once(Limiter(client, {}), None, "example.org", NOW + 300) < 3


def test_mail_without_a_limit_asks_redis_once_a_second_at_most(client: redis.Redis) -> None:
    limiter = Limiter(client, limits.of_domains("slow.example=5/s"))
    client.config_resetstat()
    for number in range(1000):
        assert limiter.take("relay", None, "example.org", NOW + number / 1000) == 0.0
    calls = client.info("commandstats")
    assert sum(calls[name]["calls"] for name in calls if name.startswith("cmdstat_eval")) <= 3


def test_a_fast_relay_does_not_ask_for_every_mail(client: redis.Redis) -> None:
    limiter, sent = Limiter(client, {}), 0
    client.config_resetstat()
    for step in range(1000):
        sent += limiter.take("relay", Limit(2000.0, 500), "example.org", NOW + step / 2000) == 0.0
    assert sent == 1000
    calls = client.info("commandstats")
    assert sum(calls[name]["calls"] for name in calls if name.startswith("cmdstat_eval")) < 60


def test_what_a_slow_process_took_ahead_comes_back_to_the_others(client: redis.Redis) -> None:
    slow, fast, limit = Limiter(client, {}), Limiter(client, {}), Limit(1000.0, 50)
    sent = 0
    for step in range(10_000):  # a second's, while the slow one sends a mail in a tenth
        now = NOW + step / 10_000
        sent += fast.take("relay", limit, "example.org", now) == 0.0
        if step % 1000 == 0:
            slow.take("relay", limit, "example.org", now)
    assert 950 <= sent <= 1050


class Server:
    """A Valkey that a test may end and start again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = f"redis+socket://{folder / 'v.sock'}"

    def __enter__(self) -> Server:
        command = [serving.broker_program(), "--port", "0", "--unixsocket", "v.sock", "--save", ""]
        self.process = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL)
        wait_until(self._answers, "valkey answers")
        return self

    def __exit__(self, *error: object) -> None:
        self.process.kill()
        self.process.wait()

    def _answers(self) -> bool:
        try:
            with redis.Redis(unix_socket_path=str(self.folder / "v.sock")) as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False


def test_without_redis_a_process_goes_on_at_a_quarter_and_comes_back_to_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    server = Server(tmp_path)
    limiter = Limiter(client_of(server.url), {})
    eight = Limit(8.0, 8)
    with server:
        assert sent_at_once(limiter, eight, "example.org", NOW) == 8
    assert sent_at_once(limiter, eight, "example.org", NOW + 1) == 2
    assert limiter.take("relay", eight, "example.org", NOW + 1.2) > 0
    assert sent_at_once(limiter, eight, "example.org", NOW + 1.51) == 1
    limiter.throttled("relay", "example.org", NOW + 2)
    assert caplog.text.count("rates are kept by this process alone, at 1/4 of what is set") == 1
    with server:
        assert sent_at_once(limiter, eight, "other.example", NOW + 20) == 8
    assert caplog.text.count("rates are shared through Redis again") == 1


def test_what_others_were_told_is_remembered_over_an_outage(tmp_path: Path) -> None:
    server = Server(tmp_path)
    limiter = Limiter(client_of(server.url), {})
    with server:
        Limiter(client_of(server.url), {}).throttled("relay", "example.org", NOW)
        assert sent_at_once(limiter, None, "example.org", NOW) < 3
    assert sent_at_once(limiter, None, "example.org", NOW + 2) == 100
    with server:
        Limiter(client_of(server.url), {}).throttled("relay", "example.org", NOW)
        assert sent_at_once(limiter, None, "example.org", NOW + 20) < 3


def test_a_restart_of_redis_between_two_mails_is_not_noticed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server = Server(tmp_path)
    limiter = Limiter(client_of(server.url), {})
    for later in (0, 1):
        with server:
            assert sent_at_once(limiter, Limit(8.0, 8), "example.org", NOW + later) == 8
    assert caplog.text == ""


def test_without_any_redis_sending_goes_on() -> None:
    limiter = Limiter(None, limits.of_domains("slow.example=8/s"))
    assert sent_at_once(limiter, None, "example.org", NOW) == 100
    assert sent_at_once(limiter, None, "slow.example", NOW) == 1
    limiter.throttled("relay", "example.org", NOW)
    assert sent_at_once(limiter, None, "example.org", NOW + 1) == 1


def test_a_process_has_one_limiter_by_the_settings() -> None:
    rates.limiter.cache_clear()
    try:
        assert rates.limiter() is rates.limiter()
        assert rates.limiter().per_connection("yahoo.com") == 20
    finally:
        rates.limiter.cache_clear()


def _per_second(limiter: Limiter, domain: str, now: float) -> float:
    """The rate by which somebody has to wait once the bucket is empty, to a millisecond."""
    while not limiter.take("relay", None, domain, now):
        pass
    begun = now
    while limiter.take("relay", None, domain, now):
        now += 0.001
    return 1 / (now - begun)

"""Whether rates are kept: four processes that send as fast as they may, over a Valkey of its own.

What is measured is the limiter; sending takes no time here, so every process waits for its turn.
"""

from __future__ import annotations

import multiprocessing
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.queues import Queue
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Barrier
from pathlib import Path

import redis
from rich.console import Console
from rich.table import Table

from newsletter import serving
from newsletter.delivery.rates import limits
from newsletter.delivery.rates.client import client_of
from newsletter.delivery.rates.limiter import Limiter
from newsletter.delivery.rates.limits import Limit

PROCESSES = 4
SECONDS = 60.0
# Not counted: processes start, and what full buckets let through at once goes.
_WARM_UP = 1.0
_PATIENCE = 30.0
_UNLIMITED = 200_000

# Its name, its rate as set and as measured, and the processors' seconds a mail.
Row = tuple[str, float, float, float]
Measurement = Callable[[str, float], Iterator[Row]]


@dataclass(frozen=True, slots=True)
class Stream:
    """Mails that one relay has for one domain; there are always more of them."""

    relay: str
    limit: Limit | None
    domain: str


@dataclass(frozen=True, slots=True)
class Sent:
    """How many went through each stream in the time, and the processor's seconds."""

    per_stream: Counter[Stream]
    seconds: float
    cpu: float

    def rate(self, *, relay: str = "", domain: str = "") -> float:
        """Mails a second of one relay, or for one domain, or both."""
        counted = sum(
            number
            for stream, number in self.per_stream.items()
            if relay in {"", stream.relay} and domain in {"", stream.domain}
        )
        return counted / self.seconds

    @property
    def cpu_per_mail(self) -> float:
        return self.cpu / max(1, self.per_stream.total())


@contextmanager
def valkey() -> Iterator[str]:
    """A broker of our own; its address as the settings would have it."""
    with tempfile.TemporaryDirectory(prefix="pp-rates-") as folder:
        socket = Path(folder) / "valkey.sock"
        command = [serving.broker_program(), "--port", "0", "--unixsocket", str(socket)]
        with subprocess.Popen(
            [*command, "--save", ""], cwd=folder, stdout=subprocess.DEVNULL
        ) as it:
            try:
                _wait_for(redis.Redis(unix_socket_path=str(socket)))
                yield f"redis+socket://{socket}"
            finally:
                it.terminate()


def _wait_for(client: redis.Redis) -> None:
    deadline = time.monotonic() + _PATIENCE
    with client:
        while True:
            try:
                client.ping()
                return
            except redis.ConnectionError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)


def measure(
    broker_url: str,
    streams: Sequence[Stream],
    *,
    seconds: float,
    domain_rates: str = "",
    processes: int = PROCESSES,
) -> Sent:
    """Several processes send through all of the streams, each as fast as the limiter lets it."""
    context = multiprocessing.get_context("spawn")
    results: Queue[tuple[Counter[Stream], float]] = context.Queue()
    meeting, begins = context.Barrier(processes, timeout=_PATIENCE), context.Value("d", 0.0)
    arguments = (broker_url, domain_rates, streams, seconds, meeting, begins, results)
    workers = [context.Process(target=_work, args=arguments) for _ in range(processes)]
    for worker in workers:
        worker.start()
    patience = seconds + 2 * _PATIENCE
    found = [results.get(timeout=patience) for _ in workers]
    for worker in workers:
        worker.join(patience)
    results.close()
    counted = Counter[Stream]()
    for counter, _ in found:
        counted.update(counter)
    return Sent(counted, seconds, sum(cpu for _, cpu in found))


def _work(
    broker_url: str,
    domain_rates: str,
    streams: Sequence[Stream],
    seconds: float,
    meeting: Barrier,
    begins: Synchronized[float],
    results: Queue[tuple[Counter[Stream], float]],
) -> None:
    limiter = Limiter(client_of(broker_url), limits.of_domains(domain_rates))
    if meeting.wait() == 0:
        begins.value = time.monotonic() + _WARM_UP
    meeting.wait()
    _send(limiter, streams, until=begins.value)
    cpu = time.process_time()
    sent = _send(limiter, streams, until=begins.value + seconds)
    results.put((sent, time.process_time() - cpu))


def _send(limiter: Limiter, streams: Sequence[Stream], until: float) -> Counter[Stream]:
    """As a worker would: who has to wait does not hold up the others."""
    sent, due = Counter[Stream](), dict.fromkeys(streams, 0.0)
    while (now := time.monotonic()) < until:
        for stream in streams:
            if due[stream] <= now:
                wait = limiter.take(stream.relay, stream.limit, stream.domain)
                due[stream] = now + wait
                sent[stream] += not wait
        time.sleep(max(0.0, min(*due.values(), until) - time.monotonic()))
    return sent


def main() -> None:
    table = Table("four processes", "set, per second", "measured", "off", "CPU per mail")
    with valkey() as url:
        for measurement in (one_relay, two_relays, one_domain, a_fast_relay):
            for name, rate, measured, cpu in measurement(url, SECONDS):
                off = f"{measured / rate - 1:+.1%}"
                table.add_row(name, f"{rate:g}", f"{measured:.2f}", off, f"{cpu * 1e6:.0f} us")
        cost = unlimited(url)
    console = Console()
    console.print(f"each measured over {SECONDS:.0f} s")
    console.print(table)
    console.print(f"a mail without any limit costs {cost * 1e9:.0f} ns")


def one_relay(url: str, seconds: float) -> Iterator[Row]:
    sent = measure(url, [_relay("one", 50)], seconds=seconds)
    yield "one relay", 50, sent.rate(), sent.cpu_per_mail


def two_relays(url: str, seconds: float) -> Iterator[Row]:
    sent = measure(url, [_relay("two", 50), _relay("three", 20)], seconds=seconds)
    yield "two relays: the first", 50, sent.rate(relay="two"), sent.cpu_per_mail
    yield "two relays: the second", 20, sent.rate(relay="three"), sent.cpu_per_mail


def one_domain(url: str, seconds: float) -> Iterator[Row]:
    domains = ("slow.example", "other.example", "third.example")
    streams = [_relay("four", 200, domain) for domain in domains]
    sent = measure(url, streams, seconds=seconds, domain_rates="slow.example=5/s")
    slow = sent.rate(domain="slow.example")
    yield "a domain's limit", 5, slow, sent.cpu_per_mail
    yield "its relay's other domains", 195, sent.rate() - slow, sent.cpu_per_mail


def a_fast_relay(url: str, seconds: float) -> Iterator[Row]:
    sent = measure(url, [_relay("five", 2000)], seconds=seconds)
    yield "a fast relay", 2000, sent.rate(), sent.cpu_per_mail


def _relay(name: str, rate: float, domain: str = "example.org") -> Stream:
    return Stream(name, limits.with_rate(rate), domain)


def unlimited(url: str) -> float:
    """Seconds that a mail costs to which no limit applies."""
    limiter = Limiter(client_of(url), limits.of_domains(""))
    began = time.perf_counter()
    for _ in range(_UNLIMITED):
        limiter.take("relay", None, "example.org")
    return (time.perf_counter() - began) / _UNLIMITED


if __name__ == "__main__":
    main()

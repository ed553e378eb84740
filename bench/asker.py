"""One process that asks a server again and again, as a worker would: for bench/pacing.py."""

from __future__ import annotations

import datetime as dt
import sys

import django

django.setup()

from digest import fetching, pacing  # noqa: E402 - after the settings are there


def main(base: str, path: str, requests: int, interval: float, lease: float) -> None:
    pacing.LEASE = dt.timedelta(seconds=lease)
    hosts = fetching.Hosts.of(base)
    with fetching.connect(hosts, dt.timedelta(seconds=interval)) as arxiv:
        for _ in range(requests):
            fetching.get(arxiv, f"{base}{path}")


if __name__ == "__main__":
    base, path, requests, interval, lease = sys.argv[1:]
    main(base, path, int(requests), float(interval), float(lease))

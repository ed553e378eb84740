"""A stand-in for the DNS: a dictionary of records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from newsletter.records.resolver import Unanswered


class Zone:
    """Answers from ``records``, keyed as "TXT example.org"; no question in ``silent`` is."""

    def __init__(self, records: Mapping[str, Sequence[str]], *silent: str) -> None:
        self.records = dict(records)
        self.silent = silent
        self.asked: list[str] = []

    def texts(self, name: str) -> list[str]:
        return self._find("TXT", name)

    def mail_servers(self, name: str) -> list[str]:
        return self._find("MX", name)

    def addresses(self, name: str) -> list[str]:
        return self._find("A", name)

    def pointers(self, address: str) -> list[str]:
        return self._find("PTR", address)

    def _find(self, kind: str, name: str) -> list[str]:
        question = f"{kind} {name}"
        self.asked.append(question)
        if question in self.silent or "*" in self.silent:
            raise Unanswered(f"{kind} of {name}")
        return list(self.records.get(question, []))

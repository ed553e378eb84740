"""What may go wrong between us and arXiv, in our own words."""

from __future__ import annotations

import datetime as dt


class FetchError(Exception):
    """A request that brought nothing usable; ``final`` if asking again would bring no more."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.final = final


class NotAsked(FetchError):
    """No request was made: arXiv is left alone ``until`` then."""

    def __init__(self, reason: str, until: dt.datetime) -> None:
        super().__init__(reason)
        self.until = until

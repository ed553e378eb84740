"""An end to answers that never end: a server may send one byte now and then for ever."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any


class Watch:
    """Shuts the connection when a request takes too long as a whole, headers included.

    The client's timeouts count the silence between two pieces only.
    """

    def __init__(self) -> None:
        self.late = False
        self._stream: Any = None

    def note(self, event: str, said: Mapping[str, Any]) -> None:
        """Called by the client at every step; a stream that it opens is the one to watch."""
        stream = said.get("return_value")
        if hasattr(stream, "get_extra_info"):
            self._stream = stream
            if self.late:
                self._shut()

    @contextmanager
    def over(self, seconds: float) -> Iterator[None]:
        """One request, which may take so long."""
        self.late = False
        timer = threading.Timer(seconds, self._too_late)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _too_late(self) -> None:
        self.late = True
        self._shut()

    def _shut(self) -> None:
        connection = self._stream.get_extra_info("socket") if self._stream else None
        if connection is not None:
            with contextlib.suppress(OSError):
                # Not the TLS socket's own, which takes the session from under who reads.
                socket.socket.shutdown(connection, socket.SHUT_RDWR)

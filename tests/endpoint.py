"""A language model's endpoint for tests: a real server that answers as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

GOOD_TEXT = (
    "The paper isolates a failure to one replica while the others go on, so that a fleet keeps "
    "training. The stalls of a recovery fall to 3 minutes, and effective training time rises from "
    "44% to 80%."
)


@dataclass(slots=True)
class Endpoint:
    """Its address, how it answers, and what it was asked."""

    url: str = ""
    answer: Callable[[Asked], None] = lambda asked: asked.say(said())
    bodies: list[dict[str, Any]] = field(default_factory=list)


class Asked(BaseHTTPRequestHandler):
    """One question; what a test's answer is written with."""

    endpoint: Endpoint
    protocol_version = "HTTP/1.0"

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        self.endpoint.bodies.append(json.loads(self.rfile.read(length)))
        self.endpoint.answer(self)

    def say(self, content: str, finish_reason: str = "stop") -> None:
        """A completion with this content."""
        message = {"role": "assistant", "content": content}
        body = {
            "id": "1",
            "object": "chat.completion",
            "created": 1,
            "model": "m",
            "choices": [{"index": 0, "message": message, "finish_reason": finish_reason}],
            "usage": {"prompt_tokens": 700, "completion_tokens": 100, "total_tokens": 800},
        }
        self.send(json.dumps(body).encode())

    def send(
        self,
        body: bytes,
        status: int = 200,
        kind: str = "application/json",
        headers: dict[str, str] | None = None,
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Tests are silent."""


def said(text: str = GOOD_TEXT, **changes: Any) -> str:
    """What a good model says, as JSON."""
    values = {
        "domain": "mlsys",
        "topic": "fault-tolerance",
        "keywords": ["replicas", "recovery"],
        "institutions": [],
        "text": text,
    }
    return json.dumps(values | changes)


@contextmanager
def serving() -> Iterator[Endpoint]:
    """An endpoint on this machine; it ends with the block."""
    endpoint = Endpoint()
    handler = type("Handler", (Asked,), {"endpoint": endpoint})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.block_on_close = False
    # A client that hangs up is what some tests are about.
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    endpoint.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def drip(asked: Asked) -> None:
    """Bytes that never end, until the client hangs up."""
    asked.send_response(200)
    asked.end_headers()
    pause = threading.Event()
    try:
        for _ in range(600):
            asked.wfile.write(b" ")
            asked.wfile.flush()
            pause.wait(0.05)
    except OSError:
        return

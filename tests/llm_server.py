"""A stand-in for an endpoint that speaks as OpenAI's does, and for all that endpoints do wrong."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

ANSWER: dict[str, Any] = {
    "summary": "The paper proposes Pebble, a cache policy, and shows that misses fall by 31%.",
    "keywords": ["cache policy", "Pebble"],
    "domain": "sys",
    "topic": "storage",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def format(self) -> str:
        """The kind of response_format that was asked for; empty for none."""
        return str(self.body.get("response_format", {}).get("type", ""))


class Exchange:
    """One request under way: what was asked, and the ways to answer it."""

    def __init__(self, handler: BaseHTTPRequestHandler, asked: Asked, over: threading.Event):
        self.asked = asked
        self.over = over
        self._handler = handler

    def send(
        self, body: bytes, status: int = 200, kind: str = "application/json", **headers: str
    ) -> None:
        self._handler.send_response(status)
        self._handler.send_header("Content-Type", kind)
        self._handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.end_headers()
        self.write(body)

    def write(self, part: bytes) -> None:
        self._handler.wfile.write(part)
        self._handler.wfile.flush()

    def reset(self) -> None:
        """Ends the connection without a goodbye."""
        linger = struct.pack("ii", 1, 0)
        self._handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._handler.connection.close()


Behaviour = Callable[[Exchange], None]


def completion(content: object, finish_reason: object = "stop", **message: object) -> bytes:
    """A chat completion in whose one message the content stands."""
    frame = {
        "id": "1",
        "object": "chat.completion",
        "choices": [
            {
                "index": 0,
                "finish_reason": finish_reason,
                "message": {"role": "assistant", "content": content, **message},
            }
        ],
        "usage": {"prompt_tokens": 321, "completion_tokens": 54, "total_tokens": 375},
    }
    return json.dumps(frame).encode()


def says(content: object, finish_reason: object = "stop", **message: object) -> Behaviour:
    return body(completion(content, finish_reason, **message))


def answers(**parts: object) -> Behaviour:
    """A good answer; ``parts`` differ from the usual one."""
    return says(json.dumps({**ANSWER, **parts}))


def body(sent: bytes, kind: str = "application/json", status: int = 200) -> Behaviour:
    return lambda exchange: exchange.send(sent, status, kind)


def fails(status: int, message: str = "", **headers: str) -> Behaviour:
    """An error as OpenAI words it."""
    sent = json.dumps({"error": {"message": message, "type": "error", "code": None}}).encode()
    return lambda exchange: exchange.send(sent, status, **headers)


def refuses_formats(*kinds: str, status: int = 400, message: str = "") -> Behaviour:
    """Answers well where none of these response formats is asked for ("" is none at all)."""

    def behave(exchange: Exchange) -> None:
        refused = exchange.asked.format in kinds
        (fails(status, message) if refused else answers())(exchange)

    return behave


def hangs(exchange: Exchange) -> None:
    """Never answers, but does not go away either."""
    exchange.over.wait(30)


def drips(head: bytes, drop: bytes = b" ") -> Behaviour:
    """After the head, a drop now and then for ever."""

    def behave(exchange: Exchange) -> None:
        exchange.write(head)
        while not exchange.over.wait(0.02):
            exchange.write(drop)

    return behave


def resets(exchange: Exchange) -> None:
    exchange.reset()


def breaks_off(exchange: Exchange) -> None:
    """Promises more than it sends."""
    exchange.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + completion("x")[:40])


class LlmServer:
    """Answers on a port of this machine as it is told: first the script, one behaviour for each
    request, and then always ``otherwise``."""

    def __init__(self, *script: Behaviour, otherwise: Behaviour | None = None) -> None:
        self.requests: list[Asked] = []
        self.script = deque(script)
        self.otherwise = otherwise or answers()
        self._over = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self, self._over))
        self._http.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    @property
    def formats(self) -> list[str]:
        """The response formats that were asked for, one after the other."""
        return [asked.format for asked in self.requests]

    def answer(self, exchange: Exchange) -> None:
        self.requests.append(exchange.asked)
        behave = self.script.popleft() if self.script else self.otherwise
        behave(exchange)

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._http.shutdown()
        self._http.server_close()


def _handler(server: LlmServer, over: threading.Event) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.path, headers, json.loads(self.rfile.read(length)))
            try:
                server.answer(Exchange(self, asked, over))
            except OSError:  # whoever asked has gone
                self.close_connection = True

        def finish(self) -> None:
            try:
                super().finish()
            except (OSError, ValueError):
                """The connection was reset."""

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    return Handler

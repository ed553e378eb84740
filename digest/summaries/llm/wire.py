"""The line to an endpoint: the `openai` client over connections that cost no more than they may.

Nothing else imports that client, which takes a second and 25 MB that only who has an endpoint
should pay.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

import httpx2
from openai import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    OpenAI,
    OpenAIError,
)

from digest.loopback import is_local
from digest.summaries.llm.calls import Answered, Unanswered
from digest.summaries.llm.values import Endpoint
from digest.watching import Watch

_CONNECT_SECONDS = 10.0
# Of an error this is enough to know why.
_MOST_OF_ERROR = 20_000
# The client would say more of this machine, and of surroundings that mean somebody else.
_SAID = {
    "accept", "authorization", "connection", "content-length", "content-type", "host",
    "transfer-encoding", "user-agent",
}  # fmt: skip


class Line:
    """An open client of one endpoint; threads may share it."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._seconds = endpoint.timeout
        self._client = OpenAI(
            base_url=endpoint.base_url,
            api_key=endpoint.api_key.strip() or "none",
            max_retries=0,
            http_client=_Client(endpoint),
            default_headers={"User-Agent": "preprint-post/0.1"},
        )

    def post(self, body: Mapping[str, Any]) -> Answered:
        """One request for a completion. Raises Unanswered where no answer came."""
        try:
            response = self._client.post(
                "/chat/completions",
                cast_to=httpx2.Response,
                body=dict(body),
            )
        except APIStatusError as error:
            response = error.response
        except _Broken as broken:
            raise Unanswered(str(broken)) from broken
        except APITimeoutError as error:
            raise Unanswered(self._late(error.__cause__)) from error
        except (APIConnectionError, OpenAIError, httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise Unanswered(_why(error.__cause__ or error)) from error
        except (OSError, ValueError) as error:  # a name that no network can ask for
            raise Unanswered(_why(error)) from error
        return Answered(response.status_code, dict(response.headers), response.content)

    def close(self) -> None:
        self._client.close()

    def _late(self, cause: BaseException | None) -> str:
        if isinstance(cause, httpx2.ConnectTimeout):
            return f"no connection within {min(_CONNECT_SECONDS, self._seconds):g} seconds"
        return _too_long(self._seconds)


class _Broken(OpenAIError):
    """We broke off; the client hands errors of this kind on as they are."""


class _Client(httpx2.Client):
    """Reads answers whole, but no longer and no more than they may be, and goes nowhere else.

    Connections are not kept: a day has few calls, each is long, and a kept connection that the
    other side has closed meanwhile would count as a failed one.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._seconds = endpoint.timeout
        self._most = endpoint.max_bytes
        super().__init__(
            timeout=httpx2.Timeout(
                endpoint.timeout, connect=min(_CONNECT_SECONDS, endpoint.timeout)
            ),
            limits=httpx2.Limits(max_connections=None, max_keepalive_connections=0),
            follow_redirects=False,
            trust_env=not is_local(endpoint.base_url),
        )

    def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        """As the parent's, with the body read."""
        said = [(name, value) for name, value in request.headers.items() if name in _SAID]
        request.headers = httpx2.Headers([*said, ("accept-encoding", "identity")])
        options |= {"stream": True, "follow_redirects": False}
        watch = Watch()
        request.extensions = {**request.extensions, "trace": watch.note}
        with watch.over(self._seconds):
            try:
                with contextlib.closing(super().send(request, **options)) as response:
                    body = self._read(response)
            except httpx2.HTTPError as error:
                if watch.late:
                    raise _Broken(_too_long(self._seconds)) from error
                raise
        if watch.late:  # without a length, an answer that we cut off looks like a whole one
            raise _Broken(_too_long(self._seconds))
        return httpx2.Response(
            response.status_code, headers=_kept(response), content=body, request=request
        )

    def _read(self, response: httpx2.Response) -> bytes:
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise _Broken("the answer came packed, unasked")
        is_error = response.status_code >= 300
        most = _MOST_OF_ERROR if is_error else self._most
        body = bytearray()
        for part in response.iter_raw():
            body += part
            if len(body) > most:
                if is_error:
                    return bytes(body[:most])
                raise _Broken(f"the answer is larger than {self._most:,} bytes")
        return bytes(body)


def _kept(response: httpx2.Response) -> list[tuple[str, str]]:
    """The headers that say something of the answer, not of the way it came."""
    names = ("content-type", "location", "retry-after", "retry-after-ms")
    return [(name, response.headers[name]) for name in names if name in response.headers]


def _too_long(seconds: float) -> str:
    return f"the answer took longer than {seconds:g} seconds"


def _why(error: BaseException) -> str:
    said = str(error)
    return f"no answer: {said}" if said else f"no answer: {type(error).__name__}"

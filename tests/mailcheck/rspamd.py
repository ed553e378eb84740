"""rspamd, started for the moment with a configuration of its own that asks nobody anything."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.mailcheck.judging import Letter, Missing, Verdict

LIMIT = 3.0
# The first start compiles the rules' expressions, which are kept for the next.
_START_SECONDS = 90
# An address of example.com's: those meant for documentation count against a mail.
ADDRESS, HOST = "93.184.215.14", "mail.post.example.org"

_CONFIGURATION = """
.include "$CONFDIR/common.conf"
options {{
    pidfile = "$RUNDIR/rspamd.pid";
    .include "$CONFDIR/options.inc"
    filters = "chartable,regexp";
    # Nobody answers there, and at once.
    dns {{ nameserver = ["127.0.0.1:9"]; timeout = 0.1s; retransmits = 1; }}
    control_socket = "$DBDIR/rspamd.sock mode=0600";
}}
logging {{ type = "file"; filename = "$LOGDIR/rspamd.log"; level = "warning"; }}
worker "normal" {{ bind_socket = "127.0.0.1:{port}"; count = 1; }}
"""
# Whatever asks the network, Redis or another server.
_OFF = """antivirus arc asn bimi clickhouse dcc dkim dkim_signing dmarc elastic external_services
    fuzzy_check greylist hfilter history_redis metadata_exporter mx_check neural p0f phishing
    ratelimit rbl replies reputation rspamd_update spf surbl url_redirector"""


def judge(letters: list[Letter], folder: Path) -> Verdict:
    program = shutil.which("rspamd")
    if program is None:
        raise Missing("apt-get install --no-install-recommends rspamd")
    verdict = Verdict()
    with _running(program, folder) as address, httpx.Client(timeout=30, trust_env=False) as client:
        for letter in letters:
            envelope = {
                "From": letter.sender,
                "Rcpt": letter.recipient,
                "IP": ADDRESS,
                "Helo": HOST,
                "Hostname": HOST,
            }
            raw = letter.sent.read_bytes()
            said = client.post(f"{address}/checkv2", content=raw, headers=envelope).json()
            score = float(said["score"])
            rules = [
                f"{name} {symbol['score']:+.2f}"
                for name, symbol in said["symbols"].items()
                if symbol["score"]
            ]
            is_over = score >= LIMIT or said["action"] != "no action"
            over = f"{score:.2f}, {said['action']}: {', '.join(rules)}" if is_over else ""
            verdict.say(letter.name, f"{score:.2f}", over)
    return verdict


@contextmanager
def _running(program: str, folder: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [program, "-f", "-i", "-c", str(_configured(folder, port))]
    command += [f"--var=LOCAL_CONFDIR={folder}"]
    command += [f"--var={name}={folder / 'data'}" for name in ("DBDIR", "RUNDIR", "LOGDIR")]
    with (folder / "started.log").open("wb") as log:
        daemon = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    try:
        _wait(daemon, port, folder)
        yield f"http://127.0.0.1:{port}"
    finally:
        daemon.terminate()
        daemon.wait(timeout=30)


def _configured(folder: Path, port: int) -> Path:
    for name in ("data", "local.d"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for module in _OFF.split():
        (folder / "local.d" / f"{module}.conf").write_text("enabled = false;\n")
    file = folder / "rspamd.conf"
    file.write_text(_CONFIGURATION.format(port=port))
    return file


def _wait(daemon: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        if daemon.poll() is not None:
            break
        try:
            if httpx.get(f"http://127.0.0.1:{port}/ping", trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError(f"rspamd did not start; see {folder}")

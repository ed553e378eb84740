"""The relays' settings of docs/operating.md: real signers sign with them what they should."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import dkim as dkimpy
import httpx
import pytest

from newsletter.delivery import dkim
from newsletter.delivery.dkim import Signer
from tests.unit.test_dkim import SIGNED, mail

pytestmark = pytest.mark.live
_MANUAL = (Path(__file__).resolve().parents[2] / "docs/operating.md").read_text(encoding="utf-8")
_PLUGINS = Path("/usr/share/rspamd/plugins/dkim_signing.lua")


def settings_of(program: str) -> str:
    [block] = re.findall(rf"```{program}\n(.*?)```", _MANUAL, re.DOTALL)
    return str(block)


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    """The key stands where the settings will find it."""
    key = dkim.new_key()
    file = tmp_path / "s1.pem"
    file.touch(0o600)
    file.write_text(dkim.as_pem(key))
    return Signer("post.example.org", "s1", key)


def assert_covers_everything(signature: str, signer: Signer) -> None:
    """The signature is good, and no longer when any of our headers is another."""
    value = signature.replace("\r\n", "\n").strip().replace("\n", "\r\n")
    signed = f"DKIM-Signature: {value}\r\n".encode() + mail()

    def is_good(raw: bytes) -> bool:
        return bool(dkimpy.verify(raw, dnsfunc=lambda name, timeout=5: signer.record.encode()))

    assert is_good(signed)
    for name in SIGNED:
        start = f"\r\n{name}: ".encode()
        assert signed.count(start) == 1
        assert not is_good(signed.replace(start, start + b"x")), name


def test_opendkim_signs_every_header_of_ours(tmp_path: Path, signer: Signer) -> None:
    program = shutil.which("opendkim", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    if program is None:
        pytest.skip("opendkim is not installed (apt-get install opendkim)")
    kept = re.sub(r"(?m)^KeyFile.*", f"KeyFile {tmp_path}/s1.pem", settings_of("opendkim"))
    config, letter = tmp_path / "opendkim.conf", tmp_path / "mail.eml"
    # A folder for temporary files is open to all, which the key's own must not be.
    config.write_text(f"{kept}\nRequireSafeKeys no\n")
    letter.write_bytes(mail())
    config.chmod(0o600)
    done = subprocess.run(
        [program, "-x", str(config), "-vvv", "-t", str(letter)], capture_output=True, check=False
    )
    said = (done.stdout + done.stderr).decode()
    found = re.search(r"hname='DKIM-Signature' hvalue='(.*?)'$", said, re.DOTALL | re.MULTILINE)
    assert found, said
    assert_covers_everything(found[1], signer)


_RSPAMD = """
options {{
  filters = "dkim"; local_addrs = ["127.0.0.0/8"]; url_tld = "{folder}/none"; tempdir = "{folder}";
  pidfile = "{folder}/pid"; control_socket = "{folder}/control"; hs_cache_dir = "{folder}";
  disable_hyperscan = true; dns {{ nameserver = ["127.0.0.1:9"]; timeout = 0.1s; }}
}}
logging {{ type = "console"; level = "error"; }}
worker "normal" {{ bind_socket = "127.0.0.1:{port}"; count = 1; }}
modules {{ path = "{plugins}"; }}
dkim {{
{headers}
}}
dkim_signing {{
{settings}
}}
"""


@pytest.fixture
def rspamd(tmp_path: Path, signer: Signer) -> Iterator[str]:
    """The address of a rspamd that does nothing but sign."""
    program = shutil.which("rspamd")
    if program is None or not _PLUGINS.exists():
        pytest.skip("rspamd is not installed (apt-get install rspamd)")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = re.sub(r'path = "[^"]*"', f'path = "{tmp_path}/s1.pem"', settings_of("rspamd"))
    (tmp_path / "none").touch()
    (tmp_path / "rspamd.conf").write_text(
        _RSPAMD.format(
            folder=tmp_path,
            port=port,
            plugins=_PLUGINS,
            settings=kept,
            headers=settings_of("rspamd-headers"),
        )
    )
    folders = [f"--var={name}={tmp_path}" for name in ("DBDIR", "RUNDIR")]
    command = [program, "-f", "-i", "-c", str(tmp_path / "rspamd.conf"), *folders]
    with (
        (tmp_path / "log").open("wb") as log,
        subprocess.Popen(command, stdout=log, stderr=log) as child,
    ):
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            child.terminate()


def until_it_answers(address: str) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            httpx.get(f"{address}/ping", trust_env=False)
        except httpx.TransportError:
            assert time.monotonic() < end, "rspamd does not answer"
            time.sleep(0.1)
        else:
            return


def test_rspamd_signs_every_header_of_ours_whatever_the_return_path(
    rspamd: str, signer: Signer
) -> None:
    until_it_answers(rspamd)
    for sender in ("digest@post.example.org", "r+1@returns.example.com"):
        envelope = {"Ip": "127.0.0.1", "From": sender, "Rcpt": "ada@example.com"}
        reply = httpx.post(
            f"{rspamd}/checkv2", content=mail(), headers=envelope, timeout=30, trust_env=False
        )
        found = json.loads(reply.text)
        assert "dkim-signature" in found, found
        assert_covers_everything(found["dkim-signature"], signer)

"""A stand-in IMAP server: one mailbox in memory, with TLS as the real ones have it."""

from __future__ import annotations

import datetime as dt
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest


class ImapServer:
    """``mails`` and ``flags`` by UID. ``refuses`` is a command answered with NO."""

    def __init__(self, context: ssl.SSLContext, *, implicit_tls: bool) -> None:
        self.mails: dict[int, bytes] = {}
        self.flags: dict[int, set[str]] = {}
        self.said: list[str] = []
        self.refuses = ""
        self._context, self._implicit_tls = context, implicit_tls
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]

    def put(self, uid: int, raw: bytes) -> None:
        self.mails[uid], self.flags[uid] = raw, set()

    @contextmanager
    def running(self) -> Iterator[ImapServer]:
        thread = threading.Thread(target=self._serve, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()
            thread.join(5)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                with suppress(OSError), connection:
                    self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        if self._implicit_tls:
            connection = self._context.wrap_socket(connection, server_side=True)
        connection.sendall(b"* OK ready\r\n")
        file = connection.makefile("rb")
        while line := file.readline().decode().strip():
            tag, _, command = line.partition(" ")
            self.said.append(command)
            if self.refuses and command.startswith(self.refuses):
                connection.sendall(f"{tag} NO not today\r\n".encode())
                continue
            connection.sendall(self._answer(command) + f"{tag} OK done\r\n".encode())
            if command == "STARTTLS":
                file.close()
                connection = self._context.wrap_socket(connection, server_side=True)
                file = connection.makefile("rb")
            if command == "LOGOUT":
                break
        file.close()
        connection.close()

    def _answer(self, command: str) -> bytes:
        if command == "CAPABILITY":
            return b"* CAPABILITY IMAP4rev1 STARTTLS\r\n"
        if command.startswith("SELECT"):
            return f"* {len(self.mails)} EXISTS\r\n".encode()
        if command.startswith("UID SEARCH UNSEEN"):
            unseen = [str(uid) for uid in sorted(self.mails) if "\\Seen" not in self.flags[uid]]
            return f"* SEARCH {' '.join(unseen)}\r\n".encode()
        if match := re.fullmatch(r"UID FETCH (\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", command):
            uid, raw = int(match[1]), self.mails[int(match[1])][: int(match[2])]
            head = f"* 1 FETCH (UID {uid} BODY[]<0> {{{len(raw)}}}\r\n".encode()
            return head + raw + b")\r\n"
        if match := re.fullmatch(r"UID STORE (\d+) \+FLAGS\.SILENT \((.*)\)", command):
            self.flags[int(match[1])] |= set(match[2].split())
        return b""


def make_certificate(folder: Path, name: str) -> Path:
    """A certificate for this name that signs itself, and its key, in one file."""
    reason = "making a certificate needs the package cryptography"
    x509 = pytest.importorskip("cryptography.x509", reason=reason)
    hazmat = "cryptography.hazmat.primitives"
    ec = pytest.importorskip(f"{hazmat}.asymmetric.ec")
    hashes = pytest.importorskip(f"{hazmat}.hashes")
    serialization = pytest.importorskip(f"{hazmat}.serialization")
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file = folder / f"{name}.pem"
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return file

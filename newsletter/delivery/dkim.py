"""DKIM signatures (RFC 6376, RSA-SHA256 as RFC 8301 asks) and the records that go with them.

Our own hand instead of dkimpy's, which does RSA in Python and takes more than twenty times as
long. There is no t= in a signature, so that a mail made again is the same to the byte.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

#: What a verifier must be able to read (RFC 8301), and what receivers ask for.
LEAST_BITS, MOST_BITS = 2048, 4096

# Signed where the mail has them. RFC 8058 wants both List-Unsubscribe headers among them.
_SIGNED = (
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Reply-To",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Feedback-ID",
    "Auto-Submitted",
)
# Named once more than they occur, so that another one, which a reader's program might show
# instead of ours, breaks the signature (RFC 6376, 5.4.2).
_ONCE = frozenset(
    {"From", "To", "Subject", "Date", "Message-ID", "Reply-To", "MIME-Version", "Content-Type"}
)
_BY_LOWER = {name.lower().encode(): name for name in _SIGNED}
_LABEL = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
_DOMAIN = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(\.{_LABEL})+")
_SELECTOR = re.compile(rf"(?=.{{1,100}}\Z){_LABEL}(\.{_LABEL})*", re.IGNORECASE)
_FIELD_ENDS = re.compile(rb"\r\n(?![ \t])")
_SPACES = re.compile(rb"[ \t]+")
_LINE = 76
_LONGEST_STRING = 255  # of a TXT record's strings (RFC 1035, 3.3.14)


class SigningError(ValueError):
    """A key, a name or a mail that cannot be signed with; never holds anything of the key."""


class Signer:
    """Puts one DKIM-Signature in front of a mail. Threads may share it."""

    def __init__(self, domain: str, selector: str, key: RSAPrivateKey) -> None:
        self.domain, self.selector = domain.lower(), selector
        if not is_domain(self.domain):
            raise SigningError(f"not a domain: {domain!r}")
        if not is_selector(selector):
            raise SigningError(f"not a selector: {selector!r}")
        _check_size(key)
        self._key = key
        self._start = f"v=1; a=rsa-sha256; c=relaxed/simple;\r\n d={self.domain}; s={selector};\r\n"

    @property
    def public_key(self) -> str:
        """The value of p= in the record."""
        der = self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(der).decode()

    @property
    def record_name(self) -> str:
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def record(self) -> str:
        """What is to be published at ``record_name`` as TXT."""
        return f"v=DKIM1; k=rsa; p={self.public_key}"

    def sign(self, raw: bytes) -> bytes:
        """The mail with its signature in front; ``raw`` is 7-bit with CRLF.

        The mail's own bytes stay as they are. Raises SigningError for a mail without From.
        """
        head_end, body_start = _parts(raw)
        fields = _fields(raw[:head_end])
        names = _names(fields)
        value = f"{self._start}{_folded_names(names)} bh={_body_hash(raw, body_start)};\r\n b="
        signed = b"".join(fields[name].pop() for name in names if fields.get(name))
        signed += b"dkim-signature:" + _relaxed(value.encode("ascii"))
        signature = base64.b64encode(self._key.sign(signed, PKCS1v15(), SHA256())).decode()
        return f"DKIM-Signature: {value}{_folded(signature)}\r\n".encode("ascii") + raw


def is_domain(text: str) -> bool:
    """Whether it can stand as d=: A-labels in small letters, two at least."""
    return bool(_DOMAIN.fullmatch(text))


def is_selector(text: str) -> bool:
    return bool(_SELECTOR.fullmatch(text))


def private_key(pem: str) -> RSAPrivateKey:
    """An RSA key from PEM. Raises SigningError, which says nothing of what the text holds."""
    try:
        key = load_pem_private_key(pem.encode("utf-8"), password=None)
    except TypeError as error:
        raise SigningError("the key is locked by a password; give it without one") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SigningError("not a private key in PEM (-----BEGIN PRIVATE KEY-----)") from error
    if not isinstance(key, RSAPrivateKey):
        raise SigningError("not an RSA key, which is what every receiver can verify")
    _check_size(key)
    return key


def new_key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=LEAST_BITS)


def as_pem(key: RSAPrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")


def zone_strings(record: str) -> list[str]:
    """A record's text in strings as short as a TXT record's have to be."""
    return [
        record[start : start + _LONGEST_STRING] for start in range(0, len(record), _LONGEST_STRING)
    ]


def _check_size(key: RSAPrivateKey) -> None:
    if not LEAST_BITS <= key.key_size <= MOST_BITS:
        raise SigningError(
            f"the RSA key has {key.key_size} bits; {LEAST_BITS} are needed, and more than "
            f"{MOST_BITS} not every receiver can verify"
        )


def _parts(raw: bytes) -> tuple[int, int]:
    """Where the header ends, without its last CRLF, and where the body begins."""
    end = raw.find(b"\r\n\r\n")
    if end >= 0:
        return end, end + 4
    return len(raw) - 2 * raw.endswith(b"\r\n"), len(raw)


def _fields(head: bytes) -> dict[str, list[bytes]]:
    """The signed header fields by name, each as relaxed, in order (RFC 6376, 3.4.2)."""
    found: dict[str, list[bytes]] = {}
    for field in _FIELD_ENDS.split(head):
        name, colon, value = field.partition(b":")
        known = _BY_LOWER.get(name.rstrip(b" \t").lower())
        if colon and known:
            line = known.lower().encode() + b":" + _relaxed(value) + b"\r\n"
            found.setdefault(known, []).append(line)
    if "From" not in found:
        raise SigningError("a mail without From cannot be signed (RFC 6376, 5.4)")
    return found


def _names(fields: dict[str, list[bytes]]) -> tuple[str, ...]:
    """What h= names, in order; of a field that occurs twice the last one is signed first."""
    names: list[str] = []
    for name in _SIGNED:
        names += [name] * (len(fields.get(name, ())) + (name in _ONCE))
    return tuple(names)


@lru_cache(maxsize=16)
def _folded_names(names: tuple[str, ...]) -> str:
    """The tag h=, folded: it is hashed as it stands, but for white space being one space."""
    lines = [" h="]
    for number, name in enumerate(names):
        part = name + (";" if number == len(names) - 1 else ":")
        if len(lines[-1]) + len(part) > _LINE:
            lines.append("  ")
        lines[-1] += part
    return "\r\n".join(lines) + "\r\n"


def _relaxed(value: bytes) -> bytes:
    unfolded = value.replace(b"\r\n", b"").strip(b" \t")
    # Most have nothing to be shortened, and the expression would take ten times as long to say so.
    if b"  " in unfolded or b"\t" in unfolded:
        return _SPACES.sub(b" ", unfolded)
    return unfolded


def _body_hash(raw: bytes, start: int) -> str:
    """Of the body as "simple": empty lines at its end count as none (RFC 6376, 3.4.3)."""
    end = len(raw)
    while raw.endswith(b"\r\n", start, end):
        end -= 2
    digest = hashlib.sha256(memoryview(raw)[start:end])
    digest.update(b"\r\n")
    return base64.b64encode(digest.digest()).decode()


def _folded(signature: str) -> str:
    """White space within b= is not signed."""
    first = _LINE - len(" b=")
    rest = range(first, len(signature), _LINE)
    return "\r\n ".join([signature[:first], *(signature[at : at + _LINE] for at in rest)])

"""Answers of machines that are no bounces (RFC 3834): out of office, confirm that you are human.

They are told from bounces, and left alone: nothing is ever answered.
"""

from __future__ import annotations

import re
from email.errors import MessageError
from email.header import decode_header, make_header

from newsletter.delivery.returned.mime import Part

_NO_REPLY = frozenset({"", "no", "auto-generated"})
_MARKS = (
    "X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Mail-Autoreply", "Auto-Reply",
    "X-Vacation", "X-FC-MachineGenerated",
)  # fmt: skip
_SUBJECT = re.compile(
    r"out of (the )?office|automatic reply|auto(matic|mated)?[ -]?(reply|respon[sd])|vacation|"
    r"on (annual |sick |parental )?leave|abwesen|au(ß|ss)er haus|absence|absent du bureau|"
    r"r.ponse automatique|respuesta autom|fuera de (la )?oficina|risposta automatica|"
    r"fuori ufficio|automatisch antwoord|afwezig|resposta autom|автоответ|отсутств|"
    r"自動応答|自動返信|不在|自动回复",
    re.IGNORECASE,
)
_DAEMON = re.compile(
    r"(mailer[-_. ]?daemon|post[-_]?master|mail[-_]?daemon|mdaemon|mail[-_]?admin|"
    r"mail[-_]?(system|delivery)|double-bounce|microsoftexchange\w{1,64})@|"
    r"mail delivery (sub)?system|mail administrator|delivery subsystem",
    re.IGNORECASE,
)


def is_from_a_server(mail: Part) -> bool:
    """Whether it says to come from the mail system, not from a person or their vacation."""
    return _DAEMON.search(mail.header("From")[:500]) is not None


def is_automatic(mail: Part) -> bool:
    submitted = mail.header("Auto-Submitted").partition(";")[0].strip().lower()
    if submitted not in _NO_REPLY or any(mail.header(name) for name in _MARKS):
        return True
    if mail.header("Precedence").lower() in {"auto_reply", "auto-reply"}:
        return True
    if mail.header("X-Auto-Response-Suppress") and mail.header("In-Reply-To"):
        return True
    return _SUBJECT.search(subject(mail)) is not None


def subject(mail: Part) -> str:
    """Readable, as far as it can be read."""
    written = mail.header("Subject")[:500]
    try:
        return str(make_header(decode_header(written)))
    except (MessageError, LookupError, ValueError):
        return written

"""``python -m tests.mailcheck``: mails as readers get them, before spam checkers and other judges.

Status 1 if something is over its limit. A program that is missing is named, with how to install
it, and changes nothing. The mails and what is needed for looking at them lie in var/mailcheck.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import logging
import os
import sys
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime

import django
from django.core.management import call_command

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from newsletter.compose.budget import MAX_DECODED  # noqa: E402 - needs Django's settings
from tests.mailcheck import browser, node, report, rspamd, spamassassin  # noqa: E402
from tests.mailcheck.judging import Known, Letter, Verdict  # noqa: E402
from tests.received import Received, receive  # noqa: E402

FOLDER = node.ROOT / "var" / "mailcheck"
# As the reader's server would write above the mail; what it says is read by spam checkers.
_KEPT = (
    "Return-Path: <{sender}>\r\n"
    "Received: from {host} ({host} [{address}])\r\n"
    "\tby mx.reader.example.net with ESMTPS id 4f1TZx0k3mz9sT\r\n"
    "\tfor <{recipient}>; {date}\r\n"
)


def main() -> int:
    asked = argparse.ArgumentParser(prog="mailcheck", description=__doc__)
    asked.add_argument(
        "--record", action="store_true", help="accept what caniemail says of the mails now"
    )
    options = asked.parse_args()
    letters = _letters()
    if options.record:
        node.record(letters)
    known: Known = json.loads((node.HERE / "known.json").read_text(encoding="utf-8"))
    judges: report.Judges = {
        "bytes": lambda: _sizes(letters),
        f"SpamAssassin\n< {spamassassin.LIMIT}": lambda: spamassassin.judge(letters),
        f"rspamd\n< {rspamd.LIMIT:.0f}": lambda: rspamd.judge(letters, FOLDER / "rspamd"),
        "axe": lambda: browser.judge(letters, known),
        "html-validate": lambda: node.html_validate(letters, known),
        "caniemail": lambda: node.caniemail(letters),
        "mjml": _templates,
    }
    over = report.told(letters, judges)
    print(f"The mails lie in {FOLDER}")
    return 1 if over else 0


def _letters() -> list[Letter]:
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    call_command("migrate", verbosity=0)
    now = dt.datetime.now(dt.UTC)
    FOLDER.mkdir(parents=True, exist_ok=True)
    return [_letter(mail, now) for mail in receive(now).values()]


def _letter(mail: Received, now: dt.datetime) -> Letter:
    head = _KEPT.format(
        sender=mail.sender,
        recipient=mail.recipient,
        host=rspamd.HOST,
        address=rspamd.ADDRESS,
        date=format_datetime(now),
    )
    parsed = message_from_bytes(mail.raw, _class=EmailMessage, policy=policy.default)
    file = FOLDER / mail.name
    for kind in ("plain", "html"):
        part = parsed.get_body((kind,))
        assert part is not None
        file.with_suffix(f".{kind}").write_text(part.get_content(), encoding="utf-8")
    file.with_suffix(".eml").write_bytes(mail.raw)
    file.with_suffix(".kept.eml").write_bytes(head.encode() + mail.raw)
    return Letter(
        name=mail.name,
        sender=mail.sender,
        recipient=mail.recipient,
        sent=file.with_suffix(".eml"),
        kept=file.with_suffix(".kept.eml"),
        html=file.with_suffix(".html"),
    )


def _sizes(letters: list[Letter]) -> Verdict:
    verdict = Verdict()
    for letter in letters:
        size = letter.html.stat().st_size
        over = f"{size:,} bytes of HTML" if size > MAX_DECODED else ""
        verdict.say(letter.name, f"{letter.sent.stat().st_size:,}", over)
    return verdict


def _templates() -> Verdict:
    return Verdict(over=node.mjml())


if __name__ == "__main__":
    sys.exit(main())

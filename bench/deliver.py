"""How fast digests go out, every one different, beside what Postfix's own generator does.

20,000 readers of 36 of 500 papers each; real workers over a real broker, from planned rows to
recorded rows. ``smtp-source`` sends the same mail to all, of the same size, over as many
connections, in the same run. Beside it the same digests the usual way: Django's
EmailMultiAlternatives from templates, over one kept connection of its SMTP backend.

``python -m bench.deliver [SUBSCRIBERS]``
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bench.sending_machine import CONNECTIONS, WORKERS, Sender, Sent, sink, smtp_source

SUBSCRIBERS, ROUNDS, SIZE = 20_000, 2, 82_000
_TARGETS = {"sqlite": 0.95, "postgresql": 0.8, "signed": 0.6}
_ALONE = """
import time
from django.utils import timezone
from newsletter.compose import composer
from newsletter.compose.memory import Memory
from newsletter.delivery.claiming import claim_due
from newsletter.models import Delivery
memory = Memory()
def some(number):
    rows = claim_due(Delivery, timezone.now(), 2000).rows
    begun = time.process_time()
    for composed in composer.composing(rows, memory=memory):
        assert composed.mail is not None
    return len(rows) / (time.process_time() - begun)
some(0)
print(max(some(n) for n in range(3)))
"""
_USUAL = """
import time
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import get_template
from digest.models import Paper
from newsletter.compose import cards
from newsletter.models import Subscriber
papers = list(Paper.objects.select_related("summary")[:36])
readers = list(Subscriber.objects.all()[:{mails}])
card = get_template("emails/card.html")
contexts = [cards._card_context(paper) for paper in papers]
def mail(reader):
    html = "".join(card.render(context) for context in contexts)
    text = "".join(cards._card_text(context) for context in contexts)
    made = EmailMultiAlternatives("Digest", text, "digest@post.example.org", [reader.address])
    made.attach_alternative(f"<html><body>{{html}}</body></html>", "text/html")
    return made
backend = "django.core.mail.backends.smtp.EmailBackend"
with get_connection(backend, host="127.0.0.1", port={port}) as c:
    c.send_messages([mail(readers[0])])
    begun = time.perf_counter()
    for reader in readers:
        c.send_messages([mail(reader)])
    print(len(readers) / (time.perf_counter() - begun))
"""


def main(arguments: Sequence[str] = ()) -> None:
    subscribers = int(arguments[0]) if arguments else SUBSCRIBERS
    print(
        f"{subscribers:,} readers, {WORKERS} sending processes, {CONNECTIONS} connections; "
        "mails per second, ratio to smtp-source in the same round"
    )
    with sink() as port:
        for name in ("sqlite", "postgresql", "signed"):
            _measure(name, port, subscribers)


def _measure(name: str, port: int, subscribers: int) -> None:
    database = "sqlite" if name == "signed" else name
    with (
        tempfile.TemporaryDirectory(prefix="pp-key-") as folder,
        Sender(database, port, **(_key(Path(folder)) if name == "signed" else {})) as sender,
    ):
        sender.fill(subscribers)
        if name == "sqlite":
            _print_alone(sender, port)
        sender.start_workers()
        ratios = []
        for number in range(ROUNDS):
            if number or name == "sqlite":
                sender.again()
            reference = smtp_source(port, subscribers, SIZE)
            sent = sender.send()
            ratios.append(sent.per_second / reference if reference else 0.0)
            _print(name, sent, reference, ratios[-1])
        print(f"  {name}: ratio {statistics.median(ratios):.2f} (aim {_TARGETS[name]})", flush=True)


def _key(folder: Path) -> dict[str, str]:
    """The settings that have every mail signed with a new RSA-2048 key."""
    file = folder / "key.pem"
    file.write_bytes(
        rsa.generate_private_key(65537, 2048).private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
    )
    return {"DKIM_KEY_FILE": str(file), "DKIM_SELECTOR": "s1"}


def _print_alone(sender: Sender, port: int) -> None:
    alone = float(sender.machine.python(_ALONE))
    print(f"  composing alone: {alone:,.0f} a second of one core (aim 20,000)")
    usual = float(sender.machine.python(_USUAL.format(mails=300, port=port)))
    reference = smtp_source(port, 5_000, SIZE)
    ratio = f", {usual / reference:.3f} of smtp-source" if reference else ""
    print(f"  EmailMultiAlternatives from templates, one process: {usual:,.0f} a second{ratio}")


def _print(name: str, sent: Sent, reference: float, ratio: float) -> None:
    print(
        f"  {name:11} {sent.per_second:6,.0f}   smtp-source {reference:6,.0f}   ratio {ratio:.2f}"
        f"   CPU of the senders {sent.cpu / sent.mails * 1e3:.3f} ms a mail"
        f"   memory of one {sent.memory:.0f} MB",
        flush=True,
    )


if __name__ == "__main__":
    main(sys.argv[1:])

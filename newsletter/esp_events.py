"""What an ESP tells of mails it took: its webhook, and events filed as returned mails are.

anymail's views check the ESP's signature or the secret in the address, and then send a signal:
it is the only way they have, and the one signal that this house listens to.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking
from anymail.urls import urlpatterns as anymail_routes
from django.conf import settings
from django.db import transaction
from django.urls import URLPattern, include, path
from django.utils import timezone

from newsletter.delivery.returned.filing import Received, file
from newsletter.delivery.returned.finding import Found, by_address
from newsletter.delivery.returned.reports import Report, Returned
from newsletter.delivery.verdicts import Kind, Verdict, judge
from newsletter.models import Delivery, Notice, Subscriber
from newsletter.signup import subscribing

_LONGEST_REPORT = 32_000
# anymail's word "bounced" is for hard and soft alike; the ESP's own fields tell them apart.
_HARD = re.compile(
    r'"(?:bounce_?type|type|severity)": "(?:permanent|hard\w*|bademailaddress)"', re.IGNORECASE
)


def routes() -> list[Any]:
    """The webhook of the ESP that mail goes through, and none without a secret to know it by."""
    views = _views(settings.EMAIL_URL)
    if not views or not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        return []
    tracking.connect(receive, dispatch_uid="newsletter.esp_events")
    return [path("anymail/", include((views, "anymail")))]


def _views(name: str) -> list[URLPattern]:
    wanted = {f"{name}_tracking_webhook", f"{name}_webhook"}
    return [route for route in anymail_routes if route.name in wanted]


@transaction.atomic
def receive(sender: object, event: AnymailTrackingEvent, esp_name: str, **kwargs: Any) -> None:
    """File one event. What fails is answered with an error, and the ESP tells it again."""
    address = (event.recipient or "").strip()
    subscriber = by_address(address)
    if _is_unsubscription(event):
        if subscriber is not None:
            subscribing.unsubscribe(subscriber)
        return
    report = _report(event, address)
    if report is not None:
        file(report, _found(event, subscriber, address), _received(event, esp_name))


def _is_unsubscription(event: AnymailTrackingEvent) -> bool:
    was_refused_for_it = (EventType.REJECTED, RejectReason.UNSUBSCRIBED)
    is_refusal = (event.event_type, event.reject_reason) == was_refused_for_it
    return bool(is_refusal or event.event_type == EventType.UNSUBSCRIBED)


def _report(event: AnymailTrackingEvent, address: str) -> Report | None:
    """None for what has no consequences, such as a delay, after which the ESP tries again."""
    said = event.mta_response or event.description or ""
    is_refusal = event.event_type in {EventType.BOUNCED, EventType.REJECTED, EventType.FAILED}
    if event.event_type == EventType.COMPLAINED or (
        is_refusal and event.reject_reason == RejectReason.SPAM
    ):
        return Report(Returned.COMPLAINT, address, diagnostic=said, feedback_type="abuse")
    if not is_refusal:
        return None
    return Report(Returned.BOUNCE, address, _verdict(event, said), said)


def _verdict(event: AnymailTrackingEvent, said: str) -> Verdict:
    verdict = judge(None, "", said, is_over=True)
    if verdict.kind is not Kind.OTHER:
        return verdict
    if _is_given_up(event):
        return Verdict(Kind.ADDRESS_GONE, True, verdict.code)
    if event.reject_reason == RejectReason.BLOCKED:
        return Verdict(Kind.POLICY, verdict.is_permanent, verdict.code)
    return verdict


def _is_given_up(event: AnymailTrackingEvent) -> bool:
    """Whether the ESP itself writes to this address no more."""
    if event.reject_reason == RejectReason.INVALID:
        return True
    if event.reject_reason != RejectReason.BOUNCED:
        return False
    return event.event_type == EventType.REJECTED or bool(_HARD.search(_text(event)))


def _found(event: AnymailTrackingEvent, subscriber: Subscriber | None, address: str) -> Found:
    """The ESP has proven itself, so what it says of an address we write to counts."""
    if subscriber is None:
        is_ours = bool(address) and Notice.objects.filter(address__iexact=address).exists()
        return Found(address=address if is_ours else "", is_proven=is_ours)
    delivery: Delivery | None = None
    if event.message_id:
        # What the ESP called the mail when it took it stands in the reply.
        delivery = subscriber.deliveries.filter(reply__endswith=event.message_id).first()
    return Found(subscriber, delivery, subscriber.address, is_proven=True)


def _received(event: AnymailTrackingEvent, esp_name: str) -> Received:
    name = event.event_id or f"{event.message_id} {event.recipient} {event.timestamp}"
    key = hashlib.sha256(f"{esp_name} {event.event_type} {name}".encode()).hexdigest()
    return Received(_text(event), key, timezone.now(), source=esp_name.lower()[:32])


def _text(event: AnymailTrackingEvent) -> str:
    text = json.dumps(event.esp_event, default=str, ensure_ascii=False, indent=1)
    return text.replace("\0", "").replace("\\u0000", "")[:_LONGEST_REPORT]

"""Who reads, and what was sent to them."""

from newsletter.models.feedback import Bounce, Complaint
from newsletter.models.issues import Delivery, Fragment, Issue, IssueListing, Notice, Outgoing
from newsletter.models.subscribers import (
    Cadence,
    OptIn,
    Subscriber,
    Subscription,
    Suppression,
    Weekday,
)

__all__ = [
    "Bounce",
    "Cadence",
    "Complaint",
    "Delivery",
    "Fragment",
    "Issue",
    "IssueListing",
    "Notice",
    "OptIn",
    "Outgoing",
    "Subscriber",
    "Subscription",
    "Suppression",
    "Weekday",
]

"""Who reads, and what was sent to them."""

from newsletter.models.feedback import Bounce, Complaint
from newsletter.models.issues import (
    Delivery,
    Fragment,
    Frame,
    Issue,
    IssueListing,
    Notice,
    Outgoing,
    Part,
)
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
    "Frame",
    "Issue",
    "IssueListing",
    "Notice",
    "OptIn",
    "Outgoing",
    "Part",
    "Subscriber",
    "Subscription",
    "Suppression",
    "Weekday",
]

"""The admin of readers and of what was sent to them."""

from newsletter.admin.accounts import GroupAdmin, UserAdmin
from newsletter.admin.fragments import FragmentAdmin
from newsletter.admin.issues import IssueAdmin
from newsletter.admin.outgoing import DeliveryAdmin, NoticeAdmin
from newsletter.admin.returned import BounceAdmin, ComplaintAdmin, SuppressionAdmin
from newsletter.admin.sections import SectionAdmin, SubscriptionAdmin
from newsletter.admin.subscribers import OptInAdmin, SubscriberAdmin

__all__ = [
    "BounceAdmin",
    "ComplaintAdmin",
    "DeliveryAdmin",
    "FragmentAdmin",
    "GroupAdmin",
    "IssueAdmin",
    "NoticeAdmin",
    "OptInAdmin",
    "SectionAdmin",
    "SubscriberAdmin",
    "SubscriptionAdmin",
    "SuppressionAdmin",
    "UserAdmin",
]

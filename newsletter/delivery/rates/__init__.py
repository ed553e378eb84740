"""Rates: how fast a relay, and each recipient's domain, may be sent to, over all workers.

    wait = rates.limiter().take(relay.name, relay.limit, domain)

Domains are given as A-labels in lower case.
"""

from __future__ import annotations

import functools
import os

from django.conf import settings

from newsletter.delivery.rates import limits
from newsletter.delivery.rates.client import client_of
from newsletter.delivery.rates.limiter import Limiter
from newsletter.delivery.rates.limits import Limit

__all__ = ["Limit", "Limiter", "limiter"]


@functools.cache
def limiter() -> Limiter:
    """This process's one limiter, by the settings. Raises ImproperlyConfigured."""
    domain_limits = limits.of_domains(settings.DOMAIN_RATES)
    return Limiter(client_of(settings.CELERY_BROKER_URL), domain_limits)


# A child must not send with tokens that its parent has taken.
os.register_at_fork(after_in_child=limiter.cache_clear)

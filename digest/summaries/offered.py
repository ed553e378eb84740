"""The closed lists of domains and topics as the admin has them now."""

from __future__ import annotations

from digest.models import Domain


def names() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each domain with its topics, in order."""
    domains = Domain.objects.prefetch_related("topics")
    return tuple(
        (domain.name, tuple(topic.name for topic in domain.topics.all())) for domain in domains
    )

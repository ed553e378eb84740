from django.apps import AppConfig


class DigestConfig(AppConfig):
    """What arXiv announced and what we say about it."""

    name = "digest"
    verbose_name = "Papers"

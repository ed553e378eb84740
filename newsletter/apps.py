from django.apps import AppConfig


class NewsletterConfig(AppConfig):
    """Who reads, and what was sent to them."""

    name = "newsletter"
    verbose_name = "Newsletter"

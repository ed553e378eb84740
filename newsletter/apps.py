from django.apps import AppConfig


class NewsletterConfig(AppConfig):
    """Who reads, and what was sent to them."""

    name = "newsletter"
    verbose_name = "Newsletter"

    def ready(self) -> None:
        # Imported for its checks, which register themselves.
        from newsletter import checks  # noqa: F401

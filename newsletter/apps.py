from django.apps import AppConfig


class NewsletterConfig(AppConfig):
    """Who reads, and what was sent to them."""

    name = "newsletter"
    verbose_name = "Newsletter"

    def ready(self) -> None:
        # Imported for its checks, which register themselves, and for the application that
        # whoever asks Celery for the current one is to get, in every process.
        from newsletter import celery, checks  # noqa: F401

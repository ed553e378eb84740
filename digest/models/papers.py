"""Papers, and what stands written about one in the document it came from."""

from __future__ import annotations

from django.db import models


class Paper(models.Model):
    """A work on arXiv, known by its identifier without a version."""

    class Source(models.TextChoices):
        """Where the title, abstract and authors come from, the most trusted last."""

        DOCUMENT = "document"
        API = "api"
        PAGE = "page"
        RSS = "rss"
        ATOM = "atom"

    arxiv_id = models.CharField(max_length=32, unique=True)
    version = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Unknown while only a document names the paper."
    )
    title = models.TextField(help_text="Accents as Unicode, mathematics as TeX.")
    abstract = models.TextField(blank=True)
    authors = models.JSONField(
        default=list, help_text='In order: [{"name": "A. One", "affiliations": ["X"]}, ...]'
    )
    comments = models.TextField(blank=True)
    journal_reference = models.TextField(blank=True)
    doi = models.CharField(max_length=255, blank=True)
    license = models.CharField(max_length=255, blank=True)
    categories = models.JSONField(default=list, help_text="The primary category first.")
    source = models.CharField(max_length=16, choices=Source)
    raw = models.JSONField(default=dict, help_text="Title, abstract and authors as they came.")
    asked_at = models.DateTimeField(
        null=True, blank=True, help_text="When the API was last asked for what is missing."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["arxiv_id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(version__isnull=True) | models.Q(version__gte=1),
                name="paper_version_from_one",
            ),
            models.CheckConstraint(condition=~models.Q(title=""), name="paper_has_title"),
        ]

    def __str__(self) -> str:
        return f"{self.arxiv_id} {self.title}"

    @property
    def primary_category(self) -> str:
        return str(self.categories[0]) if self.categories else ""

    @property
    def author_names(self) -> list[str]:
        return [str(author["name"]) for author in self.authors]

    @property
    def abs_url(self) -> str:
        return f"https://arxiv.org/abs/{self.arxiv_id}"

    @property
    def pdf_url(self) -> str:
        return f"https://arxiv.org/pdf/{self.arxiv_id}"

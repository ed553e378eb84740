"""How papers' texts are shown on pages."""

from __future__ import annotations

from django import template

from digest.arxiv import tex

register = template.Library()


@register.filter
def readable(text: str) -> str:
    """TeX as a reader wants it: accents and simple mathematics as Unicode."""
    return tex.readable(text)

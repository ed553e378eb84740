"""A paper's page says which house sections its words brought it into, and marks them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from digest.models import HouseSection, Listing
from tests.make import DAY, announce, make_listing, make_paper, make_section

pytestmark = pytest.mark.django_db


def page(client: Client, **fields: Any) -> str:
    paper = make_paper(**({"categories": ["cs.LG"]} | fields))
    announce(paper)
    make_listing(DAY, status=Listing.Status.RELEASED)
    return client.get(f"/papers/{paper.arxiv_id}/").content.decode()


def test_the_words_are_marked_where_they_stand_and_named(client: Client) -> None:
    shown = page(client, abstract="Deep Reinforcement\nLearning accelerates $x^2$ learning.")
    assert "Deep <mark>Reinforcement Learning</mark> <mark>accelerates</mark> x² learning." in shown
    assert "contains &quot;reinforcement learning&quot;, because: Reinforcement Learning" in shown
    assert "contains &quot;accelerate&quot;, because: accelerates" in shown


def test_words_that_brought_it_nowhere_are_not_marked(client: Client) -> None:
    shown = page(client, abstract="Reinforcement learning.", categories=["cs.RO"])
    assert "<mark>" not in shown
    assert "because" not in shown


def test_a_title_is_marked_by_rules_on_titles(client: Client) -> None:
    section = make_section("cs.LG", "ti:map* OR ti:roads")
    HouseSection.objects.create(section=section, label="Maps", place=9)
    shown = page(client, title="Roads on maps, maps of roads")
    assert "<h1><mark>Roads</mark> on <mark>maps</mark>, <mark>maps</mark>" in shown
    assert "Maps, because: Roads, maps" in shown


def test_a_hostile_text_stays_text(client: Client) -> None:
    shown = page(client, abstract="<script>x</script> reinforcement learning & <b>more</b>")
    assert "&lt;script&gt;x&lt;/script&gt; <mark>reinforcement learning</mark> &amp;" in shown

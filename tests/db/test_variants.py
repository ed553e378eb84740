"""Rules that begin with ~ find other names too, as the groups in the admin say."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from digest.arxiv import calendar
from digest.models import Listing, SectionListing, VariantGroup
from digest.sections import expressions, rules
from digest.sections.building import build_listing
from tests.make import DAY, announce, make_listing, make_paper, make_section

pytestmark = pytest.mark.django_db


def held(expression: str, date: dt.date = DAY) -> list[str]:
    row = SectionListing.objects.filter(section=make_section("", expression), listing=date).first()
    return [] if row is None else [f"{pk}" for pk in row.paper_ids]


def test_a_new_installation_knows_the_common_names() -> None:
    assert VariantGroup.objects.filter(term="reinforcement learning").exists()
    assert VariantGroup.objects.count() > 20


def test_other_names_count_only_where_a_rule_asks_for_them() -> None:
    spelt = make_paper(abstract="We use reinforcement learning.")
    short = make_paper(abstract="RL is enough.")
    narrow = make_paper(abstract="Trained by PPO.")
    for paper in (spelt, short, narrow):
        announce(paper)
    for expression in ("reinforcement learning", "~learning reinforcement", '~"RL"', '~"PPO"'):
        make_section("", str(expressions.parse(expression)))
    build_listing(DAY)
    assert held("learning reinforcement") == [str(spelt.pk)]
    everything = [str(spelt.pk), str(short.pk), str(narrow.pk)]
    assert held("~learning reinforcement") == everything
    assert held('~"rl"') == everything
    assert held('~"ppo"') == [str(narrow.pk)]


def test_rules_with_and_without_are_two_sections_and_equal_ones_one() -> None:
    plain = rules.section_for(["cs.LG"], "reinforcement learning")
    wide = rules.section_for(["cs.LG"], "~learning   reinforcement")
    assert plain != wide
    assert wide == rules.section_for(["cs.LG"], "~ reinforcement learning")
    assert str(wide) == "cs.LG ~learning reinforcement"


def edit(client: Client, group: VariantGroup, **values: str) -> str:
    url = reverse("admin:digest_variantgroup_change", args=[group.pk])
    typed = {"term": group.term, "same": "\n".join(group.same), "narrower": ""}
    response = client.post(url, typed | values, follow=True)
    return response.content.decode()


def test_an_edited_group_is_matched_for_what_is_not_released_yet(admin_client: Client) -> None:
    today = calendar.today(timezone.now())
    group = VariantGroup.objects.create(term="map", same=["chart"])
    section = make_section("", "~map")
    atlas = make_paper(abstract="An atlas.")
    announce(atlas, today)
    build_listing(today)
    assert held("~map", today) == []
    page = edit(admin_client, group, same="chart\n  atlas \n\natlas")
    assert "was changed successfully" in page
    group.refresh_from_db()
    assert group.same == ["chart", "atlas"]
    assert held("~map", today) == [str(atlas.pk)]
    make_listing(today, status=Listing.Status.RELEASED)
    edit(admin_client, group, same="chart")
    assert SectionListing.objects.get(section=section).paper_ids == [atlas.pk]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"same": "--"}, "There is no word in &#x27;--&#x27;."),
        ({"same": "", "narrower": ""}, "another form beside its term"),
        ({"term": "?"}, "There is no word in"),
    ],
)
def test_a_group_that_means_nothing_is_refused(
    admin_client: Client, values: dict[str, str], reason: str
) -> None:
    group = VariantGroup.objects.create(term="map", same=["chart"])
    assert reason in edit(admin_client, group, **values)
    group.refresh_from_db()
    assert (group.term, group.same) == ("map", ["chart"])

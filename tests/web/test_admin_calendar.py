"""The admin on coverage and on the days arXiv announces nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from digest import covering
from digest.models import Coverage, Holiday
from tests.make import DAY, make_listing

pytestmark = pytest.mark.django_db
HOLIDAYS = "admin:digest_holiday_changelist"
FRIDAY, MONDAY = dt.date(2026, 5, 15), dt.date(2026, 5, 18)


@pytest.fixture
def admin_client(client: Client) -> Client:
    client.force_login(User.objects.create(username="operator", is_staff=True, is_superuser=True))
    return client


def text(client: Client, name: str, *args: Any, **query: Any) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def post(client: Client, route: str, *args: Any, **data: Any) -> str:
    response = client.post(reverse(route, args=args), data, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def status(date: dt.date, category: str = "cs.DC") -> tuple[str, str]:
    row = Coverage.objects.get(listing=date, category=category)
    return row.status, row.reason


def test_a_holiday_is_added_and_explains_what_was_missing(admin_client: Client) -> None:
    covering.expect(MONDAY, ["cs.DC"])
    post(admin_client, "admin:digest_holiday_add", date=FRIDAY, name="Founders' Day")
    assert status(MONDAY) == ("empty", "no announcement on Founders' Day, 15 May 2026")
    page = text(admin_client, HOLIDAYS, q="Founders")
    assert "Monday, 18 May 2026" in page


def test_where_arxiv_publishes_its_list_is_said(admin_client: Client) -> None:
    page = text(admin_client, "admin:digest_holiday_add")
    assert 'href="https://info.arxiv.org/help/availability.html"' in page


def test_the_same_day_twice_is_a_clear_error(admin_client: Client) -> None:
    page = post(admin_client, "admin:digest_holiday_add", date="2026-06-19", name="Again")
    assert "2026-06-19 is entered already, as Juneteenth." in page
    assert Holiday.objects.get(date="2026-06-19").name == "Juneteenth"


@pytest.mark.parametrize("data", [{"date": "1990-01-01", "name": "x"}, {"date": "", "name": "x"},
                                  {"date": "2027-01-01", "name": "  "}])  # fmt: skip
def test_what_is_no_holiday_is_refused(admin_client: Client, data: dict[str, str]) -> None:
    before = Holiday.objects.count()
    post(admin_client, "admin:digest_holiday_add", **data)
    assert Holiday.objects.count() == before


def test_a_holiday_is_renamed_and_keeps_its_date(admin_client: Client) -> None:
    covering.expect(dt.date(2026, 6, 22), ["cs.DC"])
    before = Holiday.objects.count()
    post(admin_client, "admin:digest_holiday_change", "2026-06-19", date="2026-06-26", name="June")
    assert Holiday.objects.count() == before
    assert Holiday.objects.get(date="2026-06-19").name == "June"
    assert status(dt.date(2026, 6, 22)) == ("empty", "no announcement on June, 19 June 2026")


def test_a_holiday_that_is_deleted_explains_nothing_any_more(admin_client: Client) -> None:
    for day in (22, 23):
        covering.expect(dt.date(2026, 6, day), ["cs.DC"])
    post(admin_client, "admin:digest_holiday_delete", "2026-06-19", post="yes")
    assert not Holiday.objects.filter(date="2026-06-19").exists()
    assert status(dt.date(2026, 6, 22)) == ("missing", covering.NOT_FETCHED)


def test_several_holidays_are_deleted_together(admin_client: Client) -> None:
    covering.expect(dt.date(2026, 6, 22), ["cs.DC"])
    covering.expect(dt.date(2026, 7, 6), ["cs.DC"])
    chosen = ["2026-06-19", "2026-07-03"]
    post(admin_client, HOLIDAYS, action="delete_selected", _selected_action=chosen, post="yes")
    assert not Holiday.objects.filter(date__in=chosen).exists()
    assert {status(dt.date(2026, 6, 22))[0], status(dt.date(2026, 7, 6))[0]} == {"missing"}


def test_holidays_are_listed_by_year(admin_client: Client) -> None:
    page = text(admin_client, HOLIDAYS, year="2025")
    assert "Thanksgiving" in page
    assert "Juneteenth" not in page
    assert "Juneteenth" in text(admin_client, HOLIDAYS, year="2026")
    for nonsense in ("99999", "x", "²"):
        response = admin_client.get(reverse(HOLIDAYS), {"year": nonsense})
        assert response.status_code in (200, 302)


def make_coverage(category: str, status: str, **fields: Any) -> Coverage:
    return Coverage.objects.create(
        listing=make_listing(), category=category, status=status, **fields
    )


def test_a_listing_says_what_is_not_complete_and_leads_to_it(admin_client: Client) -> None:
    make_coverage("cs.AI", "complete")
    make_coverage("cs.DC", "missing", reason="ConnectError: refused <at once>")
    link = f"?listing__date={DAY}&amp;whole=no"
    page = text(admin_client, "admin:digest_listing_changelist")
    assert "Not complete: cs.DC (not fetched: arXiv could not be reached)" in page
    assert link in page
    page = text(admin_client, "admin:digest_listing_change", DAY)
    assert "cs.DC (not fetched: ConnectError: refused &lt;at once&gt;)" in page
    assert link in page
    rows = admin_client.get(
        reverse("admin:digest_coverage_changelist"), {"listing__date": str(DAY), "whole": "no"}
    )
    assert [row.category for row in rows.context["cl"].result_list] == ["cs.DC"]


def test_a_weekend_is_empty_by_calendar(admin_client: Client) -> None:
    covering.expect(dt.date(2026, 2, 7), ["cs.AI", "cs.DC"])
    assert "empty by calendar" in text(admin_client, "admin:digest_listing_changelist")


def test_coverage_shows_source_and_differences(admin_client: Client) -> None:
    row = make_coverage("cs.DC", "complete", source="atom", differences="one <b>\ntwo")
    page = text(admin_client, "admin:digest_coverage_changelist", differences="some")
    assert "one &lt;b&gt;; two" in page
    page = text(admin_client, "admin:digest_coverage_change", row.pk)
    assert "one &lt;b&gt;\ntwo" in page
    assert "atom" in page
    for choice in ("none", "unknown"):
        response = admin_client.get(
            reverse("admin:digest_coverage_changelist"), {"differences": choice}
        )
        assert response.context["cl"].result_count == (1 if choice == "unknown" else 0)

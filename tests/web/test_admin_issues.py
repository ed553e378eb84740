"""The operator's levers on issues and deliveries, and what is shown of them."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from newsletter import hints
from newsletter.delivery import pausing
from newsletter.models import Delivery, Issue, Subscriber
from tests.db.mailing import NOON, make_reader, planned
from tests.make import DAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """How often a worker was asked to send at once."""
    calls: list[bool] = []
    monkeypatch.setattr(hints, "send_soon", lambda: calls.append(True))
    return calls


@pytest.fixture
def admin_client(client: Client) -> Client:
    client.force_login(User.objects.create(username="operator", is_staff=True, is_superuser=True))
    return client


def somebody(client: Client, *permissions: str) -> Client:
    user = User.objects.create(username="looker", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)
    return client


def page(client: Client, row: Model) -> str:
    name = f"admin:newsletter_{row._meta.model_name}_change"
    response = client.get(reverse(name, args=[row.pk]))
    assert response.status_code == 200
    return response.content.decode()


def pull(client: Client, issue: Issue, lever: str, **data: object) -> str:
    url = reverse("admin:newsletter_issue_lever", args=[issue.pk])
    response = client.post(url, {"lever": lever, **data}, follow=True)
    assert response.status_code == 200
    issue.refresh_from_db()
    return response.content.decode()


def act(client: Client, model: type[Model], action: str, *rows: Model) -> str:
    url = reverse(f"admin:newsletter_{model._meta.model_name}_changelist")
    data = {"action": action, "_selected_action": [str(row.pk) for row in rows]}
    return client.post(url, data, follow=True).content.decode()


def test_a_paused_issue_says_why_and_since_when_and_a_button_lets_it_go_on(
    admin_client: Client, asked: list[bool]
) -> None:
    issue = planned(make_reader())
    pausing.pause(issue, "3 deliveries in a row failed", NOON, reply="550 <no>", tell=False)
    shown = page(admin_client, issue)
    assert "since 2026-02-03 12:00 UTC: 3 deliveries in a row failed" in shown
    assert "550 &lt;no&gt;" in shown
    assert re.search(r'value="go_on"', shown)
    assert "daily 2026-02-03 goes on." in pull(admin_client, issue, "go_on")
    assert (issue.paused_at, asked) == (None, [True])
    assert "was not paused" in pull(admin_client, issue, "go_on")


def test_an_issue_is_paused_by_hand_and_its_page_names_who_did_it(admin_client: Client) -> None:
    issue = planned(make_reader())
    assert "daily 2026-02-03 is paused." in pull(admin_client, issue, "pause")
    assert issue.paused_because == "by operator"
    assert "already paused" in pull(admin_client, issue, "pause")


def test_many_issues_are_paused_and_go_on_together(admin_client: Client) -> None:
    issue = planned(make_reader())
    act(admin_client, Issue, "pause", issue)
    issue.refresh_from_db()
    assert issue.paused_at
    act(admin_client, Issue, "go_on", issue)
    issue.refresh_from_db()
    assert issue.paused_at is None


def test_the_missed_are_sent_to_from_the_issues_page(
    admin_client: Client, asked: list[bool]
) -> None:
    issue = planned(make_reader(), make_reader())
    failed, skipped = Delivery.objects.all()
    Delivery.objects.filter(pk=failed.pk).update(status="failed", reason="x")
    Delivery.objects.filter(pk=skipped.pk).update(status="skipped", reason="empty")
    make_reader()
    assert 'value="failed" checked' in page(admin_client, issue)
    told = pull(admin_client, issue, "missed", state=["failed", "sent", "sending"])
    assert "0 planned, 1 back in the queue." in told
    told = pull(admin_client, issue, "missed", state=["skipped"], unplanned="1")
    assert "1 planned, 1 back in the queue." in told
    assert set(Delivery.objects.values_list("status", flat=True)) == {"queued"}
    assert asked == [True, True]


def test_the_missed_are_sent_to_by_actions_on_issues_and_on_deliveries(
    admin_client: Client,
) -> None:
    issue = planned(make_reader(), make_reader())
    Delivery.objects.update(status="failed", reason="x")
    one, _ = Delivery.objects.all()
    assert "1 back in the queue." in act(admin_client, Delivery, "send_missed", one)
    assert "0 planned, 1 back in the queue." in act(admin_client, Issue, "send_missed", issue)


def test_an_issue_whose_deliveries_are_not_kept_is_not_sent_again(admin_client: Client) -> None:
    issue = planned(make_reader())
    Delivery.objects.all().delete()
    Issue.objects.update(counts={"sent": 41, "failed": 1})
    shown = page(admin_client, issue)
    assert "41" in shown
    assert "Send to the missed" not in shown
    assert "not kept any more" in pull(admin_client, issue, "missed", unplanned="1")
    assert not Delivery.objects.exists()


def test_looking_is_not_enough_for_a_lever(client: Client) -> None:
    issue = planned(make_reader())
    Delivery.objects.update(status="failed", reason="x")
    somebody(client, "view_issue", "view_delivery")
    assert "newsletter_issue_lever" not in page(client, issue)
    assert 'name="lever"' not in page(client, issue)
    url = reverse("admin:newsletter_issue_lever", args=[issue.pk])
    for lever in ("pause", "missed"):
        assert client.post(url, {"lever": lever, "state": "failed"}).status_code == 403
    act(client, Issue, "pause", issue)
    act(client, Delivery, "send_missed", Delivery.objects.get())
    issue.refresh_from_db()
    assert issue.paused_at is None
    assert Delivery.objects.get().status == "failed"


def test_operators_may_pull_the_levers(client: Client) -> None:
    issue = planned(make_reader())
    user = User.objects.create(username="operating", is_staff=True)
    user.groups.add(Group.objects.get(name="Operator"))
    client.force_login(user)
    pull(client, issue, "pause")
    assert issue.paused_because == "by operating"


def test_a_lever_is_pulled_by_post_alone(admin_client: Client) -> None:
    issue = planned(make_reader())
    url = reverse("admin:newsletter_issue_lever", args=[issue.pk])
    assert admin_client.get(url, {"lever": "pause"}).status_code == 405
    unknown = reverse("admin:newsletter_issue_lever", args=[10**6])
    assert admin_client.post(unknown, {"lever": "pause"}).status_code == 404


# Once more


def sent_delivery() -> Delivery:
    planned(make_reader("one@example.org"))
    Delivery.objects.update(
        status="sent", sent_at=NOON, message_id="<x@localhost>", mail_date=NOON, reply="250 ok"
    )
    return Delivery.objects.get()


def test_a_mail_that_was_sent_goes_once_more_only_after_a_second_word(
    admin_client: Client, asked: list[bool]
) -> None:
    delivery = sent_delivery()
    url = reverse("admin:newsletter_delivery_again", args=[delivery.pk])
    assert url in page(admin_client, delivery)
    asking = admin_client.get(url).content.decode()
    assert "Send the issue daily 2026-02-03 to one@example.org again?" in asking
    delivery.refresh_from_db()
    assert delivery.status == "sent"
    assert "in the queue again" in admin_client.post(url, follow=True).content.decode()
    delivery.refresh_from_db()
    assert (delivery.status, delivery.message_id) == ("queued", "<x@localhost>")
    assert asked == [True]
    again = admin_client.post(url, follow=True).content.decode()
    assert "in the queue again" not in again
    assert url not in page(admin_client, delivery)


def test_only_a_superuser_sends_what_was_sent(client: Client) -> None:
    delivery = sent_delivery()
    somebody(client, "view_delivery", "resume_issue")
    url = reverse("admin:newsletter_delivery_again", args=[delivery.pk])
    assert url not in page(client, delivery)
    assert client.get(url).status_code == client.post(url).status_code == 403
    delivery.refresh_from_db()
    assert delivery.status == "sent"


# What is shown


def test_an_issues_page_draws_its_pace(admin_client: Client) -> None:
    delivery = sent_delivery()
    shown = page(admin_client, delivery.issue)
    assert shown.count('role="img" aria-labelledby') == 2
    assert "Latency, 95 of 100 within" in shown


def test_an_issues_page_costs_the_same_whatever_the_number_of_deliveries(
    admin_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    issue = sent_delivery().issue
    with django_assert_max_num_queries(25) as few:
        page(admin_client, issue)
    planned(*(make_reader() for _ in range(20)))
    Delivery.objects.update(status="sent", sent_at=NOON)
    with django_assert_max_num_queries(len(few)):
        page(admin_client, issue)


def issues_for(reader: Subscriber, count: int) -> None:
    for days in range(count):
        date = DAY - dt.timedelta(days=days)
        issue = Issue.objects.create(cadence="daily", first_date=date, last_date=date)
        at = NOON - dt.timedelta(days=days)
        Delivery.objects.create(
            issue=issue, subscriber=reader, due_at=at, next_attempt_at=at, attempts=2,
            status="skipped", reason=f"empty: {days} papers looked at", papers_seen=days,
        )  # fmt: skip


def test_what_a_subscriber_was_sent_is_shown_beside_them_latest_first(
    admin_client: Client,
) -> None:
    reader = make_reader()
    assert "Nothing yet." in page(admin_client, reader)
    issues_for(reader, 3)
    Delivery.objects.filter(issue__last_date=DAY).update(
        status="failed", reason="refused: 550 <no>", reply="550 <no>"
    )
    shown = page(admin_client, reader)
    first, second = shown.index("daily 2026-02-03"), shown.index("daily 2026-02-02")
    assert first < second
    assert "refused: 550 &lt;no&gt;" in shown
    assert "empty: 1 papers looked at" in shown
    assert "all of them" not in shown


def test_a_long_history_is_cut_and_leads_to_all_of_it(
    admin_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    reader = make_reader()
    issues_for(reader, 3)
    with django_assert_max_num_queries(40) as few:
        page(admin_client, reader)
    Delivery.objects.all().delete()
    Issue.objects.all().delete()
    issues_for(reader, 60)
    with django_assert_max_num_queries(len(few)):
        shown = page(admin_client, reader)
    assert shown.count("papers looked at") == 50
    all_of_them = f"{reverse('admin:newsletter_delivery_changelist')}?subscriber__id__exact="
    assert f"{all_of_them}{reader.pk}" in shown
    assert admin_client.get(f"{all_of_them}{reader.pk}").status_code == 200

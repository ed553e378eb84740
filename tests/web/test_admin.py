"""The admin: every row is found and read without a query per row; levers act, records stay."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from digest.models import (
    Announcement,
    Coverage,
    DocumentEntry,
    Domain,
    EditorNote,
    FirstPage,
    Holiday,
    HouseSection,
    Listing,
    Paper,
    Placement,
    Section,
    SectionListing,
    Summary,
    Topic,
    VariantGroup,
    WriterCall,
)
from newsletter import admin_site
from newsletter.models import (
    Bounce,
    Complaint,
    Delivery,
    Fragment,
    Issue,
    Notice,
    OptIn,
    Subscriber,
    Subscription,
    Suppression,
)
from tests.make import (
    DAY,
    announce,
    make_listing,
    make_paper,
    make_section,
    make_section_listing,
    make_subscriber,
    make_summary,
    subscribe,
)

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 2, 4, 12, tzinfo=dt.UTC)
MOST_QUERIES = 25
_dates = (DAY - dt.timedelta(days=n) for n in itertools.count())

# By model: what one types to find the row that `make_rows` makes first.
SEARCHES: dict[type[Model], str] = {
    Announcement: "pipelines",
    Bounce: "ada@",
    Complaint: "ada@",
    Coverage: "cs.DC",
    Delivery: "ada@",
    DocumentEntry: "pipelines",
    Domain: "mlsys",
    EditorNote: "quiet",
    FirstPage: "no PDF",
    Fragment: "pipelines",
    Holiday: "Juneteenth",
    HouseSection: "accelerate",
    Issue: "2026-02",
    Listing: "2026-02-03",
    Notice: "ada@",
    OptIn: "ada@",
    Paper: "Lovelace",
    Placement: "2602.",
    Section: "cs.DC",
    SectionListing: "cs.DC",
    Subscriber: "ada@",
    Subscription: "cs.DC",
    Summary: "pipelines",
    Suppression: "ada@",
    Topic: "llm training",
    VariantGroup: "reinforcement",
    WriterCall: "HTTP 500",
}


def make_rows(number: int) -> None:
    """One row of every model."""
    name = "ada" if number == 0 else f"reader{number}"
    date = DAY - dt.timedelta(days=number)
    paper = make_paper(title=f"On pipelines {number}")
    listing = make_listing(date)
    announce(paper, date)
    Coverage.objects.create(
        listing=listing, category="cs.DC", status="complete", entries=1, source="atom"
    )
    Coverage.objects.create(
        listing=listing, category="cs.LG", status="missing", reason="HTTP 503", differences="x\ny"
    )
    Holiday.objects.create(date=date - dt.timedelta(days=300), name="A holiday")
    make_summary(paper)
    section = make_section("cs.DC", "" if number == 0 else f"word{number}")
    section_listing = make_section_listing(section, [paper], date, origin="document", label="cs.DC")
    DocumentEntry.objects.create(
        section_listing=section_listing, place=1, paper=paper, title=paper.title, link="x"
    )
    EditorNote.objects.create(listing=listing, text="A quiet day.")
    Placement.objects.create(listing=listing, paper=paper, kind="pinned")
    FirstPage.objects.create(paper=paper, reason="the answer is no PDF", fetched_at=NOW)
    WriterCall.objects.create(paper=paper, model="m", reason="HTTP 500", seconds=1, at=NOW)
    subscriber = make_subscriber(f"{name}@example.org")
    subscribe(subscriber, section)
    issue = Issue.objects.create(cadence="daily", first_date=date, last_date=date)
    delivery = Delivery.objects.create(
        issue=issue, subscriber=subscriber, due_at=NOW, next_attempt_at=NOW,
        status="failed", reason="The server said no.", reply="550 5.1.1 no such user",
    )  # fmt: skip
    Notice.objects.create(
        kind="confirm", address=subscriber.address, fingerprint=subscriber.fingerprint,
        subscriber=subscriber, due_at=NOW, next_attempt_at=NOW, expires_at=NOW,
        context={"token": "x"},
    )  # fmt: skip
    OptIn.objects.create(
        subscriber=subscriber, choices={"cadence": "daily"}, form_version="1", requested_at=NOW
    )
    Bounce.objects.create(
        subscriber=subscriber, delivery=delivery, kind="hard", received_at=NOW, report="550"
    )
    Complaint.objects.create(subscriber=subscriber, delivery=delivery, received_at=NOW)
    Suppression.objects.create(
        fingerprint=subscriber.fingerprint, address=subscriber.address, reason="complaint"
    )
    Fragment.objects.create(
        paper=paper, style="card", content_key="k", template_version="1",
        html=b"<b>caf=C3=A9 &lt;3</b>", html_length=15, text=b"caf=C3=A9", text_length=5,
    )  # fmt: skip


@pytest.fixture
def admin_client(client: Client) -> Client:
    """A superuser without a password: hashing one would cost more than each test."""
    client.force_login(User.objects.create(username="operator", is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def rows() -> None:
    for number in range(3):
        make_rows(number)


def url(model: type[Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def act(client: Client, model: type[Model], action: str, *rows: Model) -> str:
    """Run an action on rows and give back the page that follows."""
    data = {"action": action, "_selected_action": [str(row.pk) for row in rows]}
    response = client.post(url(model, "changelist"), data, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def test_every_model_of_the_house_has_a_page_and_a_search() -> None:
    ours = {
        model for model in admin.site._registry if model._meta.app_label in {"digest", "newsletter"}
    }
    assert ours == set(SEARCHES)


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("model", SEARCHES, ids=lambda model: model.__name__)
def test_a_list_opens_without_a_query_per_row(
    model: type[Model],
    admin_client: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_max_num_queries(MOST_QUERIES) as few:
        assert admin_client.get(url(model, "changelist")).status_code == 200
    for number in range(3, 8):
        make_rows(number)
    with django_assert_max_num_queries(len(few)):
        assert admin_client.get(url(model, "changelist")).status_code == 200


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("model", SEARCHES, ids=lambda model: model.__name__)
def test_a_search_finds_the_row(model: type[Model], admin_client: Client) -> None:
    response = admin_client.get(url(model, "changelist"), {"q": SEARCHES[model]})
    assert response.status_code == 200
    assert response.context["cl"].result_count >= 1
    nothing = admin_client.get(url(model, "changelist"), {"q": "zzz-nowhere"})
    assert nothing.context["cl"].result_count == 0


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("model", SEARCHES, ids=lambda model: model.__name__)
def test_a_row_opens_on_a_page_of_its_own(
    model: type[Model],
    admin_client: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    row = model._default_manager.order_by("pk")[0]
    with django_assert_max_num_queries(MOST_QUERIES):
        assert admin_client.get(url(model, "change", row.pk)).status_code == 200


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("model", SEARCHES, ids=lambda model: model.__name__)
def test_every_filter_of_a_list_works(model: type[Model], admin_client: Client) -> None:
    page = admin_client.get(url(model, "changelist"))
    changelist = page.context["cl"]
    for spec in changelist.filter_specs:
        for choice in list(spec.choices(changelist))[:3]:
            assert (
                admin_client.get(url(model, "changelist") + choice["query_string"]).status_code
                == 200
            )


@pytest.mark.usefixtures("rows")
def test_counts_lead_to_the_rows_they_count(admin_client: Client) -> None:
    listing = make_listing(DAY)
    issue = Issue.objects.get(last_date=DAY)
    lists: list[tuple[type[Model], dict[str, Any]]] = [
        (Announcement, {"listing__date": DAY}),
        (SectionListing, {"listing__date": DAY}),
        (Coverage, {"listing__date": DAY, "whole": "yes"}),
        (Coverage, {"listing__date": DAY, "whole": "no"}),
        (Coverage, {"listing__date": DAY, "differences": "some"}),
        (Delivery, {"issue__id__exact": issue.pk, "status__exact": "failed"}),
        (Subscription, {"section__id__exact": make_section("cs.DC").pk}),
        (SectionListing, {"section__id__exact": make_section("cs.DC").pk}),
        (Delivery, {"subscriber__id__exact": issue.deliveries.get().subscriber_id}),
        (Bounce, {"subscriber__id__exact": issue.deliveries.get().subscriber_id}),
        (DocumentEntry, {"section_listing__id__exact": listing.sections.get().pk}),
    ]
    for model, query in lists:
        response = admin_client.get(url(model, "changelist"), query)
        assert response.status_code == 200
        assert response.context["cl"].result_count == 1, model


EDITED = {Domain, Holiday, HouseSection, Summary, Subscriber, Suppression, Topic, VariantGroup}
RECORDS = [model for model in SEARCHES if model not in EDITED]


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_a_record_of_what_happened_cannot_be_changed(
    model: type[Model], admin_client: Client
) -> None:
    row = model._default_manager.order_by("pk")[0]
    assert admin_client.get(url(model, "add")).status_code == 403
    assert admin_client.post(url(model, "change", row.pk), {"status": "sent"}).status_code == 403
    assert admin_client.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert model._default_manager.filter(pk=row.pk).exists()


@pytest.mark.usefixtures("rows")
def test_a_fragment_is_shown_decoded(admin_client: Client) -> None:
    fragment = Fragment.objects.all()[0]
    page = admin_client.get(url(Fragment, "change", fragment.pk)).content.decode()
    assert "café" in page
    assert 'sandbox=""' in page


@pytest.mark.usefixtures("rows")
def test_a_failed_delivery_shows_its_reason_and_reply(admin_client: Client) -> None:
    delivery = Delivery.objects.all()[0]
    page = admin_client.get(url(Delivery, "change", delivery.pk)).content.decode()
    assert "The server said no." in page
    assert "550 5.1.1 no such user" in page


def test_a_stranger_sees_nothing(client: Client) -> None:
    response = client.get(url(Subscriber, "changelist"))
    assert response.status_code == 302
    assert "/login/" in response["Location"]


def test_staff_without_permission_see_no_subscribers(client: Client) -> None:
    client.force_login(User.objects.create(username="staff", is_staff=True))
    assert client.get(url(Subscriber, "changelist")).status_code == 403


# Summaries


def form_of(summary: Summary, **changes: Any) -> dict[str, Any]:
    return {
        "domain": summary.domain,
        "topic": summary.topic,
        "keywords": "\n".join(summary.keywords),
        "institutions": "\n".join(summary.institutions),
        "text": summary.text,
        "status": summary.status,
        "seen_revision": summary.revision,
    } | changes


def test_editing_a_summary_makes_it_the_curators(admin_client: Client) -> None:
    summary = make_summary(make_paper())
    data = form_of(summary, text="Better words.", keywords="one\n\n  two  words \none\n")
    response = admin_client.post(url(Summary, "change", summary.pk), data)
    assert response.status_code == 302
    summary.refresh_from_db()
    assert summary.text == "Better words."
    assert summary.keywords == ["one", "two words"]
    assert summary.writer == Summary.Writer.CURATOR
    assert summary.revision == 2


def test_saving_a_summary_unchanged_changes_nothing(admin_client: Client) -> None:
    summary = make_summary(make_paper())
    admin_client.post(url(Summary, "change", summary.pk), form_of(summary))
    summary.refresh_from_db()
    assert (summary.revision, summary.writer) == (1, Summary.Writer.LLM)


def test_an_approved_summary_without_text_is_refused(admin_client: Client) -> None:
    summary = make_summary(make_paper())
    response = admin_client.post(url(Summary, "change", summary.pk), form_of(summary, text=" "))
    assert response.status_code == 200
    assert "An approved summary needs a text." in response.content.decode()
    summary.refresh_from_db()
    assert summary.revision == 1


def test_an_edit_of_what_somebody_else_changed_is_refused(admin_client: Client) -> None:
    summary = make_summary(make_paper())
    seen = form_of(summary, text="Mine.")
    admin_client.post(url(Summary, "change", summary.pk), form_of(summary, text="Theirs."))
    response = admin_client.post(url(Summary, "change", summary.pk), seen)
    assert "meanwhile" in response.content.decode()
    summary.refresh_from_db()
    assert summary.text == "Theirs."


def test_the_paper_stands_beside_its_summary(admin_client: Client) -> None:
    paper = make_paper(abstract="We show that <b>x</b> holds.")
    page = admin_client.get(url(Summary, "change", make_summary(paper).pk)).content.decode()
    assert "We show that &lt;b&gt;x&lt;/b&gt; holds." in page
    assert paper.abs_url in page


def test_summaries_are_approved_and_rejected_together(admin_client: Client) -> None:
    draft = make_summary(make_paper(), status="draft", reason="Unsure.")
    empty = make_summary(make_paper(), status="pending", text="")
    page = act(admin_client, Summary, "approve", draft, empty)
    assert "An approved summary needs a text." in page
    assert "1 approved." in page
    draft.refresh_from_db()
    assert (draft.status, draft.writer, draft.revision) == ("approved", "llm", 2)
    assert draft.reason == ""


# Listings and the house


def test_a_listing_is_released_and_held_by_actions(admin_client: Client) -> None:
    announce(make_paper())
    listing = make_listing(status="ready")
    assert "2026-02-03 is held." in act(admin_client, Listing, "hold", listing)
    assert "2026-02-03 is already held." in act(admin_client, Listing, "hold", listing)
    listing.refresh_from_db()
    assert listing.status == "held"
    assert "2026-02-03 is released." in act(admin_client, Listing, "release", listing)
    listing.refresh_from_db()
    assert listing.status == "released"


def test_what_cannot_be_held_is_said(admin_client: Client) -> None:
    listing = make_listing(status="released")
    page = act(admin_client, Listing, "hold", listing)
    assert "Not held: the listing of 2026-02-03 is released already" in page
    listing.refresh_from_db()
    assert listing.status == "released"


def test_who_may_only_look_cannot_release(client: Client) -> None:
    user = User.objects.create(username="looker", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_listing"))
    client.force_login(user)
    announce(make_paper())
    listing = make_listing(status="ready")
    act(client, Listing, "release", listing)
    listing.refresh_from_db()
    assert listing.status == "ready"


def test_the_list_of_listings_counts_announcements_and_coverage(admin_client: Client) -> None:
    announce(make_paper())
    announce(make_paper())
    listing = make_listing()
    Coverage.objects.create(listing=listing, category="cs.DC", status="complete")
    Coverage.objects.create(listing=listing, category="cs.AI", status="missing")
    row = admin_client.get(url(Listing, "changelist")).context["cl"].result_list[0]
    assert (row.announcement_count, row.whole_count, row.category_count) == (2, 1, 2)


def test_a_house_section_is_added_by_its_rule(admin_client: Client) -> None:
    data = {"categories": "cs.CR, cs.SE", "expression": "fuzzing", "label": "", "style": "lines"}
    response = admin_client.post(url(HouseSection, "add"), {**data, "place": 4})
    assert response.status_code == 302
    added = HouseSection.objects.get(place=4)
    assert added.section.categories == "cs.CR/cs.SE"
    assert added.label


def test_a_rule_that_is_none_is_refused(admin_client: Client) -> None:
    blank = {"label": "", "style": "lines", "place": 4}
    for rule in [{}, {"categories": "cs.XX"}, {"categories": "cs.DC"}]:
        response = admin_client.post(url(HouseSection, "add"), blank | rule)
        assert response.status_code == 200, rule
    assert HouseSection.objects.count() == 3


def test_house_sections_are_put_in_order(admin_client: Client) -> None:
    rows = list(HouseSection.objects.all())
    data: dict[str, Any] = {"form-TOTAL_FORMS": 3, "form-INITIAL_FORMS": 3, "_save": "Save"}
    for index, row in enumerate(rows):
        data |= {f"form-{index}-id": row.pk, f"form-{index}-place": 3 - index}
    assert admin_client.post(url(HouseSection, "changelist"), data).status_code == 302
    assert list(HouseSection.objects.all()) == rows[::-1]


# Subscribers and suppressions


def test_subscribers_are_paused_resumed_and_unsubscribed(admin_client: Client) -> None:
    subscriber = make_subscriber()
    for action, status in [
        ("pause", "paused"),
        ("resume", "active"),
        ("unsubscribe", "unsubscribed"),
        ("resume", "unsubscribed"),
    ]:
        act(admin_client, Subscriber, action, subscriber)
        subscriber.refresh_from_db()
        assert subscriber.status == status, action


def test_an_operators_pause_leaves_the_date_of_a_pause_and_the_page_shows_it(
    admin_client: Client,
) -> None:
    subscriber = make_subscriber(status="paused", paused_until=dt.date(2026, 9, 1))
    act(admin_client, Subscriber, "pause", subscriber)
    subscriber.refresh_from_db()
    assert subscriber.paused_until == dt.date(2026, 9, 1)
    page = admin_client.get(url(Subscriber, "change", subscriber.pk)).content.decode()
    assert "1 Sep 2026" in page


def test_nobody_becomes_active_by_hand(admin_client: Client) -> None:
    subscriber = make_subscriber(status="pending", activated_at=None)
    act(admin_client, Subscriber, "resume", subscriber)
    data = preferences(subscriber, status="active")
    assert admin_client.post(url(Subscriber, "change", subscriber.pk), data).status_code == 302
    subscriber.refresh_from_db()
    assert subscriber.status == "pending"


def test_a_complaint_suppresses_and_unsubscribes(admin_client: Client) -> None:
    subscriber = make_subscriber()
    act(admin_client, Subscriber, "record_complaint", subscriber)
    subscriber.refresh_from_db()
    assert subscriber.status == "unsubscribed"
    assert Suppression.objects.get().fingerprint == subscriber.fingerprint


def preferences(subscriber: Subscriber, **changes: Any) -> dict[str, Any]:
    return {
        "cadence": "weekly", "weekday": 2, "format": "html", "send_when": "hour",
        "send_hour": 9, "timezone": "Europe/Rome",
        "subscriptions-TOTAL_FORMS": 0, "subscriptions-INITIAL_FORMS": 0,
        "opt_ins-TOTAL_FORMS": 0, "opt_ins-INITIAL_FORMS": 0,
        "bounces-TOTAL_FORMS": 0, "bounces-INITIAL_FORMS": 0,
        "complaints-TOTAL_FORMS": 0, "complaints-INITIAL_FORMS": 0,
    } | changes  # fmt: skip


def test_what_came_back_stands_beside_the_subscriber_as_it_came(admin_client: Client) -> None:
    subscriber = make_subscriber()
    Bounce.objects.create(
        subscriber=subscriber, kind="soft", cause="mailbox full", received_at=NOW,
        diagnostic="552 5.2.2 full", report="Reporting-MTA: dns; <mx.example.net>",
    )  # fmt: skip
    Complaint.objects.create(
        subscriber=subscriber, received_at=NOW, feedback_type="abuse", report="Version: 1"
    )
    page = admin_client.get(url(Subscriber, "change", subscriber.pk)).content.decode()
    assert "<summary>552 5.2.2 full</summary>" in page
    assert "Reporting-MTA: dns; &lt;mx.example.net&gt;" in page
    assert "Version: 1" in page


def test_bounces_are_told_apart_by_their_cause(admin_client: Client) -> None:
    for cause in ("mailbox full", "policy"):
        Bounce.objects.create(
            subscriber=make_subscriber(), kind="soft", cause=cause, received_at=NOW
        )
    page = admin_client.get(url(Bounce, "changelist"), {"cause__exact": "policy"})
    assert [bounce.cause for bounce in page.context["cl"].result_list] == ["policy"]


def test_preferences_and_sections_are_corrected_by_hand(admin_client: Client) -> None:
    subscriber = make_subscriber()
    section = make_section("cs.CR")
    data = preferences(subscriber) | {
        "subscriptions-TOTAL_FORMS": 1,
        "subscriptions-0-section": section.pk,
        "subscriptions-0-label": "",
        "subscriptions-0-style": "cards",
        "subscriptions-0-place": 1,
    }
    assert admin_client.post(url(Subscriber, "change", subscriber.pk), data).status_code == 302
    subscriber.refresh_from_db()
    assert (subscriber.cadence, subscriber.timezone) == ("weekly", "Europe/Rome")
    assert subscriber.subscriptions.get().label == "cs.CR"


def test_a_time_zone_that_does_not_exist_is_refused(admin_client: Client) -> None:
    subscriber = make_subscriber()
    data = preferences(subscriber, timezone="Mars/Olympus")
    response = admin_client.post(url(Subscriber, "change", subscriber.pk), data)
    assert "No time zone is called" in response.content.decode()


def test_an_address_is_suppressed_and_let_go_again(admin_client: Client) -> None:
    subscriber = make_subscriber("ada@example.org")
    data = {"address": "ADA@example.org", "reason": "operator", "note": "Asked by telephone."}
    assert admin_client.post(url(Suppression, "add"), data).status_code == 302
    row = Suppression.objects.get()
    assert row.fingerprint == subscriber.fingerprint
    assert row.created_by is not None
    again = admin_client.post(url(Suppression, "add"), data)
    assert "suppressed already" in again.content.decode()
    admin_client.post(url(Suppression, "delete", row.pk), {"post": "yes"})
    assert not Suppression.objects.exists()


# Deliveries


def test_an_issue_counts_its_deliveries_by_state(admin_client: Client) -> None:
    issue = Issue.objects.create(cadence="daily", first_date=DAY, last_date=DAY)
    for status in ["queued", "queued", "sent"]:
        Delivery.objects.create(
            issue=issue, subscriber=make_subscriber(), status=status, due_at=NOW,
            next_attempt_at=NOW, sent_at=timezone.now(),
        )  # fmt: skip
    row = admin_client.get(url(Issue, "changelist")).context["cl"].result_list[0]
    assert row.tally == {"queued": 2, "sent": 1}
    assert admin_client.get(url(Issue, "change", issue.pk)).status_code == 200


def test_a_superuser_sends_uncertain_deliveries_again(admin_client: Client) -> None:
    issue = Issue.objects.create(cadence="daily", first_date=DAY, last_date=DAY)
    uncertain, sent = [
        Delivery.objects.create(
            issue=issue, subscriber=make_subscriber(), status=status, due_at=NOW,
            next_attempt_at=NOW, sent_at=NOW,
        )
        for status in ["uncertain", "sent"]
    ]  # fmt: skip
    assert "1 queued again, of 2 chosen." in act(admin_client, Delivery, "requeue", uncertain, sent)
    uncertain.refresh_from_db()
    sent.refresh_from_db()
    assert (uncertain.status, sent.status) == ("queued", "sent")
    assert uncertain.next_attempt_at > NOW


def test_nobody_else_sends_again(client: Client) -> None:
    user = User.objects.create(username="looker", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_delivery"))
    client.force_login(user)
    issue = Issue.objects.create(cadence="daily", first_date=DAY, last_date=DAY)
    delivery = Delivery.objects.create(
        issue=issue, subscriber=make_subscriber(), status="uncertain", due_at=NOW,
        next_attempt_at=NOW,
    )  # fmt: skip
    act(client, Delivery, "requeue", delivery)
    delivery.refresh_from_db()
    assert delivery.status == "uncertain"


# The frame


def test_the_sidebar_leads_to_every_model_and_out_to_archive_and_outbox(
    admin_client: Client,
) -> None:
    models: list[type[Model]] = [*SEARCHES, User, Group]
    links = {
        str(item["link"])
        for group in admin_site.UNFOLD["SIDEBAR"]["navigation"]
        for item in group["items"]
    }
    assert links == {
        reverse("archive"),
        reverse("curation"),
        reverse("outbox"),
        *(url(model, "changelist") for model in models),
    }
    for link in links - {reverse("outbox")}:
        assert admin_client.get(link).status_code == 200, link

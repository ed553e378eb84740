"""Subscribing: from the request to the goodbye, each step once and in its time."""

from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from digest.models import HouseSection, Listing, Style
from newsletter.delivery import planning
from newsletter.models import Cadence, Notice, OptIn, Subscriber, Suppression
from newsletter.signup import choices, limits, subscribing
from newsletter.signup.choices import Choices
from newsletter.signup.evidence import Evidence
from newsletter.signup.subscribing import Confirmation
from tests import make

pytestmark = pytest.mark.django_db

ADDRESS = "Ada@example.org"
FROM = Evidence(network_address="192.0.2.7", user_agent="A browser")
Status = Subscriber.Status


def some_choices(**values: object) -> Choices:
    sections = (
        choices.keyword_section("accelerat*", ["cs.LG", "cs.AI"]),
        choices.category_section("cs.DC"),
    )
    return Choices(**({"sections": sections} | values))  # type: ignore[arg-type]


def ask(address: str = ADDRESS, *, now: dt.datetime | None = None, **values: object) -> OptIn:
    opt_in = subscribing.request(address, some_choices(**values), FROM, now or timezone.now())
    assert opt_in is not None
    return opt_in


def confirm(opt_in: OptIn, *, now: dt.datetime | None = None) -> Confirmation:
    return subscribing.confirm(opt_in, FROM, now or timezone.now())


def kinds() -> list[str]:
    return [*Notice.objects.order_by("pk").values_list("kind", flat=True)]


def test_a_request_makes_a_pending_subscriber_and_one_mail_to_confirm() -> None:
    opt_in = ask()
    subscriber = Subscriber.objects.get()
    assert subscriber.status == Status.PENDING
    assert subscriber.identity == "ada@example.org"
    assert not subscriber.subscriptions.exists()
    notice = Notice.objects.get()
    assert notice.kind == Notice.Kind.CONFIRM
    assert notice.context == {"opt_in": opt_in.pk}
    assert (opt_in.requested_from, opt_in.requested_with) == ("192.0.2.7", "A browser")


def test_confirming_applies_the_choices_in_their_order_and_keeps_the_evidence() -> None:
    opt_in = ask(cadence=Cadence.WEEKLY, weekday=3, send_hour=9, timezone="Europe/Berlin")
    assert confirm(opt_in) is Confirmation.DONE
    subscriber = Subscriber.objects.get()
    assert subscriber.status == Status.ACTIVE
    assert (subscriber.cadence, subscriber.weekday, subscriber.send_hour) == ("weekly", 3, 9)
    followed = [(one.label, one.place, one.style) for one in subscriber.subscriptions.all()]
    assert followed == [
        ('cs.AI/cs.LG contains "accelerat*"', 1, "cards"),
        ("cs.DC", 2, "cards"),
    ]
    opt_in.refresh_from_db()
    assert opt_in.confirmed_at is not None
    assert opt_in.confirmed_from == "192.0.2.7"


def test_confirming_twice_changes_nothing() -> None:
    opt_in = ask()
    confirm(opt_in)
    before = Subscriber.objects.values().get()
    assert confirm(opt_in) is Confirmation.ALREADY
    assert Subscriber.objects.values().get() == before


def test_an_old_link_does_not_bring_back_who_has_left() -> None:
    opt_in = ask()
    confirm(opt_in)
    subscribing.unsubscribe(opt_in.subscriber)
    assert confirm(opt_in) is Confirmation.ALREADY
    assert Subscriber.objects.get().status == Status.UNSUBSCRIBED


def test_an_older_request_does_not_undo_a_newer_one() -> None:
    now = timezone.now()
    older = ask(now=now - dt.timedelta(hours=1), send_hour=5)
    newer = ask(now=now, send_hour=6)
    confirm(newer)
    assert confirm(older) is Confirmation.ALREADY
    assert Subscriber.objects.get().send_hour == 6


def test_a_confirmation_after_seven_days_is_refused() -> None:
    now = timezone.now()
    opt_in = ask(now=now - dt.timedelta(days=7, seconds=1))
    assert confirm(opt_in, now=now) is Confirmation.EXPIRED
    assert Subscriber.objects.get().status == Status.PENDING


def test_confirming_plans_the_latest_issue_at_once() -> None:
    make.make_listing(status=Listing.Status.RELEASED)
    planning.issue_for("daily", make.DAY)
    opt_in = ask()
    confirm(opt_in)
    delivery = opt_in.subscriber.deliveries.get()
    assert delivery.issue.last_date == make.DAY
    assert delivery.due_at <= timezone.now()


def test_a_request_for_an_active_address_changes_nothing_and_sends_the_link() -> None:
    subscriber = make.make_subscriber("ada@example.org", send_hour=4)
    assert subscribing.request(ADDRESS, some_choices(), FROM, timezone.now()) is None
    subscriber.refresh_from_db()
    assert subscriber.send_hour == 4
    assert kinds() == [Notice.Kind.LINK]


@pytest.mark.parametrize("status", [Status.UNSUBSCRIBED, Status.PAUSED])
def test_who_had_left_or_paused_comes_back_by_confirming(status: Subscriber.Status) -> None:
    subscriber = make.make_subscriber("ada@example.org", status=status)
    opt_in = ask()
    subscriber.refresh_from_db()
    assert subscriber.status == status
    assert confirm(opt_in) is Confirmation.DONE
    subscriber.refresh_from_db()
    assert subscriber.status == Status.ACTIVE


@pytest.mark.parametrize("reason", ["hard_bounce", "complaint", "operator"])
def test_an_address_suppressed_for_good_gets_nothing_and_leaves_no_trace(reason: str) -> None:
    stranger = make.make_subscriber("ada@example.org")
    Suppression.objects.create(fingerprint=stranger.fingerprint, reason=reason)
    stranger.delete()
    assert subscribing.request(ADDRESS, some_choices(), FROM, timezone.now()) is None
    assert not Subscriber.objects.exists()
    assert not Notice.objects.exists()


def test_a_confirmed_opt_in_lifts_a_soft_suppression() -> None:
    subscriber = make.make_subscriber("ada@example.org")
    Suppression.objects.create(fingerprint=subscriber.fingerprint, reason="soft_bounces")
    opt_in = ask()
    assert Notice.objects.get().status == Notice.Status.QUEUED
    assert confirm(opt_in) is Confirmation.DONE
    assert not Suppression.objects.exists()


def test_a_complaint_between_request_and_confirmation_stands() -> None:
    opt_in = ask()
    Suppression.objects.create(fingerprint=opt_in.subscriber.fingerprint, reason="complaint")
    assert confirm(opt_in) is Confirmation.REFUSED
    assert Suppression.objects.exists()
    assert Subscriber.objects.get().status == Status.PENDING


def test_one_address_gets_one_mail_in_ten_minutes() -> None:
    ask()
    ask()
    assert len(kinds()) == 1
    assert OptIn.objects.count() == 2


def test_one_address_gets_at_most_five_mails_a_day() -> None:
    for _ in range(8):
        ask()
        Notice.objects.update(created_at=timezone.now() - dt.timedelta(minutes=11))
    assert len(kinds()) == limits.MAILS_A_DAY


def test_one_network_address_can_ask_twenty_times_an_hour() -> None:
    for number in range(limits.REQUESTS_AN_HOUR):
        ask(f"reader{number}@example.org")
    with pytest.raises(limits.TooManyRequests):
        ask("one-more@example.org")
    assert not Subscriber.objects.filter(identity="one-more@example.org").exists()


def test_unsubscribing_counts_at_once_and_says_goodbye_once() -> None:
    subscriber = make.make_subscriber()
    assert subscribing.unsubscribe(subscriber)
    assert not subscribing.unsubscribe(subscriber)
    subscriber.refresh_from_db()
    assert subscriber.status == Status.UNSUBSCRIBED
    assert kinds() == [Notice.Kind.GOODBYE]


def test_changed_preferences_keep_the_limit_of_a_section_that_stays() -> None:
    subscriber = make.make_subscriber()
    make.subscribe(subscriber, make.make_section("cs.DC"), limit=5)
    make.subscribe(subscriber, make.make_section("cs.AI"))
    subscribing.change_preferences(subscriber, some_choices())
    assert subscriber.subscriptions.get(section__categories="cs.DC").limit == 5
    assert not subscriber.subscriptions.filter(section__categories="cs.AI").exists()


def test_a_lost_link_goes_to_subscribers_only() -> None:
    make.make_subscriber("ada@example.org")
    make.make_subscriber("eva@example.org", status=Status.UNSUBSCRIBED)
    for address in ("ADA@example.org", "eva@example.org", "nobody@example.org"):
        subscribing.send_link_to(address, timezone.now())
    assert [*Notice.objects.values_list("kind", "address")] == [("link", "ada@example.org")]


def test_choices_survive_being_kept_as_json() -> None:
    wanted = some_choices(send_when="release", format="plain")
    assert Choices.from_json(wanted.as_json()) == wanted


def add(*arguments: str) -> str:
    out = StringIO()
    call_command("add_subscriber", *arguments, stdout=out)
    return out.getvalue()


def test_adding_by_hand_copies_the_house_as_it_is_now() -> None:
    HouseSection.objects.filter(label="cs.DC").update(style=Style.LINES)
    assert "added (active)" in add("reader@example.org", "--house", "--active")
    followed = Subscriber.objects.get().subscriptions.values_list("label", "place", "style")
    house = HouseSection.objects.values_list("label", "place", "style")
    assert [*followed] == [*house]
    assert not Notice.objects.exists()


def test_adding_again_changes_nothing() -> None:
    add("reader@example.org", "--house", "--active")
    before = Subscriber.objects.values().get()
    assert "nothing changed" in add("Reader@example.org", "--house", "--active")
    assert Subscriber.objects.values().get() == before
    assert OptIn.objects.count() == 1


def test_adding_to_somebody_who_is_there_sets_what_is_given_and_nothing_else() -> None:
    add(
        "reader@example.org", "--category", "cs.DC", "cs.AI", "--timezone", "Asia/Tokyo", "--active"
    )
    assert "updated" in add("reader@example.org", "--cadence", "weekly", "--weekday", "thu")
    subscriber = Subscriber.objects.get()
    assert (subscriber.cadence, subscriber.weekday) == ("weekly", 3)
    assert subscriber.timezone == "Asia/Tokyo"
    assert subscriber.subscriptions.count() == 2


def test_adding_without_active_asks_for_confirmation_once() -> None:
    arguments = ("reader@example.org", "--keyword", "abs:accelerat*@cs.AI,cs.LG")
    assert "a mail to confirm is queued" in add(*arguments)
    assert "nothing changed" in add(*arguments)
    assert Subscriber.objects.get().status == Status.PENDING
    assert kinds() == [Notice.Kind.CONFIRM]
    assert confirm(OptIn.objects.get()) is Confirmation.DONE


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nobody", "--house"), "nobody"),
        (("a@example.org",), "nothing to follow"),
        (("a@example.org", "--category", "cs.XX"), "cs.XX"),
        (("a@example.org", "--keyword", "maps@cs.XX"), "cs.XX"),
        (("a@example.org", "--house", "--weekday", "someday"), "--weekday"),
        (("a@example.org", "--house", "--timezone", "Mars/Base"), "--timezone"),
        (("a@example.org", "--house", "--send-hour", "24"), "--send-hour"),
        (("a@example.org", "--house", "--cadence", "hourly"), "--cadence"),
    ],
)
def test_adding_nonsense_is_refused_in_one_line(arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(CommandError, match=message) as caught:
        add(*arguments)
    assert "\n" not in str(caught.value)
    assert not Subscriber.objects.exists()


def test_a_wrong_keyword_is_refused_with_a_caret_under_its_place() -> None:
    with pytest.raises(CommandError) as caught:
        add("a@example.org", "--keyword", "maps title:roads@cs.AI")
    assert str(caught.value).splitlines()[1:] == [
        "  maps title:roads",
        "       ^",
        "Did you mean: maps ti:roads",
    ]
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize("reason", ["soft_bounces", "complaint"])
def test_adding_a_suppressed_address_as_active_is_refused(reason: str) -> None:
    subscriber = make.make_subscriber("a@example.org", status=Status.PAUSED)
    Suppression.objects.create(fingerprint=subscriber.fingerprint, reason=reason)
    with pytest.raises(CommandError, match="suppressed"):
        add("a@example.org", "--house", "--active")


def test_adding_who_has_unsubscribed_as_active_is_refused() -> None:
    make.make_subscriber("a@example.org", status=Status.UNSUBSCRIBED)
    with pytest.raises(CommandError, match="unsubscribed"):
        add("a@example.org", "--house", "--active")
    assert "a mail to confirm" in add("a@example.org", "--house")


def test_the_limit_on_requests_counts_those_for_active_addresses_too() -> None:
    make.make_subscriber(ADDRESS)
    for _ in range(limits.REQUESTS_AN_HOUR):
        assert subscribing.request(ADDRESS, some_choices(), FROM, timezone.now()) is None
    with pytest.raises(limits.TooManyRequests):
        ask("other@example.org")
    assert kinds() == [Notice.Kind.LINK]

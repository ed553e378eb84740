"""Subscribers out as CSV and in again."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from newsletter.models import Notice, OptIn, Subscriber, Subscription
from newsletter.signup import subscribing
from tests.make import make_section, make_subscriber, subscribe

pytestmark = pytest.mark.django_db
HEADER = "address,status,cadence,weekday,send_hour,timezone,format,sections"
WITH_DATE = HEADER.replace("sections", "paused_until,sections")


def exported() -> str:
    out = io.StringIO()
    call_command("export_subscribers", stdout=out)
    return out.getvalue()


def import_text(text: str, folder: Path) -> str:
    file = folder / "people.csv"
    file.write_bytes(text.encode())
    out = io.StringIO()
    call_command("import_subscribers", str(file), stdout=out)
    return out.getvalue()


def make_people() -> None:
    ada = make_subscriber("Ada@example.org", cadence="weekly", weekday=2, timezone="Europe/Rome")
    subscribe(ada, make_section("cs.AI/cs.LG", 'abs:"reinforcement learning"'), label='A|B\\ "c"')
    subscribe(ada, make_section("cs.DC"), label="Systems, mostly", style="lines", limit=12)
    bob = make_subscriber("bob@example.org", status="paused", format="plain", send_hour=23)
    subscribe(bob, make_section("", "fuzzing"))
    eve = make_subscriber("eve@example.org", status="unsubscribed", send_when="release")
    subscribe(eve, make_section("cs.CR"))


def forget_everybody() -> None:
    Subscriber.objects.all().delete()


def test_export_and_import_into_an_empty_database_give_the_same(tmp_path: Path) -> None:
    make_people()
    text = exported()
    forget_everybody()
    assert import_text(text, tmp_path) == "3 subscribers imported or updated\n"
    assert exported() == text
    ada = Subscriber.objects.get(identity="ada@example.org")
    assert ada.subscriptions.get(section__categories="cs.DC").limit == 12


def test_the_file_says_what_everybody_gets() -> None:
    make_people()
    header, ada, bob, eve = exported().splitlines()
    assert header == WITH_DATE
    assert ada.startswith("Ada@example.org,active,weekly,wednesday,7,Europe/Rome,html,")
    assert '"cs.DC||Systems, mostly|lines|12"' in ada
    assert bob == "bob@example.org,paused,daily,monday,23,UTC,plain,,|fuzzing|fuzzing|cards"
    assert eve.startswith("eve@example.org,unsubscribed,daily,monday,release,")


def test_importing_again_changes_nothing(tmp_path: Path) -> None:
    make_people()
    text = exported()
    import_text(text, tmp_path)
    rows = OptIn.objects.count(), Notice.objects.count(), Subscription.objects.count()
    import_text(text, tmp_path)
    assert exported() == text
    assert rows == (OptIn.objects.count(), Notice.objects.count(), Subscription.objects.count())


def test_nobody_who_left_gets_a_goodbye(tmp_path: Path) -> None:
    import_text(f"{HEADER}\neve@example.org,unsubscribed,,,,,,cs.CR\n", tmp_path)
    assert Subscriber.objects.get().status == "unsubscribed"
    assert not Notice.objects.exists()


def test_a_pending_one_is_asked_to_confirm(tmp_path: Path) -> None:
    import_text(f"{HEADER}\nnew@example.org,pending,weekly,,,,,cs.CR\n", tmp_path)
    assert Subscriber.objects.get().status == "pending"
    assert Notice.objects.get().kind == "confirm"
    text = exported()
    assert "new@example.org,pending,weekly,monday,7,UTC,html,,cs.CR||cs.CR|cards" in text


def test_a_short_file_written_by_hand_is_enough(tmp_path: Path) -> None:
    import_text("address,sections\nada@example.org,cs.dc,cs.LG|accelerat*\n", tmp_path)
    ada = Subscriber.objects.get()
    assert ada.status == "active"
    assert [one.section.categories for one in ada.subscriptions.all()] == ["cs.DC", "cs.LG"]


def test_who_unsubscribed_here_is_not_made_active_by_a_file(tmp_path: Path) -> None:
    subscriber = make_subscriber("ada@example.org")
    subscribing.unsubscribe(subscriber)
    with pytest.raises(CommandError, match=r"line 2: ada@example\.org: unsubscribed"):
        import_text(f"{HEADER}\nada@example.org,active,,,,,,cs.DC\n", tmp_path)


GOOD = "ada@example.org,active,daily,monday,7,UTC,html,cs.DC"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("no address,active,,,,,,cs.DC", "line 3: "),
        ("b@example.org,gone,,,,,,cs.DC", "line 3: status is one of"),
        ("b@example.org,active,hourly,,,,,cs.DC", "line 3: cadence is one of"),
        ("b@example.org,active,,someday,,,,cs.DC", "line 3: weekday is one of"),
        ("b@example.org,active,,,24,,,cs.DC", "line 3: send_hour is 0 to 23"),
        ("b@example.org,active,,,,Mars/Olympus,,cs.DC", "line 3: no time zone"),
        ("b@example.org,active,,,,,,cs.NOPE", "line 3: .*cs.NOPE"),
        ("b@example.org,active,,,,,,cs.DC||x|boxes", "line 3: style is one of"),
        ("b@example.org,active,,,,,,cs.DC||x|cards|0", "line 3: a limit is"),
        ("b@example.org,active,,,,,,cs.DC|a|b|cards|1|c", "line 3: a section has at most"),
        ("b@example.org,active,,,,,,", "line 3: b@example.org: nothing to follow"),
        ("ADA@example.org,active,,,,,,cs.DC", "line 3: .*line 2 already"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_half_imported(
    row: str, reason: str, tmp_path: Path
) -> None:
    with pytest.raises(CommandError, match=f"{reason}.*nothing was imported"):
        import_text(f"{HEADER}\n{GOOD}\n{row}\n", tmp_path)
    assert not Subscriber.objects.exists()


def test_the_date_of_a_pause_goes_out_and_in_and_a_blank_one_says_nothing(tmp_path: Path) -> None:
    ada = make_subscriber("ada@example.org", status="paused", paused_until=dt.date(2999, 9, 1))
    subscribe(ada, make_section("cs.DC"))
    text = exported()
    assert ",html,2999-09-01,cs.DC" in text
    import_text(text.replace("2999-09-01", ""), tmp_path)
    assert exported() == text
    forget_everybody()
    import_text(text, tmp_path)
    assert exported() == text


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("paused,,,,,,soon,cs.DC", "paused_until is a date such as 2026-09-01, not 'soon'"),
        ("active,,,,,,2026-09-01,cs.DC", "paused_until is for who is paused, not active"),
    ],
)
def test_a_date_that_ends_no_pause_is_named(row: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=f"line 2: {reason}"):
        import_text(f"{WITH_DATE}\nb@example.org,{row}\n", tmp_path)


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("", "no column 'address'"),
        ("mail,sections", "unknown column 'mail'"),
        ("address,address", "every column once"),
        ("address,sections,status", "sections last"),
    ],
)
def test_a_bad_header_is_named(header: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=f"line 1: .*{reason}"):
        import_text(f"{header}\n", tmp_path)


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(CommandError, match=r"nowhere\.csv: No such file"):
        call_command("import_subscribers", "nowhere.csv")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(b"address\n\xff\xfe\n")
    with pytest.raises(CommandError, match="nothing was imported"):
        call_command("import_subscribers", str(file))


def test_the_export_goes_into_a_file_too(tmp_path: Path) -> None:
    make_people()
    file = tmp_path / "out.csv"
    call_command("export_subscribers", "--output", str(file), stdout=io.StringIO())
    assert file.read_text(encoding="utf-8") == exported()

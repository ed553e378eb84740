"""add_subscriber: one subscriber by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import available_timezones

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from digest.sections.expressions import ExpressionError
from newsletter.models import Cadence, Subscriber, Weekday
from newsletter.signup import adding, choices
from newsletter.signup.choices import SectionChoice


class Command(BaseCommand):
    help = (
        "Add a subscriber, or update what is given of one. Without --active the subscriber stays "
        "pending and gets a mail to confirm."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address")
        parser.add_argument("--house", action="store_true", help="the house's sections as now")
        parser.add_argument(
            "--category", action="extend", nargs="+", default=[], metavar="C", help="as cs.DC"
        )
        parser.add_argument(
            "--keyword",
            action="extend",
            nargs="+",
            default=[],
            metavar="EXPR@CATEGORIES",
            help="as 'abs:accelerat*@cs.AI,cs.LG'; without @ in all categories",
        )
        parser.add_argument("--cadence", help="daily or weekly")
        parser.add_argument("--weekday", help="of a weekly digest, as mon")
        parser.add_argument("--timezone", help="as Europe/Berlin")
        parser.add_argument("--send-hour", help="0 to 23")
        parser.add_argument("--plain", action="store_true", help="plain text only")
        parser.add_argument(
            "--active", action="store_true", help="they have asked for it; no mail to confirm"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            wish = adding.Wish(_sections(options), _preferences(options))
            added = adding.add(options["address"], wish, timezone.now(), active=options["active"])
        except ValueError as error:
            raise CommandError(f"{options['address']}: {error}") from error
        self.stdout.write(_told(added))


def _sections(options: dict[str, Any]) -> tuple[SectionChoice, ...]:
    """In the order that a digest has when nobody arranged it."""
    house = choices.house_sections() if options["house"] else []
    keywords = [_keyword(text) for text in options["keyword"]]
    codes = choices.read_codes(",".join(options["category"]))
    return choices.arranged(house, keywords, [*map(choices.category_section, codes)])


def _keyword(text: str) -> SectionChoice:
    typed, _, codes = text.rpartition("@") if "@" in text else (text, "", "")
    try:
        return choices.keyword_section(typed.strip(), choices.read_codes(codes))
    except ExpressionError as error:
        raise ValueError(f"--keyword {text!r}: {error.explained()}") from error
    except ValueError as error:
        raise ValueError(f"--keyword {text!r}: {error}") from error


def _preferences(options: dict[str, Any]) -> dict[str, Any]:
    given = {
        name: read(options[name]) for name, read in _READERS.items() if options[name] is not None
    }
    if "send_hour" in given:
        given["send_when"] = Subscriber.SendWhen.HOUR
    if options["plain"]:
        given["format"] = Subscriber.Format.PLAIN
    return given


def _told(added: adding.Added) -> str:
    subscriber = added.subscriber
    if not added.is_changed:
        return f"{subscriber.address}: nothing changed ({subscriber.status})"
    done = "added" if added.is_new else "was there; what was given is updated"
    asked = "; a mail to confirm is queued" if added.is_asked else ""
    return f"{subscriber.address}: {done} ({subscriber.status}){asked}"


def _cadence(text: str) -> str:
    if text not in Cadence.values:
        raise ValueError(f"--cadence {text!r} is neither daily nor weekly")
    return text


def _weekday(text: str) -> int:
    for day in Weekday:
        if len(text) >= 3 and day.name.lower().startswith(text.lower()):
            return int(day)
    raise ValueError(f"--weekday {text!r} is not a weekday such as mon")


def _timezone(text: str) -> str:
    if text not in available_timezones():
        raise ValueError(f"--timezone {text!r} is not one such as Europe/Berlin")
    return text


def _hour(text: str) -> int:
    if not text.isdecimal() or int(text) > 23:
        raise ValueError(f"--send-hour {text!r} is not an hour from 0 to 23")
    return int(text)


_READERS: dict[str, Callable[[str], Any]] = {
    "cadence": _cadence,
    "weekday": _weekday,
    "timezone": _timezone,
    "send_hour": _hour,
}

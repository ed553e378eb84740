"""Whole digests: what a received mail must show, on ordinary and on hostile papers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries, Settings

from digest.models import Coverage, Listing, Paper, Summary
from newsletter.compose import digests, fragments
from newsletter.compose.budget import MAX_DECODED, MAX_ENCODED
from newsletter.compose.composer import Composed, compose
from newsletter.delivery.settling import settle
from newsletter.models import Delivery, Fragment, Issue, Subscriber
from newsletter.signup import links
from newsletter.signup.links import Purpose
from tests import make
from tests.db.mail_reading import ReadMail

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY = dt.date(2026, 2, 2), dt.date(2026, 2, 3)
SUNDAY = dt.date(2026, 2, 8)
AT = dt.datetime(2026, 2, 3, 6, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def nothing_kept(settings: Settings) -> None:
    settings.FROM_EMAIL = "digest@post.example.org"
    fragments.forget()


def release(*dates: dt.date) -> None:
    for date in dates:
        make.make_listing(date, status=Listing.Status.RELEASED)


def delivery_to(subscriber: Subscriber, cadence: str = "daily", **fields: Any) -> Delivery:
    first, last = (TUESDAY, TUESDAY) if cadence == "daily" else (MONDAY, SUNDAY)
    issue, _ = Issue.objects.get_or_create(cadence=cadence, first_date=first, last_date=last)
    values: dict[str, Any] = {
        "due_at": AT,
        "next_attempt_at": AT,
        "mail_date": AT,
        "message_id": "<0123456789abcdef@post.example.org>",
    }
    return Delivery.objects.create(issue=issue, subscriber=subscriber, **(values | fields))


def an_ordinary_day(date: dt.date = TUESDAY, number: int = 4) -> list[Paper]:
    """cs.DC with cards and a keyword section of lines, one paper in both."""
    papers = [make.make_paper() for _ in range(number)]
    for paper in papers[:-1]:
        make.make_summary(paper)
    more = [make.make_paper(categories=["cs.LG"]) for _ in range(3)]
    for paper in papers + more:
        make.announce(paper, date)
    make.make_section_listing(make.make_section(), papers, date)
    keyword = make.make_section("cs.LG", "speed")
    make.make_section_listing(keyword, [papers[0], *more], date)
    release(date)
    return papers + more


def reader(**fields: Any) -> Subscriber:
    subscriber = make.make_subscriber(**fields)
    make.subscribe(subscriber, make.make_section(), label="cs.DC", style="cards")
    keyword = make.make_section("cs.LG", "speed")
    make.subscribe(subscriber, keyword, label='cs.LG contains "speed"', style="lines")
    return subscriber


def hostile_day(date: dt.date = TUESDAY) -> list[Paper]:
    titles = [
        "漢字" * 150,
        "Is $a<b$ & \"c\" > 'd' or <script>alert(1)</script>?",
        "שלום עולם: מאמר על מערכות",
        "From here to there\r\nBcc: evil@example.org\x01",
        ".",
        "Long " * 60,
        "%%BODY%% {{ title }} {% now %} =2E =_newsletter_part_=",
    ]
    crowd = [{"name": f"Author {n} Ünïcode", "affiliations": []} for n in range(1323)]
    papers = [make.make_paper(title=title, authors=crowd) for title in titles]
    for paper in papers[:5]:
        make.make_summary(paper, text=f".\n.. {paper.title}\nFrom the start", keywords=["<b>", "."])
    make.make_section_listing(make.make_section(), papers, date)
    lines = [make.make_paper(title=title, authors=crowd) for title in titles]
    make.make_section_listing(make.make_section("cs.LG", "speed"), papers + lines, date)
    release(date)
    return papers + lines


def composed(delivery: Delivery) -> Composed:
    return compose([delivery])[0]


def read(delivery: Delivery) -> ReadMail:
    mail = composed(delivery).mail
    assert mail is not None
    return ReadMail(mail.raw)


def daily() -> ReadMail:
    an_ordinary_day()
    return read(delivery_to(reader()))


def weekly() -> ReadMail:
    an_ordinary_day(MONDAY)
    an_ordinary_day(TUESDAY)
    return read(delivery_to(reader(cadence="weekly"), "weekly"))


def plain() -> ReadMail:
    an_ordinary_day()
    return read(delivery_to(reader(format="plain")))


def hostile() -> ReadMail:
    hostile_day()
    return read(delivery_to(reader()))


ALL = pytest.mark.parametrize("make_mail", [daily, weekly, plain, hostile])
WITH_HTML = pytest.mark.parametrize("make_mail", [daily, weekly, hostile])
MakeMail = Callable[[], ReadMail]


@ALL
def test_lines_end_in_crlf_and_are_short_and_ascii(make_mail: MakeMail) -> None:
    raw = make_mail().raw
    assert raw.isascii()
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    head, _, body = raw.partition(b"\r\n\r\n")
    assert max(map(len, head.split(b"\r\n"))) <= 998
    for line in body.split(b"\r\n"):
        assert len(line) <= 76
        assert not line.startswith((b".", b"From "))
        assert not line.endswith((b" ", b"\t"))


@ALL
def test_each_header_stands_there_once(make_mail: MakeMail) -> None:
    message = make_mail().message
    for name in [
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "MIME-Version",
        "List-Id",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
        "Feedback-ID",
        "Auto-Submitted",
        "Precedence",
    ]:
        assert len(message.get_all(name, [])) == 1, name
    for name in ("Bcc", "Cc", "Reply-To"):
        assert name not in message


def test_the_headers_of_a_digest() -> None:
    an_ordinary_day()
    subscriber = reader(address="Reader@example.org")
    delivery = delivery_to(subscriber)
    message = read(delivery).message
    assert message["From"] == "Preprint Post <digest@post.example.org>"
    assert message["To"] == "Reader@example.org"
    assert message["Subject"] == "Preprint Post, 3 February 2026: 7 papers"
    assert message["Date"] == "Tue, 03 Feb 2026 06:00:00 +0000"
    assert message["Message-ID"] == delivery.message_id
    assert message["List-Id"] == "Preprint Post daily <daily.post.example.org>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Precedence"] == "bulk"


def test_unsubscribing_is_one_address_on_one_line(settings: Settings) -> None:
    settings.SITE_URL = "https://a-long-name-of-a-host.in-a-department.of-a-university.example.edu"
    an_ordinary_day()
    delivery = delivery_to(reader())
    mail = read(delivery)
    url = links.url(Purpose.UNSUBSCRIBE, delivery.subscriber_id)
    assert f"\r\nList-Unsubscribe: <{url}>\r\n".encode() in mail.raw
    assert "@" not in url


def test_feedback_id_is_the_same_for_all_readers_of_an_issue() -> None:
    an_ordinary_day()
    first, second = (read(delivery_to(reader())).message["Feedback-ID"] for _ in range(2))
    assert first == second == "20260203:daily:digest:preprintpost"
    assert re.fullmatch(r"([^:]*:){0,3}[a-z0-9]{5,15}", first)


def test_a_name_that_is_not_ascii_is_encoded_and_the_address_is_not(
    settings: Settings,
) -> None:
    settings.SITE_NAME = "Früher Bericht"
    mail = daily()
    assert mail.message["From"].addresses[0].display_name == "Früher Bericht"
    assert b"<digest@post.example.org>" in mail.raw
    assert mail.message["Subject"].startswith("Früher Bericht, 3 February 2026")


@WITH_HTML
def test_plain_text_stands_first_and_html_last(make_mail: MakeMail) -> None:
    message = make_mail().message
    assert message.get_content_type() == "multipart/alternative"
    parts = list(message.iter_parts())
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    assert [part.get_content_charset() for part in parts] == ["utf-8", "utf-8"]
    assert "=_" in str(message.get_boundary())


def test_who_wants_plain_text_gets_one_part() -> None:
    mail = plain()
    assert mail.message.get_content_type() == "text/plain"
    assert 'cs.LG contains "speed" total: 3' in mail.text


@WITH_HTML
def test_both_parts_have_the_same_addresses(make_mail: MakeMail) -> None:
    mail = make_mail()
    assert mail.html_urls == mail.text_urls


@ALL
def test_unsubscribing_and_preferences_are_visible_links(make_mail: MakeMail) -> None:
    mail = make_mail()
    subscriber = Subscriber.objects.get()
    for purpose in (Purpose.UNSUBSCRIBE, Purpose.PREFERENCES):
        assert links.url(purpose, subscriber.pk) in mail.text_urls


@ALL
def test_plain_text_keeps_to_72_columns(make_mail: MakeMail) -> None:
    for line in make_mail().text.split("\n"):
        assert len(line) <= 72 or line.strip().startswith("http")


@WITH_HTML
def test_sizes_stay_below_what_gmail_clips(make_mail: MakeMail) -> None:
    mail = make_mail()
    assert len(mail.html.encode()) <= MAX_DECODED
    assert len(mail.encoded_html()) <= MAX_ENCODED


@WITH_HTML
def test_the_html_is_accessible_and_holds_no_image(make_mail: MakeMail) -> None:
    mail = make_mail()
    tags = mail.tags
    names = [tag for tag, _ in tags]
    assert not {"img", "script", "iframe", "form"} & set(names)
    assert ("html", "en") in [(tag, attributes.get("lang")) for tag, attributes in tags]
    for tag, attributes in tags:
        if tag == "table":
            assert attributes.get("role") == "presentation"
    assert names.count("h1") == 1
    assert "title" in names
    assert names.index("h1") < names.index("h2") < names.index("h3")
    assert re.search(r"<title>[^<]+</title>", mail.html)


@WITH_HTML
def test_jump_links_lead_to_headings(make_mail: MakeMail) -> None:
    tags = make_mail().tags
    anchors = {attributes.get("id") for _, attributes in tags}
    jumps = {str(attributes.get("href")) for tag, attributes in tags if tag == "a"}
    targets = {jump[1:] for jump in jumps if jump.startswith("#")}
    assert targets
    assert targets <= anchors


def test_dark_mode_is_asked_for_and_nothing_is_hidden_by_colour() -> None:
    html = daily().html
    assert '<meta name="color-scheme" content="light dark"' in html
    assert '<meta name="supported-color-schemes" content="light dark"' in html
    assert "@media (prefers-color-scheme:dark)" in html
    preheader = html[html.index("<body") :].split(">")[2:4]
    assert any("display:none" in piece for piece in html.split("<div")[1:3])
    assert "color:#fff" not in "".join(preheader)


def test_the_preheader_is_the_first_text_and_says_what_is_inside() -> None:
    assert daily().visible.startswith("4 in cs.DC: Paper number ")


def test_composing_again_gives_the_same_bytes() -> None:
    an_ordinary_day()
    delivery = delivery_to(reader())
    first = composed(delivery)
    fragments.forget()
    second = composed(Delivery.objects.select_related("issue", "subscriber").get())
    assert first.mail == second.mail
    assert first.fragment_ids == second.fragment_ids


def test_a_daily_digest_shows_headings_totals_and_numbers() -> None:
    mail = daily()
    assert "Tuesday, 3 February 2026" in mail.visible
    assert "7 papers for you of 7 announced: 4 in cs.DC, 3 on speed." in mail.visible
    assert "cs.DC total: 4" in mail.visible
    assert 'cs.LG contains "speed" total: 3' in mail.visible
    assert "cs.DC total: 4\n" in mail.text
    assert "%%" not in mail.html + mail.text


def test_a_weekly_digest_has_a_heading_for_each_day() -> None:
    mail = weekly()
    assert "2 to 8 February 2026" in mail.visible
    assert "14 papers for you of 14 announced: " in mail.visible
    assert "7 on Monday, 2 February, 7 on Tuesday, 3 February." in mail.visible
    headings = re.findall(r"\n(\w+, \d February 2026)\n=+\n", mail.text)
    assert headings == ["Monday, 2 February 2026", "Tuesday, 3 February 2026"]
    assert mail.text.count("cs.DC total: 4") == 2


def test_papers_that_stand_above_are_named_in_the_heading_and_shown_once() -> None:
    papers = an_ordinary_day()
    second = make.make_section("cs.LG", "more")
    make.make_section_listing(second, papers[4:6], TUESDAY)
    subscriber = reader()
    make.subscribe(subscriber, second, label='cs.LG contains "more"', style="lines")
    mail = read(delivery_to(subscriber))
    assert 'cs.LG contains "more" total: 2 · 2 stand above' in mail.visible
    assert 'cs.LG contains "more" total: 2 · 2 stand above' in mail.text
    assert "2 on more (2 stand above)" in mail.visible
    assert mail.text.count(papers[4].abs_url) == 1


def test_the_number_announced_is_left_out_where_it_is_not_known() -> None:
    an_ordinary_day()
    listing = Listing.objects.get(date=TUESDAY)
    Coverage.objects.create(listing=listing, category="cs.LG", status=Coverage.Status.TRUNCATED)
    assert "7 papers for you: 4 in cs.DC" in read(delivery_to(reader())).visible


def test_what_does_not_fit_is_counted_and_linked() -> None:
    papers = [make.make_paper(title=f"{n} " + "x" * 120) for n in range(700)]
    make.make_section_listing(make.make_section(), papers)
    release(TUESDAY)
    delivery = delivery_to(reader())
    result = composed(delivery)
    assert result.mail is not None
    mail = ReadMail(result.mail.raw)
    rest = 700 - result.papers_shown
    assert rest > 0
    assert f"{rest} more on the web" in mail.visible
    assert f"{rest} more on the web:\n{links.url(Purpose.DIGEST, delivery.pk)}\n" in mail.text
    assert len(mail.html.encode()) <= MAX_DECODED
    shown = {url for url in mail.html_urls if "arxiv.org" in url}
    assert len(shown) == result.papers_shown == len([pk for pk in result.fragment_ids if pk > 0])
    assert mail.html_urls == mail.text_urls


def test_a_weekly_of_sixty_sections_stays_within_the_budget() -> None:
    subscriber = make.make_subscriber(cadence="weekly")
    papers = [make.make_paper(title=f"{n} " + "title " * 12) for n in range(400)]
    for number in range(60):
        section = make.make_section("cs.LG", f"word{number}")
        make.subscribe(subscriber, section, label=f'cs.LG contains "word{number}"')
        for date in (MONDAY, TUESDAY):
            make.make_section_listing(section, papers[number * 5 : number * 5 + 30], date)
    release(MONDAY, TUESDAY)
    result = composed(delivery_to(subscriber, "weekly"))
    assert result.mail is not None
    mail = ReadMail(result.mail.raw)
    assert len(mail.html.encode()) <= MAX_DECODED
    assert len(mail.encoded_html()) <= MAX_ENCODED
    more = sum(int(n) for n in re.findall(r"(\d+) more on the web", mail.visible))
    assert result.papers_shown + more == 325


def test_sixty_sections_keep_their_first_five_papers() -> None:
    subscriber = make.make_subscriber()
    for number in range(60):
        papers = [make.make_paper(title=f"{number} {n} " + "A title " * 9) for n in range(7)]
        section = make.make_section("cs.LG", f"word{number}")
        make.subscribe(subscriber, section, label=f'cs.LG contains "word{number}"')
        make.make_section_listing(section, papers)
    release(TUESDAY)
    result = composed(delivery_to(subscriber))
    assert result.mail is not None
    mail = ReadMail(result.mail.raw)
    sections = mail.html.split("<h2 ")[1:]
    assert len(sections) == 60
    assert all(section.count('<p class="line"') >= 5 for section in sections)
    assert len(mail.html.encode()) <= MAX_DECODED


def test_an_empty_digest_says_how_many_papers_were_looked_at() -> None:
    an_ordinary_day()
    subscriber = make.make_subscriber()
    make.subscribe(subscriber, make.make_section("math.AG"))
    result = composed(delivery_to(subscriber))
    assert result.mail is None
    assert result.reason == "empty: 7 papers looked at, none in your sections"
    assert (result.papers_seen, result.papers_shown) == (7, 0)


def test_a_held_listing_is_left_out_and_named() -> None:
    an_ordinary_day(MONDAY)
    an_ordinary_day(TUESDAY)
    make.make_listing(TUESDAY, status=Listing.Status.HELD, released_at=None)
    mail = read(delivery_to(reader(cadence="weekly"), "weekly"))
    said = "The listing of Tuesday, 3 February 2026 is held back and is not in this mail."
    assert said in mail.visible
    assert said in mail.text.replace("\n", " ")
    assert "7 papers for you" in mail.visible


def test_nothing_of_a_listing_that_is_not_released_is_composed() -> None:
    an_ordinary_day()
    make.make_listing(TUESDAY, status=Listing.Status.READY, released_at=None)
    result = composed(delivery_to(reader()))
    assert result.mail is None
    assert "is not released yet" in result.reason


def test_preferences_count_as_they_are_when_composing() -> None:
    an_ordinary_day()
    delivery = delivery_to(reader())
    delivery.subscriber.format = Subscriber.Format.PLAIN
    assert read(delivery).message.get_content_type() == "text/plain"


def test_a_time_zone_that_is_no_more_loses_nobody_their_mail() -> None:
    an_ordinary_day()
    assert "because you asked for it on" in read(delivery_to(reader(timezone="Mars/North"))).text


def test_the_foot_says_why_and_since_when() -> None:
    an_ordinary_day()
    subscriber = reader(
        timezone="Europe/Berlin", activated_at=dt.datetime(2026, 1, 13, 23, 30, tzinfo=dt.UTC)
    )
    mail = read(delivery_to(subscriber))
    said = "You get this daily at 07:00 (Europe/Berlin) because you asked for it on 14 January."
    assert said in mail.visible
    assert said in mail.text.replace("\n", " ")
    assert "1 Test Street, Testville" in mail.visible


def test_one_bad_address_stops_nobody_else() -> None:
    an_ordinary_day()
    bad = reader(address="jürgen@example.org")
    results = compose([delivery_to(bad), delivery_to(reader())])
    assert results[0].mail is None
    assert "cannot be written" in results[0].reason
    assert results[1].mail is not None


def test_mail_goes_to_the_domain_in_ascii() -> None:
    an_ordinary_day()
    subscriber = reader(address="Jo@straße.example", identity="jo@xn--strae-oqa.example")
    mail = composed(delivery_to(subscriber)).mail
    assert mail is not None
    assert mail.recipient == "Jo@xn--strae-oqa.example"


def test_a_chunk_takes_the_same_number_of_queries_however_long(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    an_ordinary_day()
    deliveries = [delivery_to(reader()) for _ in range(12)]
    settle(deliveries[0].issue)
    compose(deliveries[:1])
    with django_assert_num_queries(10):
        compose(deliveries[:1])
    with django_assert_num_queries(10):
        compose(deliveries)


def test_each_reader_of_a_shared_digest_gets_their_own_links() -> None:
    an_ordinary_day()
    first, second = (delivery_to(reader()) for _ in range(2))
    for delivery, result in zip([first, second], compose([first, second]), strict=True):
        assert result.mail is not None
        own = [url for url in ReadMail(result.mail.raw).html_urls if "arxiv.org" not in url]
        assert sorted(own) == sorted(
            [
                links.url(Purpose.DIGEST, delivery.pk),
                links.url(Purpose.PREFERENCES, delivery.subscriber_id),
                links.url(Purpose.UNSUBSCRIBE, delivery.subscriber_id),
            ]
        )


def test_hostile_titles_are_shown_and_do_nothing() -> None:
    mail = hostile()
    assert "<script" not in mail.html
    assert "<script>alert(1)</script>?" in mail.visible
    assert "From here to there Bcc: evil@example.org" in mail.visible
    assert "%%BODY%% {{ title }} {% now %}" in mail.visible
    assert "and 1,315 more" in mail.visible
    assert 'dir="auto"' in mail.html


def test_a_digest_for_the_web_is_whole() -> None:
    papers = an_ordinary_day()
    delivery = delivery_to(reader())
    digest = digests.digest_for(delivery.subscriber, delivery.issue)
    assert sorted(digest.paper_ids) == sorted(paper.pk for paper in papers)
    assert [section.total for section in digest.sections] == [4, 3]


def test_a_preview_writes_files_and_no_rows(tmp_path: Path) -> None:
    an_ordinary_day()
    make.make_listing(TUESDAY, status=Listing.Status.READY, released_at=None)
    subscriber = reader()
    call_command("preview_digest", subscriber.address, date="2026-02-03", output=tmp_path / "out")
    mail = ReadMail((tmp_path / "out" / "digest.eml").read_bytes())
    assert (tmp_path / "out" / "digest.html").read_text() == mail.html
    assert (tmp_path / "out" / "digest.txt").read_text() == mail.text
    assert not Delivery.objects.exists()
    assert not Issue.objects.exists()


def test_a_paper_deleted_since_it_was_listed_is_left_out() -> None:
    papers = an_ordinary_day()
    papers[0].delete()
    mail = read(delivery_to(reader()))
    assert "6 papers for you of 6 announced" in mail.visible
    assert papers[0].arxiv_id not in mail.html


def test_a_preview_with_a_bad_date_says_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="yesterday"):
        call_command("preview_digest", "a@example.org", date="yesterday", output=tmp_path)


def test_a_preview_finds_a_reader_by_any_spelling_of_the_address(tmp_path: Path) -> None:
    an_ordinary_day()
    reader(address="Reader@example.org", identity="reader@xn--bcher-kva.example")
    call_command("preview_digest", "READER@bücher.example", date="2026-02-03", output=tmp_path)
    assert (tmp_path / "digest.eml").exists()


def test_a_preview_for_a_stranger_says_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"no subscriber has the address nobody@example\.org"):
        call_command("preview_digest", "nobody@example.org", date="2026-02-03", output=tmp_path)


def test_fragments_named_in_a_result_are_those_of_the_mail() -> None:
    an_ordinary_day()
    result = composed(delivery_to(reader()))
    assert result.mail is not None
    ids = [pk for pk in result.fragment_ids if pk > 0]
    rows = Fragment.objects.in_bulk(ids)
    body = b"".join(bytes(rows[pk].html) for pk in ids[:4])
    assert body in result.mail.raw
    assert Summary.objects.count() == 3

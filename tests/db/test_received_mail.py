"""A mail as a reader receives it, held to what is asked of a serious sender.

All that one message can show is asked of every mail: a daily and a weekly digest of real papers,
a digest of one line, digests in Chinese, Japanese and Korean, in TeX, in Hebrew and Arabic, one
with a paper of 1,323 authors, and a notice. `make mailcheck` asks other programs about them.
"""

from __future__ import annotations

import quopri
import re
from email.utils import parsedate_to_datetime
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from pytest_django import DjangoDbBlocker

from newsletter.compose.budget import MAX_DECODED, MAX_ENCODED
from newsletter.compose.plain import COLUMNS, width
from newsletter.signup import links
from newsletter.signup.links import Purpose
from tests.db.mail_reading import ReadMail
from tests.received import DIGESTS, NAMES, Received, receive
from tests.received.mails import MORNING, NEXT_MONDAY, SETTINGS
from tests.received.texts import COLLABORATION, TEX_HEAVY

pytestmark = pytest.mark.django_db  # or no database is made for the mails

ONCE = ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type")
LIST = ("List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID", "Precedence")
#: Where an encoded word may stand: unstructured text and display names (RFC 2047, 5).
WORDED = ("From", "Subject", "List-Id")
HOSTS = {"arxiv.org", "post.example.org"}
DOMAIN = "post.example.org"
# Gmail leaves out a style block that is longer.
LONGEST_STYLE = 8192

Mails = dict[str, Received]


@pytest.fixture(scope="module")
def mails(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Mails:
    with django_db_blocker.unblock():
        return receive()


@pytest.fixture(scope="module")
def read(mails: Mails) -> dict[str, ReadMail]:
    """Parsed, which a defect in any header or part would prevent."""
    return {name: ReadMail(mail.raw) for name, mail in mails.items()}


Read = dict[str, ReadMail]
every = pytest.mark.parametrize("name", NAMES)
every_digest = pytest.mark.parametrize("name", DIGESTS)


def head_of(mail: Received) -> bytes:
    return mail.raw.partition(b"\r\n\r\n")[0]


def unfolded(mail: Received) -> dict[str, str]:
    lines = re.sub(rb"\r\n[ \t]", b" ", head_of(mail)).decode("ascii").split("\r\n")
    return {line.partition(": ")[0]: line.partition(": ")[2] for line in lines}


# The bytes


@every
def test_it_is_ascii_in_lines_that_end_in_crlf(mails: Mails, name: str) -> None:
    raw = mails[name].raw
    assert raw.isascii()
    assert b"\x00" not in raw
    assert raw.endswith(b"\r\n")
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", raw)
    assert max(map(len, raw.split(b"\r\n"))) <= 998


@every
def test_a_header_line_is_long_only_where_it_cannot_be_folded(mails: Mails, name: str) -> None:
    for line in head_of(mails[name]).split(b"\r\n"):
        value = line.lstrip().partition(b": ")[2] or line.strip()
        assert len(line) <= 78 or b" " not in value, line


@every
def test_body_lines_are_short_and_no_server_would_change_them(mails: Mails, name: str) -> None:
    for line in mails[name].raw.partition(b"\r\n\r\n")[2].split(b"\r\n"):
        assert len(line) <= 76
        assert not line.endswith((b" ", b"\t"))
        assert not line.startswith((b".", b"From "))


@every
def test_what_arrived_is_what_composing_the_row_gives_again(mails: Mails, name: str) -> None:
    assert mails[name].raw == mails[name].again


# The headers


@every
def test_each_header_stands_once_and_none_is_unknown(mails: Mails, read: Read, name: str) -> None:
    names = read[name].message.keys()
    expected = [*ONCE, "Auto-Submitted", *(LIST if name in DIGESTS else ())]
    assert sorted(names) == sorted(expected)


@every
def test_the_sender_is_one_address_of_ours_and_the_envelope_is_aligned(
    mails: Mails, read: Read, name: str
) -> None:
    (sender,) = read[name].message["From"].addresses
    assert sender.addr_spec == SETTINGS["FROM_EMAIL"]
    assert sender.display_name == SETTINGS["SITE_NAME"]
    domain = mails[name].sender.rpartition("@")[2]
    assert domain == DOMAIN or domain.endswith(f".{DOMAIN}")


@every
def test_it_is_to_the_reader_alone(mails: Mails, read: Read, name: str) -> None:
    (reader,) = read[name].message["To"].addresses
    assert reader.addr_spec == mails[name].recipient


def test_an_international_domain_travels_as_an_a_label(mails: Mails) -> None:
    assert mails["rtl"].recipient == "Reader@xn--bcher-kva.example.net"
    assert unfolded(mails["rtl"])["To"] == "Reader@xn--bcher-kva.example.net"


@every
def test_the_date_is_that_of_the_sending(read: Read, name: str) -> None:
    date = parsedate_to_datetime(str(read[name].message["Date"]))
    assert date == (NEXT_MONDAY if name == "weekly" else MORNING).replace(microsecond=0)


@every
def test_the_message_id_is_the_rows_and_of_our_domain(mails: Mails, name: str) -> None:
    value = unfolded(mails[name])["Message-ID"]
    assert value == mails[name].message_id
    assert re.fullmatch(rf"<[0-9a-f]{{42}}@{re.escape(DOMAIN)}>", value)
    assert len({mail.message_id for mail in mails.values()}) == len(mails)


@every
def test_the_subject_says_what_it_is(read: Read, name: str) -> None:
    subject = str(read[name].message["Subject"])
    if name in DIGESTS:
        assert re.fullmatch(r"Preprint Post, [\w ]*February 2026: [\d,]+ papers?", subject)
    else:
        assert subject == "Please confirm: Preprint Post"


@every
def test_only_words_are_ever_encoded(mails: Mails, name: str) -> None:
    encoded = {header for header, value in unfolded(mails[name]).items() if "=?" in value}
    assert encoded <= set(WORDED)
    for value in unfolded(mails[name]).values():
        for address in re.findall(r"<([^>]*)>", value):
            assert "=?" not in address
            assert " " not in address


@every
def test_no_machine_answers_it(mails: Mails, name: str) -> None:
    assert unfolded(mails[name])["Auto-Submitted"] == "auto-generated"
    assert unfolded(mails[name]).get("Precedence") == ("bulk" if name in DIGESTS else None)


@every_digest
def test_the_list_is_that_of_the_rhythm(mails: Mails, name: str) -> None:
    rhythm = "weekly" if name == "weekly" else "daily"
    assert unfolded(mails[name])["List-Id"] == f"Preprint Post {rhythm} <{rhythm}.{DOMAIN}>"


@every_digest
def test_one_click_unsubscribing_is_one_address_left_whole(mails: Mails, name: str) -> None:
    mail = mails[name]
    url = mail.own_urls[Purpose.UNSUBSCRIBE]
    assert f"\r\nList-Unsubscribe: <{url}>\r\n".encode() in mail.raw
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in mail.raw
    assert url.startswith("https://")
    assert mail.recipient.partition("@")[0].lower() not in url.lower()


@every_digest
def test_the_unsubscribe_token_names_the_reader_and_does_nothing_else(
    mails: Mails, name: str
) -> None:
    token = mails[name].own_urls[Purpose.UNSUBSCRIBE].rstrip("/").rpartition("/")[2]
    assert links.read(Purpose.UNSUBSCRIBE, token) == mails[name].subscriber_id
    for purpose in set(Purpose) - {Purpose.UNSUBSCRIBE}:
        with pytest.raises(links.InvalidToken):
            links.read(purpose, token)


@every_digest
def test_feedback_is_counted_by_issue_and_says_nothing_of_the_reader(
    mails: Mails, name: str
) -> None:
    value = unfolded(mails[name])["Feedback-ID"]
    issue = "20260208:weekly" if name == "weekly" else "20260203:daily"
    assert value == f"{issue}:digest:preprintpost"
    assert re.fullmatch(r"([^:]+:){0,3}[a-z0-9]{5,15}", value)


# The parts


@every
def test_plain_text_comes_first_and_html_last(read: Read, name: str) -> None:
    message = read[name].message
    assert message.get_content_type() == "multipart/alternative"
    parts = list(message.iter_parts())
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    for part in parts:
        assert part.get_content_charset() == "utf-8"
        assert part["Content-Transfer-Encoding"] == "quoted-printable"
        assert part.keys() == ["Content-Type", "Content-Transfer-Encoding"]


@every
def test_the_encoding_is_strict_and_any_reader_decodes_the_same(
    mails: Mails, read: Read, name: str
) -> None:
    boundary = f"--{read[name].message.get_boundary()}".encode()
    _, *parts, end = mails[name].raw.split(boundary)
    assert end == b"--\r\n"
    for part, known in zip(parts, (read[name].text, read[name].html), strict=True):
        encoded = part.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n")
        assert not re.search(rb"=(?![0-9A-F]{2}|\r\n)", encoded)
        decoded = quopri.decodestring(encoded).decode("utf-8")
        assert decoded.replace("\r\n", "\n") == known
        assert "\ufffd" not in known
        assert not re.search(r"%%|\{\{|\{%|=3D|&amp;(lt|gt|amp|quot|#)", known)


@every_digest
def test_both_parts_show_every_paper_in_the_same_order(mails: Mails, read: Read, name: str) -> None:
    assert mails[name].papers
    flat = re.sub(r"\s", "", read[name].text)
    visible = re.sub(r"\s", "", read[name].visible)
    for words in (flat, visible):
        place = 0
        for paper in mails[name].papers:
            place = words.find(re.sub(r"\s", "", paper.title), place)
            assert place >= 0, paper.title


@every_digest
def test_both_parts_have_the_same_addresses_and_those_of_every_paper(
    mails: Mails, read: Read, name: str
) -> None:
    mail = mails[name]
    papers = {url for paper in mail.papers for url in paper.urls}
    assert read[name].text_urls == read[name].html_urls
    assert read[name].html_urls == papers | set(mail.own_urls.values())


def test_a_notice_has_no_address_in_html_that_its_text_has_not(mails: Mails, read: Read) -> None:
    confirm = mails["confirm"].own_urls[Purpose.CONFIRM]
    assert read["confirm"].html_urls == {confirm}
    assert confirm in read["confirm"].text.split("\n")


@every
def test_plain_text_keeps_to_72_columns_and_addresses_stand_alone_on_a_line(
    read: Read, name: str
) -> None:
    lines = read[name].text.split("\n")
    assert all(width(line) <= COLUMNS or line.strip().startswith("https://") for line in lines)
    assert read[name].html_urls <= {line.strip() for line in lines}
    assert len(lines) > 12


@every_digest
def test_unsubscribing_and_preferences_are_offered_in_both_parts(
    mails: Mails, read: Read, name: str
) -> None:
    for purpose in (Purpose.UNSUBSCRIBE, Purpose.PREFERENCES):
        url = mails[name].own_urls[purpose]
        assert (url, purpose.capitalize()) in read[name].links
        assert f"\n{purpose.capitalize()}:\n{url}\n" in read[name].text


@every
def test_the_postal_address_and_why_they_get_it_stand_in_both_parts(read: Read, name: str) -> None:
    for words in (read[name].visible, " ".join(read[name].text.split())):
        assert SETTINGS["POSTAL_ADDRESS"] in words
        assert re.search(r"You get this [^.]* because ", words)


# The HTML


@every
def test_it_is_shorter_than_what_gmail_clips_with_the_way_out_in_it(
    mails: Mails, read: Read, name: str
) -> None:
    encoded = read[name].encoded_html()
    assert len(read[name].html.encode()) <= MAX_DECODED
    assert len(encoded) <= MAX_ENCODED
    if name in DIGESTS:
        assert mails[name].own_urls[Purpose.UNSUBSCRIBE] in read[name].html


@every
def test_nothing_is_loaded_and_links_lead_to_arxiv_or_to_us(read: Read, name: str) -> None:
    tags = read[name].tags
    assert {tag for tag, _ in tags}.isdisjoint(
        {"img", "link", "script", "iframe", "object", "embed", "video", "audio", "form", "input"}
    )
    for _, attributes in tags:
        assert attributes.keys().isdisjoint({"src", "srcset", "background", "onclick", "onload"})
    assert not re.search(r"url\(|@import|@font-face", read[name].html)
    for url in read[name].html_urls:
        parts = urlsplit(url)
        assert (parts.scheme, parts.hostname in HOSTS, parts.query) == ("https", True, "")


@every
def test_it_has_a_language_a_direction_and_a_title(read: Read, name: str) -> None:
    (page,) = [attributes for tag, attributes in read[name].tags if tag == "html"]
    assert (page.get("lang"), page.get("dir")) == ("en", "ltr")
    title = re.search(r"<title>([^<]+)</title>", read[name].html)
    assert title is not None
    subject = str(read[name].message["Subject"])
    assert title[1] == (subject if name in DIGESTS else "Please confirm")


@every
def test_headings_are_in_order_and_tables_are_layout_only(read: Read, name: str) -> None:
    names = [tag for tag, _ in read[name].tags]
    levels = [int(tag[1]) for tag in names if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(lower <= upper + 1 for upper, lower in pairwise(levels))
    for tag, attributes in read[name].tags:
        if tag == "table":
            assert attributes.get("role") == "presentation"


@every
def test_links_say_where_they_lead_and_places_have_one_name(read: Read, name: str) -> None:
    for _, words in read[name].links:
        assert words.strip()
        assert words.strip().lower() not in {"here", "click here", "link", "read more", "more"}
    ids = [attributes["id"] for _, attributes in read[name].tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    jumps = {url[1:] for url, _ in read[name].links if url.startswith("#")}
    assert jumps <= set(ids)


@every_digest
def test_the_first_text_is_the_preheader_hidden_without_colour(read: Read, name: str) -> None:
    body = read[name].html.partition("<body")[2]
    hidden = re.search(r'<div style="([^"]*)">([^<]+)</div>', body)
    assert hidden is not None
    assert hidden[1] == "display:none;max-height:0;overflow:hidden;mso-hide:all"
    assert not re.sub(r"<[^>]*>", "", body[: hidden.start()].partition(">")[2]).strip()
    assert re.match(r"\d+ in .{8,}", hidden[2])
    assert len(hidden[2]) <= 200


@every
def test_both_colour_schemes_are_asked_for(read: Read, name: str) -> None:
    metas = {
        str(attributes.get("name")): attributes.get("content")
        for tag, attributes in read[name].tags
        if tag == "meta"
    }
    assert metas["color-scheme"] == metas["supported-color-schemes"] == "light dark"
    assert ":root{color-scheme:light dark" in read[name].html
    assert "@media (prefers-color-scheme:dark){" in read[name].html


@every
def test_without_its_stylesheet_each_word_still_has_its_style(read: Read, name: str) -> None:
    for tag, attributes in read[name].tags:
        if tag in {"a", "h1", "h2", "h3", "p", "li"}:
            assert attributes.get("style"), (tag, attributes)
        if tag == "a":
            assert "color:" in str(attributes["style"])


@every
def test_style_blocks_are_short_and_whole(read: Read, name: str) -> None:
    blocks = re.findall(r"<style[^>]*>(.*?)</style>", read[name].html, re.DOTALL)
    assert len(blocks) >= 2
    for block in blocks:
        assert len(block) < LONGEST_STYLE
        assert block.count("{") == block.count("}")
    assert read[name].html.count("<!--[if") == read[name].html.count("<![endif]-->")


# What each is there for


def test_a_weekly_digest_has_a_heading_for_each_day_and_a_daily_has_none(read: Read) -> None:
    days = ("Monday, 2 February 2026", "Tuesday, 3 February 2026")
    for day in days:
        assert f"\n{day}\n{'=' * COLUMNS}\n" in read["weekly"].text
    assert "=" * COLUMNS not in read["daily"].text


def test_a_digest_of_one_paper_speaks_in_the_singular(read: Read) -> None:
    assert "1 paper for you: 1 in astro-ph.IM." in read["minimal"].visible
    assert str(read["minimal"].message["Subject"]).endswith(": 1 paper")


def test_mathematics_is_readable_and_does_not_break_the_markup(read: Read) -> None:
    mail = read["tex"]
    assert "When is a&lt;b decided? Order in ℤ[√2] &amp; Its Cost" in mail.html
    assert "When is a<b decided? Order in ℤ[√2] & Its Cost" in mail.visible
    assert "Erdős-Nagy, Jürgen Müller, Łukasz Wiśniewski" in mail.text
    assert len(re.findall("<h3", mail.html)) == len(TEX_HEAVY) - 1
    for paper in mail.text.split("\n* ")[1:]:
        assert not re.search(r"\\[a-zA-Z]|\{|\}", paper.partition("total:")[0].rpartition("\n")[0])


def test_chinese_japanese_and_korean_stand_in_both_parts(read: Read) -> None:
    for words in (read["cjk"].visible, read["cjk"].text.replace("\n", "")):
        for word in ("面向低资源方言", "王小明", "主語", "한국어 형태소 분석기", "東京言語研究所"):
            assert word in words


def test_hebrew_and_arabic_titles_find_their_own_direction(mails: Mails, read: Read) -> None:
    mail = read["rtl"]
    turned = [a for tag, a in mail.tags if tag in {"h3", "p"} and a.get("dir") == "auto"]
    assert len(turned) >= len(mails["rtl"].papers)
    assert all("text-align:start" in str(attributes["style"]) for attributes in turned)
    # Nothing turns what comes after it: every isolate ends where it began.
    for words in (mail.html, mail.text):
        assert not re.search("[\u202a-\u202e\u2066\u2067]", words)
        assert re.sub("\u2068[^\u2068\u2069<]*\u2069", "", words).find("\u2068") == -1


def test_of_1323_authors_eight_are_named_and_the_rest_counted(read: Read) -> None:
    assert len(COLLABORATION) == 1323
    for words in (read["authors"].visible, " ".join(read["authors"].text.split())):
        assert "Ada Hansen and 1,315 more" in words
        assert COLLABORATION[8] not in words
        assert "40 GeV" in words

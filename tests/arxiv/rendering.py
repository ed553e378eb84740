"""The world in the shapes that arXiv's servers give it: feeds, pages, answers of the API."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from email.utils import format_datetime
from html import escape as escape_html
from xml.sax.saxutils import escape

from digest.arxiv import taxonomy
from digest.arxiv.calendar import at
from tests.arxiv.world import Told, WorldPaper

_SPACES = 'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
_HEADINGS = {"new": "New", "cross": "Cross", "replace": "Replacement"}
_MIDNIGHT = dt.time()
CAPTCHA = b"<!DOCTYPE html><html><head><title>Automated Access Detected</title></head></html>"


def atom(category: str, date: dt.date, told: Iterable[Told], now: dt.datetime) -> bytes:
    published = _rfc3339(date)
    entries = "".join(
        f"<entry><id>oai:arXiv.org:{one.paper.arxiv_id}v{one.version}</id>"
        f"<title>{escape(one.paper.title)}</title><updated>{now.isoformat()}</updated>"
        f'<link href="https://arxiv.org/abs/{one.paper.arxiv_id}" rel="alternate"/>'
        f"<summary>{_summary(one)}</summary>"
        + "".join(f'<category term="{code}"/>' for code in one.paper.categories)
        + f"<published>{published}</published>{_announced(one)}</entry>"
        for one in told
    )
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        f'<feed {_SPACES}xmlns="http://www.w3.org/2005/Atom" xml:lang="en-us">'
        f"<id>http://rss.arxiv.org/atom/{category}</id>"
        f"<title>{category} updates on arXiv.org</title><updated>{now.isoformat()}</updated>"
        f"{entries}</feed>"
    ).encode()


def rss(category: str, date: dt.date, told: Iterable[Told], now: dt.datetime) -> bytes:
    published = format_datetime(at(date, _MIDNIGHT))
    items = "".join(
        f"<item><title>{escape(one.paper.title)}</title>"
        f"<link>https://arxiv.org/abs/{one.paper.arxiv_id}</link>"
        f"<description>{_summary(one)}</description>"
        f'<guid isPermaLink="false">oai:arXiv.org:{one.paper.arxiv_id}v{one.version}</guid>'
        + "".join(f"<category>{code}</category>" for code in one.paper.categories)
        + f"<pubDate>{published}</pubDate>{_announced(one)}</item>"
        for one in told
    )
    return (
        f"<?xml version='1.0' encoding='UTF-8'?>\n<rss {_SPACES}version=\"2.0\"><channel>"
        f"<title>{category} updates on arXiv.org</title>"
        f"<link>http://rss.arxiv.org/rss/{category}</link>"
        f"<lastBuildDate>{format_datetime(now)}</lastBuildDate><pubDate>{published}</pubDate>"
        f"<skipDays><day>Sunday</day><day>Saturday</day></skipDays>{items}</channel></rss>"
    ).encode()


def new_page(category: str, date: dt.date, told: Sequence[Told]) -> bytes:
    heading = f"<h3>Showing new listings for {date:%A}, {date.day} {date:%B %Y}</h3>"
    links = f'<p>See <a id="recent-{category}" href="/list/{category}/recent">recent</a></p>'
    nothing = "<p>No updates today.</p>"
    return _page(f"<h1>{_name(category)}</h1>{links}{heading}{_sections(told) or nothing}")


def catchup_page(
    category: str, date: dt.date, told: Sequence[Told], following: dt.date | None
) -> bytes:
    day = f"{date:%a}, {date:%d} {date:%b %Y}"
    heading = f"<h1>Catchup results for {_name(category)} ({category}) on {day}</h1>"
    onward = (
        f'<a href="/catchup/{category}/{following}?abs=True&amp;page=1">Continue catchup</a>'
        if following
        else ""
    )
    nothing = f"<div><p>No updates for {day}</p></div>"
    total = f"<div>Total of {len(told)} entries {onward}</div>"
    return _page(f"{heading}{total}{_sections(told) or nothing}")


def api(papers: Sequence[WorldPaper], total: int, start: int, now: dt.datetime) -> bytes:
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/{paper.arxiv_id}v1</id>"
        f"<title>{escape(paper.title)}</title><updated>{_z(paper.submitted)}</updated>"
        f"<summary>  {escape(paper.abstract)}\n</summary>"
        + "".join(f'<category term="{code}"/>' for code in paper.categories)
        + f"<published>{_z(paper.submitted)}</published>"
        f"<arxiv:comment>{escape(paper.comments)}</arxiv:comment>"
        f'<arxiv:primary_category term="{paper.categories[0]}"/>'
        + "".join(f"<author><name>{escape(name)}</name></author>" for name in paper.authors)
        + "</entry>"
        for paper in papers
    )
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" '
        'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">'
        f"<id>https://arxiv.org/api/x</id><title>arXiv Query</title><updated>{_z(now)}</updated>"
        f"<opensearch:totalResults>{total}</opensearch:totalResults>"
        f"<opensearch:startIndex>{start}</opensearch:startIndex>{entries}</feed>"
    ).encode()


def _summary(one: Told) -> str:
    return escape(
        f"arXiv:{one.paper.arxiv_id}v{one.version} Announce Type: {one.announce_type} \n"
        f"Abstract: {one.paper.abstract}"
    )


def _announced(one: Told) -> str:
    creators = escape(", ".join(tex for _, tex in one.paper.names))
    return (
        f"<arxiv:announce_type>{one.announce_type}</arxiv:announce_type>"
        f"<dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights>"
        f"<dc:creator>{creators}</dc:creator>"
    )


def _sections(told: Sequence[Told]) -> str:
    made = ""
    for kind, heading in _HEADINGS.items():
        held = [one for one in told if one.announce_type.partition("-cross")[0] == kind]
        if held:
            count = f"(showing {len(held)} of {len(held)} entries)"
            rows = "".join(map(_row, held))
            made += f"<dl id='articles'><h3>{heading} submissions {count}</h3>{rows}</dl>"
    return made


def _row(one: Told) -> str:
    paper = one.paper
    subjects = [f"{_name(code)} ({code})" for code in paper.categories]
    return (
        f'<dt><a name=\'item\'>[1]</a> <a href ="/abs/{paper.arxiv_id}" title="Abstract">'
        f"\n arXiv:{paper.arxiv_id}\n </a>"
        f'[<a href="https://arxiv.org/html/{paper.arxiv_id}v{one.version}">html</a>]</dt>'
        "<dd><div class='meta'><div class='list-title mathjax'>"
        f"<span class='descriptor'>Title:</span>\n {escape_html(paper.title)}\n</div>"
        "<div class='list-authors'>"
        + ", ".join(f'<a href="#">{escape_html(name)}</a>' for name in paper.authors)
        + "</div><div class='list-comments mathjax'><span class='descriptor'>Comments:</span>"
        f" {escape_html(paper.comments)}</div>"
        "<div class='list-subjects'><span class='descriptor'>Subjects:</span> "
        f'<span class="primary-subject">{subjects[0]}</span>{"; ".join(["", *subjects[1:]])}</div>'
        f"<p class='mathjax'>\n {escape_html(paper.abstract)}\n</p></div></dd>"
    )


def _page(content: str) -> bytes:
    return f"<!DOCTYPE html>\n<html lang='en'><body>{content}</body></html>".encode()


def _name(category: str) -> str:
    return taxonomy.CATEGORIES[category].name


def _rfc3339(date: dt.date) -> str:
    hours = (dt.datetime.combine(date, _MIDNIGHT, dt.UTC) - at(date, _MIDNIGHT)) / dt.timedelta(
        hours=1
    )
    return f"{date}T00:00:00{hours:+03.0f}:00"


def _z(instant: dt.datetime) -> str:
    return instant.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

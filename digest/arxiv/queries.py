"""The addresses of arXiv's sources.

https://info.arxiv.org/help/rss.html, https://info.arxiv.org/help/api/user-manual.html
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from urllib.parse import quote, urlencode

#: As many identifiers, or results, as one question to the API asks for.
MOST_IDS = 100
MOST_RESULTS = 200


def atom_url(base: str, category: str) -> str:
    return f"{base}/atom/{quote(category)}"


def rss_url(base: str, category: str) -> str:
    return f"{base}/rss/{quote(category)}"


def list_url(base: str, category: str) -> str:
    """Without ``skip`` and ``show``, which may take away the date."""
    return f"{base}/list/{quote(category)}/new"


def catchup_url(base: str, category: str, date: dt.date, page: int = 1) -> str:
    """With abstracts; 2,000 entries a page."""
    asked = {"abs": "True"} | ({"page": str(page)} if page > 1 else {})
    return f"{base}/catchup/{quote(category)}/{date.isoformat()}?{urlencode(asked)}"


def ids_url(base: str, arxiv_ids: Sequence[str]) -> str:
    """Papers by identifier, at most MOST_IDS."""
    if not arxiv_ids:
        raise ValueError("no identifiers to ask for")
    if len(arxiv_ids) > MOST_IDS:
        raise ValueError(f"{len(arxiv_ids)} identifiers at once, at most {MOST_IDS} are asked for")
    asked = {"id_list": ",".join(arxiv_ids), "max_results": str(len(arxiv_ids))}
    return f"{base}/api/query?{urlencode(asked, safe=',/')}"


def window_url(
    base: str, category: str, first: dt.datetime, last: dt.datetime, start: int = 0
) -> str:
    """Papers of a category whose first version was submitted between two instants."""
    query = f"cat:{category} AND submittedDate:[{_minute(first)} TO {_minute(last)}]"
    asked = {
        "search_query": query,
        "start": str(start),
        "max_results": str(MOST_RESULTS),
        "sortBy": "submittedDate",
        "sortOrder": "ascending",
    }
    return f"{base}/api/query?{urlencode(asked)}"


def _minute(instant: dt.datetime) -> str:
    """In GMT, as the API reads it."""
    if instant.tzinfo is None:
        raise ValueError(f"a time without a time zone: {instant}")
    return instant.astimezone(dt.UTC).strftime("%Y%m%d%H%M")

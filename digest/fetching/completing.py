"""Papers without an abstract, completed by the API: those of documents, and of poor pages."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone

from digest.arxiv import api, queries
from digest.arxiv.listing import FeedError
from digest.fetching import asking, client
from digest.fetching.client import Arxiv, Hosts
from digest.fetching.errors import FetchError
from digest.ingesting import ingest
from digest.models import Listing, Paper

#: What arXiv did not know is not asked for again before.
AGAIN = dt.timedelta(days=7)


@dataclass(slots=True)
class Completed:
    """``unknown`` names the papers that arXiv left out, ``error`` says why it ended early."""

    asked: int = 0
    completed: int = 0
    unknown: list[str] = field(default_factory=list)
    error: str = ""


def complete_papers(
    limit: int = 500, *, hosts: Hosts | None = None, interval: dt.timedelta | None = None
) -> Completed:
    """Asks for at most so many papers, the latest first."""
    done = Completed()
    lacking = Q(asked_at=None) | Q(asked_at__lte=timezone.now() - AGAIN)
    papers = Paper.objects.filter(lacking, abstract="").order_by("-pk")
    ids = list(papers.values_list("arxiv_id", flat=True)[:limit])
    if not ids:
        return done
    with client.connect(hosts, interval) as arxiv:
        for place in range(0, len(ids), queries.MOST_IDS):
            try:
                _complete(arxiv, ids[place : place + queries.MOST_IDS], done)
            except FetchError as error:
                done.error = str(error)
                break
    return done


def _complete(arxiv: Arxiv, ids: list[str], done: Completed) -> None:
    """One that arXiv cannot read spoils the answer for all, so the halves are asked then.

    Raises FetchError where asking on would be of no use.
    """
    try:
        parsed = api.parse(asking.get(arxiv, queries.ids_url(arxiv.hosts.api, ids)))
        ingest(parsed)
    except FetchError as error:
        if not error.final:
            raise
        if len(ids) > 1:
            _complete(arxiv, ids[: len(ids) // 2], done)
            _complete(arxiv, ids[len(ids) // 2 :], done)
            return
    except FeedError as error:
        raise FetchError(str(error)) from error
    papers = Paper.objects.filter(arxiv_id__in=ids)
    papers.update(asked_at=timezone.now())
    without = set(papers.filter(abstract="").values_list("arxiv_id", flat=True))
    done.asked += len(ids)
    done.completed += len(ids) - len(without)
    done.unknown += [arxiv_id for arxiv_id in ids if arxiv_id in without]
    _match_again([arxiv_id for arxiv_id in ids if arxiv_id not in without])


def _match_again(ids: list[str]) -> None:
    """Sections may find in the abstract what they did not find in the title."""
    listings = Listing.objects.filter(announcements__paper__arxiv_id__in=ids)
    dates = list(listings.exclude(status=Listing.Status.RELEASED).values_list("date", flat=True))
    Listing.objects.filter(date__in=dates).update(matched_to=0)

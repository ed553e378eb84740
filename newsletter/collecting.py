"""What beat asks of arXiv: of all categories that the house or any reader follows, in pieces.

It lies beside subscriptions, for they name categories too; what it calls is digest's.
"""

from __future__ import annotations

import datetime as dt

from digest import almanac, covering, fetching, pacing
from digest.arxiv import calendar
from digest.fetching import answers, backfilling, completing, reconciling
from digest.fetching.completing import Completed
from digest.fetching.listings import FetchReport
from digest.fetching.reconciling import Reconciled
from digest.sections.building import build_news
from newsletter import followed

# No task runs for longer than this and one request; a chain of them does the rest.
SECONDS = 120.0
#: A category is not asked for again before, whoever else has just asked.
AGAIN = dt.timedelta(minutes=10)
_MOST_PAPERS = 500
_NOTHING = FetchReport(())


def categories() -> list[str]:
    """All that are fetched: the settings', the house's and the readers'."""
    return fetching.followed_categories(followed.subscribed_categories())


def fetch_today(now: dt.datetime) -> FetchReport:
    """What today's listing lacks; on a day without one, only that it has none is kept."""
    today, codes = calendar.today(now), categories()
    covering.expect(today, codes, calendar=almanac.current())
    lacking = _lacking(today, codes)
    if not lacking or pacing.blocked(now):
        return _NOTHING
    return fetching.fetch_listing(today, lacking, again_after=AGAIN, seconds=SECONDS)


def back_fill(now: dt.datetime) -> FetchReport:
    """What is not whole of the days before, each part again after some hours."""
    parts = backfilling.due(now, categories())
    if not parts or pacing.blocked(now):
        return _NOTHING
    report = fetching.fetch_parts(parts, again_after=backfilling.AGAIN, seconds=SECONDS)
    for date in report.brought:
        build_news(date)  # what beat builds by itself goes back a week only
    return report


def reconcile(now: dt.datetime) -> Reconciled:
    """What is whole by its feeds against the pages; whatever lacks is fetched first."""
    if covering.is_being_fetched(calendar.today(now)) or pacing.blocked(now):
        return Reconciled()
    parts = reconciling.due(now)
    return reconciling.reconcile(parts, seconds=SECONDS) if parts else Reconciled()


def complete(now: dt.datetime) -> Completed:
    answers.prune(now)
    return Completed() if pacing.blocked(now) else completing.complete_papers(_MOST_PAPERS)


def _lacking(date: dt.date, codes: list[str]) -> list[str]:
    whole = covering.whole(date)
    return [code for code in codes if code not in whole]

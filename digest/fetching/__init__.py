"""HTTP to arXiv with manners, and what is fetched by it."""

from digest.fetching.asking import get
from digest.fetching.client import Hosts, connect, user_agent
from digest.fetching.errors import FetchError, NotAsked
from digest.fetching.followed import followed_categories
from digest.fetching.listings import FetchReport, fetch_listing, fetch_parts
from digest.fetching.rounds import Fetched

__all__ = [
    "FetchError",
    "FetchReport",
    "Fetched",
    "Hosts",
    "NotAsked",
    "connect",
    "fetch_listing",
    "fetch_parts",
    "followed_categories",
    "get",
    "user_agent",
]

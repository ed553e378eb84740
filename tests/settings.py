"""The project's settings, read in an environment made for tests.

pytest-django reads the settings before any conftest, so the environment is made here.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

from tests import postgresql

_SETTINGS = (
    "SECRET_KEY_FALLBACKS DEBUG SITE_NAME SITE_URL ALLOWED_HOSTS PROXIES ARXIV_CATEGORIES "
    "RELEASE_DEADLINE CONTACT ARXIV_BASE_URL ANSWERS_KEPT_DAYS LLM_BASE_URL LLM_API_KEY LLM_MODEL "
    "AUTO_APPROVE LLM_CONCURRENCY LLM_TIMEOUT LLM_REQUESTS_PER_MINUTE LLM_DAILY_CALLS "
    "LLM_DAILY_TOKENS LLM_DAILY_COST LLM_PRICE_INPUT LLM_PRICE_OUTPUT FIRST_PAGES_PER_DAY "
    "LOGIN_FAILURES LOGIN_LOCKED_MINUTES EMAIL_URL FROM_EMAIL ADMIN_EMAIL BOUNCE_DOMAIN "
    "REDIS_URL LOG_LEVEL UNCERTAIN_MAILS DKIM_KEY DKIM_SELECTOR DKIM_DOMAIN BOUNCES_URL "
    "REPORTS_KEPT_DAYS DELIVERY_MAX_AGE_HOURS DOMAIN_RATES PAUSE_AFTER_FAILURES "
    "DELIVERIES_KEPT_DAYS"
)
# Empty means "not set", and keeps a developer's .env out.
os.environ.update(dict.fromkeys(_SETTINGS.split(), ""))
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="preprint-post-tests-")
atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
os.environ["SECRET_KEY"] = "only for tests, and long enough that nobody complains about it"
os.environ["POSTAL_ADDRESS"] = "1 Test Street, Testville"
os.environ["DATABASE_URL"] = postgresql.url_for_tests()

from newsletter.settings import *  # noqa: E402, F403

# Passwords of tests need no guarding, and a good hash takes its time on purpose.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

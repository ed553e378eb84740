"""Django's settings, all of them from the environment; docs/operating.md explains each."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit

import dj_database_url
import django_stubs_ext
import environ
from django.core.exceptions import ImproperlyConfigured

from newsletter import admin_site, broker, env

# Django's generic classes can be subscripted (ModelAdmin[Delivery]) only after this.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
environ.Env.read_env(BASE_DIR / ".env")

DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / "var"))).absolute()
DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = env.kept_secret("SECRET_KEY", DATA_DIR / "secret_key")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")

# What it is called and where it stands
SITE_NAME = env.text("SITE_NAME", "Preprint Post")
SITE_URL = env.web_address("SITE_URL", "http://127.0.0.1:8000")
SITE_HOST = urlsplit(SITE_URL).hostname or "localhost"
# Health checks come from the machine itself, whatever the site is called.
ALLOWED_HOSTS = [*(env.words("ALLOWED_HOSTS") or [SITE_HOST]), "localhost", "127.0.0.1", "[::1]"]

# arXiv
ARXIV_CATEGORIES = env.words("ARXIV_CATEGORIES", "cs,stat")
RELEASE_DEADLINE = env.wall_time("RELEASE_DEADLINE", "01:00")
CONTACT = env.text("CONTACT")
ARXIV_BASE_URL = env.secure_address("ARXIV_BASE_URL")
ANSWERS_KEPT_DAYS = env.number("ANSWERS_KEPT_DAYS", 14)

# Summaries
LLM_BASE_URL = env.own_address("LLM_BASE_URL")
LLM_API_KEY = env.printable("LLM_API_KEY")
LLM_MODEL = env.text("LLM_MODEL")
AUTO_APPROVE = env.flag("AUTO_APPROVE", default=True)
LLM_CONCURRENCY = env.number("LLM_CONCURRENCY", 2, least=1)
LLM_TIMEOUT = env.number("LLM_TIMEOUT", 60, least=1)  # seconds
LLM_REQUESTS_PER_MINUTE = env.number("LLM_REQUESTS_PER_MINUTE", 0)
# A day's budget; 0 is no limit. Prices are for a million tokens.
LLM_DAILY_CALLS = env.number("LLM_DAILY_CALLS", 2000)
LLM_DAILY_TOKENS = env.number("LLM_DAILY_TOKENS", 0)
LLM_DAILY_COST = env.amount("LLM_DAILY_COST", "0")
LLM_PRICE_INPUT = env.amount("LLM_PRICE_INPUT", "0")
LLM_PRICE_OUTPUT = env.amount("LLM_PRICE_OUTPUT", "0")
# Page one of so many papers a day is read for institutions and for the guard; 0 for none.
FIRST_PAGES_PER_DAY = env.number("FIRST_PAGES_PER_DAY", 100)

# Mail
EMAIL_URL = env.text("EMAIL_URL", f"outbox://{DATA_DIR / 'outbox'}")
FROM_EMAIL = env.text("FROM_EMAIL", f"digest@{env.mail_domain(SITE_HOST)}")
ADMIN_EMAIL = env.text("ADMIN_EMAIL")
POSTAL_ADDRESS = env.text("POSTAL_ADDRESS")
# Returned mails: the return path's domain, where they lie, how long reports are kept as they came.
BOUNCE_DOMAIN = env.text("BOUNCE_DOMAIN")
# Whether a mail of which nobody knows if it was taken is sent again, or held for the operator.
UNCERTAIN_MAILS = env.choice("UNCERTAIN_MAILS", ("again", "hold"))
# Without a key the relay signs. A variable on one line holds the key's lines as \n.
DKIM_KEY = env.text("DKIM_KEY").replace("\\n", "\n")
DKIM_SELECTOR = env.text("DKIM_SELECTOR")
DKIM_DOMAIN = env.text("DKIM_DOMAIN")
BOUNCES_URL = env.text("BOUNCES_URL")
REPORTS_KEPT_DAYS = env.number("REPORTS_KEPT_DAYS", 30)
# Read by newsletter.delivery.rates.
DOMAIN_RATES = env.text("DOMAIN_RATES")
PAUSE_AFTER_FAILURES = env.number("PAUSE_AFTER_FAILURES", 20, least=1)
DELIVERIES_KEPT_DAYS = env.number("DELIVERIES_KEPT_DAYS", 90, least=1)
DEFAULT_FROM_EMAIL = FROM_EMAIL
# What could not be sent so many hours after it was due is not sent; 0 is no limit.
DELIVERY_MAX_AGE_HOURS = env.number("DELIVERY_MAX_AGE_HOURS", 0, most=8760)
# An ESP's keys, such as ANYMAIL_POSTMARK_SERVER_TOKEN.
ANYMAIL = env.with_prefix("ANYMAIL_")

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "anymail",
    "axes",
    "django_htmx",
    "simple_history",
    "digest",
    "newsletter",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]

ROOT_URLCONF = "newsletter.urls"
WSGI_APPLICATION = "newsletter.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "newsletter.site.context",
            ],
        },
    },
]

# The database: SQLite needs WAL and IMMEDIATE, or concurrent workers meet "database is locked".
_SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA busy_timeout=20000;"
        "PRAGMA foreign_keys=ON;PRAGMA mmap_size=134217728;PRAGMA cache_size=-20000;"
    ),
}
DATABASE_URL = env.text("DATABASE_URL", f"sqlite:///{quote(str(DATA_DIR / 'newsletter.sqlite3'))}")
try:
    DATABASES = {"default": dict(dj_database_url.parse(DATABASE_URL, conn_max_age=60))}
except (dj_database_url.ParseError, dj_database_url.UnknownSchemeError, ValueError) as error:
    raise ImproperlyConfigured(f"DATABASE_URL: {error}") from error
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = _SQLITE_OPTIONS
    env.make_folder(DATA_DIR)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Celery: the rows are the truth, messages are only hints, so nothing here needs to be durable.
REDIS_URL = env.text("REDIS_URL")
CELERY_BROKER_URL = broker.broker_url(REDIS_URL, DATA_DIR)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
# A queue of their own for deliveries, so that a long send delays nothing else.
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {"newsletter.tasks.send_due": {"queue": "mail"}}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A task that hangs frees its worker; far longer than any claim or chunk takes.
CELERY_TASK_TIME_LIMIT = 900
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "run" / "beat-schedule")

LANGUAGE_CODE = "en-gb"
FORMAT_MODULE_PATH = ["newsletter.formats"]
TIME_ZONE = "UTC"
USE_TZ = True

LOGIN_URL = "curation_login"
LOGIN_REDIRECT_URL = "curation"
LOGOUT_REDIRECT_URL = "curation_login"

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Files are read from the apps at start, so that no copying step stands before the first page.
WHITENOISE_USE_FINDERS = True

# Web: https in SITE_URL means that a proxy in front ends TLS and says so in X-Forwarded-Proto.
_HTTPS = SITE_URL.startswith("https://")
PROXIES = env.number("PROXIES", 1 if _HTTPS else 0)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _HTTPS else None
SECURE_SSL_REDIRECT = _HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _HTTPS
SECURE_HSTS_PRELOAD = _HTTPS
SESSION_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_SECURE = _HTTPS
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_REFERRER_POLICY = "same-origin"

# After so many failed log-ins in a row a name is locked out from an address for a while.
AXES_FAILURE_LIMIT = env.number("LOGIN_FAILURES", 5, least=1)
AXES_COOLOFF_TIME = timedelta(minutes=env.number("LOGIN_LOCKED_MINUTES", 30, least=1))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "digest.curation.entry.locked"
AXES_CLIENT_IP_CALLABLE = "newsletter.signup.evidence.network_address"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.log_level("LOG_LEVEL", "INFO")},
    "loggers": {
        name: {"level": "WARNING"} for name in ("httpx", "httpx2", "openai", "axes", "flufl.bounce")
    },
}

UNFOLD = {**admin_site.UNFOLD, "SITE_TITLE": SITE_NAME, "SITE_HEADER": SITE_NAME}

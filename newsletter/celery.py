"""Celery's application and the beat of the day, as data.

Every task is one service call that does nothing when there is nothing to do, so none of the times
below has to be met: a tick that is missed is made good by the next.
"""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsletter.settings")

app = Celery("newsletter")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

EVERY_MINUTE = crontab()
# A hint that has waited longer than its next tick is of no use.
_MINUTE = {"expires": 55}

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    # Twice an hour; without a request while the day's listing is whole, or when there is none.
    "fetch": {"task": "newsletter.tasks.fetch", "schedule": crontab(minute="10,40")},
    # Past days that are not whole, and today's against arXiv's pages; mostly nothing to ask.
    "back_fill": {"task": "newsletter.tasks.back_fill", "schedule": crontab(minute="25,55")},
    "reconcile": {"task": "newsletter.tasks.reconcile", "schedule": crontab(minute="20,50")},
    "complete": {
        "task": "newsletter.tasks.complete",
        "schedule": crontab(minute=35, hour="6,18"),
    },
    "build": {"task": "digest.tasks.build", "schedule": crontab(minute="*/10")},
    "summarize": {"task": "digest.tasks.summarize", "schedule": crontab(minute="*/10")},
    "read_pages": {"task": "digest.tasks.read_pages", "schedule": crontab(minute="5,15,45")},
    "release": {
        "task": "digest.tasks.release_due",
        "schedule": EVERY_MINUTE,
        "options": _MINUTE,
    },
    "plan": {"task": "newsletter.tasks.plan", "schedule": EVERY_MINUTE, "options": _MINUTE},
    "notices": {
        "task": "newsletter.tasks.send_notices",
        "schedule": EVERY_MINUTE,
        "options": _MINUTE,
    },
    "send": {"task": "newsletter.tasks.dispatch", "schedule": EVERY_MINUTE, "options": _MINUTE},
    "resume": {"task": "newsletter.tasks.resume", "schedule": EVERY_MINUTE, "options": _MINUTE},
    "sweep": {"task": "newsletter.tasks.sweep", "schedule": EVERY_MINUTE, "options": _MINUTE},
    "fetch_bounces": {
        "task": "newsletter.tasks.fetch_bounces",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 290},
    },
    # At an hour at which few readers get their mail.
    "forget": {"task": "newsletter.tasks.forget", "schedule": crontab(minute=45, hour=2)},
}
app.conf.beat_schedule = BEAT_SCHEDULE

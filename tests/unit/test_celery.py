"""Celery's application and the beat of the day."""

from __future__ import annotations

from celery.app.utils import find_app

from newsletter.celery import BEAT_SCHEDULE, app


def test_celery_finds_the_application_by_the_projects_name() -> None:
    assert find_app("newsletter") is app


def test_every_tick_names_a_task_that_exists() -> None:
    app.loader.import_default_modules()
    assert {entry["task"] for entry in BEAT_SCHEDULE.values()} <= set(app.tasks)


def test_the_whole_way_is_on_the_beat() -> None:
    assert list(BEAT_SCHEDULE) == [
        "fetch",
        "back_fill",
        "reconcile",
        "complete",
        "build",
        "summarize",
        "read_pages",
        "release",
        "plan",
        "notices",
        "send",
        "resume",
        "sweep",
        "fetch_bounces",
        "forget",
    ]


def test_due_mail_is_looked_for_every_minute() -> None:
    assert BEAT_SCHEDULE["send"]["schedule"].minute == set(range(60))

"""Everything on one machine: web, worker with beat, and a private broker."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from newsletter import first_admin, serving


class Command(BaseCommand):
    help = "Run web, worker, beat and a private broker on this machine. Ctrl-C ends all of them."
    # The children check the system themselves; here it would only cost time.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=_port, default=8000, help="default: 8000")
        parser.add_argument("--bind", default="127.0.0.1", help="default: 127.0.0.1")
        parser.add_argument("--prepare", action="store_true", help="run `prepare` first")
        parser.add_argument("--no-sample", action="store_true", help="passed on to `prepare`")
        parser.add_argument("--feeds", metavar="DIR", help="passed on to `prepare`")

    def handle(self, *args: Any, **options: Any) -> None:
        place = serving.Place(
            code=settings.BASE_DIR,
            data=settings.DATA_DIR,
            bind=options["bind"],
            port=options["port"],
            redis_url=settings.REDIS_URL,
        )
        try:
            with serving.only_one(place.data):
                serving.check_port(place.bind, place.port)
                self._prepare(options)
                self._serve(place)
        except serving.CannotServeError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")

    def _prepare(self, options: dict[str, Any]) -> None:
        if options["prepare"]:
            call_command("prepare", no_sample=options["no_sample"], feeds=options["feeds"])
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        connection.close()
        if waiting:
            raise CommandError(
                f"the database lacks {len(waiting)} migrations; run `manage.py migrate` first "
                "(`make run` does it by itself)"
            )

    def _serve(self, place: serving.Place) -> None:
        environment = serving.environment(place.local_address)
        supervisor = serving.Supervisor(place, environment, self._say)
        supervisor.run(lambda: self._welcome(place, environment["SITE_URL"].rstrip("/")))
        self.stdout.write("Stopped.")

    def _welcome(self, place: serving.Place, site: str) -> None:
        password = first_admin.valid_password(place.data)
        connection.close()
        admin = f"user {first_admin.NAME}, password {password}" if password else ""
        pages = [("Sign-up", "/", ""), ("Archive", "/archive/", ""), ("Admin", "/admin/", admin)]
        if settings.EMAIL_URL.startswith("outbox:"):
            pages.insert(1, ("Outbox", "/outbox/", ""))
        lines = [f"  {name:9} {site}{path}   {note}".rstrip() for name, path, note in pages]
        self._say("\n".join([f"\n{settings.SITE_NAME} is running. Ctrl-C ends it.\n", *lines, ""]))

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _port(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 65535:
        raise ValueError(text)
    return number

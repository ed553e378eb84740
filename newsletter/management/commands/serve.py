"""Everything on one machine: web, worker with beat, and a private broker."""

from __future__ import annotations

from argparse import ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from newsletter import checks, first_admin, processes, serving


class Command(BaseCommand):
    help = "Run web, worker, beat and a private broker on this machine. Ctrl-C ends all of them."
    # All of Django's would only cost time; the settings' own are looked at below.
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
        if faults := checks.faults():
            raise CommandError("\n".join(faults))
        try:
            with serving.only_one(place.data):
                # They may hold the port, and nothing may work on a database while it is migrated.
                for name in processes.end_leftovers(place.data):
                    self._say(f"{name} was left over from an earlier run; ended")
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
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise ArgumentTypeError(f"a port is a number from 1 to 65535, not {text!r}")
    return int(text)

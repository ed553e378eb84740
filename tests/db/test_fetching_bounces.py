"""Fetching returned mail: from a Maildir, a mailbox, a pipe and files; nothing is lost."""

from __future__ import annotations

import datetime as dt
import io
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DataError, OperationalError

from newsletter import tasks
from newsletter.compose import return_path
from newsletter.delivery.returned import fetching, filing, sources
from newsletter.delivery.returned.filing import Filed
from newsletter.delivery.returned.maildir import Maildir
from newsletter.delivery.returned.sources import ImapUrl, MaildirUrl, NotReadable
from newsletter.models import Bounce, Complaint, Notice, Suppression
from newsletter.signup.links import Purpose
from tests.db.mailing import NOON
from tests.make import make_subscriber

pytestmark = pytest.mark.django_db
CORPUS = Path(__file__).resolve().parents[1] / "fixtures" / "bounces"
DAY = dt.timedelta(days=1)


def raw_bounce(number: int = 0) -> bytes:
    """A hard bounce of one more reader."""
    reader = make_subscriber(f"reader{number}@example.net")
    notice = Notice.objects.create(
        kind="link", address=reader.address, fingerprint=reader.fingerprint, subscriber=reader,
        due_at=NOON, next_attempt_at=NOON, expires_at=NOON,
    )  # fmt: skip
    token = return_path.token(Purpose.RETURNED_NOTICE, notice.pk)
    raw = (CORPUS / "postfix_user_unknown.eml").read_bytes()
    return raw.replace(b"00000000002f3c9e8d41b73c9e8d41b73c9e8d41b7", token.encode())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    return tmp_path


def put(folder: Path, number: int, raw: bytes = b"") -> None:
    (folder / "new" / f"17701020{number:02d}.M1P1.host").write_bytes(raw or raw_bounce(number))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "new").iterdir()) + sorted(
        path.name for path in (folder / "cur").iterdir()
    )


def test_what_lies_in_a_maildir_is_filed_and_marked_as_seen(folder: Path) -> None:
    put(folder, 1)
    put(folder, 2)
    assert fetching.fetch(Maildir(folder), NOON) == Filed(2, bounces=2)
    assert names(folder) == ["1770102001.M1P1.host:2,S", "1770102002.M1P1.host:2,S"]
    assert Suppression.objects.count() == 2
    assert fetching.fetch(Maildir(folder), NOON) == Filed()


def test_a_mail_that_somebody_moved_without_reading_it_is_read(folder: Path) -> None:
    (folder / "cur" / "1.host:2,F").write_bytes(raw_bounce())
    (folder / "cur" / "2.host:2,S").write_bytes(raw_bounce(2))
    assert fetching.fetch(Maildir(folder), NOON) == Filed(1, bounces=1)
    assert names(folder) == ["1.host:2,FS", "2.host:2,S"]


def test_a_chunk_takes_the_oldest_and_leaves_the_rest(folder: Path) -> None:
    for number in range(3):
        put(folder, number)
    assert fetching.fetch(Maildir(folder), NOON, most=2).mails == 2
    assert fetching.fetch(Maildir(folder), NOON, most=2).mails == 1


def test_killed_before_the_rows_are_committed_nothing_is_lost(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder, 1)

    def dies(*args: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as during:
        during.setattr(fetching, "file_mail", dies)
        with pytest.raises(KeyboardInterrupt):
            fetching.fetch(Maildir(folder), NOON)
    assert names(folder) == ["1770102001.M1P1.host"]
    assert fetching.fetch(Maildir(folder), NOON).bounces == 1


def test_killed_after_the_commit_the_mail_is_read_again_and_changes_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder, 1)

    def dies(*args: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as during:
        during.setattr(Path, "rename", dies)
        with pytest.raises(KeyboardInterrupt):
            fetching.fetch(Maildir(folder), NOON)
    assert Bounce.objects.count() == 1
    assert fetching.fetch(Maildir(folder), NOON) == Filed(1, known=1)
    assert Bounce.objects.count() == 1


def test_a_database_that_is_away_leaves_the_mail_for_the_next_tick(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder, 1)

    def away(*args: Any) -> None:
        raise OperationalError("no connection")

    monkeypatch.setattr(fetching, "file_mail", away)
    with pytest.raises(OperationalError):
        fetching.fetch(Maildir(folder), NOON)
    assert names(folder) == ["1770102001.M1P1.host"]


def test_a_mail_that_cannot_be_filed_stands_in_nobodys_way(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder, 1, b"poison")
    put(folder, 2)
    file_mail = filing.file_mail

    def picky(raw: bytes, now: dt.datetime) -> Filed:
        if raw == b"poison":
            raise DataError("not in this database")
        return file_mail(raw, now)

    monkeypatch.setattr(fetching, "file_mail", picky)
    assert fetching.fetch(Maildir(folder), NOON) == Filed(2, bounces=1, unplaced=1)
    assert names(folder) == ["1770102001.M1P1.host:2,FS", "1770102002.M1P1.host:2,S"]


def test_a_folder_that_is_not_there_is_named() -> None:
    with (
        pytest.raises(NotReadable, match=r"/nowhere: No such file"),
        Maildir(Path("/nowhere")).waiting(1),
    ):
        pass


def test_beat_does_nothing_where_no_source_is_named() -> None:
    assert fetching.run(NOON) is False


def test_beat_reads_the_source_and_asks_again_while_there_is_more(
    folder: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BOUNCES_URL = f"maildir://{folder}"
    monkeypatch.setattr(fetching, "CHUNK", 1)
    put(folder, 1)
    assert fetching.run(NOON) is True
    tasks.fetch_bounces()
    assert Bounce.objects.count() == 1


def test_a_source_that_cannot_be_read_is_logged_and_asked_again(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.BOUNCES_URL = "maildir:///nowhere"
    assert fetching.run(NOON) is False
    assert "/nowhere" in caplog.text


def test_raw_reports_are_forgotten_in_time_and_their_rows_stay() -> None:
    reader = make_subscriber()
    for model in (Bounce, Complaint):
        for age in (29, 31):
            kind = {"kind": "soft"} if model is Bounce else {}
            model.objects.create(
                subscriber=reader, received_at=NOON - age * DAY, report="raw", diagnostic="x",
                **kind,
            )  # fmt: skip
    assert fetching.forget_reports(NOON) == 2
    assert fetching.forget_reports(NOON) == 0
    for model in (Bounce, Complaint):
        rows = list(model.objects.order_by("-received_at").values_list("report", "diagnostic"))
        assert rows == [("raw", "x"), ("", "x")]


class Stdin:
    def __init__(self, raw: bytes) -> None:
        self.buffer = io.BytesIO(raw)


def test_a_mail_servers_alias_pipes_one_mail(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", Stdin(raw_bounce()))
    call_command("fetch_bounces", "--pipe")
    assert "1 mails read: 1 bounces" in capsys.readouterr().out
    assert Suppression.objects.get().reason == "hard_bounce"


def test_a_pipe_that_cannot_be_filed_is_tried_again_by_the_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away(*args: Any) -> None:
        raise OperationalError("no connection")

    monkeypatch.setattr("sys.stdin", Stdin(b"From: x\n\ny"))
    monkeypatch.setattr("newsletter.management.commands.fetch_bounces.file_mail", away)
    with pytest.raises(CommandError, match="no connection") as raised:
        call_command("fetch_bounces", "--pipe")
    assert raised.value.returncode == os.EX_TEMPFAIL


def test_files_are_read_one_mail_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(2):
        (tmp_path / f"{number}.eml").write_bytes(raw_bounce(number))
    files = [str(path) for path in sorted(tmp_path.iterdir())]
    call_command("fetch_bounces", *files)
    call_command("fetch_bounces", *files)
    first, second = capsys.readouterr().out.splitlines()
    assert (
        first == "2 mails read: 2 bounces, 0 complaints, 0 known before, 0 of nobody here, 0 others"
    )
    assert "0 bounces, 0 complaints, 2 known before" in second


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ([], "BOUNCES_URL is empty"),
        (["/nowhere.eml"], "/nowhere.eml: No such file"),
        (["/dev/null"], "/dev/null: the file is empty"),
        (["--pipe", "x.eml"], "not both"),
    ],
)
def test_bad_input_is_named(given: list[str], why: str) -> None:
    with pytest.raises(CommandError, match=why) as raised:
        call_command("fetch_bounces", *given)
    assert raised.value.returncode == 1


def test_the_command_reads_a_source_to_its_end(
    folder: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings.BOUNCES_URL = f"maildir://{folder}"
    monkeypatch.setattr(fetching, "CHUNK", 2)
    for number in range(5):
        put(folder, number)
    call_command("fetch_bounces")
    assert "5 mails read: 5 bounces" in capsys.readouterr().out


def test_what_a_source_may_be() -> None:
    assert sources.parse("") is None
    assert sources.parse("maildir:///srv/mail%20box") == MaildirUrl(Path("/srv/mail box"))
    assert sources.parse("imaps://b%40x:p%2Fw@mx.example.org/Returned") == ImapUrl(
        "mx.example.org", 993, "b@x", "p/w", "Returned", implicit_tls=True, starttls=False
    )
    assert sources.parse("imap://b:p@mx.example.org:1143") == ImapUrl(
        "mx.example.org", 1143, "b", "p", "INBOX", implicit_tls=False, starttls=True
    )


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("pop3://b:secret@host", "begins with 'pop3'"),
        ("maildir://relative/folder", "whole path"),
        ("imaps://host", "must be"),
        ("imaps://b:secret@host:99999", "port"),
        ("imaps://b:secret@host?tls=no", "unknown option 'tls'"),
        ("imap://b:secret@host?starttls=maybe", "on or off"),
        ("imap://b:secret@mx.example.org?starttls=off", "only this machine"),
    ],
)
def test_nonsense_is_refused_without_repeating_the_password(url: str, why: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=why) as raised:
        sources.parse(url)
    assert "secret" not in str(raised.value)
